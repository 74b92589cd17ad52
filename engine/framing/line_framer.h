// SPDX-License-Identifier: MIT
#pragma once

#include "engine/framing/buffered_framer.h"

namespace halo {

// Each line that is not blank is a record, without the white space around it.
class LineFramer final : public BufferedFramer {
 private:
  Frame Next(std::string_view held, bool at_end) override;
  bool CanResume() const override { return !skipping_; }

  bool skipping_ = false;  // skips the rest of a line that is too long
};

}  // namespace halo
