// SPDX-License-Identifier: MIT
#include "engine/framing/splitter.h"

#include <catch2/catch.hpp>
#include <random>
#include <span>
#include <string>

#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

// "offset:bytes" of every record, one per line.
std::string Records(const std::vector<RecordBatch>& batches) {
  std::string text;
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) {
      text += std::to_string(record.offset) + ':' + std::string(record.bytes) + '\n';
    }
  }
  return text;
}

std::string Split(std::string_view input, bool more_may_follow = false) {
  return Records(SplitInput(input, more_may_follow));
}

TEST_CASE("lines are records; blank ones, line ends and a byte order mark are not") {
  CHECK(Split("\xEF\xBB\xBF{\"a\":1}\r\n\n  {\"b\":2}  \n{\"c\":3}") ==
        "3:{\"a\":1}\n15:{\"b\":2}\n25:{\"c\":3}\n");
}

TEST_CASE("a line that is not complete is a record of its own") {
  CHECK(Split("{\"a\":1}\n{\"b\":\n{\"c\":3}\n") == "0:{\"a\":1}\n8:{\"b\":\n14:{\"c\":3}\n");
}

TEST_CASE("a broken first line does not swallow the lines behind it") {
  CHECK(Split("{\"a\":\"cut\n{\"b\":2}\n") == "0:{\"a\":\"cut\n10:{\"b\":2}\n");
  CHECK(Split("{\"a\":{\"x\":1}\n{\"b\":2}\n") == "0:{\"a\":{\"x\":1}\n13:{\"b\":2}\n");
  CHECK(Split("{\"a\":1]}\n{\"b\":2}\n") == "0:{\"a\":1]}\n9:{\"b\":2}\n");
}

TEST_CASE("documents may span lines, follow each other and share one") {
  CHECK(Split("{\n \"a\": 1\n}\n{\n}") == "0:{\n \"a\": 1\n}\n12:{\n}\n");
  CHECK(Split("{\"a\":1}{\"b\":\"}\"},{\"c\":[]}") ==
        "0:{\"a\":1}\n7:{\"b\":\"}\"}\n17:{\"c\":[]}\n");
  CHECK(Split("[\n {\"a\":1},\n {\"b\":2}\n]") == "0:[\n {\"a\":1},\n {\"b\":2}\n]\n");
}

TEST_CASE("a broken document costs itself alone") {
  CHECK(Split("{\n \"a\": ]\n}\n{\n \"b\": 2\n}\n") == "0:{\n \"a\": ]\n12:{\n \"b\": 2\n}\n");
}

TEST_CASE("a followed input keeps back what is not complete") {
  const auto batches = SplitInput("{\"a\":1}\n{\"b\":", true);
  CHECK(Records(batches) == "0:{\"a\":1}\n");
  REQUIRE(batches.size() == 1);
  CHECK(batches[0].end_offset == 8);
  CHECK(batches[0].resumable);
  CHECK(Split("{\"a\":1}\n{\"b\":2}", true) == "0:{\"a\":1}\n8:{\"b\":2}\n");
  CHECK(Split("{\n \"a\": 1\n}\n{\n \"b\":", true) == "0:{\n \"a\": 1\n}\n");
}

TEST_CASE("bytes put into the splitter's room are cut as bytes fed to it") {
  std::mt19937 random(7);
  std::string input;
  while (input.size() < 12'000'000) {
    input += "{\"a\":\"" + std::string(random() % 20'000, 'x') + "\"}\n";
  }
  for (const std::uint64_t start : {0, 1001}) {
    Splitter fed, filled;
    fed.StartAt(start);
    filled.StartAt(start);
    std::vector<RecordBatch> expected, batches;
    fed.Feed(input, expected);
    fed.Finish(false, expected);
    for (std::size_t at = 0; at < input.size();) {
      const std::span<char> room = filled.Prepare();
      REQUIRE(!room.empty());
      CHECK((reinterpret_cast<std::uintptr_t>(room.data()) - start - at) % 64 == 0);
      const std::size_t size = input.copy(room.data(), 1 + random() % room.size(), at);
      filled.Commit(size, batches);
      at += size;
    }
    filled.Finish(false, batches);
    CHECK(expected.size() > 1);
    CHECK((Records(batches) == Records(expected)));
  }
}

TEST_CASE("a resumed read counts offsets from where it began and expects lines") {
  Splitter splitter;
  splitter.StartAt(100);
  std::vector<RecordBatch> batches;
  splitter.Feed("{\"cut\n{\"b\":2}\n", batches);
  splitter.Finish(false, batches);
  CHECK(Records(batches) == "100:{\"cut\n106:{\"b\":2}\n");
}

// Lines of random length, up to sizes at which the splitter cuts.
std::string LongLines(std::mt19937& random, std::size_t lines, std::size_t longest) {
  std::uniform_int_distribution<std::size_t> length(0, longest);
  std::string input;
  for (std::size_t i = 0; i < lines; ++i) {
    input +=
        "{\"n\":" + std::to_string(i) + ",\"text\":\"" + std::string(length(random), 'x') + "\"}\n";
  }
  return input;
}

TEST_CASE("records do not depend on how the input is fed") {
  std::mt19937 random(7);
  const std::string inputs[] = {
      "{\"a\":1}\n{\"b\":\"\\\"{\"}\n\n[1]\nbad\n{\"c\":3}",
      "{\n \"a\": \"}\\\\\"\n}\n{\n \"b\": [2]\n}\n garbage\n{\"c\":3}\n",
      "{\"a\":\"cut\n{\"b\":2}\n",
      "\xEF\xBB\xBF[\n{\"a\":1}]\n",
  };
  for (const std::string& input : inputs) {
    const std::string whole = Split(input);
    for (int round = 0; round < 200; ++round) {
      std::uniform_int_distribution<std::size_t> size(1, 9);
      CHECK(Records(SplitInput(input, [&] { return size(random); })) == whole);
    }
  }
  const std::string large = LongLines(random, 24, 2 << 20);
  const std::string whole = Split(large);
  std::uniform_int_distribution<std::size_t> size(1, 3 << 20);
  CHECK((Records(SplitInput(large, [&] { return size(random); })) == whole));
  CHECK(whole.size() > large.size());
}

TEST_CASE("batches are bounded and cover the input without holes") {
  std::mt19937 random(8);
  const std::string input = LongLines(random, 200, 100'000);
  std::uint64_t end = 0;
  for (const RecordBatch& batch : SplitInput(input)) {
    CHECK(batch.begin_offset == end);
    CHECK(batch.end_offset - batch.begin_offset <= kChunkBytes);
    CHECK(batch.clipped.size() == batch.records.size());
    end = batch.end_offset;
  }
  CHECK(end == input.size());
}

TEST_CASE("a blank line before a document that outgrows two chunks is all that is cut off it") {
  const std::string head = "\n{\"a\":[" + std::string(kChunkBytes + 100, ' ') + "\n1,\n";
  const std::string input =
      head + std::string(kMaxRecordBytes - head.size() - 100, ' ') + "1]}\n[2]";
  CHECK(Split(input).ends_with(":[2]\n"));
  const std::string longer = head + std::string(kMaxRecordBytes, ' ') + "1]}";
  CHECK(SplitInput(longer).back().end_offset == longer.size());
}

}  // namespace
}  // namespace halo
