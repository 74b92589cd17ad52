// SPDX-License-Identifier: MIT
#include "engine/importers/session_lines.h"

#include <algorithm>

#include "engine/json/json_space.h"
#include "engine/model/reject_reasons.h"

namespace halo {

void SessionLines::ReadLines(const Record& record, SpanSink& sink,
                             bool (*wanted)(std::string_view line)) {
  trees_.Reset();
  lines_.clear();
  context_ = nullptr;
  if (!record.resource.empty()) {
    JsonRecordReader::Read({record.resource, 0, {}, {}}, sink);
    if (!lines_.empty()) context_ = lines_.front();
    lines_.clear();
  }
  offsets_.clear();
  for (std::size_t begin = 0; begin < record.bytes.size();) {
    const std::size_t feed = record.bytes.find('\n', begin);
    const std::string_view line = TrimJsonSpace(record.bytes.substr(begin, feed - begin));
    if (!line.empty() && wanted(line)) {
      const auto at = static_cast<std::size_t>(line.data() - record.bytes.data());
      JsonRecordReader::Read({line, record.offset + at, {}, {}}, sink);
    }
    begin = feed == std::string_view::npos ? record.bytes.size() : feed + 1;
  }
}

JsonError SessionLines::ReadObject(JsonObject& object) {
  scratch_.clear();
  const JsonError error = values().AppendObject(object, scratch_, 0);
  if (error == JsonError::kTooDeep) {
    Refuse(kNestedTooDeeply, object.data(), "a line of a session");
    return JsonError::kOk;
  }
  if (Failed(error)) return error;
  const JsonNode* const tree = trees_.Parse(arena().Copy(scratch_));
  if (tree == nullptr || !tree->is_valid()) return JsonError::kOk;
  lines_.push_back(tree);
  offsets_.push_back(OffsetOf(object.data()));
  return JsonError::kOk;
}

}  // namespace halo
