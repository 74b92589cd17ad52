// SPDX-License-Identifier: MIT
// `halo-mcp prune` on real stores: what is left, what the file weighs, and what a kill leaves.
#include <signal.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include "engine/base/rfc3339.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

constexpr std::string_view kIdKey = R"({"traceId":")";

// Input whose lines are mixed, so that every block of the store holds spans of traces of all ages.
struct Input {
  std::vector<std::string> lines;
  std::int64_t middle_ns = 0;        // half of the traces started earlier
  std::vector<std::string> younger;  // lines of the traces that did not
  std::int64_t traces = 0, old_traces = 0;

  Input(const TempFolder& folder, int count, std::uint64_t seed) : lines(SpanLines(count, seed)) {
    std::shuffle(lines.begin(), lines.end(), std::mt19937(7));
    WriteFile(folder.At("all.jsonl"), Join(lines));
    const auto engine = Open(folder.StoreUrl("times.db"));
    Ingest(*engine, {folder.At("all.jsonl")});
    const Result<TracePage> page = engine->Traces({}, TraceSort::kNewest, 100'000, "");
    REQUIRE(page.has_value());
    traces = static_cast<std::int64_t>(page->rows.size());
    middle_ns = page->rows[page->rows.size() / 2].start_ns;
    std::set<std::string> kept;
    for (const TraceRow& row : page->rows) {
      if (row.start_ns >= middle_ns) kept.insert(row.key.trace_id);
    }
    old_traces = traces - static_cast<std::int64_t>(kept.size());
    for (const std::string& line : lines) {
      const std::size_t at = line.find(kIdKey) + kIdKey.size();
      if (kept.contains(line.substr(at, line.find('"', at) - at))) younger.push_back(line);
    }
    WriteFile(folder.At("younger.jsonl"), Join(younger));
    REQUIRE(old_traces > 10);
  }
};

std::vector<std::string> PruneArguments(const Input& input, const std::string& store) {
  return {"prune", "--older-than", Rfc3339(input.middle_ns), "--store", store};
}

std::int64_t FileBytes(const std::string& path) {
  return static_cast<std::int64_t>(std::filesystem::file_size(path));
}

void CheckSound(const std::string& store) {
  const auto damage = VerifyStore(store);
  REQUIRE(damage.has_value());
  for (const StoreDamage& each : *damage) UNSCOPED_INFO(each.part << " " << each.detail);
  CHECK(damage->empty());
}

std::string AnswersOfYounger(const TempFolder& folder) {
  const auto engine = Open(folder.StoreUrl("younger.db"));
  Ingest(*engine, {folder.At("younger.jsonl")});
  return Answers(*engine);
}

}  // namespace

TEST_CASE("after pruning, a store answers as if the old traces had never been there") {
  const TempFolder folder;
  const Input input(folder, 400, 31);
  const std::string store = folder.StoreUrl("a.db");
  { Ingest(*Open(store), {folder.At("all.jsonl")}); }
  const std::int64_t before = FileBytes(folder.At("a.db"));

  PruneOptions options;
  options.before_ns = input.middle_ns;
  options.dry_run = true;
  const auto engine = Open(store);
  const Result<PruneReport> planned = engine->Prune(options);
  REQUIRE(planned.has_value());
  CHECK(planned->traces == input.old_traces);
  CHECK(engine->Overview({})->traces == input.traces);

  CHECK(WaitFor(StartProgram(PruneArguments(input, store))) == 0);
  CHECK(FirstDifference(Answers(*engine), AnswersOfYounger(folder)) == "");
  CheckSound(store);
  CHECK(FileBytes(folder.At("a.db")) < before * 3 / 4);

  // Neither the same file nor a copy of it brings the old traces back, unless asked to.
  CHECK(Ingest(*engine, {folder.At("all.jsonl")}).unchanged_files == 1);
  std::filesystem::copy_file(folder.At("all.jsonl"), folder.At("copy.jsonl"));
  const IngestReport again = Ingest(*engine, {folder.At("copy.jsonl")});
  CHECK(again.spans.new_spans == 0);
  CHECK(again.spans.removed_spans ==
        static_cast<std::int64_t>(input.lines.size() - input.younger.size()));
  CHECK(FirstDifference(Answers(*engine), AnswersOfYounger(folder)) == "");
  CHECK(*engine->ForgetPruned() == input.old_traces);
  CHECK(Ingest(*engine, {folder.At("all.jsonl")}).spans.new_traces == input.old_traces);
  const auto whole = Open(folder.StoreUrl("times.db"));
  CHECK(FirstDifference(Answers(*engine), Answers(*whole)) == "");
  CheckSound(store);
}

