// SPDX-License-Identifier: MIT
// The lines of one turn of a session (framing/turn_framer.h), as trees that live until the next
// turn. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/importers/json_record_reader.h"
#include "engine/json/arena.h"
#include "engine/json/json_tree.h"

namespace halo {

class SessionLines final : private JsonRecordReader {
 public:
  // Reads the lines of the record that `wanted` accepts, after its resource, if it has one. What is
  // not JSON is rejected.
  void ReadLines(const Record& record, SpanSink& sink, bool (*wanted)(std::string_view line));

  const std::vector<const JsonNode*>& lines() const { return lines_; }
  // Where each of them begins in the input.
  const std::vector<std::uint64_t>& offsets() const { return offsets_; }
  // The resource of the record; null if it has none.
  const JsonNode* context() const { return context_; }
  // The JSON in a text of a line; null if it is not JSON.
  const JsonNode* Parse(std::string_view text) { return trees_.Parse(text); }
  // Texts that live as long as the lines.
  Arena& arena() { return trees_.arena(); }

 private:
  void ReadEnclosing(std::string_view, std::string_view) override {}
  JsonError ReadObject(JsonObject& object) override;

  JsonTrees trees_;
  std::string scratch_;
  std::vector<const JsonNode*> lines_;
  std::vector<std::uint64_t> offsets_;
  const JsonNode* context_ = nullptr;
};

}  // namespace halo
