// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/reviews.h"

#include <utility>
#include <variant>

#include "engine/codec/review_codec.h"
#include "engine/store/sqlite/guard.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

std::vector<std::int64_t> WriteReviewEvents(Database& database, std::span<const ReviewEvent> events,
                                            std::optional<std::int64_t> after) {
  const std::int64_t last = database.Number("SELECT coalesce(max(id), 0) FROM review_events");
  if (events.empty() || (after && last != *after)) return {};
  State state = ReadState(database);
  ++state.sequence;
  WriteState(database, state);
  std::vector<std::int64_t> ids;
  for (const ReviewEvent& event : events) {
    const auto* const note = std::get_if<ReviewNote>(&event.what);
    const TraceKey key = note ? note->key : TraceKey{};
    const std::string bytes = EncodeReviewEvent(event);
    database.Run(
        "INSERT INTO review_events (trace_id, project, who, at_ns, event) VALUES (?, ?, ?, ?, ?)",
        key.trace_id, key.project, event.who, event.at_ns, Blob{bytes});
    ids.push_back(database.Number("SELECT max(id) FROM review_events"));
  }
  return ids;
}

std::vector<ReviewEvent> ReadReviewEvents(Database& database) {
  std::vector<ReviewEvent> events;
  Query rows = database.Ask("SELECT id, who, at_ns, event FROM review_events ORDER BY id");
  while (rows.Step()) {
    ReviewEvent event = ValueOrThrow(DecodeReviewEvent(rows.Bytes(3)));
    event.id = rows.Int(0);
    event.who = rows.Text(1);
    event.at_ns = rows.Int(2);
    events.push_back(std::move(event));
  }
  return events;
}

}  // namespace halo
