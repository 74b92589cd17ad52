// SPDX-License-Identifier: MIT
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/importers/all_importers.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

using namespace std::string_literals;

// "offset:bytes" of each record and "reason@offset" of each reject, one per line.
std::string Dump(const std::vector<RecordBatch>& batches) {
  std::string text;
  for (const RecordBatch& batch : batches) {
    for (const Record& record : batch.records) {
      text += std::to_string(record.offset) + ':' + std::string(record.bytes) + '\n';
    }
    for (const Reject& reject : batch.rejects) {
      text += reject.reason + '@' + std::to_string(reject.offset) + '\n';
    }
    CHECK(batch.clipped.size() == batch.records.size());
  }
  return text;
}

std::vector<RecordBatch> Frame(Framing framing, std::string_view input, std::size_t step,
                               bool more_may_follow, std::uint64_t start = 0) {
  const std::unique_ptr<Framer> framer = MakeFramer(framing);
  framer->StartAt(start);
  std::vector<RecordBatch> batches;
  for (std::size_t at = 0; at < input.size();) {
    if (at / step % 2 == 0) {
      const std::string_view piece = input.substr(at, step);
      framer->Feed(piece, batches);
      at += piece.size();
    } else {
      const std::span<char> room = framer->Prepare();
      REQUIRE(!room.empty());
      const std::size_t size = input.copy(room.data(), std::min(step, room.size()), at);
      framer->Commit(size, batches);
      at += size;
    }
  }
  framer->Finish(more_may_follow, batches);
  return batches;
}

// The dump of the framed input; checks that it does not depend on how the bytes are fed.
std::string Framed(Framing framing, std::string_view input, bool more_may_follow = false) {
  const std::string whole = Dump(Frame(framing, input, input.size() + 1, more_may_follow));
  for (const std::size_t step : {1, 2, 3, 7}) {
    if (input.size() > 10'000) break;
    CHECK(Dump(Frame(framing, input, step, more_may_follow)) == whole);
  }
  return whole;
}

std::string Varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  return out + static_cast<char>(value);
}

std::string Uint32(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
  return out;
}

std::string Message(Framing framing, std::string_view bytes) {
  const std::string prefix = framing == Framing::kVarintMessages
                                 ? Varint(bytes.size())
                                 : Uint32(static_cast<std::uint32_t>(bytes.size()));
  return prefix + std::string(bytes);
}

constexpr Framing kMessages[] = {Framing::kVarintMessages, Framing::kUint32Messages};

TEST_CASE("each line that is not blank is a record") {
  CHECK(Framed(Framing::kLines, "") == "");
  CHECK(Framed(Framing::kLines, "a b\r\n\n  \n c\nlast") == "0:a b\n10:c\n12:last\n");
  CHECK(Framed(Framing::kLines, "{\"a\":\n1}\n") == "0:{\"a\":\n6:1}\n");
}

TEST_CASE("a message is what its length says, whatever its bytes") {
  for (const Framing framing : kMessages) {
    const std::string first = Message(framing, "a\n\0b"s);
    const std::string input = first + Message(framing, "") + Message(framing, "cd");
    const std::size_t prefix = first.size() - 4;
    CHECK(Framed(framing, "") == "");
    CHECK(Framed(framing, input) ==
          std::to_string(prefix) + ":a\n\0b\n"s + std::to_string(input.size() - 2) + ":cd\n");
  }
  const std::string longer(300, 'x');
  CHECK(Framed(Framing::kVarintMessages, Varint(300) + longer) == "2:" + longer + "\n");
}

TEST_CASE("a message that is cut off is rejected, or kept back while the input grows") {
  for (const Framing framing : kMessages) {
    const std::string first = Message(framing, "first"), second = Message(framing, "second");
    const std::string whole = Framed(framing, first);
    for (std::size_t cut = 1; cut < second.size(); ++cut) {
      const std::string input = first + second.substr(0, cut);
      CHECK(Framed(framing, input) ==
            whole + "truncated_input@" + std::to_string(first.size()) + "\n");
      CHECK(Framed(framing, input, true) == whole);
      // If the input grows later, reading must not resume within the message.
      CHECK_FALSE(Frame(framing, input, 100, false).back().resumable);
      CHECK(Frame(framing, input, 100, true).back().resumable);
    }
  }
}

