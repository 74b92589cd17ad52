// SPDX-License-Identifier: MIT
#include "engine/read_payloads.h"

#include <algorithm>
#include <utility>

namespace halo {

Result<std::vector<std::string>> ReadPayloads(Store& store, const StoredTrace& trace,
                                              std::span<const PayloadRef> refs) {
  if (std::none_of(refs.begin(), refs.end(), IsUnstored)) return store.ReadPayloads(refs);
  std::vector<PayloadRef> stored;
  for (const PayloadRef& ref : refs) {
    if (!IsUnstored(ref)) stored.push_back(ref);
  }
  Result<std::vector<std::string>> read = store.ReadPayloads(stored);
  if (!read) return read;
  std::vector<std::string> out;
  out.reserve(refs.size());
  auto next = read->begin();
  for (const PayloadRef& ref : refs) {
    out.push_back(IsUnstored(ref) ? trace.unstored[UnstoredIndex(ref)] : std::move(*next++));
  }
  return out;
}

}  // namespace halo
