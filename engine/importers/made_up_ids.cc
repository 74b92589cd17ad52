// SPDX-License-Identifier: MIT
#include "engine/importers/made_up_ids.h"

#include <xxhash.h>

#include <array>
#include <cstring>

#include "engine/importers/span_words.h"

namespace halo {

std::string_view MadeUpTraceId(std::string_view content, std::uint64_t offset, Arena& arena) {
  const XXH128_hash_t hash = XXH3_128bits_withSeed(content.data(), content.size(), offset);
  XXH128_canonical_t bytes;
  XXH128_canonicalFromHash(&bytes, hash);
  return CanonicalIdOfBytes({reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)},
                            arena);
}

std::string_view MadeUpTraceIdOf(std::uint64_t content_hash, std::uint64_t offset, Arena& arena) {
  std::array<char, sizeof content_hash> bytes;
  std::memcpy(bytes.data(), &content_hash, bytes.size());
  return MadeUpTraceId({bytes.data(), bytes.size()}, offset, arena);
}

std::string_view MadeUpSpanId(std::string_view trace_id, std::uint64_t n, Arena& arena) {
  const XXH64_hash_t hash = XXH3_64bits_withSeed(trace_id.data(), trace_id.size(), n);
  XXH64_canonical_t bytes;
  XXH64_canonicalFromHash(&bytes, hash);
  return CanonicalIdOfBytes({reinterpret_cast<const char*>(bytes.digest), sizeof(bytes.digest)},
                            arena);
}

std::string_view MadeUpSpanIdOf(std::string_view trace_id, std::string_view key, Arena& arena) {
  return MadeUpSpanId(trace_id, XXH3_64bits(key.data(), key.size()), arena);
}

}  // namespace halo
