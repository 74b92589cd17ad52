// SPDX-License-Identifier: MIT
// What people and evaluators said of runs, beside what readers say.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "schemas/fence.h"
#include "tests/support/service_desk.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

std::string Name(int run) { return "run-number-" + std::to_string(run); }

// The owner labels runs 0 to 23, of which the first twelve failed.
void LabelAsOwner(Desk& desk, std::string_view who = "owner") {
  json::array labels;
  for (int run = 0; run < 24; ++run) {
    labels.push_back({{"trace_id", Name(run)},
                      {"outcome", run < 12 ? "failure" : "success"},
                      {"reason", run % 2 == 0 ? "checked" : ""}});
  }
  desk.Ask("label_runs", json::serialize(json::object{{"who", who}, {"labels", labels}}));
}

// Calls runs bad or good; those that are not named in neither are left out.
json::object NoteVerdicts(Desk& desk, const std::set<int>& bad, const std::set<int>& good) {
  json::array notes;
  for (const auto& [runs, verdict] : {std::pair(bad, "bad"), std::pair(good, "good")}) {
    for (const int run : runs) {
      json::object note{{"trace_id", Name(run)}, {"verdict", verdict}};
      if (verdict == std::string_view("bad")) {
        note["problems"] = {{{"category", "wrong price"}, {"quote", "P-1031 costs 12 euros."}}};
      }
      notes.push_back(std::move(note));
    }
  }
  desk.Ask("note_runs", json::serialize(json::object{{"notes", notes}}));
  return desk.Ask("note_runs");
}

std::string AllNotes(const json::object& answer) { return json::serialize(answer.at("notes")); }

const json::value& With(const json::object& state, std::string_view who) {
  for (const json::value& row : state.at("with_outcomes").as_array()) {
    if (row.at("with") == json::string_view(who.data(), who.size())) return row;
  }
  FAIL("no agreement with " << who);
  return state.at("with_outcomes");
}

}  // namespace

TEST_CASE("a reader is shown what people labelled first, and agreement is that on the others") {
  Desk desk(30);
  LabelAsOwner(desk);
  const json::object drawn = desk.Ask("review_runs", R"({"count":2})");
  const json::array& examples = drawn.at("examples").as_array();
  REQUIRE(examples.size() == 6);
  std::set<int> shown;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    CHECK(examples[i].at("outcome") == (i < 3 ? "failure" : "success"));
    CHECK(examples[i].at("who") == "owner");
    CHECK_THAT(std::string(examples[i].at("why").as_string()), Contains("checked"));
    CHECK_THAT(Unescaped(std::string(Unfenced(examples[i].at("turns").as_string()))),
               Contains("P-1031 costs 12 euros."));
    shown.insert(std::stoi(std::string(examples[i].at("trace_id").as_string()).substr(11)));
  }
  // The label of a run is what its verdict is compared with: it is not shown with it.
  for (const json::value& run : drawn.at("runs").as_array()) {
    const int number = std::stoi(std::string(run.at("trace_id").as_string()).substr(11));
    CHECK(run.as_object().contains("outcome") == (number >= 24));
  }
  // They are the same until the reader notes something, and then no more.
  CHECK(desk.Ask("review_runs", R"({"count":2})").at("examples") == drawn.at("examples"));

  // Strict: two that passed are bad; one that failed is missed; what was an example counts in none.
  std::set<int> bad, good;
  for (int run = 0; run < 28; ++run) (run > 0 && run < 14 ? bad : good).insert(run);
  const json::object state = NoteVerdicts(desk, bad, good);
  std::int64_t both = 0, bad_only = 0, failed_only = 0, all = 0;
  for (int run = 0; run < 24; ++run) {
    if (shown.contains(run)) continue;
    ++all;
    both += run < 12 && bad.contains(run);
    bad_only += run >= 12 && bad.contains(run);
    failed_only += run < 12 && !bad.contains(run);
  }
  CHECK(all == 18);
  const json::value& people = With(state, "people");
  CHECK(people.at("runs") == all);
  CHECK(people.at("bad_and_failed") == both);
  CHECK(people.at("bad_only") == bad_only);
  CHECK(people.at("failed_only") == failed_only);
  CHECK(people.at("precision").as_double() ==
        Approx(static_cast<double>(both) / static_cast<double>(both + bad_only)));
  CHECK(people.at("precision_low").as_double() < people.at("precision").as_double());
  CHECK(people.at("recall_high").as_double() >= people.at("recall").as_double());
  CHECK_FALSE(people.as_object().contains("kappa"));  // of 18 runs it says nothing
  CHECK_FALSE(desk.Ask("review_runs", R"({"count":2})").contains("examples"));
  // It stands beside the shares.
  const std::string sentence = "Readers and people on 18 runs";
  CHECK_THAT(AllNotes(state), Contains(sentence));
  const std::string id(state.at("categories").as_array().at(0).at("id").as_string());
  const json::object told = desk.Ask("get_failure_mode", R"({"id":")" + id + R"("})");
  CHECK_THAT(std::string(told.at("narrative").as_string()), Contains(sentence));
}

