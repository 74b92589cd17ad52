// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/look_up_trace.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/store/sqlite/stored_block.h"
#include "schemas/nearest.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

constexpr std::size_t kMinPrefix = 6;

constexpr const char* kFindExact =
    "SELECT id, project, trace_id, generation, summary, arrived_ns, source, segments, checksum, "
    "stale FROM traces WHERE trace_id = ?1 AND (project = ?2 OR ?2 = '') ORDER BY project LIMIT 1";
constexpr const char* kFindAfter =
    "SELECT id, project, trace_id, generation, summary, arrived_ns, source, segments, checksum, "
    "stale FROM traces WHERE trace_id >= ?1 AND (project = ?2 OR ?2 = '') ORDER BY trace_id, "
    "project "
    "LIMIT ?3";

FoundTrace ReadFound(const Query& row) {
  FoundTrace found{row.Int(0), {row.Text(1), row.Text(2)},
                   row.Int(3), row.Int(4),
                   row.Int(5), row.Int(6),
                   row.Int(7), row.Int(9) != 0};
  if (TraceChecksum(found.id, found.key) != row.Int(8)) {
    throw DamagedPart(StoredPart::kTrace, found.id, "does not pass its checksum");
  }
  return found;
}

Error NoSuchTrace(Database& database, const TraceKey& key) {
  std::string message = "no trace " + Printable(key.trace_id);
  if (!key.project.empty()) message += " in project " + Printable(key.project);
  const std::int64_t known_traces = database.Number("SELECT traces FROM state");
  if (database.Number("SELECT count(*) FROM traces") < known_traces) {
    throw DamagedPart(StoredPart::kMissingTrace, 0,
                      "and perhaps others are missing (" + message + ")");
  }
  if (known_traces == 0) {
    return {Code::kNotFound,
            message + ": the store holds no traces yet; `halo-mcp setup` says how to fill it"};
  }
  {
    Query other = database.Ask("SELECT project FROM traces WHERE trace_id = ? ORDER BY project",
                               key.trace_id);
    if (other.Step()) {
      return {Code::kNotFound, message + "; it is in project " + Printable(other.Text(0))};
    }
  }
  // Ids with a common prefix are neighbours in the index.
  std::vector<std::string> near;
  for (std::size_t length = std::min<std::size_t>(key.trace_id.size(), 8); near.empty();
       length /= 2) {
    const std::string prefix = key.trace_id.substr(0, length);
    Query rows = database.Ask(kFindAfter, prefix, key.project, std::int64_t{200});
    while (rows.Step() && rows.Bytes(2).starts_with(prefix)) {
      if (IsPlainId(rows.Bytes(2))) near.push_back(rows.Text(2));
    }
    if (length == 0) break;
  }
  const std::vector<std::string_view> known(near.begin(), near.end());
  const std::string_view nearest = Nearest(key.trace_id, known);
  if (!nearest.empty()) {
    message.append("; did you mean ").append(nearest).append("?");
  } else if (!known.empty()) {
    message += SuggestWord({}, std::span(known).first(std::min<std::size_t>(known.size(), 3)));
  }
  return {Code::kNotFound, message};
}

}  // namespace

std::string Printable(const std::string& word) {
  const bool plain = word.empty() || IsPlainId(word) || IsPlainName(word);
  return plain ? word : "(of " + std::to_string(word.size()) + " bytes)";
}

Result<FoundTrace> LookUpTrace(Database& database, TraceKey key) {
  // Answers cut a long id like this.
  constexpr std::string_view kCut = "…";
  {
    Query exact = database.Ask(kFindExact, key.trace_id, key.project);
    if (exact.Step()) return ReadFound(exact);
  }
  if (key.trace_id.ends_with(kCut)) key.trace_id.resize(key.trace_id.size() - kCut.size());
  if (key.trace_id.size() < kMinPrefix) return NoSuchTrace(database, key);
  std::vector<FoundTrace> found;
  {
    Query rows = database.Ask(kFindAfter, key.trace_id, key.project, std::int64_t{2});
    while (rows.Step() && rows.Bytes(2).starts_with(key.trace_id)) found.push_back(ReadFound(rows));
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) return NoSuchTrace(database, key);
  return Error{Code::kNotFound, "several traces begin with " + Printable(key.trace_id) +
                                    ", such as " + Printable(found[0].key.trace_id) + " and " +
                                    Printable(found[1].key.trace_id)};
}

}  // namespace halo
