// SPDX-License-Identifier: MIT
// Cuts a stream of JSON into records, so that one huge line or document costs no more memory than
// many small ones. A record is a line or document of at most kMaxRecordBytes; a larger OTLP
// document is cut into its spans, each with the resource and scope objects around it; other large
// arrays are cut into their items. An item over kMaxSpanBytes is clipped: its long strings are
// shortened, so that identity and times are kept.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "engine/framing/framer.h"
#include "engine/framing/record.h"

namespace halo {

// Prepare aligns its room so that byte n of the input has an address congruent to n modulo 64,
// since some processors copy several times slower between addresses that differ in this. Only an
// input of lines is resumable. With `more_may_follow`, a last line without line feed is taken if it
// is a complete value.
class Splitter final : public Framer {
 public:
  Splitter();
  ~Splitter() override;

  void StartAt(std::uint64_t offset) override;
  std::span<char> Prepare() override;
  void Commit(std::size_t size, std::vector<RecordBatch>& out) override;
  void Feed(std::string_view bytes, std::vector<RecordBatch>& out) override;
  void Finish(bool more_may_follow, std::vector<RecordBatch>& out) override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace halo
