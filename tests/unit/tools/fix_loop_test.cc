// SPDX-License-Identifier: MIT
// The closed loop: find a failure, record a fix, run again, verify.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>
#include <string_view>

#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

struct Day {
  int day = 1;               // of March 2026
  int tasks = 20, runs = 3;  // of each task
  std::string tool = "search";
  bool fails = false;  // in every second run
  std::string task = "task";
  std::string broken{};  // another tool that fails in every second run
  std::string model = "m-1";
  std::string version = "1";
};

// The runs of a day, each an agent that calls a model and a tool.
class Days {
 public:
  std::string Of(const Day& day) {
    std::string out;
    for (int run = 0; run < day.tasks * day.runs; ++run) {
      // Words, since tasks that differ only in a number are one task.
      const std::string task = day.task + " for" +
                               std::string(1, static_cast<char>('g' + run % day.tasks % 10)) + "o" +
                               std::string(1, static_cast<char>('g' + run % day.tasks / 10)) + "y";
      const std::string id = Id(day.day, run);
      out += Line(
          id, "root", "", day, run,
          {{"openinference.span.kind", "AGENT"}, {"agent.name", "clerk"}, {"input.value", task}});
      out += Call(id, "call", day, run, day.tool, day.fails && (run + run / day.tasks) % 2 == 0);
      if (!day.broken.empty()) out += Call(id, "more", day, run, day.broken, run % 2 == 0);
      out += Line(id, "say", "root", day, run,
                  {{"openinference.span.kind", "LLM"},
                   {"llm.model_name", day.model},
                   {"llm.input_messages.0.message.role", "user"},
                   {"llm.input_messages.0.message.content", task},
                   {"output.value", "Here is what was found for you."}});
    }
    return out;
  }

 private:
  static std::string Id(int day, int run) {
    char id[40];
    std::snprintf(id, sizeof id, "%016d%08d%08d", 1, day, run);
    return id;
  }
  static std::string Call(const std::string& id, const char* span, const Day& day, int run,
                          const std::string& tool, bool failed) {
    return Line(id, span, "root", day, run,
                {{"openinference.span.kind", "TOOL"},
                 {"tool.name", tool},
                 {"input.value", "{\"q\":" + std::to_string(run) + "}"}},
                failed ? tool + " is offline" : "");
  }
  static std::string Line(const std::string& id, const std::string& span, const std::string& parent,
                          const Day& day, int run, json::object attributes,
                          const std::string& error = {}) {
    char time[40];
    std::snprintf(time, sizeof time, "2026-03-%02dT%02d:%02d:%02dZ", day.day, run / 60, run % 60,
                  span == "root"   ? 0
                  : span == "call" ? 1
                  : span == "more" ? 2
                                   : 3);
    const std::string name = span == "root" ? "run" : span;
    return json::serialize(
               json::object{{"trace_id", id},
                            {"span_id", span + id.substr(20)},
                            {"parent_span_id", parent.empty() ? "" : parent + id.substr(20)},
                            {"name", name},
                            {"start_time", time},
                            {"end_time", time},
                            {"status",
                             {{"code", error.empty() ? "STATUS_CODE_OK" : "STATUS_CODE_ERROR"},
                              {"message", error}}},
                            {"resource", {{"attributes", {{"service.version", day.version}}}}},
                            {"attributes", std::move(attributes)}}) +
           "\n";
  }
};

constexpr const char* kSince = R"("since":"2026-03-05T00:00:00Z")";

class Desk : public ToolCaller {
 public:
  void Add(const Day& day) {
    Ingest("day" + std::to_string(day.day) + day.tool + ".jsonl", Days().Of(day));
  }
  json::object Ask(std::string_view tool, const std::string& arguments) {
    const Result<ToolAnswer> answer = Call(tool, json::parse(arguments));
    INFO(tool << " " << arguments);
    if (!answer) FAIL(answer.error().message);
    text = answer->text;
    return answer->structured;
  }
  std::string Refused(std::string_view tool, const std::string& arguments) {
    const Result<ToolAnswer> answer = Call(tool, json::parse(arguments));
    INFO(tool << " " << arguments);
    REQUIRE_FALSE(answer.has_value());
    return answer.error().message;
  }
  std::string Entry(std::string_view tool = "search") {
    const json::object all = Ask("list_failure_modes", R"({"include_one_offs":true})");
    for (const json::value& mode : all.at("modes").as_array()) {
      const json::object& locus = mode.at("locus").as_object();
      if (locus.contains("tool") && locus.at("tool") == json::string(tool)) {
        return std::string(mode.at("id").as_string());
      }
    }
    FAIL("no entry of " << tool);
    return {};
  }
  std::string Record(const std::string& more = kSince) {
    return R"({"entries":[")" + Entry() + R"("],"summary":"ask the index twice",)" + more + "}";
  }
  std::string Verdict() {
    const json::object out = Ask("verify_fix", "{}");
    return std::string(out.at("verdict").as_string());
  }

  std::string text;
};

