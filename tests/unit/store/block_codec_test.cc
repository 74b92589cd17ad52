// SPDX-License-Identifier: MIT
#include "engine/codec/block_codec.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

namespace halo {
namespace {

// Words and numbers, with repeated parts.
std::string RepeatingText(std::size_t size, std::mt19937& random) {
  std::string text;
  while (text.size() < size) {
    const bool again = random() % 4 == 0 && text.size() > 200;
    if (again) {
      const std::size_t length = 4 + random() % 120;
      text += text.substr(random() % (text.size() - length), length);
    } else {
      text += "word" + std::to_string(random() % 5000) + (random() % 9 == 0 ? "\n" : " ");
    }
  }
  text.resize(size);
  return text;
}

std::string RandomBytes(std::size_t size, std::mt19937& random) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

constexpr std::size_t kZstdBlock = 128 << 10, kWindow = 1 << 20;

}  // namespace

TEST_CASE("blocks survive compression, whatever they hold") {
  std::mt19937 random(3);
  std::vector<std::string> blocks = {"", "a", std::string(100, '\0'), std::string(300'000, ' '),
                                     RandomBytes(200'000, random)};
  for (const std::size_t size : {kZstdBlock, kWindow}) {
    for (int off = -50; off <= 50; off += 5) {
      blocks.push_back(RepeatingText(size + static_cast<std::size_t>(off), random));
    }
  }
  for (std::size_t size = 1; size < 120; ++size) blocks.push_back(RepeatingText(size, random));
  blocks.push_back(RepeatingText(2 * kWindow + 77, random));
  // A repetition that continues across the ends of zstd blocks and of the window.
  const std::string stretch = RandomBytes(3000, random);
  std::string periodic;
  while (periodic.size() < kWindow + 10'000) periodic += stretch;
  blocks.push_back(periodic);

  BlockCompressor compressor;  // one for all, because a block must not affect the next one
  for (const std::string& block : blocks) {
    CAPTURE(block.size());
    const Result<std::string> back = DecompressBlock(compressor.Compress(block));
    REQUIRE(back.has_value());
    CHECK((*back == block));
  }
}

TEST_CASE("a stretch that repeats is stored once") {
  std::mt19937 random(4);
  const std::string stretch = RandomBytes(400, random);
  std::string block;
  for (int i = 0; i < 500; ++i) block += stretch + RandomBytes(40, random);
  BlockCompressor compressor;
  CHECK(compressor.Compress(block).size() < block.size() / 8);
}

TEST_CASE("what is no block is refused") {
  std::mt19937 random(5);
  const std::string block = RepeatingText(50'000, random);
  BlockCompressor compressor;
  const std::string stored = compressor.Compress(block);
  CHECK(!DecompressBlock("no frame").has_value());
  CHECK(!DecompressBlock("").has_value());
  CHECK(!DecompressBlock(std::string_view(stored).substr(0, stored.size() / 2)).has_value());
}

}  // namespace halo
