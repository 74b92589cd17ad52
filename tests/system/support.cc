// SPDX-License-Identifier: MIT
#include "tests/system/support.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "schemas/json_text.h"
#include "tests/bench/generate.h"
#include "tools/answer/tool.h"

namespace halo::system_test {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "halo-test-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::vector<std::string> SpanLines(int traces, std::uint64_t seed) {
  constexpr std::string_view kBegin = R"({"traceId":")";
  constexpr std::string_view kEnd = "]}]}]}\n";
  bench::Generator generator(bench::kShapeS, seed);
  std::vector<std::string> lines;
  for (int i = 0; i < traces; ++i) {
    std::string request;
    generator.AppendTrace(request);
    std::size_t at = request.find(kBegin);
    const std::string head = request.substr(0, at);
    while (at != request.npos) {
      const std::size_t next = request.find(kBegin, at + 1);
      // Spans are separated by commas; the end of the request follows the last one.
      const std::size_t end = next == request.npos ? request.size() - kEnd.size() : next - 1;
      lines.push_back(head + request.substr(at, end - at) + std::string(kEnd));
      at = next;
    }
  }
  return lines;
}

void WriteFile(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out << bytes;
  out.close();
  REQUIRE(out);
}

std::string Join(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

std::unique_ptr<Engine> Open(const std::string& url) {
  Result<std::unique_ptr<Engine>> engine = Engine::Open({url, std::nullopt, false, 2});
  if (!engine) FAIL(engine.error().message);
  return std::move(*engine);
}

IngestReport Ingest(Engine& engine, const std::vector<std::string>& paths) {
  Result<IngestReport> report = engine.IngestPaths(paths, {});
  if (!report) FAIL(report.error().message);
  return std::move(*report);
}

std::string Answers(Engine& engine) {
  std::string all;
  const std::vector<Tool> tools = AllTools();
  const auto call = [&](std::string_view name, const boost::json::value& arguments) {
    for (const Tool& tool : tools) {
      if (tool.info.name != name) continue;
      CallContext context;
      context.nonce = "nonce";
      const Result<ToolAnswer> answer = tool.call(engine, arguments, context);
      all += std::string(name) + " " + Serialise(arguments) + "\n";
      all += answer ? Serialise(boost::json::value(answer->structured)) : answer.error().message;
      all += "\n";
      return;
    }
    FAIL("no tool " << name);
  };
  call("get_overview", boost::json::object());
  call("list_failure_modes", {{"include_one_offs", true}});
  const Result<ModeRanking> ranking = engine.RankedModes({});
  REQUIRE(ranking.has_value());
  for (std::size_t i = 0; i < std::min<std::size_t>(ranking->modes.size(), 5); ++i) {
    call("get_failure_mode", {{"id", ModeIdText(ranking->modes[i].stats.id)}});
  }
  call("get_expensive_spans", boost::json::object());
  const Result<TracePage> traces = engine.Traces({}, TraceSort::kNewest, 40, "");
  REQUIRE(traces.has_value());
  for (const TraceRow& row : traces->rows) {
    call("explain_trace", {{"trace_id", row.key.trace_id}});
  }
  return all;
}

std::string FirstDifference(std::string_view one, std::string_view other) {
  if (one == other) return "";
  std::size_t at = 0;
  while (at < one.size() && at < other.size() && one[at] == other[at]) ++at;
  const std::size_t from = at > 120 ? at - 120 : 0;
  return "at " + std::to_string(at) + ":\n" + std::string(one.substr(from, 240)) + "\nand\n" +
         std::string(other.substr(from, 240));
}

pid_t StartProgram(const std::vector<std::string>& arguments) {
  std::vector<std::string> words = {HALO_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR);
    for (const int fd : {0, 1, 2}) dup2(null, fd);
    execv(HALO_BINARY, raw.data());
    _exit(127);
  }
  return child;
}

int WaitFor(pid_t child) {
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace halo::system_test
