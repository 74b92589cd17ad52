// SPDX-License-Identifier: MIT
#include "engine/text/agent_name.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

TEST_CASE("the ids of instances are masked in agents' names, readable names are kept") {
  struct Case {
    const char* name;
    const char* masked;
  };
  const Case cases[] = {
      {"550e8400-e29b-41d4-a716-446655440000", "<id>"},
      {"550e8400e29b41d4a716446655440000", "<id>"},
      {"Researcher-550e8400-e29b-41d4-a716-446655440000", "Researcher-<id>"},
      {"550E8400-E29B-41D4-A716-446655440000_researcher", "<id>_researcher"},
      {"agent:550e8400-e29b-41d4-a716-446655440000:planner", "agent:<id>:planner"},
      {"planner_01ARZ3NDEKTSV4RRFFQ69G5FAV", "planner_<id>"},
      {"planner 01arz3ndektsv4rrffq69g5fav", "planner <id>"},
      {"cjld2cjxh0000qzrmn831i7rn", "<id>"},
      {"asst_abc123XYZdef456", "<id>"},
      {"worker_3f2a9c1b", "worker_<id>"},
      {"worker-a1b2c3", "worker-<id>"},
      {"worker (0x7f3a2b1c9d80)", "worker (<id>)"},
      {"crew/x7Kp2qW9", "crew/<id>"},
      {"worker-3", "worker-<id>"},
      {"Agent 17", "Agent <id>"},
      {"agent3", "agent<id>"},
      {"solver#20241231", "solver#<id>"},
      {"\xC3\xA9quipe-12", "\xC3\xA9quipe-<id>"},
      // Kept:
      {"", ""},
      {"Researcher", "Researcher"},
      {"support-agent-v2", "support-agent-v2"},
      {"planner v 2", "planner v 2"},
      {"gpt-4o", "gpt-4o"},
      {"gpt-4", "gpt-4"},
      {"gpt-4.1 writer", "gpt-4.1 writer"},
      {"claude-3-5-sonnet", "claude-3-5-sonnet"},
      {"llama3-405b", "llama3-405b"},
      {"tier-2", "tier-2"},
      {"level-1 support", "level-1 support"},
      {"oauth2", "oauth2"},
      {"s3", "s3"},
      {"42", "42"},
      {"3d_modeller", "3d_modeller"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.name);
    CHECK(MaskAgentName(c.name) == c.masked);
    CHECK(MaskAgentName(c.masked) == c.masked);
  }
}

TEST_CASE("a name of which only the mask is left is told") {
  CHECK(IsOnlyId("<id>"));
  CHECK(IsOnlyId("(<id>-<id>)"));
  CHECK(!IsOnlyId("agent-<id>"));
  CHECK(!IsOnlyId("\xC3\xA9<id>"));
  CHECK(!IsOnlyId("---"));
  CHECK(!IsOnlyId(""));
}

}  // namespace
}  // namespace halo
