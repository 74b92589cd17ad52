// SPDX-License-Identifier: MIT
// What is exported and read again into an empty store gives identical answers.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "engine/export_traces.h"
#include "schemas/json_text.h"
#include "tests/bench/generate.h"
#include "tests/support/source_dir.h"
#include "tests/system/support.h"
#include "tools/answer/tool.h"

namespace halo::system_test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::vector<std::string> Inputs() {
  std::vector<std::string> files;
  const fs::path golden = SourceDir() / "tests/golden";
  for (const char* const folder : {"tools", "importers"}) {
    for (const auto& entry : fs::directory_iterator(golden / folder)) {
      for (const char* const name : {"traces.jsonl", "input"}) {
        if (fs::exists(entry.path() / name)) files.push_back((entry.path() / name).string());
      }
    }
  }
  for (const auto& entry : fs::directory_iterator(SourceDir() / "examples/emitters")) {
    const fs::path file = entry.path() / "traces.jsonl";
    if (fs::exists(file)) files.push_back(file.string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string Export(Engine& engine, const Question& question = {}) {
  std::string out;
  const Result<ExportReport> report = ExportTraces(
      engine, question, {[&](std::string_view line) { return out.append(line), true; }}, {});
  if (!report) FAIL(report.error().message);
  CHECK(report->lost_traces == 0);
  CHECK(report->bytes == static_cast<std::int64_t>(out.size()));
  return out;
}

std::string Ask(Engine& engine, std::string_view name, const json::object& arguments) {
  CallContext context;
  context.nonce = "nonce";
  for (const Tool& tool : AllTools()) {
    if (tool.info.name != name) continue;
    const Result<ToolAnswer> answer = tool.call(engine, arguments, context);
    if (!answer) return answer.error().message;
    // The health of the data counts what was refused of the input and how often spans were revised.
    // Its details may be the only text that needs the fence.
    json::object structured;
    for (const auto& member : answer->structured) {
      if (member.key() == "health" || member.key() == "fence") continue;
      structured.emplace(member.key(), member.value());
    }
    return Serialise(json::value(structured));
  }
  return "no tool " + std::string(name);
}

// Every read-only tool, on every trace and every span.
std::string AllAnswers(Engine& engine) {
  std::string all = Answers(engine);
  // get_overview is in it with its health; it is asked again without.
  all.erase(0, all.find("list_failure_modes {"));
  const auto ask = [&](std::string_view name, const json::object& arguments) {
    all.append(name).append(" ").append(Serialise(json::value(arguments))).append("\n");
    all.append(Ask(engine, name, arguments)).append("\n");
  };
  ask("get_overview", {});
  ask("search_traces", {});
  ask("search_traces", {{"text", "e"}});
  for (const char* const group : {"operation", "model", "tool", "agent", "trace", "span"}) {
    ask("get_expensive_spans", {{"by", "tokens"}, {"group", group}});
    ask("get_expensive_spans", {{"by", "latency"}, {"group", group}});
  }
  const Result<TracePage> traces = engine.Traces({}, TraceSort::kNewest, 1000, "");
  REQUIRE(traces.has_value());
  for (const TraceRow& row : traces->rows) {
    ask("read_spans", {{"trace_id", row.key.trace_id}, {"project", row.key.project}});
    const Result<TraceReading> reading = engine.ReadTrace(row.key);
    REQUIRE(reading.has_value());
    for (const SpanFacts& span : reading->trace.spans) {
      ask("read_spans", {{"trace_id", row.key.trace_id},
                         {"project", row.key.project},
                         {"span_ids", json::array{reading->trace.Text(span.span_id)}}});
    }
  }
  return all;
}

// Checks that an export is read without loss, and that both stores answer and export alike.
void CheckReadBack(Engine& original, const std::string& exported, const TempFolder& folder) {
  WriteFile(folder.At("export.jsonl"), exported);
  const auto copy = Open(folder.StoreUrl("b.db"));
  Ingest(*copy, {folder.At("export.jsonl")});
  const Result<std::vector<RejectCount>> rejects = copy->Rejects();
  REQUIRE(rejects.has_value());
  CHECK(rejects->empty());
  CHECK(FirstDifference(AllAnswers(*copy), AllAnswers(original)) == "");
  CHECK(FirstDifference(Export(*copy), exported) == "");
}

}  // namespace

TEST_CASE("an export that is read again gives identical answers") {
  for (const std::string& input : Inputs()) {
    INFO(input);
    const TempFolder folder;
    const auto original = Open(folder.StoreUrl("a.db"));
    const Result<IngestReport> read = original->IngestPaths(std::vector<std::string>{input}, {});
    REQUIRE(read.has_value());
    if (read->spans.new_spans == 0) continue;
    const std::string exported = Export(*original);
    CheckReadBack(*original, exported, folder);
  }
}

TEST_CASE("an export says of spans without times that they have ended, and loses nothing") {
  struct Case {
    const char* what;
    const char* input;
  };
  const Case cases[] = {
      {"a chat transcript", R"([{"role":"user","content":"How is Rome?"},
 {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":
   {"name":"weather","arguments":"{\"city\": \"Rom\"}"}}]},
 {"role":"tool","tool_call_id":"c1","content":"Error: no such city"},
 {"role":"assistant","content":"Sunny."}])"},
      {"nested spans without times", R"({"trace_id":"t1","spans":[{"span_id":"a","name":"run",
 "children":[{"span_id":"b","name":"step","attributes":{"x":1}}]}]})"},
      {"an end in another unit, and a span that is open",
       R"({"resourceSpans":[{"scopeSpans":[{"spans":[
 {"traceId":"0a","spanId":"01","name":"run","startTimeUnixNano":"1764100000000000001"},
 {"traceId":"0a","spanId":"02","parentSpanId":"01","name":"step",
  "startTimeUnixNano":"1764100000000000001","endTimeUnixNano":"7"}]}]}]})"},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    const TempFolder folder;
    WriteFile(folder.At("a.json"), c.input);
    const auto original = Open(folder.StoreUrl("a.db"));
    Ingest(*original, {folder.At("a.json")});
    const std::string exported = Export(*original);
    REQUIRE(!exported.empty());
    CheckReadBack(*original, exported, folder);
  }
}