TEST_CASE_METHOD(Desk, "find, fix, run again, know") {
  Add({.day = 1, .fails = true});
  const std::string id = Entry();
  const json::object brief = Ask("get_failure_mode", R"({"id":")" + id + "\"}");
  const json::object& rerun = brief.at("rerun").as_object();
  CHECK(rerun.at("tasks").as_array().size() == 20);
  CHECK(rerun.at("drawn_from") == 20);
  const json::object& acceptance = brief.at("acceptance").as_object();
  CHECK(acceptance.at("baseline").to_number<double>() == Approx(0.5));
  CHECK(acceptance.at("baseline_runs") == 60);
  const auto needed = acceptance.at("runs_needed").to_number<int>();
  CHECK(needed > 10);
  CHECK(needed <= 60);

  const json::object fix = Ask("record_fix", Record());
  CHECK(fix.at("rerun").at("tasks") == rerun.at("tasks"));
  CHECK(fix.at("entries").at(0).at("eligible") == 60);
  CHECK(fix.at("entries").at(0).at("affected") == 30);
  CHECK(Verdict() == "inconclusive");
  CHECK_THAT(text, Contains("no settled run counts as after yet"));

  Add({.day = 6});
  const json::object out =
      Ask("verify_fix", R"({"fix":")" + std::string(fix.at("id").as_string()) + "\"}");
  CHECK(out.at("verdict") == "fixed");
  CHECK(out.at("side_effects").as_array().empty());
  const json::object& entry = out.at("entries").at(0).as_object();
  CHECK(entry.at("before").at("observations") == 60);
  CHECK(entry.at("after").at("observations") == 60);
  CHECK(entry.at("ratio_high").to_number<double>() <= 0.5);
  // A failure that is gone is no error, and points to the fix.
  Ask("get_failure_mode", R"({"id":")" + id + R"(","filters":{"since":"2026-03-05T00:00:00Z"}})");
  CHECK_THAT(text, Contains("verify_fix") && Contains("0 of 60 runs"));
  Ask("get_failure_mode", R"({"id":")" + id + "\"}");
  CHECK_THAT(text, Contains("A fix of it is recorded"));
  // An id of the entry finds its newest fix.
  CHECK(Ask("verify_fix", R"({"fix":")" + id + "\"}").at("verdict") == "fixed");

  Ask("list_failure_modes", "{}");
  CHECK_THAT(text, !Contains("regressed"));
  Add({.day = 7, .fails = true});
  CHECK(Ask("list_failure_modes", "{}").at("modes").at(0).at("status") == "regressed");
  Ask("get_overview", "{}");
  CHECK_THAT(text, Contains("Regressed: " + id));
}

TEST_CASE_METHOD(Desk, "a change that fixes nothing is neither fixed nor improved") {
  Add({.day = 1, .fails = true});
  Ask("record_fix", Record());
  Add({.day = 6, .fails = true});
  const std::string verdict = Verdict();
  CHECK((verdict == "inconclusive" || verdict == "unchanged"));
  CHECK_THAT(text, Contains("Needed: "));
}

TEST_CASE_METHOD(Desk, "what a fix broke is named first") {
  Add({.day = 1, .fails = true});
  Ask("record_fix", Record());
  Add({.day = 6, .broken = "mail"});
  const json::object out = Ask("verify_fix", "{}");
  REQUIRE(out.at("side_effects").as_array().size() == 1);
  const json::object& effect = out.at("side_effects").at(0).as_object();
  CHECK(effect.at("change") == "new");
  CHECK(effect.at("affected_before") == 0);
  CHECK(effect.at("affected_after") == 30);
  CHECK(std::string(effect.at("id").as_string()) == Entry("mail"));
  CHECK(out.at("verdict") == "fixed");
  Ask("verify_fix", "{}");
  CHECK(text.find("1 new failure mode appeared") < text.find("Fixed: "));
}

TEST_CASE_METHOD(Desk, "an agent that avoids the tool is not comparable") {
  Add({.day = 1, .fails = true});
  Ask("record_fix", Record());
  Add({.day = 6, .tool = "guess"});
  CHECK(Verdict() == "not_comparable");
  CHECK_THAT(text, Contains("no longer gets there") && Contains("0 %") && Contains("100 %"));
}

TEST_CASE_METHOD(Desk, "another model is not comparable unless the fix names it") {
  Add({.day = 1, .fails = true});
  Ask("record_fix", Record());
  Add({.day = 6, .model = "m-2"});
  CHECK(Verdict() == "not_comparable");
  CHECK_THAT(text, Contains("another model") && Contains("m-2"));
  Ask("record_fix",
      R"({"entries":[")" + Entry() + R"("],"summary":"switch to m-2",)" + kSince + "}");
  CHECK(Verdict() == "fixed");
  CHECK_THAT(text, Contains("Other fixes of the same failure"));
}

