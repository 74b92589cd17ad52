// SPDX-License-Identifier: MIT
#include "engine/model/fix.h"

#include "engine/base/hash.h"

namespace halo {

TraceFilter AfterFix(const FixBoundary& boundary) {
  TraceFilter filter;
  if (boundary.since_ns != 0) filter.since_ns = boundary.since_ns;
  for (const auto& [name, value] : boundary.conditions) {
    for (const FixCondition& condition : kFixConditions) {
      if (condition.name == name) filter.*condition.member = value;
    }
  }
  return filter;
}

std::string MakeFixId(const Fix& fix) {
  std::uint64_t hash = MixHash(0, static_cast<std::uint64_t>(fix.boundary.since_ns));
  for (const FixTarget& target : fix.targets) hash = MixHash(hash, target.entry);
  for (const std::string& text : {fix.summary, fix.commit, fix.who}) {
    hash = MixHash(hash, Fnv1a(text));
  }
  for (const auto& [name, value] : fix.boundary.conditions) {
    hash = MixHash(MixHash(hash, Fnv1a(name)), Fnv1a(value));
  }
  hash = MixHash(hash, fix.draw.seed);
  // Spreads the last value over the digits that are kept.
  hash = MixHash(hash, 0);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string id = "fix_";
  for (int shift = 60; id.size() < 16; shift -= 4) id.push_back(kDigits[hash >> shift & 15]);
  return id;
}

}  // namespace halo
