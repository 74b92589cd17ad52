// SPDX-License-Identifier: MIT
// Which versions of spans a trace already has. Remembers the sets of traces that grew lately, so
// that a long trace fed one span at a time is not read again for each. One thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "engine/store/sqlite/database.h"

namespace halo {

// 40 bits each of the hashes of a span's id and of its content: within one trace enough to tell
// versions apart, and a span that came in two versions from two spans.
struct SpanVersion {
  std::uint64_t id = 0;
  std::uint64_t content = 0;

  SpanVersion() = default;
  explicit SpanVersion(const std::pair<std::uint64_t, std::uint64_t>& hashes)
      : id(hashes.first >> 24), content(hashes.second >> 24) {}
  auto operator<=>(const SpanVersion&) const = default;
};

// Ten bytes a version.
std::string PackVersions(const std::vector<SpanVersion>& versions);
void UnpackVersions(std::string_view bytes, std::vector<SpanVersion>& versions);

// How many spans came with more than one content.
std::int32_t RevisedSpans(std::vector<SpanVersion> versions);

class KnownVersions {
 public:
  struct Hash {
    std::size_t operator()(const SpanVersion& version) const {
      return (version.id << 24) ^ (version.content * 0x9e3779b97f4a7c15);
    }
  };
  using Set = std::unordered_set<SpanVersion, Hash>;

  // Of a trace as it stands at this generation. The caller may add to it what it writes, and then
  // tells the new generation.
  Set& Of(Database& database, std::int64_t trace, std::int64_t generation);
  void Advance(std::int64_t trace, std::int64_t generation) {
    sets_[trace].generation = generation;
  }
  // What was added was not written after all.
  void Forget() { sets_.clear(); }

 private:
  struct Known {
    std::int64_t generation = -1;
    Set versions;
  };
  std::unordered_map<std::int64_t, Known> sets_;
};

}  // namespace halo
