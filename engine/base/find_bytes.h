// SPDX-License-Identifier: MIT
// Finds the bytes that end a run of plain text in a JSON string, and copies such runs, 16 bytes at
// a time where the machine can (SSE2 is part of every x86-64). Pure functions.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace halo {

// Position of the first byte at or after `from` that is `a` or `b`; text.size() if there is none.
inline std::size_t FindEither(std::string_view text, std::size_t from, char a, char b) {
  std::size_t i = from;
#ifdef __SSE2__
  const __m128i all_a = _mm_set1_epi8(a);
  const __m128i all_b = _mm_set1_epi8(b);
  for (; i + 16 <= text.size(); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    const __m128i equal = _mm_or_si128(_mm_cmpeq_epi8(bytes, all_a), _mm_cmpeq_epi8(bytes, all_b));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(equal));
    if (mask != 0) return i + static_cast<std::size_t>(std::countr_zero(mask));
  }
#endif
  while (i < text.size() && text[i] != a && text[i] != b) ++i;
  return i;
}

inline std::size_t FindQuoteOrBackslash(std::string_view text, std::size_t from) {
  return FindEither(text, from, '"', '\\');
}

// What may be read behind the text by the functions below, and written behind a copy.
inline constexpr std::size_t kByteSlack = 16;

// The same for the first backslash, of a text with kByteSlack readable bytes behind it: most texts
// are short, and a loop over the last few bytes would take most of the time.
inline std::size_t FindBackslash(std::string_view text) {
  std::size_t i = 0;
#ifdef __SSE2__
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; i < text.size(); i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash)));
    if (mask == 0) continue;
    return std::min(i + static_cast<std::size_t>(std::countr_zero(mask)), text.size());
  }
  return text.size();
#else
  while (i < text.size() && text[i] != '\\') ++i;
  return i;
#endif
}

// Copies the run at `from` up to the next backslash or the end, and returns where that is. `to`
// moves behind the copy; there must be room for the rest of the text and kByteSlack bytes, and as
// many readable ones behind the text.
inline std::size_t CopyToBackslash(std::string_view text, std::size_t from, char*& to) {
  std::size_t i = from;
#ifdef __SSE2__
  const __m128i backslash = _mm_set1_epi8('\\');
  for (; i < text.size(); i += 16, to += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + i));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), bytes);
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, backslash)));
    if (mask == 0) continue;
    i += static_cast<std::size_t>(std::countr_zero(mask));
    to += std::countr_zero(mask);
    break;
  }
  if (i > text.size()) {
    to -= i - text.size();
    i = text.size();
  }
#else
  for (; i < text.size() && text[i] != '\\'; ++i) *to++ = text[i];
#endif
  return i;
}

}  // namespace halo
