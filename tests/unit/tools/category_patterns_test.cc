// SPDX-License-Identifier: MIT
// From notes to all runs: a pattern of a category, a draw to confirm it, and a rule that keeps it.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/analysis/apply_rules.h"
#include "tests/support/review_desk.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

// Every third run cancels at the end without a check, and says so badly.
std::vector<ReviewedRun> Runs(int count, int day = 1) {
  std::vector<ReviewedRun> out;
  for (int i = 0; i < count; ++i) {
    ReviewedRun run;
    run.number = i;
    run.day = day;
    run.tools = {"find_parcel"};
    if (i % 2 == 0) run.tools.push_back("read_notes");
    if (i % 3 == 0) {
      run.tools.push_back("cancel_order");
      run.answer = "I cancelled everything.";
    }
    out.push_back(run);
  }
  return out;
}

std::string Judge(const std::string& turns) {
  return turns.find("cancelled everything") != turns.npos ? "cancels too much" : "";
}

std::string Noted(ReviewDesk& desk, int draws, const ReviewDesk::Judge& judge = &Judge) {
  for (int i = 0; i < draws; ++i) {
    desk.Note(desk.Ask("review_runs", R"({"count":10})"), judge);
  }
  return std::string(desk.Ask("note_runs").at("categories").as_array().at(0).at("id").as_string());
}

std::unique_ptr<Engine> WithRules(ReviewDesk& desk, const std::string& toml) {
  Result<Config> config = ParseConfig(toml);
  REQUIRE(config.has_value());
  auto engine =
      Engine::Open({.store_url = desk.caller.store_url(), .config = *config, .adopt_config = true});
  REQUIRE(engine.has_value());
  REQUIRE((*engine)->Reanalyse({}, {}).has_value());
  return std::move(*engine);
}

const RankedMode* RuleMode(const ModeRanking& ranking, const Rule& rule) {
  for (const RankedMode& mode : ranking.modes) {
    if (mode.stats.id == ModeOfRule(rule)) return &mode;
  }
  return nullptr;
}

std::string WhyNot(const std::string& toml) {
  const Result<Config> config = ParseConfig(toml);
  INFO(toml);
  REQUIRE_FALSE(config.has_value());
  return config.error().message;
}

}  // namespace

TEST_CASE("a category has a pattern, and runs that match are drawn to confirm it") {
  ReviewDesk desk;
  desk.Add(Runs(60));
  const std::string id = Noted(desk, 3);
  const std::string call = R"({"draw":"entry","entry":")" + id + R"(","count":3})";
  const json::object drawn = desk.Ask("review_runs", call);
  const json::value& patterns = drawn.at("patterns");
  CHECK(patterns.at("with").as_int64() >= 5);
  CHECK(patterns.at("precision").to_number<double>() == 1);
  CHECK(patterns.at("recall").to_number<double>() == 1);
  CHECK(patterns.at("precision_low").as_double() > 0.4);
  const json::value& row = patterns.at("rows").as_array().at(0);
  CHECK_THAT(std::string(row.at("what").as_string()), Contains("cancel_order"));
  CHECK(row.at("without") == 0);
  CHECK(row.at("unread").as_int64() == 20 - patterns.at("with").as_int64());
  REQUIRE(drawn.at("runs").as_array().size() == 3);
  for (const json::value& run : drawn.at("runs").as_array()) {
    CHECK_THAT(ReviewDesk::TurnsOf(run), Contains("cancel_order"));
  }
  // Its filters work everywhere.
  const json::object found = desk.Ask(
      "search_traces", R"({"filters":)" + std::string(row.at("filters").as_string()) + "}");
  CHECK(found.at("matched") == 20);
  CHECK_THAT(desk.text + json::serialize(drawn), Contains("halo.toml"));
  // The draw says nothing of shares.
  const json::object before = desk.Ask("note_runs");
  desk.Note(drawn, &Judge);
  CHECK(desk.Ask("note_runs").at("progress").at("random_read") ==
        before.at("progress").at("random_read"));
}

TEST_CASE("a category with few notes, or without a pattern, says so") {
  ReviewDesk desk;
  desk.Add(Runs(40));
  const std::string id = Noted(desk, 1);
  const std::string call = R"({"draw":"entry","entry":")" + id + R"("})";
  const json::object few = desk.Ask("review_runs", call);
  CHECK(few.at("runs").as_array().empty());
  CHECK_THAT(std::string(few.at("notes").as_array().at(0).as_string()), Contains("needs 5"));
  // Runs that all do the same.
  ReviewDesk alike;
  std::vector<ReviewedRun> runs = Runs(40);
  for (ReviewedRun& run : runs) {
    run.tools = {"find_parcel"};
    if (run.number % 3 == 0) run.answer = "The parcel arrives on Monday.";
  }
  alike.Add(runs);
  const std::string other = Noted(alike, 3, [](const std::string& turns) {
    return std::string(turns.find("on Monday") != turns.npos ? "wrong day" : "");
  });
  const json::object none =
      alike.Ask("review_runs", R"({"draw":"entry","entry":")" + other + R"("})");
  CHECK_THAT(std::string(none.at("notes").as_array().at(0).as_string()),
             Contains("better than chance"));
}