TEST_CASE("without labels of people the shares are the reader's own word") {
  Desk desk(26);
  LabelAsOwner(desk, "agent");  // an agent is no person
  CHECK_FALSE(desk.Ask("review_runs", R"({"count":10})").contains("examples"));
  std::set<int> bad, good;
  for (int run = 0; run < 24; ++run) (run < 12 ? bad : good).insert(run);
  const json::object state = NoteVerdicts(desk, bad, good);
  CHECK_THAT(AllNotes(state), Contains("the reader's own word"));
  CHECK(With(state, "recorded").at("runs") == 24);
  CHECK(With(state, "recorded").at("kappa").as_double() == Approx(1));
  for (const std::string tool : {"list_failure_modes", "get_overview"}) {
    CHECK_THAT(AllNotes(desk.Ask(tool)), Contains("the reader's own word"));
  }
}

TEST_CASE("what readers see is a candidate where people call most of it no failure") {
  Desk desk(40);
  LabelAsOwner(desk);
  const json::object drawn = desk.Ask("review_runs", R"({"count":10})");
  std::set<int> examples, bad;
  for (const json::value& one : drawn.at("examples").as_array()) {
    examples.insert(std::stoi(std::string(one.at("trace_id").as_string()).substr(11)));
  }
  for (int run = 8; run < 24; ++run) {
    if (!examples.contains(run)) bad.insert(run);
  }
  for (const std::string& id : Desk::Ids(drawn)) bad.insert(std::stoi(id.substr(11)));
  NoteVerdicts(desk, bad, {});
  const json::object listed = desk.Ask("list_failure_modes");
  CHECK(listed.at("modes").as_array().empty());
  CHECK(listed.at("hidden_candidates") == 1);
  const json::object candidates = desk.Ask("list_failure_modes", R"({"confidence":"candidate"})");
  CHECK(candidates.at("modes").as_array().at(0).at("detector") == "reviewed");
}

TEST_CASE("scores of evaluators stand for notes where asked, and are compared with them") {
  Desk desk(0);
  std::string lines;
  for (int run = 0; run < 30; ++run) {
    std::string text = RunLines(run);
    if (run < 24) {
      const std::string value = run < 8 ? "0" : "1";
      text = Replaced(text, R"("agent.name":"desk")",
                      R"("agent.name":"desk","langfuse.score.correctness.value":)" + value +
                          R"(,"langfuse.score.correctness.comment":"price of run )" +
                          std::to_string(run) + " checked\"");
    }
    lines += text;
  }
  desk.caller.Ingest("scored.jsonl", lines);
  CHECK(desk.Ask("get_overview").at("outcomes").at("decided_by").at("evaluator") == 24);
  NoteVerdicts(desk, {0, 1, 2, 8, 25}, {3, 9, 10});
  const json::object stored = desk.Ask("note_runs", R"({"evaluators":true})");
  CHECK_THAT(AllNotes(stored), Contains("17 runs"));
  CHECK(stored.at("progress").at("read") == 8 + 17);
  CHECK(stored.at("progress").at("bad") == 5 + 4);
  // Compared on the runs that both judged: 0, 1, 2 both; 8 only the reader; 3 only the evaluator.
  const json::value& agreement = With(stored, "evaluators");
  CHECK(agreement.at("runs") == 7);
  CHECK(agreement.at("bad_and_failed") == 3);
  CHECK(agreement.at("bad_only") == 1);
  CHECK(agreement.at("failed_only") == 1);
  CHECK_THAT(AllNotes(stored), Contains("Readers and evaluators on 7 runs"));
  json::value category;
  for (const json::value& row : stored.at("categories").as_array()) {
    if (row.at("name") == "evaluator correctness") category = row;
  }
  REQUIRE(category.is_object());
  CHECK(category.at("seen_in") == 4);
  const json::object told =
      desk.Ask("get_failure_mode", json::serialize(json::object{{"id", category.at("id")}}));
  CHECK_THAT(std::string(told.at("narrative").as_string()), Contains("evaluators (4)"));
  CHECK_THAT(json::serialize(told.at("examples")), Contains("checked"));
  // Once more adds nothing; a reader's note counts before a score.
  CHECK_THAT(AllNotes(desk.Ask("note_runs", R"({"evaluators":true})")), Contains("0 runs"));
  const json::object read = NoteVerdicts(desk, {}, {4});
  CHECK(read.at("progress").at("bad") == 8);
  CHECK(With(read, "evaluators").at("failed_only") == 2);
  CHECK_FALSE(read.at("progress").as_object().contains("other_readers"));
  const json::object undone = desk.Ask("note_runs", R"({"evaluators":false})");
  CHECK(undone.at("progress").at("read") == 9);
  CHECK_THAT(desk.Refusal("note_runs", R"({"evaluators":true,"undo":[1]})"),
             Contains("$.evaluators"));
  CHECK_THAT(desk.Refusal("note_runs", R"({"who":"evaluators"})"), Contains("$.who"));
}

}  // namespace halo
