// SPDX-License-Identifier: MIT
#pragma once

#ifdef __SSE2__
#include <emmintrin.h>

namespace halo {

// All ones in each byte that is `first` or one of the `more` bytes behind it, else 0.
inline __m128i InByteRange(__m128i bytes, char first, char more) {
  const __m128i from_first = _mm_sub_epi8(bytes, _mm_set1_epi8(first));
  return _mm_cmpeq_epi8(_mm_min_epu8(from_first, _mm_set1_epi8(more)), from_first);
}

}  // namespace halo
#endif