TEST_CASE("every line of an export is one OTLP request") {
  const TempFolder folder;
  WriteFile(folder.At("a.jsonl"), Join(SpanLines(5, 41)));
  const auto engine = Open(folder.StoreUrl("a.db"));
  Ingest(*engine, {folder.At("a.jsonl")});
  std::istringstream lines(Export(*engine));
  std::size_t spans = 0;
  for (std::string line; std::getline(lines, line);) {
    const json::value request = json::parse(line);
    for (const json::value& resource : request.at("resourceSpans").as_array()) {
      CHECK(resource.at("resource").is_object());
      for (const json::value& scope : resource.at("scopeSpans").as_array()) {
        CHECK(scope.at("scope").is_object());
        for (const json::value& span : scope.at("spans").as_array()) {
          ++spans;
          CHECK(span.at("traceId").as_string().size() == 32);
          CHECK(span.at("startTimeUnixNano").is_string());
          for (const json::value& attribute : span.at("attributes").as_array()) {
            CHECK(attribute.at("value").as_object().size() == 1);
          }
        }
      }
    }
  }
  CHECK(static_cast<std::int64_t>(spans) == engine->Overview({})->spans);
}

TEST_CASE("an export keeps projects that were given on the command line") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(4, 42);
  WriteFile(folder.At("a.jsonl"), Join(lines));
  const auto original = Open(folder.StoreUrl("a.db"));
  IngestOptions options;
  options.project = "checkout";
  REQUIRE(
      original->IngestPaths(std::vector<std::string>{folder.At("a.jsonl")}, options).has_value());
  WriteFile(folder.At("export.jsonl"), Export(*original));
  const auto copy = Open(folder.StoreUrl("b.db"));
  Ingest(*copy, {folder.At("export.jsonl")});
  const Result<TracePage> page = copy->Traces({}, TraceSort::kNewest, 100, "");
  REQUIRE(page.has_value());
  for (const TraceRow& row : page->rows) CHECK(row.key.project == "checkout");
  CHECK(FirstDifference(Answers(*copy), Answers(*original)) == "");
}

