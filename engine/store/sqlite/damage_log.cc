// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/damage_log.h"

namespace halo {
namespace {

constexpr std::size_t kShown = 5;

struct Name {
  std::string_view part;
  std::string_view entries;
};

Name NameOf(StoredPart part) {
  switch (part) {
    case StoredPart::kPage:
      return {"damaged_page", ""};
    case StoredPart::kPayload:
      return {"damaged_payload_block", "spans"};
    case StoredPart::kFacts:
      return {"damaged_facts_block", "segments"};
    case StoredPart::kSummary:
      return {"damaged_summary_block", "traces"};
    case StoredPart::kMissingSummary:
      return {"missing_summary", "traces"};
    case StoredPart::kSegment:
      return {"damaged_segment", "spans"};
    case StoredPart::kTrace:
      return {"damaged_trace_row", ""};
    case StoredPart::kMissingTrace:
      return {"missing_trace_row", "traces"};
    case StoredPart::kFile:
      return {"damaged_file", ""};
  }
  return {"damaged_part", ""};
}

}  // namespace

std::vector<StoreDamage> DamageLog::List() const {
  const std::lock_guard lock(mutex_);
  std::vector<StoreDamage> out;
  for (const auto& [part, ids] : parts_) {
    const Name name = NameOf(part);
    StoreDamage damage;
    damage.part = name.part;
    damage.count = static_cast<std::int64_t>(ids.size());
    damage.detail = "number ";
    std::size_t shown = 0;
    std::int64_t entries = 0;
    for (const auto& [id, held] : ids) {
      entries += held;
      if (shown++ < kShown) damage.detail += (shown > 1 ? ", " : "") + std::to_string(id);
    }
    if (shown > kShown) damage.detail += ", ...";
    if (entries > 0) {
      damage.detail.append(" with ").append(std::to_string(entries)).append(" ");
      damage.detail.append(name.entries);
    }
    out.push_back(std::move(damage));
  }
  return out;
}

}  // namespace halo
