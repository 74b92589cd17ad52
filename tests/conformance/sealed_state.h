// SPDX-License-Identifier: MIT
// State that a client carries from one round of a request to the next, and cannot change: its text
// with a keyed tag (SipHash-2-4). The key is drawn when the program starts, so that state of
// another run is refused as well. Any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halo {

class StateSealer {
 public:
  StateSealer();

  std::string Seal(std::string_view state) const;
  // The state, or nothing where it is not one that was sealed here.
  std::optional<std::string> Open(std::string_view sealed) const;

 private:
  std::string Tag(std::string_view state) const;

  std::array<std::uint64_t, 2> key_;
};

}  // namespace halo
