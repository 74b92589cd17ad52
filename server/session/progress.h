// SPDX-License-Identifier: MIT
// Tells a client how far a call is, where it asked for that.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <memory>

#include "server/protocol/revision.h"
#include "server/session/connection.h"
#include "tools/answer/tool.h"

namespace halo {

// What a handler reports goes out as `notifications/progress` under the token in `meta`, only
// while it grows, and not before `interval` has passed since the last. Without a token nothing is
// sent. The function may be called from any thread.
decltype(CallContext::progress) ProgressOf(std::shared_ptr<Call> call,
                                           const boost::json::object& params, Revision revision,
                                           std::chrono::milliseconds interval);

}  // namespace halo
