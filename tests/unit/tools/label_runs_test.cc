// SPDX-License-Identifier: MIT
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

// One agent span per run, with status OK, so that without a label each run succeeded.
std::string Runs(const std::vector<std::string>& ids) {
  std::string out;
  for (const std::string& id : ids) {
    const json::object line{{"trace_id", id},
                            {"span_id", id + "-0"},
                            {"name", "agent"},
                            {"start_time", 1'764'100'000'000},
                            {"end_time", 1'764'100'001'000},
                            {"status", {{"code", "STATUS_CODE_OK"}}},
                            {"attributes", {{"openinference.span.kind", "AGENT"}}},
                            {"resource", json::object()}};
    out.append(json::serialize(line)).append("\n");
  }
  return out;
}

struct Desk {
  ToolCaller caller;

  Desk() { caller.Ingest("runs.jsonl", Runs({"alpha-run-1", "alpha-run-2", "beta-run-1"})); }

  json::object Label(const std::string& arguments) {
    const auto answer = caller.Call("label_runs", json::parse(arguments));
    if (!answer) FAIL(answer.error().message);
    return answer->structured;
  }
  std::string Refused(const json::value& arguments) {
    const auto answer = caller.Call("label_runs", arguments);
    REQUIRE(!answer);
    return answer.error().message;
  }
  json::object Explain(const std::string& id) {
    const auto answer = caller.Call("explain_trace", {{"trace_id", id}});
    if (!answer) FAIL(answer.error().message);
    return answer->structured;
  }
  json::object Outcomes() {
    return caller.Call("get_overview", json::object())->structured.at("outcomes").as_object();
  }
};

}  // namespace

TEST_CASE("labelled runs have the outcome that was said, with who, when and why") {
  Desk desk;
  CHECK(desk.Outcomes().at("success") == 3);
  const json::object answer = desk.Label(
      R"({"who":"reviewer","labels":[
        {"trace_id":"alpha-run-1","outcome":"failure","reason":"the refund never arrived"},
        {"trace_id":"beta-r","outcome":"success"}]})");
  CHECK(answer.at("labelled") == 2);
  CHECK(!answer.contains("replaced"));
  CHECK(answer.at("outcomes").at("failure") == 1);
  CHECK(desk.Outcomes().at("decided_by").at("label") == 2);
  CHECK(desk.Outcomes().at("decided_by").at("root_status") == 1);

  const json::object explained = desk.Explain("alpha-run-1");
  CHECK(explained.at("trace").at("outcome") == "failure");
  CHECK(explained.at("trace").at("outcome_decided_by") == "label");
  const json::value& label = explained.at("labels").at(0);
  CHECK(label.at("outcome") == "failure");
  CHECK(label.at("who") == "reviewer");
  CHECK(label.at("at").as_string().starts_with("20"));
  CHECK(std::string(label.at("why").as_string()).find("the refund never arrived") !=
        std::string::npos);
  CHECK(desk.Explain("beta-run-1").at("labels").at(0).at("outcome") == "success");
  CHECK(!desk.Explain("alpha-run-2").contains("labels"));
}

TEST_CASE("the last label of a run counts, and can be taken back") {
  Desk desk;
  desk.Label(R"({"who":"ann","labels":[{"trace_id":"alpha-run-1","outcome":"failure"}]})");
  const json::object replaced = desk.Label(
      R"({"who":"bob","labels":[{"trace_id":"alpha-run-1","outcome":"success","reason":"paid"}]})");
  CHECK(replaced.at("replaced").at(0).at("trace_id") == "alpha-run-1");
  CHECK(replaced.at("replaced").at(0).at("before") == "failure");
  CHECK(replaced.at("replaced").at(0).at("who") == "ann");
  CHECK(desk.Explain("alpha-run-1").at("trace").at("outcome") == "success");
  const json::object undone =
      desk.Label(R"({"labels":[{"trace_id":"alpha-run-1","outcome":"unknown"}]})");
  CHECK(undone.at("labelled") == 0);
  CHECK(undone.at("taken_back") == 1);
  const json::object explained = desk.Explain("alpha-run-1");
  CHECK(explained.at("trace").at("outcome_decided_by") == "root_status");
  const json::array& labels = explained.at("labels").as_array();
  REQUIRE(labels.size() == 3);
  CHECK(labels[0].at("outcome") == "taken back");
  CHECK(labels[1].at("who") == "bob");
  CHECK(labels[2].at("who") == "ann");
}