TEST_CASE("an export is filtered, and a trace with many spans takes several lines") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(30, 43);
  WriteFile(folder.At("a.jsonl"), Join(lines));
  const auto engine = Open(folder.StoreUrl("a.db"));
  Ingest(*engine, {folder.At("a.jsonl")});
  Question question;
  const Result<TracePage> page = engine->Traces({}, TraceSort::kNewest, 100, "");
  question.filter.since_ns = page->rows[9].start_ns;
  const std::string exported = Export(*engine, question);
  std::size_t kept = 0;
  for (const TraceRow& row : page->rows) {
    const bool wanted = row.start_ns >= *question.filter.since_ns;
    kept += wanted;
    CHECK((exported.find(row.key.trace_id) != exported.npos) == wanted);
  }
  CHECK(kept < page->rows.size());

  std::string long_trace;
  bench::Generator(bench::kShapeS, 44).AppendLongTrace(5000, long_trace);
  WriteFile(folder.At("long.jsonl"), long_trace);
  const auto big = Open(folder.StoreUrl("big.db"));
  Ingest(*big, {folder.At("long.jsonl")});
  const std::string all = Export(*big);
  CHECK(std::count(all.begin(), all.end(), '\n') >= 5000 / 512);
  WriteFile(folder.At("again.jsonl"), all);
  const auto copy = Open(folder.StoreUrl("copy.db"));
  Ingest(*copy, {folder.At("again.jsonl")});
  CHECK(FirstDifference(Answers(*copy), Answers(*big)) == "");
}

TEST_CASE("the command writes a file, or fails with its reason and leaves none") {
  const TempFolder folder;
  WriteFile(folder.At("a.jsonl"), Join(SpanLines(3, 45)));
  const std::string store = folder.StoreUrl("a.db");
  { Ingest(*Open(store), {folder.At("a.jsonl")}); }
  const auto code = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "export");
    arguments.insert(arguments.end(), {"--store", store});
    return WaitFor(StartProgram(arguments));
  };
  CHECK(code({"--out", folder.At("out.jsonl"), "--since", "-100w"}) == 0);
  CHECK(fs::exists(folder.At("out.jsonl")));
  CHECK(!fs::exists(folder.At("out.jsonl.part")));
  // With its labels, a copy has the outcomes, too.
  const auto original = Open(store);
  const TraceKey key = original->Traces({}, TraceSort::kNewest, 1, "")->rows.front().key;
  REQUIRE(original
              ->PutLabels(std::vector<Label>{{key, Outcome::kSuccess, "ann", "it, \"works\""},
                                             {key, Outcome::kFailure, "bob", "no"}})
              .has_value());
  CHECK(code({"--out", folder.At("out.jsonl"), "--labels", folder.At("labels.jsonl")}) == 0);
  const std::string copy = folder.StoreUrl("copy.db");
  CHECK(WaitFor(StartProgram({"ingest", folder.At("out.jsonl"), "--store", copy})) == 0);
  CHECK(WaitFor(StartProgram({"label", folder.At("labels.jsonl"), "--store", copy})) == 0);
  const std::vector<Label> labels = Open(copy)->ReadTrace(key)->stored.labels;
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].why == "it, \"works\"");
  CHECK(labels[1].who == "bob");
  CHECK(code({"--out", folder.At("none/out.jsonl")}) == 1);
  CHECK(code({"--outcome", "maybe"}) == 2);
  CHECK(code({"--filters", "[1]"}) == 2);
  CHECK(code({"--filters", "{\"agnt\":\"x\"}"}) == 2);
}

}  // namespace halo::system_test
