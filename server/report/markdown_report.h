// SPDX-License-Identifier: MIT
// The report for human readers. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "engine/base/result.h"

namespace halo {

// kTerminal has no escapes and no table bars, which a terminal would show literally.
enum class ReportForm { kMarkdown, kTerminal };

// Builds the report from the structured answers under `overview`, `failure_modes`, `cost` and
// `time`. Text from traces is escaped.
Result<std::string> WriteReport(const boost::json::object& report, ReportForm form);

}  // namespace halo
