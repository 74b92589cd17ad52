// SPDX-License-Identifier: MIT
// Categories of readers wherever failure modes stand, and where a review is proposed.
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

// Reads ten runs, drawn at random, and says of the first `bad` that their price is wrong. Returns
// these.
std::vector<std::string> Review(Desk& desk, std::size_t bad, std::string_view severity = "medium") {
  std::vector<std::string> out;
  for (std::size_t read = 0; read < 10;) {
    json::array notes;
    for (const std::string& id : Desk::Ids(desk.Ask("review_runs", R"({"count":5})"))) {
      json::array problems;
      if (read < bad) {
        problems.push_back({{"category", "wrong price"},
                            {"turn", 3},
                            {"quote", "P-1031 costs 12 euros."},
                            {"severity", severity}});
        out.push_back(id);
      }
      notes.push_back(
          {{"trace_id", id}, {"verdict", read < bad ? "bad" : "good"}, {"problems", problems}});
      ++read;
    }
    desk.Ask("note_runs", json::serialize(json::object{{"notes", notes}}));
  }
  return out;
}

std::string IdOfCategory(Desk& desk) {
  const json::object state = desk.Ask("note_runs");
  return std::string(state.at("categories").as_array().at(0).at("id").as_string());
}

std::set<std::string> TraceIds(const json::value& rows) {
  std::set<std::string> out;
  for (const json::value& row : rows.as_array()) {
    out.emplace(row.at("trace_id").as_string());
  }
  return out;
}

std::string NextCall(const json::object& answer) {
  return std::string(answer.at("next").as_array().at(0).as_string());
}

}  // namespace

TEST_CASE("get_failure_mode tells of a category what readers said") {
  Desk desk(40);
  const std::vector<std::string> bad = Review(desk, 4);
  const std::string id = IdOfCategory(desk);
  const json::object told = desk.Ask("get_failure_mode", R"({"id":")" + id + R"(","examples":2})");
  CHECK(told.at("mode").at("detector") == "reviewed");
  CHECK(told.at("mode").at("rate").as_double() == Approx(0.4));
  const std::string narrative(told.at("narrative").as_string());
  CHECK_THAT(narrative, Contains("what readers said"));
  CHECK_THAT(narrative, Contains("wrong price"));
  CHECK_THAT(narrative, Contains("agent (4)"));
  CHECK_THAT(narrative, Contains("95 % interval"));
  const json::array& examples = told.at("examples").as_array();
  REQUIRE(examples.size() == 2);
  for (const json::value& example : examples) {
    CHECK(std::find(bad.begin(), bad.end(), example.at("trace_id").as_string()) != bad.end());
    CHECK(example.at("outcome") == "failure");
    CHECK_THAT(std::string(example.at("quote").at("text").as_string()),
               Contains("P-1031 costs 12 euros."));
    CHECK(!example.at("quote").at("path").as_string().empty());
    CHECK(example.at("quote").at("span_id") == example.at("span_ids").as_array().at(0));
  }
  CHECK(told.at("counter_example").at("outcome") == "success");
  // Of filters that nobody reviewed no share is known.
  const json::object other =
      desk.Ask("get_failure_mode", R"({"id":")" + id + R"(","filters":{"service":"shop"}})");
  CHECK_FALSE(other.at("mode").as_object().contains("rate"));
  CHECK_THAT(std::string(other.at("narrative").as_string()), Contains("is unknown"));
  CHECK_THAT(
      desk.Refusal("get_failure_mode", R"({"id":")" + id + R"(","filters":{"service":"none"}})"),
      Contains("readers saw it in 4 runs"));
  // Every name that it ever had leads to it.
  desk.Ask("note_runs",
           R"({"categories":[{"merge":["wrong price"],"to":"price of another thing"}]})");
  CHECK(desk.Ask("get_failure_mode", R"({"id":")" + id + R"("})").at("mode").at("traces") == 4);
}

