// SPDX-License-Identifier: MIT
#include "engine/framing/whole_framer.h"

#include "engine/model/reject_reasons.h"

namespace halo {

BufferedFramer::Frame WholeFramer::Next(std::string_view held, bool at_end) {
  if (skipping_) return {held.size(), {}, {}};
  if (held.size() > kMaxSpanBytes) {
    skipping_ = true;
    return {held.size(), {}, kRecordTooLarge, "an input over 32 MB that cannot be read in part"};
  }
  return at_end ? Frame{held.size(), held, {}} : Frame{};
}

}  // namespace halo
