// SPDX-License-Identifier: MIT
#include "engine/trace/person_waits.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/written_trace.h"

namespace halo {
namespace {

constexpr std::int64_t kMs = 1'000'000;

// Two runs of an agent inside a request, the second one `gap_ms` later: the row named `resumes` and
// all that follow it. The critical path of the request itself, and the gaps.
struct Paths {
  std::int64_t own_ms = 0;
  std::size_t gaps = 0;
};
Paths PathsOf(std::vector<Row> rows, const std::string& resumes, std::int64_t gap_ms) {
  Written written;
  const Trace first = written.Of(rows);
  std::vector<SpanFacts> spans = first.spans;
  bool later = false;
  for (SpanFacts& span : spans) {
    later = later || first.Text(span.span_id) == resumes;
    if (later) {
      span.start_ns += gap_ms * kMs;
      span.end_ns += gap_ms * kMs;
    }
  }
  // A span ends with the last one inside it.
  for (std::size_t i = spans.size(); i-- > 0;) {
    for (SpanFacts& above : spans) {
      if (above.span_id == spans[i].parent_id)
        above.end_ns = std::max(above.end_ns, spans[i].end_ns);
    }
  }
  const Trace trace = BuildTrace("default", "t1", *first.words, std::move(spans));
  return {trace.critical_ns[trace.root] / kMs, trace.gaps.size()};
}

Row In(const std::string& parent, Row row) {
  row.parent = parent;
  return row;
}
Row Request() { return {"request", "", {{"openinference.span.kind", "CHAIN"}}, {}}; }
Row AgentRun(const std::string& name, const std::string& agent) {
  Row row = Agent(name, "request");
  row.attributes.emplace_back("gen_ai.agent.name", agent);
  return row;
}

const std::string kAsk = Says("user", "book a slot"), kAnswer = Says("assistant", "Which day?"),
                  kReply = Says("user", "Monday");

std::vector<Row> Chatting(const std::string& second_agent, std::string second_prompt) {
  return {Request(), AgentRun("run1", "desk"),
          In("run1", Chat("chat1", List({kAsk}), List({kAnswer}))), AgentRun("run2", second_agent),
          In("run2", Chat("chat2", std::move(second_prompt), List({Says("assistant", "Done.")})))};
}

TEST_CASE("the time until a user replies is nobody's") {
  const Paths paths = PathsOf(Chatting("desk", List({kAsk, kAnswer, kReply})), "run2", 60'000);
  CHECK(paths.gaps == 0);
  CHECK(paths.own_ms < 1000);
}

TEST_CASE("a gap before another agent, or before a call without a reply, is the harness's") {
  const Paths other = PathsOf(Chatting("other", List({kAsk, kAnswer, kReply})), "run2", 60'000);
  CHECK(other.gaps == 1);
  CHECK(other.own_ms >= 59'000);
  const Paths fresh = PathsOf(Chatting("desk", List({kReply})), "run2", 60'000);
  CHECK(fresh.gaps == 1);
  CHECK(fresh.own_ms >= 59'000);
}

TEST_CASE("the time until a call is approved is nobody's") {
  const auto rows = [](const std::string& resumed) {
    return std::vector<Row>{
        Request(),
        AgentRun("run1", "desk"),
        In("run1", Chat("chat1", List({kAsk}), List({Asks("c1", "book", R"({"day":1})")}))),
        In("run1", Tool("t1", "book", "c1", R"({"day":1})", "")),
        AgentRun("run2", "desk"),
        In("run2", Tool("t2", resumed, "c1", R"({"day":1})", "booked")),
        In("run2", Chat("chat2", List({kAsk}), List({Says("assistant", "Booked.")})))};
  };
  CHECK(PathsOf(rows("book"), "run2", 60'000).gaps == 0);
  CHECK(PathsOf(rows("cancel"), "run2", 60'000).gaps == 1);
}

}  // namespace
}  // namespace halo