TEST_CASE("filters, draws and statuses take categories") {
  Desk desk(30);
  const std::vector<std::string> bad = Review(desk, 3);
  const std::string id = IdOfCategory(desk);
  const std::set<std::string> wanted(bad.begin(), bad.end());
  const std::string filters = R"("filters":{"failure_mode":")" + id + R"("})";
  const json::object found = desk.Ask("search_traces", "{" + filters + "}");
  CHECK(TraceIds(found.at("traces")) == wanted);
  CHECK(desk.Ask("search_traces", R"({"text":"costs 12",)" + filters + "}").at("matched") == 3);
  const json::object values = desk.Ask("read_values", R"({"role":"final_answer",)" + filters + "}");
  CHECK(values.at("runs") == 3);
  CHECK(desk.Ask("get_overview", "{" + filters + "}").at("dataset").at("traces") == 3);

  // The reader has read them; another one checks them.
  const std::string draw = R"({"draw":"entry","count":10,"entry":")" + id + "\"";
  CHECK_THAT(std::string(desk.Ask("review_runs", draw + "}").at("headline").as_string()),
             Contains("another reader"));
  const json::object check = desk.Ask("review_runs", draw + R"(,"who":"b"})");
  CHECK(TraceIds(check.at("runs")) == wanted);
  desk.NoteAll(check, "b");
  CHECK(desk.Ask("note_runs").at("progress").at("other_readers").at("runs") == 3);
  CHECK(desk.Ask("review_runs", draw + R"(,"who":"b"})").at("runs").as_array().empty());

  const json::object triaged = desk.Ask(
      "triage_failure_mode", R"({"id":")" + id + R"(","status":"ignored","reason":"known"})");
  CHECK(triaged.at("before") == "open");
  const json::object listed = desk.Ask("list_failure_modes");
  CHECK(listed.at("modes").as_array().empty());
  CHECK(listed.at("hidden_triaged") == 1);
  const json::object ignored =
      desk.Ask("list_failure_modes", R"({"filters":{"status":"ignored"}})");
  CHECK(ignored.at("modes").as_array().at(0).at("id").as_string() == id);
  const json::object one = desk.Ask("list_failure_modes", "{" + filters + "}");
  CHECK_FALSE(one.contains("absent"));
  const json::object fix = desk.Ask("record_fix", R"({"entries":[")" + id + R"("],"summary":"x"})");
  CHECK_FALSE(fix.at("id").as_string().empty());
}

TEST_CASE("what readers saw ranks among what rules found") {
  Desk desk(0);
  std::string lines;
  for (int run = 0; run < 30; ++run) lines += run % 10 == 0 ? FailingRun(run) : RunLines(run);
  desk.caller.Ingest("runs.jsonl", lines);
  Review(desk, 8, "high");
  const json::object listed = desk.Ask("list_failure_modes");
  const json::array& modes = listed.at("modes").as_array();
  REQUIRE(modes.size() == 2);
  CHECK(modes[0].at("detector") == "reviewed");
  CHECK(modes[1].at("detector") == "error_cluster");
  CHECK(modes[0].at("score").as_double() > modes[1].at("score").as_double());
  const json::object second = desk.Ask(
      "list_failure_modes",
      json::serialize(json::object{
          {"limit", 1},
          {"cursor", desk.Ask("list_failure_modes", R"({"limit":1})").at("next_cursor")}}));
  CHECK(second.at("modes").as_array().at(0).at("id") == modes[1].at("id"));
  const json::object overview = desk.Ask("get_overview");
  CHECK(overview.at("top_modes").as_array().at(0).at("id") == modes[0].at("id"));
  CHECK(
      desk.Ask("list_failure_modes", R"({"detector":"reviewed"})").at("modes").as_array().size() ==
      1);
}

TEST_CASE("a review is proposed first where no run has an outcome") {
  Desk desk(12);
  for (const std::string tool : {"get_overview", "list_failure_modes"}) {
    const json::object answer = desk.Ask(tool);
    CHECK(NextCall(answer) == "review_runs {}");
    CHECK_THAT(std::string(answer.at("notes").as_array().at(0).as_string()),
               Contains("No run has an outcome"));
    CHECK(NextCall(desk.Ask(tool, R"({"filters":{"service":"shop"}})")) ==
          R"(review_runs {"filters":{"service":"shop"}})");
  }
  Review(desk, 0);  // a verdict is an outcome
  CHECK(NextCall(desk.Ask("get_overview")) != "review_runs {}");
}

TEST_CASE("a review is proposed first where more than a fifth of the failed runs show nothing") {
  Desk desk(0);
  std::string lines, labels;
  for (int run = 0; run < 20; ++run) {
    lines += run < 10 ? FailingRun(run) : RunLines(run);
    labels += std::string(run ? "," : "") + R"({"trace_id":")" + Name(run) + R"(","outcome":")" +
              (run < 12 ? "failure" : "success") + "\"}";
  }
  desk.caller.Ingest("runs.jsonl", lines);
  desk.Ask("label_runs", R"({"labels":[)" + labels + "]}");
  const auto first = [&] { return NextCall(desk.Ask("list_failure_modes")); };
  CHECK(first() != R"(review_runs {"draw":"uncovered"})");  // 2 of 12
  desk.Ask("label_runs", R"({"labels":[{"trace_id":"run-number-12","outcome":"failure"}]})");
  CHECK(first() == R"(review_runs {"draw":"uncovered"})");  // 3 of 13
  CHECK(NextCall(desk.Ask("get_overview")) == R"(review_runs {"draw":"uncovered"})");
  const json::object drawn = desk.Ask("review_runs", R"({"draw":"uncovered"})");
  CHECK(TraceIds(drawn.at("runs")) == std::set<std::string>{Name(10), Name(11), Name(12)});
  desk.NoteAll(drawn);  // what was read is proposed no more
  CHECK(first() != R"(review_runs {"draw":"uncovered"})");
}

}  // namespace halo
