// SPDX-License-Identifier: MIT
#include "engine/framing/line_framer.h"

#include "engine/json/json_space.h"
#include "engine/model/reject_reasons.h"

namespace halo {

BufferedFramer::Frame LineFramer::Next(std::string_view held, bool at_end) {
  const std::size_t feed = held.find('\n');
  const bool is_complete = feed != std::string_view::npos;
  const std::size_t size = is_complete ? feed + 1 : held.size();
  if (skipping_) {
    skipping_ = !is_complete;
    return {size, {}, {}};
  }
  if (held.substr(0, feed).size() > kMaxSpanBytes) {
    skipping_ = !is_complete;
    return {size, {}, kRecordTooLarge, "a line over 32 MB"};
  }
  if (!is_complete && !at_end) return {};
  return {size, TrimJsonSpace(held.substr(0, size)), {}};
}

}  // namespace halo
