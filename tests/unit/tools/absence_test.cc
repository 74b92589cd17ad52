// SPDX-License-Identifier: MIT
// Answers for a failure mode that no run shows, and for an id of the wrong kind.
#include "tools/story/absence.h"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cctype>

#include "engine/analysis/statistics.h"
#include "server/catalogue/halo_catalogue.h"
#include "server/session/client.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

constexpr const char* kTraceId = "0123456789abcdef0123456789abcd";  // followed by two digits

std::string Line(int run, int day, std::string_view span, std::string_view kind,
                 std::string_view tool, bool failed) {
  char id[40], time[40];
  std::snprintf(id, sizeof id, "%s%02x", kTraceId, run);
  std::snprintf(time, sizeof time, "2026-03-%02dT10:%02d:00Z", day, run);
  json::object attributes{{"openinference.span.kind", kind}};
  if (kind == "TOOL") {
    attributes["tool.name"] = tool;
    attributes["input.value"] = "{\"q\":" + std::to_string(run) + "}";
  } else {
    attributes["agent.name"] = "clerk";
    attributes["input.value"] = "task " + std::to_string(run);
  }
  return json::serialize(
             json::object{{"trace_id", id},
                          {"span_id", std::string(span) + std::to_string(run)},
                          {"parent_span_id", span == "root" ? "" : "root" + std::to_string(run)},
                          {"name", kind == "TOOL" ? tool : std::string_view("run")},
                          {"start_time", time},
                          {"end_time", time},
                          {"status",
                           {{"code", failed ? "STATUS_CODE_ERROR" : "STATUS_CODE_OK"},
                            {"message", failed ? "the index is offline" : ""}}},
                          {"attributes", std::move(attributes)}}) +
         "\n";
}

// On day 1, 10 runs call `search`, which fails in 6 of them. On day 2, 12 runs call it without a
// failure. On day 3, 5 runs call `mail` instead.
std::string ThreeDays() {
  std::string out;
  for (int run = 0; run < 27; ++run) {
    const int day = run < 10 ? 1 : run < 22 ? 2 : 3;
    out += Line(run, day, "root", "AGENT", "", false);
    out += Line(run, day, "call", "TOOL", day == 3 ? "mail" : "search", run < 6);
  }
  return out;
}

constexpr const char* kDay2 = R"({"since":"2026-03-02T00:00:00Z","until":"2026-03-03T00:00:00Z"})";
constexpr const char* kDay3 = R"({"since":"2026-03-03T00:00:00Z"})";

class Clerk : public ToolCaller {
 public:
  Clerk() {
    Ingest("days.jsonl", ThreeDays());
    const json::object all = Ask("list_failure_modes", "{}");
    for (const json::value& mode : all.at("modes").as_array()) {
      if (mode.at("detector") == "error_cluster") id = std::string(mode.at("id").as_string());
    }
    REQUIRE(!id.empty());
  }
  json::object Ask(std::string_view tool, const std::string& arguments) {
    const Result<ToolAnswer> answer = Call(tool, json::parse(arguments));
    INFO(tool << " " << arguments);
    if (!answer) FAIL(answer.error().message);
    text = answer->text;
    return answer->structured;
  }
  std::string Refusal(std::string_view tool, const std::string& arguments) {
    const Result<ToolAnswer> answer = Call(tool, json::parse(arguments));
    INFO(tool << " " << arguments);
    REQUIRE(!answer);
    CHECK(answer.error().code == Code::kInvalidArgument);
    return answer.error().message;
  }
  std::string WithId(std::string_view filters) const {
    return "{\"id\":\"" + id + "\",\"filters\":" + std::string(filters) + "}";
  }
  std::string Listed(std::string_view filters, std::string_view mode) const {
    json::object all = json::parse(filters).as_object();
    all["failure_mode"] = mode;
    return "{\"filters\":" + json::serialize(all) + "}";
  }