TEST_CASE_METHOD(Desk, "tasks that were chosen because they failed decide nothing") {
  Add({.day = 1, .tasks = 60, .runs = 1, .fails = true});
  const json::object fix = Ask("record_fix", Record());
  CHECK(fix.at("rerun").at("drawn_from") == 60);
  // The first ten tasks, whatever the draw says.
  Add({.day = 6, .tasks = 10, .runs = 3});
  const json::object out = Ask("verify_fix", "{}");
  CHECK(out.at("verdict") == "inconclusive");
  const json::object& entry = out.at("entries").at(0).as_object();
  CHECK(entry.at("chosen_otherwise").to_number<int>() +
            entry.at("after").at("observations").to_number<int>() +
            (entry.contains("unmatched") ? entry.at("unmatched").to_number<int>() : 0) ==
        30);
  CHECK(entry.at("chosen_otherwise").to_number<int>() > 15);
  CHECK(!out.at("rerun_missing").as_array().empty());
}

TEST_CASE_METHOD(Desk,
                 "new tasks are one observation each, and later runs of them are shown apart") {
  Add({.day = 1, .tasks = 60, .runs = 1, .fails = true});
  Ask("record_fix", Record());
  Add({.day = 6, .tasks = 60, .runs = 1, .task = "new"});
  json::object entry = Ask("verify_fix", "{}").at("entries").at(0).as_object();
  CHECK(entry.at("verdict") == "fixed");
  const json::value after = entry.at("after");
  CHECK(after.at("observations") == 60);
  Add({.day = 7, .tasks = 10, .runs = 2, .fails = true, .task = "new"});
  entry = Ask("verify_fix", "{}").at("entries").at(0).as_object();
  CHECK(entry.at("closed") == 20);
  CHECK(entry.at("after").at("high") == after.at("high"));
  CHECK(entry.at("after").at("eligible") == 80);
  // What it says is not that the failure is gone.
  CHECK(entry.at("verdict") == "improved");
}

TEST_CASE_METHOD(Desk, "runs can be told apart by their version") {
  Add({.day = 1, .fails = true});
  const json::object fix = Ask("record_fix", Record(R"("version":"2")"));
  CHECK(fix.at("counts_from") == "runs whose version is \"2\"");
  Add({.day = 6, .version = "2"});
  CHECK(Verdict() == "fixed");
  CHECK_THAT(text, Contains("versions_after"));
}

TEST_CASE_METHOD(Desk, "a fix is kept when traces are removed") {
  Add({.day = 1, .fails = true});
  const json::object fix = Ask("record_fix", Record());
  Add({.day = 6});
  PruneOptions options;
  options.before_ns = 1'772'600'000'000'000'000;  // March 4
  const Result<PruneReport> pruned = engine().Prune(options);
  REQUIRE(pruned.has_value());
  CHECK(pruned->traces == 60);
  const json::object out = Ask("verify_fix", "{}");
  CHECK(out.at("fix") == fix.at("id"));
  CHECK(out.at("verdict") == "inconclusive");
  CHECK_THAT(text, Contains("30 of 60 eligible runs showed it"));
}

TEST_CASE_METHOD(Desk, "what cannot be recorded or verified says why") {
  Add({.day = 1, .fails = true});
  const std::string id = Entry();
  CHECK_THAT(Refused("verify_fix", "{}"), Contains("No fix is recorded") && Contains("record_fix"));
  CHECK_THAT(Refused("record_fix", R"({"entries":["fm_0123456789ab"],"summary":"x"})"),
             Contains("No failure mode fm_0123456789ab"));
  CHECK_THAT(Refused("record_fix", R"({"entries":[],"summary":"x"})"), Contains("$.entries"));
  CHECK_THAT(Refused("record_fix", R"({"entries":["nonsense"],"summary":"x"})"),
             Contains("$.entries[0]"));
  CHECK_THAT(Refused("record_fix", R"({"entries":[")" + id + R"("],"summary":" "})"),
             Contains("$.summary is empty"));
  CHECK_THAT(Refused("record_fix", R"({"entries":[")" + id + R"("],"summary":"x","since":"soon"})"),
             Contains("$.since"));
  CHECK(engine().Fixes()->empty());

  const json::object first = Ask("record_fix", Record(R"("since":"2099-01-01T00:00:00Z")"));
  CHECK_THAT(text, Contains("a time in the future"));
  CHECK(Verdict() == "inconclusive");
  CHECK_THAT(text, Contains("a time in the future"));
  Ask("record_fix", Record(R"("since":"2099-01-01T00:00:00Z")"));
  CHECK(engine().Fixes()->size() == 1);
  const json::object second = Ask("record_fix", Record());
  REQUIRE(second.at("overlaps").as_array().size() == 1);
  CHECK_THAT(std::string(second.at("overlaps").at(0).as_string()),
             Contains(std::string(first.at("id").as_string())));
  CHECK_THAT(Refused("verify_fix", R"({"fix":"fix_000000000000"})"), Contains("the newest is"));
  CHECK_THAT(Refused("verify_fix", R"({"fix":"fm_0123456789ab"})"), Contains("no fix of"));
}

}  // namespace
}  // namespace halo
