// SPDX-License-Identifier: MIT
#include "engine/trace/call_roles.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/written_trace.h"

namespace halo {
namespace {

const std::string kSystem = Says("system", "You help customers of a shop with their orders.");
const std::string kUser = Says("user", "Where is my order A-1042?");
const std::string kFind = Asks("k1", "find", R"({"order":"A-1042"})");
const std::string kShipped = Told("k1", "shipped on Monday");
const std::string kDone = Says("assistant", "It is on its way.");

Row Offered(Row chat) {
  chat.attributes.emplace_back(
      "gen_ai.tool.definitions",
      R"([{"type":"function","name":"find","parameters":{"type":"object"}}])");
  return chat;
}

// The roles of the model calls, in order.
std::string RolesOf(const std::vector<Row>& rows) {
  Written written;
  const Trace trace = written.Of(rows);
  std::string out;
  for (const CallPurpose& purpose : FindCallPurposes(trace)) {
    if (purpose.role == CallRole::kNone) continue;
    out.append(out.empty() ? "" : " ").append(CallRoleName(purpose.role));
  }
  return out;
}

TEST_CASE("calls that ask for tools are steps, and the last answer is final") {
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kSystem, kUser}), List({kFind})),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"),
                 Chat("c2", List({kSystem, kUser, kFind, kShipped}), List({kDone}))}) ==
        "step final");
}

TEST_CASE("a run that breaks off after a call has no final call") {
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kUser}), List({kFind})),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday")}) ==
        "step");
}

TEST_CASE("an answer before a new message of the user is final, before anything else a step") {
  const std::string again = Says("user", "And where is order B-7?");
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kUser}), List({kDone})),
                 Chat("c2", List({kUser, kDone, again}), List({kDone}))}) == "final final");
  // A workflow: each call has its own conversation.
  CHECK(RolesOf({Agent("agent"),
                 Chat("c1", List({Says("user", "Sort this message: lost parcel")}),
                      List({Says("assistant", "delivery")})),
                 Chat("c2", List({Says("user", "Answer a message about delivery")}),
                      List({kDone}))}) == "step final");
}

TEST_CASE("a plan is known by its prompt, its name, or that only the next call can act") {
  const std::string ask = Says("user", "Come up with a plan for the task. Do not act yet.");
  const std::string plan = Says("assistant", "1. find the order 2. answer");
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kUser, ask}), List({plan})),
                 Chat("c2", List({kUser}), List({kFind})),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"),
                 Chat("c3", List({kUser, kFind, kShipped}), List({kDone}))}) ==
        "planning step final");
  Row node{"PlanningStep 1", "agent", {{"gen_ai.operation.name", "chain"}}, {}};
  Row inside = Chat("c1", List({kUser}), List({plan}));
  inside.parent = node.name;
  CHECK(RolesOf({Agent("agent"), node, inside, Chat("c2", List({kUser}), List({kDone}))}) ==
        "planning final");
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kSystem, kUser}), List({plan})),
                 Offered(Chat("c2", List({kSystem, kUser, plan}), List({kFind}))),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"),
                 Offered(Chat("c3", List({kSystem, kUser, plan, kFind, kShipped}),
                              List({kDone})))}) == "planning step final");
}

TEST_CASE("what only sounds like a plan is none") {
  // The whole run is called a planner; its answer is what was asked for.
  CHECK(RolesOf({Agent("trip planner"), Chat("c1", List({kUser}), List({kDone}))}) == "final");
  // Nothing follows that could carry it out.
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({Says("user", "Devise a plan for my garden.")}),
                                      List({kDone}))}) == "final");
  // It acts.
  CHECK(
      RolesOf({Agent("agent"),
               Chat("c1", List({Says("system", "First make a plan, then devise a plan B."), kUser}),
                    List({kFind})),
               Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"),
               Chat("c2", List({kUser, kFind, kShipped}), List({kDone}))}) == "step final");
  Row plane = Chat("airplane explanations", List({kUser}), List({kDone}));
  CHECK(RolesOf({Agent("agent"), plane, Chat("c2", List({kUser}), List({kDone}))}) == "step final");
}

TEST_CASE("shortening the conversation is a summary, wherever it stands") {
  const std::string ask =
      Says("user", "Your task is to create a detailed summary of the conversation so far.");
  const std::string told =
      Says("user", "This session continues. The conversation is summarized below: nothing yet.");
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kUser}), List({kFind})),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"),
                 Chat("c2", List({kUser, kFind, kShipped, ask}), List({kDone})),
                 Chat("c3", List({told, kUser}), List({kDone}))}) == "step summary final");
  Row named = Chat("memory_summarizer", List({kUser}), List({kDone}));
  CHECK(RolesOf({Agent("agent"), named, Chat("c2", List({kUser}), List({kDone}))}) ==
        "summary final");
}

TEST_CASE("calls that a tool makes for itself are inner ones") {
  Row inside = Chat("c2", List({Says("user", "Translate: shipped")}), List({kDone}));
  inside.parent = "t1";
  CHECK(RolesOf({Agent("agent"), Chat("c1", List({kUser}), List({kFind})),
                 Tool("t1", "find", "k1", R"({"order":"A-1042"})", "shipped on Monday"), inside,
                 Chat("c3", List({kUser, kFind, kShipped}), List({kDone}))}) == "step inner final");
}

TEST_CASE("prompts are told apart by how they begin, and not by what follows") {
  Written written;
  const std::string other = Says("system", "You write summaries of orders for the warehouse.");
  const Trace trace = written.Of(
      {Agent("agent"), Chat("c1", List({kSystem, kUser}), List({kDone})),
       Chat("c2", List({kSystem, Says("user", "Another question")}), List({kDone})),
       Chat("c3", List({other, kUser}), List({kDone})), Chat("c4", List({}), List({kDone}))});
  const std::vector<CallPurpose> found = FindCallPurposes(trace);
  REQUIRE(found.size() == 5);
  CHECK(found[0].prompt == 0);
  CHECK(found[1].prompt != 0);
  CHECK(found[1].prompt == found[2].prompt);
  CHECK(found[3].prompt != found[1].prompt);
  CHECK(found[4].prompt == 0);
}

}  // namespace
}  // namespace halo
