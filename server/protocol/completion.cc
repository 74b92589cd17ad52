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
  std::vector<std::string> begin, hold;
  for (const std::string& candidate : candidates) {
    const std::size_t at = ToLower(candidate).find(wanted);
    if (at == std::string::npos) continue;
    (at == 0 ? begin : hold).push_back(candidate);
  }
  begin.insert(begin.end(), hold.begin(), hold.end());
  if (begin.empty()) {
    const std::vector<std::string_view> known(candidates.begin(), candidates.end());
    const std::string_view nearest = Nearest(typed, known);
    if (!nearest.empty()) begin.emplace_back(nearest);
  }
  Completion out{std::move(begin), 0};
  out.total = out.values.size();
  out.values.resize(std::min(out.values.size(), kMaxValues));
  return out;
}

}  // namespace halo