  std::string id, text;
};

std::string TraceOf(int run) {
  char id[40];
  std::snprintf(id, sizeof id, "%s%02x", kTraceId, run);
  return id;
}

TEST_CASE("a mode that no selected run shows is answered with an upper bound") {
  Clerk clerk;
  struct Case {
    const char* filters;
    std::int64_t eligible;
    const char* says;
  };
  const Case cases[] = {
      {kDay2, 12, "0 of 12 runs, at most 24.3 % (95 %)."},
      {kDay3, 0, "0 of 0 runs: no settled run in the filter could show it"},
      {R"({"agent":"nobody"})", 0, "0 of 0 runs"},
  };
  for (const Case& one : cases) {
    INFO(one.filters);
    const auto check = [&](const json::object& answer) {
      const json::object& absent = answer.at("absent").as_object();
      CHECK(absent.at("id") == json::value(clerk.id));
      CHECK(absent.at("known") == true);
      CHECK(absent.at("traces") == 0);
      CHECK(absent.at("eligible_traces") == one.eligible);
      CHECK(absent.at("rate_high").to_number<double>() ==
            Approx(WilsonInterval(0, one.eligible).high));
      CHECK_THAT(std::string(absent.at("counted").as_string()), Contains("eligible"));
      CHECK_THAT(std::string(absent.at("bound").as_string()), Contains("Wilson"));
      CHECK(absent.at("without_filter").at("traces") == 6);
      CHECK(absent.at("without_filter").at("eligible_traces") == 22);
      CHECK_THAT(clerk.text, Contains(one.says));
      CHECK_THAT(clerk.text, Contains("Without the filter: 6 of 22 runs"));
    };
    const json::object mode = clerk.Ask("get_failure_mode", clerk.WithId(one.filters));
    check(mode);
    CHECK(mode.at("mode").at("id") == json::value(clerk.id));
    CHECK(mode.at("mode").at("traces") == 0);
    CHECK(mode.at("mode").at("eligible_traces") == one.eligible);
    CHECK(mode.at("mode").at("rate").to_number<double>() == 0);
    const json::object list = clerk.Ask("list_failure_modes", clerk.Listed(one.filters, clerk.id));
    check(list);
    CHECK(list.at("modes").as_array().empty());
  }
}

TEST_CASE("an unknown mode gets an upper bound over all settled runs") {
  Clerk clerk;
  // An id of zeros is valid.
  const std::tuple<std::string, std::int64_t, std::string> cases[] = {
      {"{}", 27, "fm_0123456789ab"}, {kDay2, 12, "fm_0123456789ab"}, {"{}", 27, "fm_000000000000"}};
  for (const auto& [filters, units, unknown] : cases) {
    INFO(filters << unknown);
    const json::object mode =
        clerk.Ask("get_failure_mode", "{\"id\":\"" + unknown + "\",\"filters\":" + filters + "}");
    const json::object list = clerk.Ask("list_failure_modes", clerk.Listed(filters, unknown));
    for (const json::object& answer : {mode, list}) {
      const json::object& absent = answer.at("absent").as_object();
      CHECK(absent.at("known") == false);
      CHECK(absent.at("eligible_traces") == units);
      CHECK(absent.at("rate_high").to_number<double>() == Approx(WilsonInterval(0, units).high));
      CHECK_THAT(std::string(absent.at("counted").as_string()), Contains("all settled runs"));
      CHECK_THAT(json::serialize(answer.at("notes")), Contains(clerk.id));
    }
  }
}

TEST_CASE("list_failure_modes lists one mode by its id, with the rate of all runs") {
  Clerk clerk;
  const json::object list = clerk.Ask("list_failure_modes", clerk.Listed("{}", clerk.id));
  REQUIRE(list.at("modes").as_array().size() == 1);
  const json::value& mode = list.at("modes").at(0);
  CHECK(mode.at("id") == json::value(clerk.id));
  CHECK(mode.at("traces") == 6);
  CHECK(mode.at("eligible_traces") == 22);
  CHECK(list.at("runs") == 27);
  CHECK_FALSE(list.contains("absent"));
}