TEST_CASE("pruning to a size removes the oldest traces and no more than it must") {
  const TempFolder folder;
  const Input input(folder, 500, 32);
  const std::string store = folder.StoreUrl("a.db");
  { Ingest(*Open(store), {folder.At("all.jsonl")}); }
  const std::int64_t before = FileBytes(folder.At("a.db"));
  const std::int64_t wanted = before / 2;
  CHECK(WaitFor(StartProgram({"prune", "--max-size", std::to_string(wanted), "--store", store})) ==
        0);
  CHECK(FileBytes(folder.At("a.db")) <= wanted);
  CHECK(FileBytes(folder.At("a.db")) > wanted / 2);
  CheckSound(store);
  const auto engine = Open(store);
  const auto all = Open(folder.StoreUrl("times.db"));
  const Result<TracePage> left = engine->Traces({}, TraceSort::kNewest, 100'000, "");
  const Result<TracePage> listed =
      all->Traces({}, TraceSort::kNewest, left.has_value() ? left->rows.size() : 0, "");
  REQUIRE(!left->rows.empty());
  REQUIRE(left->rows.size() < static_cast<std::size_t>(input.traces));
  for (std::size_t i = 0; i < left->rows.size(); ++i) {
    CHECK(left->rows[i].start_ns == listed->rows[i].start_ns);
  }
  // No trace may stay under a limit that even an empty store exceeds.
  CHECK(WaitFor(StartProgram({"prune", "--max-size", "1KB", "--store", store})) == 3);
  CHECK(engine->Overview({})->traces == 0);
  CheckSound(store);
}

TEST_CASE("pruning can be killed anywhere") {
  const TempFolder folder;
  const Input input(folder, 600, 33);
  const std::string expected = AnswersOfYounger(folder);
  { Ingest(*Open(folder.StoreUrl("whole.db")), {folder.At("all.jsonl")}); }
  std::mt19937 random(5);
  int killed = 0;
  for (int round = 0; round < 8; ++round) {
    const std::string name = "killed" + std::to_string(round) + ".db";
    std::filesystem::copy_file(folder.At("whole.db"), folder.At(name));
    const std::string store = folder.StoreUrl(name);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const pid_t child = StartProgram(PruneArguments(input, store));
      std::this_thread::sleep_for(std::chrono::milliseconds(30 + random() % 200));
      kill(child, SIGKILL);
      killed += WaitFor(child) == 128 + SIGKILL;
      CheckSound(store);
      const auto engine = Open(store);
      const Result<OverviewStats> overview = engine->Overview({});
      REQUIRE(overview.has_value());
      CHECK(overview->traces >= input.traces - input.old_traces);
    }
    CHECK(WaitFor(StartProgram(PruneArguments(input, store))) == 0);
    CheckSound(store);
    CHECK(FirstDifference(Answers(*Open(store)), expected) == "");
    CHECK(FileBytes(folder.At(name)) < FileBytes(folder.At("whole.db")) * 3 / 4);
  }
  CHECK(killed > 0);
}

TEST_CASE("others read and write while traces are pruned") {
  const TempFolder folder;
  const Input input(folder, 500, 34);
  const std::string store = folder.StoreUrl("a.db");
  { Ingest(*Open(store), {folder.At("all.jsonl")}); }
  // Younger than all others: the generator's clock goes on.
  const std::vector<std::string> late = SpanLines(700, 34);
  std::vector<std::string> more(late.begin() + static_cast<long>(input.lines.size()), late.end());
  WriteFile(folder.At("more.jsonl"), Join(more));

  const auto engine = Open(store);
  const pid_t pruning = StartProgram(PruneArguments(input, store));
  const pid_t writing = StartProgram({"ingest", folder.At("more.jsonl"), "--store", store});
  std::int64_t least = input.traces;
  for (int i = 0; i < 20; ++i) {
    const Result<OverviewStats> overview = engine->Overview({});
    REQUIRE(overview.has_value());
    least = std::min(least, overview->traces);
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  CHECK(WaitFor(pruning) == 0);
  CHECK(WaitFor(writing) == 0);
  CHECK(least >= input.traces - input.old_traces);
  CHECK(engine->CurrentProvenance()->damage.empty());
  CheckSound(store);
  const auto expected = Open(folder.StoreUrl("expected.db"));
  Ingest(*expected, {folder.At("younger.jsonl"), folder.At("more.jsonl")});
  CHECK(FirstDifference(Answers(*engine), Answers(*expected)) == "");
}

TEST_CASE("prune refuses what it cannot understand") {
  const TempFolder folder;
  const std::string store = folder.StoreUrl("a.db");
  const auto code = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "prune");
    arguments.insert(arguments.end(), {"--store", store});
    return WaitFor(StartProgram(arguments));
  };
  CHECK(code({}) == 2);
  CHECK(code({"--older-than", "yesterday"}) == 2);
  CHECK(code({"--older-than", "2999-01-01"}) == 2);
  CHECK(code({"--max-size", "big"}) == 2);
  CHECK(code({"--older-than", "30d", "--max-size", "1.5 GiB"}) == 0);
}

}  // namespace halo::system_test
