// SPDX-License-Identifier: MIT
#include "engine/text/triplet_scan.h"

#include <cstring>
#include <type_traits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace halo {

const char* TripletScan::Next(const char* from, const char* end, unsigned& groups) const {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return NextWide(from, end, groups);
#endif
  for (; from < end; ++from) {
    if ((groups = GroupsAt(from, end)) != 0) return from;
  }
  return end;
}

#if defined(__x86_64__)
#define HALO_AVX2 __attribute__((target("avx2")))

// The bytes that HitsIn reads: 32 positions and the two bytes after the last.
constexpr std::ptrdiff_t kBlock = 34;

// memcpy of less than kBlock bytes as two copies of a fixed size that may overlap.
static inline void CopyShort(char* to, const char* from, std::size_t size) {
  const auto copy = [&](auto chunk) {
    std::memcpy(to, from, chunk);
    std::memcpy(to + size - chunk, from + size - chunk, chunk);
  };
  if (size >= 17) {
    copy(std::integral_constant<std::size_t, 17>());
  } else if (size >= 8) {
    copy(std::integral_constant<std::size_t, 8>());
  } else if (size >= 4) {
    copy(std::integral_constant<std::size_t, 4>());
  } else {
    for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
  }
}

HALO_AVX2 static inline __m256i Twice(const std::array<std::uint8_t, 16>& table) {
  return _mm256_broadcastsi128_si256(
      _mm_load_si128(reinterpret_cast<const __m128i*>(table.data())));
}

// Bit i is set if a string may begin at block + i. Reads kBlock bytes.
HALO_AVX2 static inline std::uint32_t HitsIn(const char* block, const __m256i (&low)[3],
                                             const __m256i (&high)[3]) {
  const __m256i nibble = _mm256_set1_epi8(15);
  __m256i hit = _mm256_set1_epi8(-1);
  for (int i = 0; i < 3; ++i) {
    const __m256i bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(block + i));
    const __m256i above = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibble);
    hit = _mm256_and_si256(
        hit, _mm256_and_si256(_mm256_shuffle_epi8(low[i], _mm256_and_si256(bytes, nibble)),
                              _mm256_shuffle_epi8(high[i], above)));
  }
  return ~static_cast<std::uint32_t>(
      _mm256_movemask_epi8(_mm256_cmpeq_epi8(hit, _mm256_setzero_si256())));
}

HALO_AVX2 const char* TripletScan::NextWide(const char* from, const char* end,
                                            unsigned& groups) const {
  const __m256i low[3] = {Twice(low_[0]), Twice(low_[1]), Twice(low_[2])};
  const __m256i high[3] = {Twice(high_[0]), Twice(high_[1]), Twice(high_[2])};
  // The first position among `hits` where a string may begin, or `end`; bit i is block + i.
  const auto first_of = [&](std::uint32_t hits, const char* block) {
    for (; hits != 0; hits &= hits - 1) {
      const char* const place = block + __builtin_ctz(hits);
      if ((groups = GroupsAt(place, end)) != 0) return place;
    }
    return end;
  };
  for (; end - from >= kBlock; from += 32) {
    const std::uint32_t hits = HitsIn(from, low, high);
    if (hits == 0) continue;
    if (const char* const place = first_of(hits, from); place != end) return place;
  }
  while (from < end) {
    const auto left = static_cast<std::size_t>(end - from);
    char padded[kBlock] = {};
    CopyShort(padded, from, left);
    std::uint32_t hits = HitsIn(padded, low, high);
    if (left < 32) hits &= (1U << left) - 1;
    if (const char* const place = first_of(hits, from); place != end) return place;
    from += left < 32 ? left : 32;
  }
  return end;
}
#endif

}  // namespace halo
