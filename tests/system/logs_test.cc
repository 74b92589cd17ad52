// SPDX-License-Identifier: MIT
// Log records and spans of the same runs, as real agents sent them (examples/emitters), give the
// same answers in any order.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "engine/base/clock.h"
#include "engine/sources/file_source.h"
#include "tests/support/source_dir.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// The requests of a recording, one a line.
std::vector<std::string> RequestsOf(const std::string& emitter, const std::string& kind) {
  const auto folder = SourceDir() / "examples" / "emitters" / emitter;
  std::filesystem::path path = folder / (kind + ".jsonl.gz");
  if (!std::filesystem::exists(path)) path = folder / (kind + ".jsonl");
  auto source = OpenFile(path.string(), {});
  REQUIRE((source.has_value() && source->has_value()));
  std::string text, piece(1 << 16, '\0');
  for (std::size_t got = 1; got > 0;) {
    REQUIRE((**source)->Read(piece, got).has_value());
    text.append(piece, 0, got);
  }
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    lines.push_back(text.substr(begin, end - begin));
    begin = end;
  }
  return lines;
}

std::string AnswersOf(const TempFolder& folder, const std::vector<std::vector<std::string>>& files,
                      const std::string& name) {
  const auto engine = Open(folder.StoreUrl(name + ".db"));
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string path = folder.At(name + std::to_string(i) + ".jsonl");
    WriteFile(path, Join(files[i]));
    Ingest(*engine, {path});
  }
  return Answers(*engine);
}

std::vector<std::string> Both(const std::vector<std::string>& a,
                              const std::vector<std::string>& b) {
  std::vector<std::string> out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

}  // namespace

TEST_CASE("log records before, after, between and without order among spans: equal answers") {
  for (const std::string emitter : {"claude-code", "codex", "otel-openai"}) {
    INFO(emitter);
    const TempFolder folder;
    const std::vector<std::string> traces = RequestsOf(emitter, "traces");
    const std::vector<std::string> logs = RequestsOf(emitter, "logs");
    REQUIRE(traces.size() >= 3);
    REQUIRE(logs.size() >= 3);
    const std::string expected = AnswersOf(folder, {Both(traces, logs)}, "one");
    CHECK(expected.size() > 5000);
    CHECK(FirstDifference(AnswersOf(folder, {logs, traces}, "logs_first"), expected) == "");
    CHECK(FirstDifference(AnswersOf(folder, {traces, logs}, "logs_last"), expected) == "");
    CHECK(FirstDifference(AnswersOf(folder, {logs, traces, Both(logs, traces)}, "twice"),
                          expected) == "");
    std::mt19937 random(11);
    std::vector<std::string> all = Both(traces, logs);
    for (const std::string name : {"shuffled_a", "shuffled_b", "shuffled_c"}) {
      std::shuffle(all.begin(), all.end(), random);
      const auto half = all.begin() + static_cast<long>(all.size() / 2);
      CHECK(FirstDifference(AnswersOf(folder, {{all.begin(), half}, {half, all.end()}}, name),
                            expected) == "");
    }
  }
}

TEST_CASE("a run known from log records only becomes the run of its spans when they come") {
  const TempFolder folder;
  const std::vector<std::string> traces = RequestsOf("claude-code", "traces");
  const std::vector<std::string> logs = RequestsOf("claude-code", "logs");
  const auto engine = Open(folder.StoreUrl("a.db"));
  WriteFile(folder.At("logs"), Join(logs));
  Ingest(*engine, {folder.At("logs")});
  const OverviewStats before = *engine->Overview({});
  CHECK(before.traces == 4);
  WriteFile(folder.At("traces"), Join(traces));
  Ingest(*engine, {folder.At("traces")});
  const OverviewStats after = *engine->Overview({});
  CHECK(after.traces == 4);
  CHECK(after.usage.input == before.usage.input);
  CHECK(after.usage.output == before.usage.output);
  CHECK(after.nano_usd == before.nano_usd);
  CHECK(after.failed_spans >= before.failed_spans);
}

TEST_CASE("a turn known from log records settles with the next one, or after a minute") {
  const TempFolder folder;
  const auto engine = Open(folder.StoreUrl("a.db"));
  const auto prompt = [](int turn, std::int64_t at_ns) {
    return R"({"resourceLogs":[{"scopeLogs":[{"scope":{"name":"com.anthropic.claude_code.events"},)"
           R"("logRecords":[{"timeUnixNano":")" +
           std::to_string(at_ns) +
           R"(","attributes":[{"key":"event.name","value":{"stringValue":"user_prompt"}},)"
           R"({"key":"session.id","value":{"stringValue":"s"}},)"
           R"({"key":"prompt.id","value":{"stringValue":"p)" +
           std::to_string(turn) +
           R"("}},{"key":"prompt","value":{"stringValue":"Hello"}}]}]}]}]})"
           "\n";
  };
  const std::int64_t now_ns = NowNs();
  IngestOptions live;
  live.growing = true;
  REQUIRE(engine->IngestBytes("one", prompt(1, now_ns - 2 * kSecond), live).has_value());
  const auto open = [&](std::int64_t later_ns) {
    Question question;
    question.now_ns = now_ns + later_ns;
    return engine->Overview(question)->open_traces;
  };
  CHECK(open(2 * kSecond) == 1);
  CHECK(open(50 * kSecond) == 1);
  CHECK(open(70 * kSecond) == 0);
  CHECK(engine
            ->Overview([&] {
              Question later;
              later.now_ns = now_ns + 7200 * kSecond;
              return later;
            }())
            ->abandoned_traces == 0);
  REQUIRE(engine->IngestBytes("two", prompt(2, now_ns - kSecond), live).has_value());
  CHECK(open(2 * kSecond) == 1);
  CHECK(engine->Overview({})->traces == 2);
}

}  // namespace halo::system_test
