// SPDX-License-Identifier: MIT
#include "engine/summaries/shown_modes.h"

#include <cstdint>

namespace halo {

using Row = SummaryTable::Row;

bool ShowsMode(const SummaryTable& table, const Doubts& doubts, Row row) {
  const SummaryColumns& c = table.columns();
  for (std::uint32_t f = c.finding_begin(row); f < c.finding_end[row]; ++f) {
    if (doubts.Of(row, f) != Confidence::kCandidate) return true;
  }
  return false;
}

std::vector<Row> RowsWithoutMode(const SummaryTable& table, const RowUnits& units,
                                 const Doubts& doubts, std::vector<Row> rows, bool without) {
  std::vector<bool> session_shows(units.any_sessions() ? table.session_count() : 0);
  if (units.any_sessions()) {
    for (Row row = 0; row < table.rows(); ++row) {
      if (!table.live(row)) continue;
      const std::uint32_t session = units.SessionOf(row);
      if (session != 0 && ShowsMode(table, doubts, row)) session_shows[session] = true;
    }
  }
  std::erase_if(rows, [&](Row row) {
    const std::uint32_t session = units.any_sessions() ? units.SessionOf(row) : 0;
    const bool shows = session != 0 ? session_shows[session] : ShowsMode(table, doubts, row);
    return shows == without;
  });
  return rows;
}

}  // namespace halo
