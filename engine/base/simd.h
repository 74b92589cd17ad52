// SPDX-License-Identifier: MIT
// Sixteen bytes that are examined at once: with SSE2, which every x86-64 has, and with a loop
// elsewhere, so that users need no second code path. Each use states what it saves on shape S of
// the benchmark, whose ingest takes about 7.6 core-seconds per GB.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace halo {

class Bytes16 {
 public:
  static constexpr std::size_t kSize = 16;
  // A bit for each byte, lowest for the first byte.
  using Mask = std::uint32_t;

#ifdef __SSE2__
  // Reads 16 bytes.
  explicit Bytes16(const char* from)
      : bytes_(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))) {}
  // Writes 16 bytes.
  void Store(char* to) const { _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes_); }

  Mask Equal(char c) const { return MaskOf(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(c))); }
  Mask EqualEither(char a, char b) const {
    return MaskOf(_mm_or_si128(_mm_cmpeq_epi8(bytes_, _mm_set1_epi8(a)),
                               _mm_cmpeq_epi8(bytes_, _mm_set1_epi8(b))));
  }
  // The bytes in [first, last], compared as unsigned numbers.
  Mask InRange(char first, char last) const {
    const __m128i above = _mm_sub_epi8(bytes_, _mm_set1_epi8(first));
    const __m128i most = _mm_set1_epi8(static_cast<char>(last - first));
    return MaskOf(_mm_cmpeq_epi8(_mm_min_epu8(above, most), above));
  }

 private:
  static Mask MaskOf(__m128i bytes) { return static_cast<Mask>(_mm_movemask_epi8(bytes)); }

  __m128i bytes_;
#else
  explicit Bytes16(const char* from) { std::memcpy(bytes_, from, kSize); }
  void Store(char* to) const { std::memcpy(to, bytes_, kSize); }

  Mask Equal(char c) const {
    return MaskOf([c](char byte) { return byte == c; });
  }
  Mask EqualEither(char a, char b) const {
    return MaskOf([a, b](char byte) { return byte == a || byte == b; });
  }
  Mask InRange(char first, char last) const {
    return MaskOf([=](char byte) {
      return static_cast<unsigned char>(byte - first) <= static_cast<unsigned char>(last - first);
    });
  }

 private:
  template <class Test>
  Mask MaskOf(Test test) const {
    Mask mask = 0;
    for (std::size_t i = 0; i < kSize; ++i) mask |= Mask{test(bytes_[i])} << i;
    return mask;
  }

  char bytes_[kSize];
#endif
};

}  // namespace halo
