// SPDX-License-Identifier: MIT
// The versions of spans that a trace already has. Caches those of traces that grew recently, so
// that a long trace that grows span by span is not read again for each. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// 40 bits each of the hashes of a span's id and its content. Within one trace this suffices to
// distinguish versions, and two versions of one span from two spans.
struct SpanVersion {
  std::uint64_t id = 0;
  std::uint64_t content = 0;

  SpanVersion() = default;
  explicit SpanVersion(const std::pair<std::uint64_t, std::uint64_t>& hashes)
      : id(hashes.first >> 24), content(hashes.second >> 24) {}
  auto operator<=>(const SpanVersion&) const = default;
};

// Ten bytes per version.
std::string PackVersions(const std::vector<SpanVersion>& versions);
void UnpackVersions(std::string_view bytes, std::vector<SpanVersion>& versions);

// The number of spans that came with more than one content.
std::int32_t RevisedSpans(std::vector<SpanVersion> versions);

class KnownVersions {
 public:
  struct Hash {
    std::size_t operator()(const SpanVersion& version) const {
      return MixHash(version.id, version.content << 24);
    }
  };
  using Set = std::unordered_set<SpanVersion, Hash>;

  // The versions of a trace at this generation. The caller may add the versions that it writes, and
  // then calls Advance with the new generation.
  Set& Of(Database& database, std::int64_t trace, std::int64_t generation);
  void Advance(std::int64_t trace, std::int64_t generation) {
    sets_[trace].generation = generation;
  }
  // Call this if the versions that were added were not written.
  void Forget() { sets_.clear(); }

 private:
  struct Known {
    std::int64_t generation = -1;
    Set versions;
  };
  std::unordered_map<std::int64_t, Known> sets_;
};

}  // namespace halo