TEST_CASE("a read resumes where a record ends") {
  std::mt19937 random(5);
  for (const Framing framing : {Framing::kJsonValues, Framing::kLines, Framing::kVarintMessages,
                                Framing::kUint32Messages}) {
    const bool is_text = framing == Framing::kJsonValues || framing == Framing::kLines;
    std::string input;
    for (int i = 0; i < 20; ++i) {
      const std::string record = "{\"n\":\"" + std::string(random() % 300, 'x') + "\"}";
      input += is_text ? record + "\n" : Message(framing, record);
    }
    const std::string whole = Dump(Frame(framing, input, 1000, false));
    for (std::size_t cut = 0; cut <= input.size(); cut += 1 + random() % 50) {
      const auto first = Frame(framing, std::string_view(input).substr(0, cut), 64, true);
      const std::uint64_t offset = first.empty() ? 0 : first.back().end_offset;
      CHECK((first.empty() || first.back().resumable));
      CHECK(offset <= cut);
      const auto rest = Frame(framing, std::string_view(input).substr(offset), 64, false, offset);
      CHECK(Dump(first) + Dump(rest) == whole);
    }
  }
}

TEST_CASE("a whole input is one record, once it has stopped growing") {
  CHECK(Framed(Framing::kWholeInput, "") == "");
  CHECK(Framed(Framing::kWholeInput, "a\n\0b\n"s) == "0:a\n\0b\n\n"s);
  CHECK(Framed(Framing::kWholeInput, "a\nb\n", true) == "");
  const std::string large(3 * kChunkBytes, 'x');
  const auto batches = Frame(Framing::kWholeInput, large, 100'000, false);
  REQUIRE(batches.size() == 1);
  CHECK((batches[0].records.at(0).bytes == large));
  CHECK_FALSE(batches[0].resumable);
}

TEST_CASE("records fill batches of bounded size that cover the input") {
  for (const Framing framing : {Framing::kLines, Framing::kVarintMessages}) {
    const std::string bytes(100'000, 'x');
    const std::string record = framing == Framing::kLines ? bytes + "\n" : Message(framing, bytes);
    std::string input;
    for (int i = 0; i < 60; ++i) input += record;
    std::size_t records = 0;
    std::uint64_t end = 0;
    for (const RecordBatch& batch : Frame(framing, input, 77'777, false)) {
      CHECK(batch.begin_offset == end);
      CHECK(batch.end_offset - batch.begin_offset <= kChunkBytes);
      CHECK(batch.resumable);
      for (const Record& one : batch.records) CHECK((one.bytes == bytes));
      records += batch.records.size();
      end = batch.end_offset;
    }
    CHECK(records == 60);
    CHECK(end == input.size());
  }
}

TEST_CASE("a record that is too large costs itself alone") {
  const std::string large(kMaxSpanBytes + 1, 'x');
  const std::string most(kMaxSpanBytes, 'y');
  const auto check = [&](Framing framing, const std::string& input, std::size_t at,
                         std::size_t most_at, std::size_t last_at) {
    std::vector<std::string> seen;
    for (const RecordBatch& batch : Frame(framing, input, 1'000'003, false)) {
      for (const Reject& reject : batch.rejects) {
        seen.push_back(reject.reason + "@" + std::to_string(reject.offset));
      }
      for (const Record& record : batch.records) {
        seen.push_back(std::to_string(record.bytes.size()) + "@" + std::to_string(record.offset));
      }
    }
    CHECK(seen ==
          std::vector<std::string>{std::string(kRecordTooLarge) + "@" + std::to_string(at),
                                   std::to_string(kMaxSpanBytes) + "@" + std::to_string(most_at),
                                   "4@" + std::to_string(last_at)});
  };
  check(Framing::kLines, large + "\n" + most + "\nlast", 0, large.size() + 1,
        large.size() + most.size() + 2);
  for (const Framing framing : kMessages) {
    const std::string first = Message(framing, large), second = Message(framing, most);
    check(framing, first + second + Message(framing, "last"), 0,
          first.size() + second.size() - most.size(),
          first.size() + second.size() + Message(framing, "last").size() - 4);
  }
  CHECK(Framed(Framing::kWholeInput, large) == "record_too_large@0\n");
}

TEST_CASE("after a length that cannot be right nothing is read") {
  const std::string bad(10, '\xFF');
  CHECK(Framed(Framing::kVarintMessages, "\3abc" + bad + "\3def") == "1:abc\ninvalid_framing@4\n");
  // The largest 64-bit number is a valid length, but the message is too large.
  const std::string most = std::string(9, '\xFF') + "\1";
  CHECK(Framed(Framing::kVarintMessages, most + "abc") == "record_too_large@0\n");
}

TEST_CASE("the formats are listed by their short names") {
  CHECK(FormatNames().starts_with("OTLP/JSON, OTLP protobuf, "));
  CHECK(FormatNames().ends_with(" and chat transcripts"));
  CHECK(FormatNames("or").ends_with(" or chat transcripts"));
}

}  // namespace
}  // namespace halo
