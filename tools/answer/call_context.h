// SPDX-License-Identifier: MIT
// What a call of a tool comes with besides its arguments.
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

namespace halo {

// Handlers of long calls test `stop` and return Code::kCancelled; progress must only grow. Both may
// be used from any thread until the handler returns.
struct CallContext {
  std::stop_token stop{};
  std::function<void(double done, double total, std::string_view message)> progress{};
  std::string nonce{};  // of the fences around text from traces; empty takes a random one
};

}  // namespace halo
