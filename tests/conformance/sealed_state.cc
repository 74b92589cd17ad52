// SPDX-License-Identifier: MIT
#include "tests/conformance/sealed_state.h"

#include <bit>
#include <random>
#include <utility>

namespace halo {
namespace {

struct Sip {
  std::uint64_t v0, v1, v2, v3;

  void Round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
  void Take(std::uint64_t word) {
    v3 ^= word;
    Round();
    Round();
    v0 ^= word;
  }
};

// Aumasson and Bernstein, "SipHash: a fast short-input PRF" (2012).
std::uint64_t SipHash(const std::array<std::uint64_t, 2>& key, std::string_view text) {
  Sip sip{key[0] ^ 0x736f6d6570736575, key[1] ^ 0x646f72616e646f6d, key[0] ^ 0x6c7967656e657261,
          key[1] ^ 0x7465646279746573};
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * (i % 8));
    if (i % 8 == 7) sip.Take(std::exchange(word, 0));
  }
  sip.Take(word | std::uint64_t{text.size()} << 56);
  sip.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) sip.Round();
  return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}

}  // namespace

StateSealer::StateSealer() {
  std::random_device random;
  for (std::uint64_t& half : key_) half = std::uint64_t{random()} << 32 | random();
}

std::string StateSealer::Tag(std::string_view state) const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::uint64_t hash = SipHash(key_, state);
  std::string tag;
  for (int shift = 60; shift >= 0; shift -= 4) tag += kDigits[hash >> shift & 15];
  return tag;
}

std::string StateSealer::Seal(std::string_view state) const {
  return Tag(state) + "." + std::string(state);
}

std::optional<std::string> StateSealer::Open(std::string_view sealed) const {
  const std::size_t dot = sealed.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view state = sealed.substr(dot + 1);
  if (sealed.substr(0, dot) != Tag(state)) return std::nullopt;
  return std::string(state);
}

}  // namespace halo
