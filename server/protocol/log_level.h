// SPDX-License-Identifier: MIT
// Severity of a log message. Pure; any thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "schemas/fields.h"

namespace halo {

// The levels of RFC 5424, as MCP uses them; least severe first.
enum class LogLevel {
  kDebug,
  kInfo,
  kNotice,
  kWarning,
  kError,
  kCritical,
  kAlert,
  kEmergency,
};
constexpr auto Names(LogLevel) {
  return std::array{Named{LogLevel::kDebug, "debug"},   Named{LogLevel::kInfo, "info"},
                    Named{LogLevel::kNotice, "notice"}, Named{LogLevel::kWarning, "warning"},
                    Named{LogLevel::kError, "error"},   Named{LogLevel::kCritical, "critical"},
                    Named{LogLevel::kAlert, "alert"},   Named{LogLevel::kEmergency, "emergency"}};
}

constexpr std::optional<LogLevel> LogLevelNamed(std::string_view text) {
  for (const auto& name : Names(LogLevel{})) {
    if (name.text == text) return name.value;
  }
  return std::nullopt;
}

}  // namespace halo
