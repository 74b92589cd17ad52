// SPDX-License-Identifier: MIT
// Readers say of the findings of rules whether they are right.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "schemas/fence.h"
#include "tests/support/service_desk.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

std::string Name(int run) { return "run-number-" + std::to_string(run); }

// A desk of which every run has a failing call.
struct FailingDesk : Desk {
  explicit FailingDesk(int runs) : Desk(0) {
    std::string lines;
    for (int run = 0; run < runs; ++run) lines += FailingRun(run);
    caller.Ingest("runs.jsonl", lines);
    mode = std::string(Ask("list_failure_modes").at("modes").as_array().at(0).at("id").as_string());
  }
  // Says of one finding of each run whether it is right.
  json::object Judge(int from, int to, bool right) {
    json::array notes;
    for (int run = from; run < to; ++run) {
      notes.push_back({{"trace_id", Name(run)},
                       {"verdict", "unsure"},
                       {right ? "right" : "wrong", json::array{mode}}});
    }
    return Ask("note_runs", json::serialize(json::object{{"notes", notes}}));
  }
  std::size_t Listed() { return Ask("list_failure_modes").at("modes").as_array().size(); }

  std::string mode;
};

}  // namespace

TEST_CASE("a dossier ends with the findings of rules, unless the outcome is withheld") {
  FailingDesk desk(3);
  const json::object drawn = desk.Ask("review_runs", R"({"count":3})");
  for (const json::value& run : drawn.at("runs").as_array()) {
    const json::array& findings = run.at("findings").as_array();
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].at("id").as_string() == desk.mode);
    CHECK(findings[0].at("detector") == "error_cluster");
    CHECK_THAT(std::string(findings[0].at("quote").as_string()), Contains("no stock"));
  }
  const json::object blind = desk.Ask("review_runs", R"({"count":3,"hide_outcome":true})");
  CHECK_FALSE(blind.at("runs").as_array().at(0).as_object().contains("findings"));
}

TEST_CASE("verdicts on findings are checked") {
  FailingDesk desk(3);
  const auto why = [&](const std::string& more) {
    const json::object answer = desk.Ask(
        "note_runs", R"({"notes":[{"trace_id":"run-number-1","verdict":"good",)" + more + "}]}");
    return std::string(answer.at("refused").as_array().at(0).at("why").as_string());
  };
  CHECK_THAT(why(R"("right":["fm_0123456789ab"])"),
             Contains("no finding fm_0123456789ab; it has " + desk.mode));
  CHECK_THAT(why(R"("wrong":["the error"])"), Contains("expected ids of findings"));
  CHECK_THAT(why(R"("right":[")" + desk.mode + R"("],"wrong":[")" + desk.mode + R"("])"),
             Contains("right and wrong"));
  desk.caller.Ingest("good.jsonl", RunLines(9));
  const json::object none =
      desk.Ask("note_runs", R"({"notes":[{"trace_id":"run-number-9","verdict":"good","wrong":[")" +
                                desk.mode + R"("]}]})");
  CHECK_THAT(std::string(none.at("refused").as_array().at(0).at("why").as_string()),
             Contains("rules found nothing"));
  const json::object open =
      desk.Ask("note_runs", R"({"notes":[{"trace_id":"run-number-1","verdict":"good"}]})");
  CHECK_THAT(json::serialize(open.at("notes")), Contains("1 finding of rules"));
}

TEST_CASE("the precision of a detector is shown from ten judgements on") {
  FailingDesk desk(20);
  desk.Judge(0, 9, true);
  CHECK_FALSE(desk.Ask("get_overview").contains("judged"));
  desk.Judge(9, 12, false);
  for (const std::string tool : {"get_overview", "list_failure_modes"}) {
    const json::object answer = desk.Ask(tool);
    const json::value& row = answer.at("judged").as_array().at(0);
    CHECK(row.at("detector") == "error_cluster");
    CHECK(row.at("judged") == 12);
    CHECK(row.at("right") == 9);
    CHECK(row.at("precision").as_double() == Approx(0.75));
    CHECK(row.at("precision_low").as_double() == Approx(0.468).margin(0.001));
    CHECK(row.at("precision_high").as_double() == Approx(0.911).margin(0.001));
    CHECK_FALSE(row.as_object().contains("candidate"));
  }
  CHECK(desk.Listed() == 1);
}

TEST_CASE("a detector that is wrong more often than right only finds candidates") {
  FailingDesk desk(20);
  desk.Ask("label_runs", R"({"labels":[{"trace_id":"run-number-0","outcome":"failure"}]})");
  desk.Judge(0, 5, true);
  CHECK(desk.Judge(5, 10, false).contains("stored"));
  CHECK(desk.Listed() == 1);  // half
  const json::object last = desk.Judge(10, 11, false);
  const auto check = [&] {
    const json::object listed = desk.Ask("list_failure_modes");
    CHECK(listed.at("modes").as_array().empty());
    CHECK(listed.at("hidden_candidates") == 1);
    CHECK(listed.at("failed_without_mode") == 1);
    CHECK(listed.at("judged").as_array().at(0).at("candidate") == true);
    CHECK_THAT(json::serialize(listed.at("notes")), Contains("readers called 6 of 11 wrong"));
    const json::object told = desk.Ask("get_failure_mode", R"({"id":")" + desk.mode + R"("})");
    CHECK(told.at("mode").at("confidence") == "candidate");
    CHECK_THAT(std::string(told.at("narrative").as_string()),
               Contains("of 11 findings of error_cluster"));
    const json::object run = desk.Ask("explain_trace", R"({"trace_id":"run-number-15"})");
    CHECK_THAT(json::serialize(run), Contains("\"confidence\":\"candidate\""));
    const json::object rows = desk.Ask("query_sql", R"({"sql":"SELECT confidence FROM entries"})");
    CHECK_THAT(json::serialize(rows), Contains("candidate"));
    CHECK(desk.Ask("search_traces", R"({"filters":{"no_mode":true}})").at("matched") == 20);
  };
  check();
  // Another project is judged by itself.
  // Another analysis changes nothing, nor do the same runs again.
  REQUIRE(desk.caller.engine().Reanalyse({}, {}).has_value());
  std::string lines;
  for (int run = 0; run < 20; ++run) lines += FailingRun(run);
  desk.caller.Ingest("again.jsonl", lines);
  check();
  // The last judgement is undone.
  const std::string number =
      std::to_string(last.at("stored").as_array().at(0).at("number").as_int64());
  desk.Ask("note_runs", R"({"undo":[)" + number + "]}");
  CHECK(desk.Listed() == 1);
}

TEST_CASE("doubts hold for the project whose findings were judged") {
  FailingDesk desk(12);
  desk.Judge(0, 12, false);
  CHECK(desk.Listed() == 0);
  std::string lines;
  for (int run = 40; run < 46; ++run) {
    lines += Replaced(FailingRun(run), R"("service.name":"shop")",
                      R"("service.name":"shop","service.namespace":"other")");
  }
  desk.caller.Ingest("other.jsonl", lines);
  const json::object all = desk.Ask("list_failure_modes");
  const json::object other = desk.Ask("list_failure_modes", R"({"filters":{"project":"other"}})");
  CHECK(other.at("modes").as_array().size() == 1);
  CHECK_FALSE(other.contains("judged"));
  CHECK(all.at("modes").as_array().size() == 1);  // surer in one of the projects
  CHECK(desk.Ask("list_failure_modes", R"({"filters":{"project":"default"}})")
            .at("modes")
            .as_array()
            .empty());
}

}  // namespace halo
