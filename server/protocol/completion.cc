// SPDX-License-Identifier: MIT
#include "server/protocol/completion.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "schemas/nearest.h"

namespace halo {
namespace {

constexpr std::size_t kMaxValues = 100;

using ascii::ToLower;

}  // namespace

Completion Complete(std::string_view typed, const std::vector<std::string>& candidates) {
  const std::string wanted = ToLower(typed);
  std::vector<std::string> matches, inner;
  for (const std::string& candidate : candidates) {
    const std::size_t at = ToLower(candidate).find(wanted);
    if (at == std::string::npos) continue;
    (at == 0 ? matches : inner).push_back(candidate);
  }
  matches.insert(matches.end(), inner.begin(), inner.end());
  if (matches.empty()) {
    const std::vector<std::string_view> known(candidates.begin(), candidates.end());
    const std::string_view nearest = Nearest(typed, known);
    if (!nearest.empty()) matches.emplace_back(nearest);
  }
  Completion out{std::move(matches), 0};
  out.total = out.values.size();
  out.values.resize(std::min(out.values.size(), kMaxValues));
  return out;
}

}  // namespace halo