TEST_CASE("of a call with a wrong id nothing is stored") {
  Desk desk;
  const std::string why = desk.Refused(json::parse(
      R"({"labels":[{"trace_id":"beta-run-1","outcome":"failure"},
                    {"trace_id":"alpha-run-3","outcome":"failure"},
                    {"trace_id":"alpha-run","outcome":"failure"},
                    {"trace_id":"fm_0123456789ab","outcome":"failure"}]})"));
  INFO(why);
  CHECK(why.find("$.labels[1].trace_id: no trace alpha-run-3; did you mean alpha-run-") !=
        std::string::npos);
  CHECK(why.find("$.labels[2].trace_id: several traces begin with alpha-run") != std::string::npos);
  CHECK(why.find("is the id of a failure mode") != std::string::npos);
  CHECK(why.find("Nothing was stored.") != std::string::npos);
  CHECK(desk.Outcomes().at("success") == 3);
  CHECK(!desk.Explain("beta-run-1").contains("labels"));

  const std::string conflict =
      desk.Refused(json::parse(R"({"labels":[{"trace_id":"beta-run-1","outcome":"failure"},
                                {"trace_id":"beta-run","outcome":"success"}]})"));
  CHECK(conflict.find("$.labels[0] and $.labels[1] give one run different outcomes") !=
        std::string::npos);
  CHECK(desk.Refused(json::parse(R"({"labels":[]})")).find("expected 1 to 500") !=
        std::string::npos);
  json::array many(501, {{"trace_id", "beta-run-1"}, {"outcome", "failure"}});
  CHECK(desk.Refused({{"labels", many}}).find("expected 1 to 500 labels; got 501") !=
        std::string::npos);
  CHECK(!desk.Explain("beta-run-1").contains("labels"));
}

TEST_CASE("500 runs can be labelled at once, and secrets in the reason are not kept") {
  ToolCaller caller;
  std::vector<std::string> ids;
  json::array labels;
  for (int i = 0; i < 500; ++i) {
    ids.push_back("run-number-" + std::to_string(1000 + i));
    labels.push_back({{"trace_id", ids.back()},
                      {"outcome", i % 2 == 0 ? "failure" : "success"},
                      {"reason", "password=hunter2hunter2 " + std::string(5000, 'r')}});
  }
  caller.Ingest("runs.jsonl", Runs(ids));
  for (const char* const outcome : {"failure", "success"}) {
    labels[0].at("outcome") = outcome;
    const auto answer = caller.Call("label_runs", {{"labels", labels}});
    if (!answer) FAIL(answer.error().message);
    CHECK(answer->structured.at("labelled") == 500);
    CHECK(answer->text.size() < 10'000);
  }
  // Every outcome turned around: more replaced labels than are listed.
  for (json::value& label : labels) {
    json::value& outcome = label.at("outcome");
    outcome = outcome == "failure" ? "success" : "failure";
  }
  const auto turned = caller.Call("label_runs", {{"labels", labels}});
  REQUIRE(turned.has_value());
  CHECK(turned->structured.at("replaced_total") == 500);
  CHECK(turned->text.size() < 10'000);
  const auto explained = caller.Call("explain_trace", {{"trace_id", ids[7]}});
  REQUIRE(explained.has_value());
  CHECK(explained->text.find("hunter2hunter2") == std::string::npos);
  CHECK(explained->text.find("redacted") != std::string::npos);
}

}  // namespace halo
