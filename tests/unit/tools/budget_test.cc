// SPDX-License-Identifier: MIT
// Limits that hold for every tool, on a store with more data than any answer can show.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "engine/detectors/all_detectors.h"
#include "schemas/common.h"
#include "schemas/fence.h"
#include "server/protocol/tool_listing.h"
#include "tests/support/source_dir.h"
#include "tests/support/tool_caller.h"
#include "tools/answer/draft.h"
#include "tools/story/advice.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string ReadFile(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

json::object SpanLine(int trace, int span, std::string_view kind, const std::string& name) {
  const auto time = [&](int ms) {
    char text[64];
    std::snprintf(text, sizeof text, "2026-03-%02dT%02d:%02d:%02d.%03dZ", 1 + trace / 24,
                  trace % 24, ms / 60'000, ms / 1000 % 60, ms % 1000);
    return std::string(text);
  };
  const std::string trace_id = "trace-with-quite-a-long-name-" + std::to_string(trace);
  return {{"trace_id", trace_id},
          {"span_id", "span-" + std::to_string(trace) + "-" + std::to_string(span)},
          {"parent_span_id", span == 0 ? "" : "span-" + std::to_string(trace) + "-0"},
          {"name", name},
          {"start_time", time(span * 20)},
          {"end_time", time(span == 0 ? 50'000 : span * 20 + 15)},
          {"status", {{"code", "STATUS_CODE_OK"}, {"message", ""}}},
          {"resource", {{"attributes", {{"service.name", "load"}}}}},
          {"attributes", {{"openinference.span.kind", kind}}}};
}

// Forty runs of an agent with sixty tools, each of which fails with a different long error.
std::string LargeInput() {
  std::string out;
  for (int trace = 0; trace < 40; ++trace) {
    json::object root = SpanLine(trace, 0, "AGENT", "run");
    root["attributes"].as_object()["agent.name"] = "busy";
    root["attributes"].as_object()["input.value"] = "task " + std::to_string(trace % 10);
    out.append(json::serialize(root)).append("\n");
    for (int span = 1; span <= 240; ++span) {
      const std::string tool = "tool_with_a_long_name_" +
                               std::string(1, char('a' + span % 60 / 26)) +
                               std::string(1, char('a' + span % 60 % 26));
      json::object line = SpanLine(trace, span, "TOOL", tool);
      json::object& attributes = line["attributes"].as_object();
      attributes["tool.name"] = tool;
      attributes["input.value"] = "{\"n\":" + std::to_string(span) + "}";
      attributes["output.value"] = std::string(3000, 'x') + std::to_string(span);
      line["status"] = {{"code", "STATUS_CODE_ERROR"},
                        {"message", "failure in " + tool + ": " + std::string(400, 'e')}};
      out.append(json::serialize(line)).append("\n");
    }
  }
  return out;
}

std::size_t SizeOf(const ToolAnswer& answer) {
  return std::max(answer.text.size(), Serialise(json::value(answer.structured)).size());
}

// Makes the calls that the answer suggests, in the form "tool {json}".
void CheckNext(ToolCaller& caller, const ToolAnswer& answer) {
  const json::value* next = answer.structured.if_contains("next");
  if (!next) return;
  for (const json::value& line : next->as_array()) {
    const std::string text(line.as_string());
    INFO(text);
    const std::size_t space = text.find(' ');
    REQUIRE(space != std::string::npos);
    json::stream_parser parser;
    parser.write_some(text.substr(space + 1));
    parser.finish();
    const auto called = caller.Call(text.substr(0, space), parser.release());
    if (!called) FAIL(called.error().message);
  }
}

}  // namespace

TEST_CASE("answers are small by default, and limited if more is requested") {
  ToolCaller caller;
  caller.Ingest("large.jsonl", LargeInput());
  const auto modes = caller.Call("list_failure_modes", json::parse(R"({"include_one_offs":true})"));
  if (!modes) FAIL(modes.error().message);
  const json::array& rows = modes->structured.at("modes").as_array();
  REQUIRE(!rows.empty());
  const std::string id(rows.front().at("id").as_string());

  const std::vector<std::pair<std::string, std::string>> small = {
      {"get_overview", "{}"},
      {"list_failure_modes", "{}"},
      {"get_failure_mode", "{\"id\":\"" + id + "\"}"},
      {"get_expensive_spans", R"({"by":"latency"})"},
      {"get_expensive_spans", R"({"by":"latency","group":"span"})"},
      {"search_traces", "{}"},
      {"search_traces", R"({"text":"eeee"})"},
      {"read_spans", R"({"trace_id":"trace-with-quite-a-long-name-7"})"},
      {"read_spans",
       R"({"trace_id":"trace-with-quite-a-long-name-7","span_ids":["span-7-1","span-7-2"]})"},
  };
  for (const auto& [tool, arguments] : small) {
    INFO(tool << " " << arguments);
    const auto answer = caller.Call(tool, json::parse(arguments));
    if (!answer) FAIL(answer.error().message);
    CHECK(SizeOf(*answer) <= kDefaultAnswerBytes);
    CheckNext(caller, *answer);
  }

  const std::vector<std::pair<std::string, std::string>> large = {
      {"list_failure_modes", R"({"limit":50,"include_one_offs":true})"},
      {"get_expensive_spans", R"({"by":"latency","limit":50})"},
      {"explain_trace", R"({"trace_id":"trace-with-quite-a-long-name-7"})"},
      {"explain_trace", R"({"trace_id":"trace-with-quite-a-long-name-7","outline_lines":400})"},
      {"search_traces", R"({"limit":100})"},
      {"read_spans", R"({"trace_id":"trace-with-quite-a-long-name-7","limit":30000})"},
  };
  for (const auto& [tool, arguments] : large) {
    INFO(tool << " " << arguments);
    const auto answer = caller.Call(tool, json::parse(arguments));
    if (!answer) FAIL(answer.error().message);
    CHECK(SizeOf(*answer) <= kMaxAnswerBytes);
    CheckNext(caller, *answer);
  }
}

TEST_CASE("pages of modes and traces show every row once") {
  ToolCaller caller;
  caller.Ingest("large.jsonl", LargeInput());
  const std::vector<std::array<std::string, 3>> lists = {{"list_failure_modes", "modes", "id"},
                                                         {"search_traces", "traces", "trace_id"}};
  for (const auto& [tool, rows, key] : lists) {
    INFO(tool);
    std::vector<std::string> seen;
    json::object arguments{{"limit", 7}};
    for (int page = 0; page < 100; ++page) {
      const auto answer = caller.Call(tool, arguments);
      if (!answer) FAIL(answer.error().message);
      for (const json::value& row : answer->structured.at(rows).as_array()) {
        seen.emplace_back(row.at(key).as_string());
      }
      const json::value* next = answer->structured.if_contains("next_cursor");
      if (!next) break;
      arguments = {{"limit", 7}, {"cursor", *next}};
    }
    const json::value* total = nullptr;
    const auto whole = caller.Call(tool, json::object{{"limit", 1}});
    REQUIRE(whole.has_value());
    total = whole->structured.if_contains(tool == "search_traces" ? "matched" : "total");
    CHECK(seen.size() == static_cast<std::size_t>(total->as_int64()));
    std::sort(seen.begin(), seen.end());
    CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
  }
}

TEST_CASE("a value can be read byte for byte in slices") {
  ToolCaller caller;
  json::object line = SpanLine(0, 0, "AGENT", "run");
  std::string value;
  for (int i = 0; i < 3000; ++i) value += "é漢\n" + std::to_string(i);
  line["attributes"].as_object()["output.value"] = value;
  caller.Ingest("one.jsonl", json::serialize(line) + "\n");
  std::string read;
  for (std::int64_t offset = 0;;) {
    const json::object arguments{{"trace_id", "trace-with-quite-a-long-name-0"},
                                 {"span_ids", {"span-0-0"}},
                                 {"path", "attributes.output.value"},
                                 {"offset", offset}};
    const auto answer = caller.Call("read_spans", arguments);
    if (!answer) FAIL(answer.error().message);
    const json::object& slice = answer->structured.at("value").as_object();
    read.append(Unescaped(Unfenced(slice.at("text").as_string())));
    const json::value* next = slice.if_contains("next_offset");
    if (!next) break;
    REQUIRE(next->as_int64() > offset);
    offset = next->as_int64();
  }
  CHECK(read == value);
}

TEST_CASE("tool listings fit the limits of clients") {
  std::size_t filters = Serialise(Schema<wire::Filters>(Direction::kInput)).size();
  CHECK(filters < 1024);
  for (const Tool& tool : AllTools()) {
    INFO(tool.info.name);
    CHECK(tool.info.description.size() < 800);
    CHECK(tool.info.name.size() <= 50);
  }
  const std::string listing = Serialise(ToolListing(AllTools(), kLatest));
  CHECK(listing.size() < 44 * 1024);
}

TEST_CASE("the published tools match schemas/generated/tools.json") {
  const std::filesystem::path path = SourceDir() / "schemas/generated/tools.json";
  std::string listing = "[\n";
  for (const json::value& tool : ToolListing(AllTools(), kLatest)) {
    listing.append(listing.size() > 2 ? ",\n" : "").append(Serialise(tool));
  }
  listing.append("\n]\n");
  if (std::getenv("HALO_UPDATE_GOLDEN")) std::ofstream(path) << listing;
  CHECK(listing == ReadFile(path));
}

TEST_CASE("every detector has its own advice") {
  for (const TraceDetector& detector : AllTraceDetectors()) {
    INFO(std::string(detector.name));
    CHECK(AdviceFor(detector.name).detector == detector.name);
  }
}

}  // namespace halo