TEST_CASE("filters take behaviours, and say what one is") {
  ReviewDesk desk;
  desk.Add(Runs(12));
  const auto matched = [&](const std::string& behaviours) {
    return desk.Ask("search_traces", R"({"filters":{"behaviours":)" + behaviours + "}}")
        .at("matched");
  };
  CHECK(matched(R"(["calls cancel_order"])") == 4);
  CHECK(matched(R"(["calls cancel_order","calls read_notes"])") == 2);
  CHECK(matched(R"(["then read_notes > cancel_order"])") == 2);
  CHECK(matched(R"(["last find_parcel"])") == 4);
  CHECK(matched(R"(["calls nothing_known"])") == 0);
  CHECK_THAT(desk.Refusal("search_traces", R"({"filters":{"behaviours":["cals x"]}})"),
             Contains("did you mean calls"));
  CHECK_THAT(desk.Refusal("search_traces", R"({"filters":{"behaviours":["then x"]}})"),
             Contains("then NAME > NAME"));
}

TEST_CASE("a rule is an entry, and likely once its precision is known") {
  ReviewDesk desk;
  desk.Add(Runs(90));
  Noted(desk, 1);
  const std::string toml =
      "[[rule]]\nname = \"cancels without a check\"\ncategory = \"cancels too much\"\n"
      "filter = { behaviours = [\"calls cancel_order\"], not_tool = \"check_order\" }\n";
  const auto engine = WithRules(desk, toml);
  const Rule& rule = engine->config().rules.at(0);
  Question question;
  question.units = engine->config().units;
  const auto ranking = engine->RankedModes(question);
  REQUIRE(ranking.has_value());
  const RankedMode* mode = RuleMode(*ranking, rule);
  REQUIRE(mode != nullptr);
  CHECK(mode->stats.units == 30);
  CHECK(mode->stats.eligible_units == 90);
  CHECK(mode->detector == "rule");
  CHECK(mode->confidence == Confidence::kCandidate);
  CHECK(mode->stats.waste.tokens == 0);
  // Later runs are judged as they come.
  const std::string more = LinesOf(Runs(1, 2).front());
  REQUIRE(engine->IngestBytes("more.jsonl", more, {}).has_value());
  CHECK(RuleMode(*engine->RankedModes(question), rule)->stats.units == 31);
  // Ten noted runs that match, nine of them with the category.
  std::string notes;
  for (int i = 0; i < 30; i += 3) {
    ReviewedRun run = Runs(i + 1).back();
    notes += (notes.empty() ? R"({"trace_id":")" : R"(,{"trace_id":")") + run.Id() +
             (i == 0 ? R"(","verdict":"good"})"
                     : R"(","verdict":"bad","problems":[{"category":"cancels too much",)"
                       R"("quote":"I cancelled everything."}]})");
  }
  desk.Ask("note_runs", R"({"who":"second","notes":[)" + notes + "]}");
  const auto precisions = engine->RulePrecisions();
  REQUIRE(precisions.has_value());
  CHECK(precisions->at(0).known_category);
  CHECK(precisions->at(0).judged >= 10);
  CHECK(precisions->at(0).right >= precisions->at(0).judged - 1);
  CHECK(RuleMode(*engine->RankedModes(question), rule)->confidence == Confidence::kLikely);
}

TEST_CASE("rules are kept with the store, and wrong ones say what to do") {
  const std::string good =
      "[[rule]]\nname = \"a \\\"b\\\"\"\ncategory = \"c\"\n"
      "filter = { behaviours = [\"last x\"], min_calls = 2, failure_mode = \"fm_0123456789ab\" }\n";
  const Result<Config> config = ParseConfig(good);
  REQUIRE(config.has_value());
  const Result<Config> again = ParseConfig(AnalysisConfigText(*config));
  REQUIRE(again.has_value());
  CHECK(AnalysisConfigText(*again) == AnalysisConfigText(*config));
  REQUIRE(again->rules.size() == 1);
  CHECK(again->rules[0].name == "a \"b\"");
  CHECK(again->rules[0].filter.behaviours == config->rules[0].filter.behaviours);
  CHECK(again->rules[0].filter.min_calls == 2);
  const auto rule = [](const std::string& filter, const std::string& more = "") {
    return "[[rule]]\nname = \"a\"\ncategory = \"c\"\nfilter = {" + filter + "}\n" + more;
  };
  CHECK_THAT(WhyNot(rule("")), Contains("would match every run"));
  CHECK_THAT(WhyNot(rule("tool = \"x\", not_tool = \"x\"")), Contains("would match no run"));
  CHECK_THAT(WhyNot(rule("min_calls = 3, max_calls = 2")), Contains("would match no run"));
  CHECK_THAT(WhyNot(rule("tol = \"x\"")), Contains("did you mean tool"));
  CHECK_THAT(WhyNot(rule("outcome = \"failure\"")), Contains("cannot be in a rule"));
  CHECK_THAT(WhyNot(rule("since = \"-24h\"")), Contains("holds at any time"));
  CHECK_THAT(WhyNot(rule("behaviours = [\"lst x\"]")), Contains("did you mean last"));
  CHECK_THAT(WhyNot(rule("tool = \"x\"", "confidence = \"proven\"\n")), Contains("unknown key"));
  CHECK_THAT(WhyNot(rule("tool = \"x\"") + rule("tool = \"y\"")), Contains("two rules"));
  CHECK_THAT(WhyNot("[[rule]]\nname = \"a\"\nfilter = { tool = \"x\" }\n"), Contains("category"));
}

}  // namespace halo
