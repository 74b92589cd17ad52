// SPDX-License-Identifier: MIT
// Hashes of a few numbers or bytes. Contents and ids are hashed with XXH3 instead. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

// An order-dependent hash of two numbers: MixHash(2, 3) and MixHash(3, 2) differ. Multiplies `hash`
// by 2^64 divided by the golden ratio (Knuth, The Art of Computer Programming, volume 3, section
// 6.4), adds `value`, and mixes the bits of the sum.
constexpr std::uint64_t MixHash(std::uint64_t hash, std::uint64_t value) {
  std::uint64_t sum = hash * 0x9e3779b97f4a7c15 + value;
  sum = (sum ^ sum >> 32) * 0x9e3779b97f4a7c15;
  return sum ^ sum >> 29;
}

// FNV-1a, 64 bits (RFC 9923).
constexpr std::uint64_t Fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace halo