TEST_CASE("an id is accepted in either case and in quotes") {
  Clerk clerk;
  std::string upper = clerk.id;
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  for (const std::string& id : {" " + clerk.id + "\n", "`" + clerk.id + "`", "'" + upper + "'"}) {
    INFO(id);
    const std::string quoted = json::serialize(json::value(id));
    CHECK(clerk.Ask("get_failure_mode", "{\"id\":" + quoted + "}").at("mode").at("traces") == 6);
    CHECK(clerk.Ask("search_traces", "{\"filters\":{\"failure_mode\":" + quoted + "}}")
              .at("matched") == 6);
  }
}

TEST_CASE("the error for an id of the wrong kind names the call that accepts it") {
  Clerk clerk;
  const std::string trace = TraceOf(3);
  const std::string by_trace = R"(explain_trace {"trace_id":")" + trace + "\"}";
  const std::string by_mode = R"(get_failure_mode {"id":")" + clerk.id + "\"}";
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {"get_failure_mode", "{\"id\":\"" + trace + "\"}", by_trace},
      {"triage_failure_mode", "{\"id\":\"" + trace + R"(","status":"open"})", by_trace},
      {"search_traces", "{\"filters\":{\"failure_mode\":\"" + trace + "\"}}", by_trace},
      {"list_failure_modes", "{\"filters\":{\"failure_mode\":\"" + trace + "\"}}", by_trace},
      {"explain_trace", "{\"trace_id\":\"" + clerk.id + "\"}", by_mode},
      {"read_spans", "{\"trace_id\":\"" + clerk.id + "\"}", by_mode},
      {"get_failure_mode", "{\"id\":\"" + clerk.id.substr(0, 14) + "\"}",
       "did you mean " + clerk.id + "?"},
      {"get_failure_mode", R"({"id":"0123456789abcdef01"})", "explain_trace"},
      {"explain_trace", R"({"trace_id":"fm_000000000000"})",
       R"(get_failure_mode {"id":"fm_000000000000"})"},
      {"explain_trace", R"({"trace_id":"FM_0123456789AB"})",
       R"(get_failure_mode {"id":"fm_0123456789ab"})"},
      {"explain_trace", R"({"trace_id":"fm_0123"})", "list_failure_modes"},
      {"explain_trace", R"({"trace_id":""})", "an empty text"},
      {"read_spans", R"({"trace_id":""})", "an empty text"},
  };
  for (const auto& [tool, arguments, call] : cases) {
    CHECK_THAT(clerk.Refusal(tool, arguments), Contains(call));
  }
  clerk.Ask("search_traces", "{\"text\":\"" + clerk.id + "\"}");
  CHECK_THAT(clerk.text, Contains("failure_mode\":\"" + clerk.id + "\""));
  clerk.Ask("search_traces", "{\"text\":\"" + trace + "\"}");
  CHECK_THAT(clerk.text, Contains(by_trace));
}

// The text of the prompt, or the error message.
std::string PromptText(Engine& engine, std::string_view name, json::object arguments) {
  for (const Prompt& prompt : HaloPrompts(engine)) {
    if (prompt.name != name) continue;
    const json::object params{{"name", name}, {"arguments", std::move(arguments)}};
    const Client client{};
    const RpcResult result = prompt.get({params, client, {}});
    if (!result) return "refused: " + result.error().message;
    return std::string(
        std::string_view(result->at("messages").at(0).at("content").at("text").as_string()));
  }
  return {};
}

