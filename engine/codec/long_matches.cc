// SPDX-License-Identifier: MIT
#include "engine/codec/long_matches.h"

#include <algorithm>
#include <bit>
#include <cstring>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace halo {
namespace {

constexpr std::size_t kShortest = 16;  // bytes of a match
constexpr std::size_t kStride = 16;    // bytes of which a few are looked up
constexpr int kLookUps = 2;
constexpr int kHashLog = 14;
constexpr std::uint32_t kPlaceMask = (1u << LongMatches::kWindowLog) - 1;
// What is read beyond a byte that is looked up, at most.
constexpr std::size_t kReach = 2 * kStride + kShortest;

std::uint64_t Load(const char* at) {
  std::uint64_t bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

std::uint64_t HashOf(const char* at) {
  return Load(at) * 0x9E3779B185EBCA87 ^ Load(at + kShortest - 8) * 0xC2B2AE3D27D4EB4F;
}
std::size_t SlotOf(std::uint64_t hash) { return hash >> (64 - kHashLog); }
// Other bits than those of the slot tell most strangers without a look at their bytes.
std::uint32_t TagOf(std::uint64_t hash) {
  return static_cast<std::uint32_t>(hash >> 8) & ~kPlaceMask;
}

bool IsSame(const char* a, const char* b) {
  return Load(a) == Load(b) && Load(a + kShortest - 8) == Load(b + kShortest - 8);
}

// Which of the next bytes have a low half of 0, a bit each: about one in five of a text, spaces
// first of all. Only these are looked up, so that a repetition is met wherever it begins.
unsigned AnchorsAt(const char* at) {
#ifdef __SSE2__
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  const __m128i low = _mm_and_si128(bytes, _mm_set1_epi8(0x0F));
  return static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(low, _mm_setzero_si128())));
#else
  unsigned anchors = 0;
  for (std::size_t i = 0; i < kStride; ++i) {
    anchors |= static_cast<unsigned>((at[i] & 0x0F) == 0) << i;
  }
  return anchors;
#endif
}

// The first of them, the byte behind the stride where there is none.
const char* FirstOf(const char* at, unsigned anchors) {
  return at + std::countr_zero(anchors | 1u << kStride);
}

// Where two texts stop being equal, the second of which ends at `end`. The first one is before it.
const char* EqualUntil(const char* earlier, const char* later, const char* end) {
  while (end - later >= 8) {
    const std::uint64_t different = Load(earlier) ^ Load(later);
    if (different != 0) return later + std::countr_zero(different) / 8;
    earlier += 8;
    later += 8;
  }
  while (later < end && *earlier == *later) {
    ++earlier;
    ++later;
  }
  return later;
}

// How many bytes before two places are equal, of at most so many.
std::ptrdiff_t EqualBefore(const char* earlier, const char* later, std::ptrdiff_t most) {
  std::ptrdiff_t equal = 0;
  for (; most - equal >= 8; equal += 8) {
    const std::uint64_t different = Load(earlier - equal - 8) ^ Load(later - equal - 8);
    if (different != 0) return equal + std::countl_zero(different) / 8;
  }
  while (equal < most && earlier[-equal - 1] == later[-equal - 1]) ++equal;
  return equal;
}

ZSTD_Sequence Sequence(std::ptrdiff_t offset, std::ptrdiff_t literals, std::ptrdiff_t length) {
  return {static_cast<unsigned>(offset), static_cast<unsigned>(literals),
          static_cast<unsigned>(length), 0};
}

}  // namespace

std::span<const ZSTD_Sequence> LongMatches::Find(std::string_view bytes) {
  sequences_.clear();
  while (!bytes.empty()) {
    const std::string_view window = bytes.substr(0, std::size_t{1} << kWindowLog);
    FindInWindow(window);
    bytes.remove_prefix(window.size());
  }
  return sequences_;
}

void LongMatches::FindInWindow(std::string_view window) {
  places_.assign(std::size_t{1} << kHashLog, 0);
  for (std::size_t begin = 0; begin < window.size(); begin += ZSTD_BLOCKSIZE_MAX) {
    const std::size_t end = std::min<std::size_t>(begin + ZSTD_BLOCKSIZE_MAX, window.size());
    FindInBlock(window.data(), window.data() + begin, window.data() + end);
  }
}

void LongMatches::FindInBlock(const char* window, const char* begin, const char* end) {
  std::uint32_t* const places = places_.data();
  const auto put = [&](const char* at, std::uint64_t hash) {
    places[SlotOf(hash)] = TagOf(hash) | static_cast<std::uint32_t>(at - window);
  };
  const char* const last = end - begin > std::ptrdiff_t{kReach} ? end - kReach : begin;
  const char* literals = begin;
  for (const char* at = begin; at < last;) {
    const char* later = nullptr;
    const char* earlier = nullptr;
    unsigned anchors = AnchorsAt(at);
    for (int i = 0; i < kLookUps; ++i, anchors &= anchors - 1) {
      const char* const anchor = FirstOf(at, anchors);
      const std::uint64_t hash = HashOf(anchor);
      const std::uint32_t place = places[SlotOf(hash)];
      put(anchor, hash);
      if ((place & ~kPlaceMask) != TagOf(hash)) continue;
      later = anchor;
      earlier = window + (place & kPlaceMask);
      break;
    }
    if (later == nullptr) {
      at += kStride;
      continue;
    }
    if (earlier >= later || !IsSame(earlier, later)) {
      at = later + 1;
      continue;
    }
    const char* const match_end = EqualUntil(earlier + kShortest, later + kShortest, end);
    const std::ptrdiff_t equal =
        EqualBefore(earlier, later, std::min(later - literals, earlier - window));
    earlier -= equal;
    later -= equal;
    sequences_.push_back(Sequence(later - earlier, later - literals, match_end - later));
    literals = at = match_end;
  }
  sequences_.push_back(Sequence(0, end - literals, 0));
}

}  // namespace halo
