// SPDX-License-Identifier: MIT
#include "engine/importers/made_up_ids.h"

#include <xxhash.h>

#include "engine/importers/span_words.h"

namespace halo {

std::string_view MadeUpTraceId(std::string_view content, std::uint64_t offset, Arena& arena) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(content.data(), content.size(), offset);
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  return CanonicalIdOfBytes({reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)},
                            arena);
}

std::string_view MadeUpSpanId(std::string_view trace_id, std::uint64_t n, Arena& arena) {
  const XXH64_hash_t hash = XXH3_64bits_withSeed(trace_id.data(), trace_id.size(), n);
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(&bytes, hash);
  return CanonicalIdOfBytes({reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)},
                            arena);
}

}  // namespace halo
