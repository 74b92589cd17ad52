// SPDX-License-Identifier: MIT
// The report for people. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "engine/base/result.h"

namespace halo {

// A terminal shows escapes and table bars as they are, so it gets neither.
enum class ReportForm { kMarkdown, kTerminal };

// From the structured answers under overview, failure_modes, cost and time. Text from traces can
// start no markup of its own.
Result<std::string> WriteReport(const boost::json::object& report, ReportForm form);

}  // namespace halo
