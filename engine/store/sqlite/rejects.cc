// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/rejects.h"

namespace halo {

std::vector<RejectCount> ReadRejects(Database& database) {
  std::vector<RejectCount> rejects;
  // Reports the first of each reason.
  Query rows = database.Ask(
      "SELECT reason, count, coalesce(key, ''), rejects.position, detail FROM rejects "
      "LEFT JOIN sources ON sources.id = rejects.source "
      "ORDER BY reason, coalesce(key, ''), rejects.position");
  while (rows.Step()) {
    if (rejects.empty() || rejects.back().reason != rows.Bytes(0)) {
      rejects.push_back(
          {rows.Text(0), 0, rows.Text(2), rows.Text(4), static_cast<std::uint64_t>(rows.Int(3))});
    }
    rejects.back().count += rows.Int(1);
  }
  return rejects;
}

}  // namespace halo
