// SPDX-License-Identifier: MIT
// Every folder of tests/golden/tools contains traces, calls and the expected answers. To accept the
// current answers, run with HALO_UPDATE_GOLDEN=1 and review the diff.
//
//   traces.jsonl   any format, may be absent
//   labels.jsonl   {"trace_id":...,"outcome":"success"}, may be absent
//   calls.jsonl    {"tool":...,"arguments":{...}}; "$cursor" is replaced by the last next_cursor
//   expected       the text of each answer, or its error
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "tests/support/source_dir.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string ReadFile(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<json::value> ReadLines(const fs::path& path) {
  std::vector<json::value> lines;
  std::istringstream in(ReadFile(path));
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(json::parse(line));
  }
  return lines;
}

// When the labels of a case were given, as answers show it.
constexpr std::int64_t kLabelledNs = 1'775'000'000'000'000'000;

void PutLabels(Engine& engine, const fs::path& path) {
  std::vector<Label> labels;
  for (const json::value& line : ReadLines(path)) {
    const std::string outcome(line.at("outcome").as_string());
    labels.push_back({{"", std::string(line.at("trace_id").as_string())},
                      outcome == "success" ? Outcome::kSuccess : Outcome::kFailure,
                      {},
                      {},
                      kLabelledNs});
  }
  if (!labels.empty()) REQUIRE(engine.PutLabels(labels).has_value());
}

// For the path of the store, which differs from run to run.
std::string Replace(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
    text.replace(at, from.size(), to);
  }
  return text;
}

std::string Answers(const fs::path& folder) {
  ToolCaller caller;
  if (fs::exists(folder / "traces.jsonl")) {
    caller.Ingest("traces.jsonl", ReadFile(folder / "traces.jsonl"));
  }
  PutLabels(caller.engine(), folder / "labels.jsonl");
  std::string out, cursor;
  for (json::value& call : ReadLines(folder / "calls.jsonl")) {
    json::value& arguments = call.at("arguments");
    if (json::object* object = arguments.if_object()) {
      json::value* given = object->if_contains("cursor");
      if (given && *given == json::value("$cursor")) *given = cursor;
    }
    const std::string tool(call.at("tool").as_string());
    const Result<ToolAnswer> answer = caller.Call(tool, arguments);
    std::string shown = Serialise(arguments);
    if (!cursor.empty()) shown = Replace(shown, cursor, "$cursor");
    out.append("=== ").append(tool).append(" ").append(shown).append("\n");
    if (!answer) {
      out.append("error: ").append(answer.error().message).append("\n\n");
      continue;
    }
    const json::value* next = answer->structured.if_contains("next_cursor");
    if (next) cursor = next->as_string();
    out.append(next ? Replace(answer->text, cursor, "$cursor") : answer->text).append("\n");
  }
  return Replace(out, caller.store_url(), "sqlite:STORE");
}

}  // namespace

TEST_CASE("golden calls give the expected answers") {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "tests/golden/tools")) {
    cases.push_back(entry.path());
  }
  std::sort(cases.begin(), cases.end());
  REQUIRE(!cases.empty());
  for (const fs::path& folder : cases) {
    INFO(folder.filename().string());
    const std::string answers = Answers(folder);
    if (std::getenv("HALO_UPDATE_GOLDEN")) std::ofstream(folder / "expected") << answers;
    CHECK(answers == ReadFile(folder / "expected"));
  }
}

}  // namespace halo
