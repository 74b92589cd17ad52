// SPDX-License-Identifier: MIT
// Framing any bytes: the result does not depend on how they are fed, every record is at its offset,
// and clipped records are valid JSON.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/framing/item_buffer.h"
#include "engine/framing/span_cutter.h"
#include "engine/json/value_scanner.h"

namespace halo {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

std::vector<RecordBatch> Frame(Framing framing, std::string_view input, bool more_may_follow) {
  const std::unique_ptr<Framer> framer = MakeFramer(framing);
  std::vector<RecordBatch> batches;
  framer->Feed(input, batches);
  framer->Finish(more_may_follow, batches);
  return batches;
}

// The same, but writes the bytes into the buffer that the framer provides.
std::vector<RecordBatch> FrameInPlace(Framing framing, std::string_view input, std::size_t step,
                                      bool more_may_follow) {
  const std::unique_ptr<Framer> framer = MakeFramer(framing);
  std::vector<RecordBatch> batches;
  for (std::size_t i = 0; i < input.size();) {
    const std::span<char> room = framer->Prepare();
    const std::size_t size = input.copy(room.data(), std::min(step, room.size()), i);
    Require(size > 0);
    framer->Commit(size, batches);
    i += size;
  }
  framer->Finish(more_may_follow, batches);
  return batches;
}

void CheckFraming(Framing framing, std::string_view input, std::size_t step, bool more_may_follow) {
  const auto whole = Frame(framing, input, more_may_follow);
  const auto pieces = FrameInPlace(framing, input, step, more_may_follow);
  Require(whole.size() == pieces.size());
  for (std::size_t b = 0; b < whole.size(); ++b) {
    Require(whole[b].records.size() == pieces[b].records.size());
    Require(whole[b].rejects.size() == pieces[b].rejects.size());
    Require(whole[b].end_offset == pieces[b].end_offset);
    Require(whole[b].end_offset <= input.size());
    for (std::size_t i = 0; i < whole[b].records.size(); ++i) {
      const Record& record = whole[b].records[i];
      Require(record.bytes == pieces[b].records[i].bytes);
      Require(record.offset == pieces[b].records[i].offset);
      Require(input.substr(record.offset, record.bytes.size()) == record.bytes);
    }
  }
}

class Log final : public CutSink {
 public:
  explicit Log(std::string_view input) : input_(input) {}
  void OnItem(const CutItem& item) override {
    if (!item.clipped) Require(input_.substr(item.offset, item.bytes.size()) == item.bytes);
    Require(item.end == item.offset + item.bytes.size());
    text += std::to_string(item.offset) + ',' + std::string(item.bytes) + ',' +
            std::string(item.resource) + ',' + std::string(item.scope) + '\n';
  }
  void OnReject(Reject reject) override {
    text += reject.reason + '@' + std::to_string(reject.offset) + '\n';
  }
  std::string text;

 private:
  std::string_view input_;
};

std::string Cut(std::string_view input, std::size_t step) {
  SpanCutter cutter;
  Log log(input);
  cutter.Begin(0);
  for (std::size_t i = 0; i < input.size() && !cutter.done() && !cutter.broken(); i += step) {
    cutter.Feed(input.substr(i, step), log);
  }
  if (!cutter.done() && !cutter.broken()) cutter.Abandon(log);
  return log.text;
}

std::string Clip(std::string_view input, std::size_t step) {
  JsonClipper clipper({8, 2});
  std::string out;
  for (std::size_t i = 0; i < input.size(); i += step) clipper.Write(input.substr(i, step), out);
  return out;
}

}  // namespace
}  // namespace halo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace halo;
  if (size == 0) return 0;
  const std::size_t step = 1 + data[0] % 16;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  for (const Framing framing : {Framing::kJsonValues, Framing::kLines, Framing::kVarintMessages,
                                Framing::kUint32Messages, Framing::kWholeInput}) {
    for (const bool more_may_follow : {false, true}) {
      CheckFraming(framing, input, step, more_may_follow);
    }
  }
  Require(Cut(input, size) == Cut(input, step));
  if (IsCompleteJson(input)) {
    const std::string clipped = Clip(input, size);
    Require(clipped == Clip(input, step));
    Require(IsCompleteJson(clipped));
  }
  return 0;
}
