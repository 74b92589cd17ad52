// SPDX-License-Identifier: MIT
// What a tool receives with a call besides its arguments.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace halo {

// Handlers of long calls test `stop` and then return Code::kCancelled. `progress` may be empty;
// `done` must never decrease. Both may be used from any thread until the handler returns.
struct CallContext {
  std::stop_token stop{};
  std::function<void(double done, double total, std::string_view message)> progress{};
  // The folders from which the call may import, besides any that the server knows; empty: none.
  std::function<std::vector<std::string>()> roots{};
  std::string nonce{};  // of the fences around text from traces; empty: a random one
};

}  // namespace halo
