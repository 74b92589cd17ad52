// SPDX-License-Identifier: MIT
// The answers of the tools that a report is made of. Any thread.
#pragma once

#include <boost/json/object.hpp>

#include "engine/base/result.h"
#include "engine/engine.h"
#include "tools/answer/call_context.h"

namespace halo {

struct ReportRequest {
  boost::json::object filters{};  // of the tools; empty: none
  int modes = 20;                 // at most so many failure modes
  bool candidates = false;        // list them too
};

// Structured answers under `overview`, `failure_modes`, `cost` and `time`, which share the fence
// that `fence` explains. kInvalidArgument for filters that the tools refuse. Without a nonce in
// `context`, a random one.
Result<boost::json::object> GatherReport(Engine& engine, const ReportRequest& request,
                                         const CallContext& context);

}  // namespace halo
