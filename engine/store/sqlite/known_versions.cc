// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/known_versions.h"

#include <algorithm>
#include <cstring>

#include "engine/store/sqlite/stored_block.h"

namespace halo {
namespace {

constexpr std::size_t kMaxVersions = 1 << 19;
constexpr std::size_t kMaxTraces = 4096;
constexpr std::size_t kHalf = 5;  // bytes of a 40-bit number

std::uint64_t TakeHalf(const char* bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes, kHalf);
  return value;
}

}  // namespace

std::string PackVersions(const std::vector<SpanVersion>& versions) {
  std::string bytes;
  bytes.reserve(versions.size() * 2 * kHalf);
  for (const SpanVersion& version : versions) {
    bytes.append(reinterpret_cast<const char*>(&version.id), kHalf);
    bytes.append(reinterpret_cast<const char*>(&version.content), kHalf);
  }
  return bytes;
}

void UnpackVersions(std::string_view bytes, std::vector<SpanVersion>& versions) {
  for (std::size_t at = 0; at + 2 * kHalf <= bytes.size(); at += 2 * kHalf) {
    SpanVersion& version = versions.emplace_back();
    version.id = TakeHalf(bytes.data() + at);
    version.content = TakeHalf(bytes.data() + at + kHalf);
  }
}

std::int32_t RevisedSpans(std::vector<SpanVersion> versions) {
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  std::int32_t revised = 0;
  for (std::size_t i = 1; i < versions.size(); ++i) {
    const bool same = versions[i].id == versions[i - 1].id;
    const bool counted = i >= 2 && versions[i - 2].id == versions[i].id;
    revised += same && !counted;
  }
  return revised;
}

KnownVersions::Set& KnownVersions::Of(Database& database, std::int64_t trace,
                                      std::int64_t generation) {
  const auto found = sets_.find(trace);
  if (found != sets_.end() && found->second.generation == generation) {
    return found->second.versions;
  }
  std::size_t kept = 0;
  for (const auto& [id, known] : sets_) kept += known.versions.size();
  if (kept > kMaxVersions || sets_.size() > kMaxTraces) sets_.clear();
  Known& known = sets_[trace];
  known.generation = generation;
  known.versions.clear();
  std::vector<SpanVersion> versions;
  Query rows = database.Ask(
      "SELECT trace, number, spans, payload_base, facts, facts_offset, facts_length, versions, "
      "checksum FROM segments WHERE trace = ?",
      trace);
  while (rows.Step()) {
    CheckedSegment(rows);
    UnpackVersions(rows.Bytes(7), versions);
  }
  known.versions.insert(versions.begin(), versions.end());
  return known.versions;
}

}  // namespace halo
