// SPDX-License-Identifier: MIT
// State that a client returns in the next round of a request, and cannot change: text with a keyed
// tag (SipHash-2-4). The key is random per process, so state from another process is refused too.
// Any thread.
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
  // The state; nullopt if it was not sealed by this object.
  std::optional<std::string> Open(std::string_view sealed) const;

 private:
  std::string Tag(std::string_view state) const;

  std::array<std::uint64_t, 2> key_;
};

}  // namespace halo
