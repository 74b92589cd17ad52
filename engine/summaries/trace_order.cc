// SPDX-License-Identifier: MIT
#include "engine/summaries/trace_order.h"

#include <charconv>

namespace halo {
namespace {

using Row = SummaryTable::Row;

std::int64_t SortValue(const SummaryTable& table, const Doubts& doubts, Row row, TraceSort sort) {
  const SummaryColumns& c = table.columns();
  switch (sort) {
    case TraceSort::kNewest:
      return c.start_ns[row];
    case TraceSort::kCost:
      return c.nano_usd[row];
    case TraceSort::kDuration:
      return LengthNs(c.start_ns[row], c.end_ns[row]);
    case TraceSort::kTokens:
      return c.usage.input[row] + c.usage.output[row];
    case TraceSort::kErrors:
      return c.failed_spans[row];
    case TraceSort::kWaste:
      return WastedNanoUsd(table, doubts, row);
  }
  return 0;
}

bool TakeNumber(std::string_view& text, std::int64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

bool ParseCursor(std::string_view text, TraceSort sort, ListPlace& place) {
  std::int64_t stored_sort = 0, size = 0;
  if (!TakeNumber(text, stored_sort) || !TakeNumber(text, place.value) ||
      !TakeNumber(text, place.start_ns) || !TakeNumber(text, size) || size < 0 ||
      static_cast<std::size_t>(size) > text.size() || stored_sort != static_cast<int>(sort)) {
    return false;
  }
  place.project = text.substr(0, static_cast<std::size_t>(size));
  place.trace_id = text.substr(static_cast<std::size_t>(size));
  return true;
}

}  // namespace

std::int64_t WastedNanoUsd(const SummaryTable& table, const Doubts& doubts, Row row) {
  const SummaryColumns& c = table.columns();
  std::int64_t wasted = 0;
  for (std::uint32_t i = c.finding_begin(row); i < c.finding_end[row]; ++i) {
    if (doubts.Of(row, i) == Confidence::kCandidate) continue;
    Waste::Add(c.findings.waste_nano_usd[i], wasted);
  }
  return wasted;
}

bool ListPlace::operator<(const ListPlace& other) const {
  if (value != other.value) return value > other.value;
  if (start_ns != other.start_ns) return start_ns > other.start_ns;
  if (project != other.project) return project < other.project;
  return trace_id < other.trace_id;
}

// "SORT VALUE START PROJECT_SIZE PROJECT TRACE_ID".
std::string MakeCursor(const ListPlace& place, TraceSort sort) {
  std::string cursor = std::to_string(static_cast<int>(sort));
  cursor.append(" ").append(std::to_string(place.value));
  cursor.append(" ").append(std::to_string(place.start_ns));
  cursor.append(" ").append(std::to_string(place.project.size()));
  cursor.append(" ").append(place.project).append(place.trace_id);
  return cursor;
}

Result<std::vector<ListPlace>> PlacesAfter(const SummaryTable& table, const std::vector<Row>& rows,
                                           const Doubts& doubts, TraceSort sort,
                                           std::string_view cursor) {
  const SummaryColumns& c = table.columns();
  ListPlace after;
  if (!cursor.empty() && !ParseCursor(cursor, sort, after)) {
    return Error{Code::kInvalidArgument,
                 "cursor does not belong to this list; take next_cursor of a page with the same "
                 "sort, or leave it out to start at the top"};
  }
  std::vector<ListPlace> places;
  places.reserve(rows.size());
  for (const Row row : rows) {
    const ListPlace place{SortValue(table, doubts, row, sort), c.start_ns[row],
                          table.Text(c.project[row]), table.TraceId(row), row};
    if (cursor.empty() || after < place) places.push_back(place);
  }
  return places;
}

}  // namespace halo
