// SPDX-License-Identifier: MIT
// Answers do not depend on the order, number and compression of inputs.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/system/support.h"

namespace halo::system_test {
namespace {

constexpr int kTraces = 60;

std::string AnswersOf(const TempFolder& folder, const std::vector<std::string>& files,
                      const std::string& store) {
  const auto engine = Open(folder.StoreUrl(store));
  // One import per file, so that traces grow over several imports.
  for (const std::string& file : files) Ingest(*engine, {file});
  return Answers(*engine);
}

// Reads the file as standard input.
void IngestStream(Engine& engine, const std::string& file) {
  const int before = dup(STDIN_FILENO);
  const int input = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  REQUIRE(input >= 0);
  REQUIRE(dup2(input, STDIN_FILENO) == STDIN_FILENO);
  close(input);
  Ingest(engine, {"-"});
  dup2(before, STDIN_FILENO);
  close(before);
}

}  // namespace

TEST_CASE("losses of different streams are reported separately") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(4, 8);
  WriteFile(folder.At("one"), lines[0] + "{]\n");
  WriteFile(folder.At("two"), lines[1] + "{]\n{]\n" + lines[2]);
  const auto engine = Open(folder.StoreUrl("a.db"));
  const auto losses = [&] {
    std::int64_t sum = 0;
    for (const RejectCount& count : *engine->Rejects()) sum += count.count;
    return sum;
  };
  IngestStream(*engine, folder.At("one"));
  CHECK(losses() == 1);
  IngestStream(*engine, folder.At("two"));
  CHECK(losses() == 3);
  IngestStream(*engine, folder.At("one"));
  CHECK(losses() == 3);
  CHECK(engine->Overview({})->spans == 3);
}

TEST_CASE("importing a file again reads and changes nothing") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(kTraces, 1);
  WriteFile(folder.At("a.jsonl"), Join(lines));
  const auto engine = Open(folder.StoreUrl("a.db"));
  const IngestReport first = Ingest(*engine, {folder.At("a.jsonl")});
  CHECK(first.spans.new_spans == static_cast<std::int64_t>(lines.size()));
  CHECK(first.spans.new_traces == kTraces);
  const std::string before = Answers(*engine);

  const IngestReport again = Ingest(*engine, {folder.At("a.jsonl")});
  CHECK(again.unchanged_files == 1);
  CHECK(again.bytes == 0);
  CHECK(FirstDifference(Answers(*engine), before) == "");

  // The same spans in another file are read and found to be duplicates.
  WriteFile(folder.At("b.jsonl"), Join(lines));
  const IngestReport copy = Ingest(*engine, {folder.At("b.jsonl")});
  CHECK(copy.spans.new_spans == 0);
  CHECK(copy.spans.repeated_spans == static_cast<std::int64_t>(lines.size()));
  CHECK(FirstDifference(Answers(*engine), before) == "");
}

TEST_CASE("a file that has grown is read from its previous end") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(kTraces, 2);
  const std::size_t half = lines.size() / 2;
  const std::string first = Join({lines.begin(), lines.begin() + static_cast<long>(half)});
  const std::string second = Join({lines.begin() + static_cast<long>(half), lines.end()});
  const auto engine = Open(folder.StoreUrl("a.db"));
  WriteFile(folder.At("a.jsonl"), first);
  Ingest(*engine, {folder.At("a.jsonl")});
  WriteFile(folder.At("a.jsonl"), first + second);
  const IngestReport grown = Ingest(*engine, {folder.At("a.jsonl")});
  CHECK(grown.bytes == static_cast<std::int64_t>(second.size()));
  CHECK(grown.spans.new_spans == static_cast<std::int64_t>(lines.size() - half));

  WriteFile(folder.At("whole.jsonl"), first + second);
  CHECK(FirstDifference(Answers(*engine), AnswersOf(folder, {folder.At("whole.jsonl")}, "b.db")) ==
        "");
}

TEST_CASE("shuffled, split and repeated spans give identical answers") {
  const TempFolder folder;
  std::vector<std::string> lines = SpanLines(kTraces, 3);
  WriteFile(folder.At("whole.jsonl"), Join(lines));
  const std::string expected = AnswersOf(folder, {folder.At("whole.jsonl")}, "whole.db");
  CHECK(expected.size() > 20'000);

  std::mt19937 random(7);
  for (int round = 0; round < 3; ++round) {
    std::shuffle(lines.begin(), lines.end(), random);
    std::vector<std::string> parts(5);
    for (const std::string& line : lines) {
      parts[random() % parts.size()] += line;
      if (random() % 10 == 0) parts[random() % parts.size()] += line;
    }
    std::vector<std::string> files;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      files.push_back(folder.At("part" + std::to_string(round) + std::to_string(i)));
      WriteFile(files.back(), parts[i]);
    }
    CHECK(FirstDifference(AnswersOf(folder, files, "shuffled" + std::to_string(round)), expected) ==
          "");
  }
}

TEST_CASE("versions of a span merge in any order") {
  const TempFolder folder;
  std::vector<std::string> lines = SpanLines(4, 4);
  // An earlier, open version of every third span.
  std::vector<std::string> open;
  for (std::size_t i = 0; i < lines.size(); i += 3) {
    std::string line = lines[i];
    const std::size_t at = line.find(R"(,"endTimeUnixNano":")");
    line.erase(at, line.find(R"(","attributes)", at) + 1 - at);
    open.push_back(line);
  }
  WriteFile(folder.At("ended"), Join(lines));
  WriteFile(folder.At("open"), Join(open));
  std::vector<std::string> mixed = open;
  mixed.insert(mixed.end(), lines.begin(), lines.end());
  WriteFile(folder.At("mixed"), Join(mixed));

  const std::string expected = AnswersOf(folder, {folder.At("open"), folder.At("ended")}, "1.db");
  CHECK(FirstDifference(AnswersOf(folder, {folder.At("ended"), folder.At("open")}, "2.db"),
                        expected) == "");
  CHECK(FirstDifference(AnswersOf(folder, {folder.At("mixed")}, "3.db"), expected) == "");
  CHECK(FirstDifference(
            AnswersOf(folder, {folder.At("ended"), folder.At("open"), folder.At("mixed")}, "4.db"),
            expected) == "");

  // A version that was merged into another is still a duplicate when it is read again.
  const auto engine = Open(folder.StoreUrl("1.db"));
  WriteFile(folder.At("open again"), Join(open));
  CHECK(Ingest(*engine, {folder.At("open again")}).spans.new_spans == 0);
}

}  // namespace halo::system_test
