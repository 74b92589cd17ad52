// SPDX-License-Identifier: MIT
#include "engine/importers/log_dialect.h"

namespace halo {

extern const LogDialect kClaudeCodeLogs;
extern const LogDialect kCodexLogs;

std::span<const LogDialect* const> AllLogDialects() {
  static constexpr const LogDialect* kAll[] = {&kClaudeCodeLogs, &kCodexLogs};
  return kAll;
}

}  // namespace halo