TEST_CASE("a prompt uses the given mode, or refuses") {
  Clerk clerk;
  Engine& engine = clerk.engine();
  std::string near = clerk.id;
  near.back() = near.back() == '0' ? '1' : '0';
  for (const char* name : {"verify_last_fix", "fix_top_failure_modes"}) {
    INFO(name);
    const std::string unknown = PromptText(engine, name, {{"mode", near}});
    CHECK_THAT(unknown, Contains("refused: ") && Contains("did you mean " + clerk.id));
    CHECK_THAT(PromptText(engine, name, {{"mode", "timeouts"}}),
               Contains("refused: ") && Contains("fm_0123456789ab"));
    CHECK_THAT(PromptText(engine, name, {{"mode", TraceOf(3)}}),
               Contains("refused: ") && Contains("explain_trace"));
  }
  const std::string verify = PromptText(engine, "verify_last_fix",
                                        {{"mode", clerk.id}, {"since", "2026-03-02T00:00:00Z"}});
  CHECK_THAT(verify, Contains("6 of 22 runs"));
  CHECK_THAT(verify, Contains("Since the change: 0 of 12 runs, at most 24.3 % (95 %)."));
}

TEST_CASE(
    "explain_regression does not assert a regression, and stops if there is nothing to compare") {
  Clerk clerk;
  for (const char* since : {"", "2026-03-02T00:00:00Z"}) {
    INFO(since);
    json::object arguments;
    if (*since) arguments["since"] = since;
    const std::string text = PromptText(clerk.engine(), "explain_regression", arguments);
    CHECK_THAT(text, Contains("no regression"));
    CHECK_THAT(text, !Contains("This AI agent has become worse"));
    CHECK_THAT(text, !Contains("Then change the harness"));
  }
  const std::string split =
      PromptText(clerk.engine(), "explain_regression", {{"since", "2026-03-02T00:00:00Z"}});
  CHECK_THAT(split, Contains("Before that time: 10 settled runs, ") &&
                        Contains("Since: 17 settled runs, ") && !Contains("One side has no runs"));
  const std::string none =
      PromptText(clerk.engine(), "explain_regression", {{"since", "2026-04-01T00:00:00Z"}});
  CHECK_THAT(none, Contains("Since: 0 settled runs, ") && Contains("One side has no runs") &&
                       !Contains("Why"));
}

TEST_CASE("matched counts all matches, and a page says that it is a page") {
  Clerk clerk;
  json::object page = clerk.Ask("search_traces", R"({"text":"index is offline"})");
  CHECK(page.at("matched") == 6);
  CHECK(page.at("hits") == 6);
  CHECK(page.at("passed_filters") == 27);
  CHECK_FALSE(page.contains("page"));
  CHECK_THAT(clerk.text, Contains("6 traces match, with 6 values in 6 spans"));
  page = clerk.Ask("search_traces", R"({"text":"index is offline","limit":4})");
  CHECK(page.at("traces").as_array().size() == 4);
  CHECK_THAT(clerk.text, Contains("Traces 1 to 4 of 6") && Contains("Next page: "));
  const std::string cursor(page.at("next_cursor").as_string());
  page = clerk.Ask("search_traces", "{\"limit\":4,\"cursor\":\"" + cursor + "\"}");
  CHECK(page.at("matched") == 6);
  CHECK_THAT(clerk.text, Contains("Traces 5 to 6 of 6."));
  page = clerk.Ask("search_traces", R"({"limit":20})");
  CHECK(page.at("matched") == 27);
  CHECK_THAT(clerk.text, Contains("Traces 1 to 20 of 27. Next page: "));
  page = clerk.Ask("search_traces", R"({"text":"nowhere to be found"})");
  CHECK(page.at("matched") == 0);
  CHECK_THAT(clerk.text, Contains("traces (0): none"));
  page = clerk.Ask("get_expensive_spans", R"({"by":"latency","group":"trace","limit":5})");
  CHECK_THAT(clerk.text, Contains("Rows 1 to 5 of 27."));
}

}  // namespace
}  // namespace halo
