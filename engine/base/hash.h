// SPDX-License-Identifier: MIT
// Hashes of a few numbers or bytes. Contents and ids are hashed with XXH3 instead. Pure functions.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

// A hash of two numbers; their order matters. Fold it over a sequence to hash that. The multipliers
// are those of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
constexpr std::uint64_t MixHash(std::uint64_t hash, std::uint64_t value) {
  std::uint64_t mixed = (hash ^ 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9 + value;
  mixed = (mixed ^ mixed >> 29) * 0x94d049bb133111eb;
  return mixed ^ mixed >> 32;
}

// FNV-1a, 64 bits (RFC 9923).
constexpr std::uint64_t Fnv1a(std::string_view bytes) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

}  // namespace halo
