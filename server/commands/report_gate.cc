// SPDX-License-Identifier: MIT
#include "server/commands/report_gate.h"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <unordered_map>

#include "engine/analysis/statistics.h"
#include "engine/model/mode_id.h"

namespace halo {
namespace {

namespace json = boost::json;

// How far a mode generalises, as a number that grows with it.
int ReachOf(std::string_view generality) {
  return generality == GeneralityName(Generality::kSystemic)    ? 2
         : generality == GeneralityName(Generality::kRecurring) ? 1
                                                                : 0;
}

std::string TextAt(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// -1 if it is missing or no count.
std::int64_t CountAt(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr) return -1;
  boost::system::error_code error;
  const auto count = value->to_number<std::int64_t>(error);
  return error ? -1 : count;
}

bool ReadEntry(const json::value& value, GateEntry& out) {
  const json::object* const object = value.if_object();
  if (object == nullptr) return false;
  out.id = TextAt(*object, "id");
  out.detector = TextAt(*object, "detector");
  out.generality = TextAt(*object, "generality");
  out.runs = CountAt(*object, "runs");
  out.eligible_runs = CountAt(*object, "eligible_runs");
  if (const json::value* const members = object->if_contains("members")) {
    if (!members->is_array()) return false;
    for (const json::value& member : members->get_array()) {
      if (!member.is_string()) return false;
      out.members.emplace_back(member.get_string());
    }
  }
  return out.id.starts_with("fm_") && out.runs >= 0 && out.eligible_runs >= out.runs;
}

bool HasRisen(const GateEntry& before, const GateEntry& now) {
  return CompareShares({before.runs, before.eligible_runs}, {now.runs, now.eligible_runs}) ==
         ShareChange::kRise;
}

}  // namespace

std::vector<GateEntry> OpenEntries(const ModeRanking& ranking) {
  std::vector<GateEntry> entries;
  for (const RankedMode& mode : ranking.modes) {
    if (mode.triage.status != TriageStatus::kOpen) continue;
    if (mode.confidence == Confidence::kCandidate) continue;
    GateEntry& entry = entries.emplace_back();
    entry.id = ModeIdText(mode.stats.id);
    for (const auto* members : {&mode.stats.variants, &mode.stats.effects}) {
      for (const ModeMember& member : *members) entry.members.push_back(ModeIdText(member.id));
    }
    entry.detector = mode.detector;
    entry.generality = GeneralityName(mode.generality);
    entry.runs = mode.stats.units;
    entry.eligible_runs = mode.stats.eligible_units;
  }
  return entries;
}

json::array WriteEntries(std::span<const GateEntry> entries) {
  json::array out;
  for (const GateEntry& entry : entries) {
    json::object object = {{"id", entry.id},
                           {"detector", entry.detector},
                           {"generality", entry.generality},
                           {"runs", entry.runs},
                           {"eligible_runs", entry.eligible_runs}};
    if (!entry.members.empty()) {
      object.emplace("members", json::array(entry.members.begin(), entry.members.end()));
    }
    out.push_back(std::move(object));
  }
  return out;
}

Result<std::vector<GateEntry>> ReadBaseline(std::string_view report) {
  const auto wrong = [](std::string what) {
    return Error{Code::kInvalidArgument,
                 what + "; expected a file that halo-mcp report --json --output FILE wrote"};
  };
  boost::system::error_code error;
  const json::value root = json::parse(report, error);
  if (error) return wrong("invalid JSON: " + error.message());
  const json::value* const list =
      root.is_object() ? root.get_object().if_contains("entries") : nullptr;
  if (list == nullptr || !list->is_array()) return wrong("it has no list of entries");
  std::vector<GateEntry> entries;
  for (const json::value& value : list->get_array()) {
    if (!ReadEntry(value, entries.emplace_back())) {
      return wrong("entries[" + std::to_string(entries.size() - 1) +
                   "] has no id or no valid counts");
    }
  }
  return entries;
}

std::vector<GateHit> FindHits(std::span<const GateEntry> entries, Generality level,
                              const std::optional<std::vector<GateEntry>>& baseline) {
  std::unordered_map<std::string_view, const GateEntry*> known;
  if (baseline) {
    for (const GateEntry& entry : *baseline) {
      known.emplace(entry.id, &entry);
      for (const std::string& member : entry.members) known.emplace(member, &entry);
    }
  }
  const auto find = [&](const GateEntry& entry) -> const GateEntry* {
    if (const auto found = known.find(entry.id); found != known.end()) return found->second;
    for (const std::string& member : entry.members) {
      if (const auto found = known.find(member); found != known.end()) return found->second;
    }
    return nullptr;
  };
  std::vector<GateHit> hits;
  for (const GateEntry& entry : entries) {
    if (ReachOf(entry.generality) < ReachOf(GeneralityName(level))) continue;
    const GateEntry* const before = find(entry);
    if (before != nullptr && !HasRisen(*before, entry)) continue;
    hits.push_back({&entry, before});
  }
  return hits;
}

}  // namespace halo
