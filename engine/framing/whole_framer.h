// SPDX-License-Identifier: MIT
#pragma once

#include "engine/framing/buffered_framer.h"

namespace halo {

// The whole input is one record, for formats that cannot be read in part. An input that is still
// growing is not read at all.
class WholeFramer final : public BufferedFramer {
 private:
  Frame Next(std::string_view held, bool at_end) override;
  bool CanResume() const override { return false; }

  bool skipping_ = false;
};

}  // namespace halo
