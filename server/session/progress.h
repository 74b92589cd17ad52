// SPDX-License-Identifier: MIT
// Progress notifications, for clients that ask for them.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <memory>

#include "server/protocol/revision.h"
#include "server/session/connection.h"
#include "tools/answer/tool.h"

namespace halo {

// Returns a function that sends `notifications/progress` with the progress token of `params`. It
// sends only increasing values, at most one per `interval`, and nothing if there is no token. It
// may be called from any thread.
decltype(CallContext::progress) ProgressOf(std::shared_ptr<Call> call,
                                           const boost::json::object& params, Revision revision,
                                           std::chrono::milliseconds interval);

}  // namespace halo
