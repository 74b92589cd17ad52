// SPDX-License-Identifier: MIT
#include "tools/story/run_sketch.h"

#include <array>
#include <string>
#include <string_view>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "tools/answer/phrases.h"

namespace halo {

RunSketch SketchOf(const RunText& run) {
  RunSketch sketch;
  sketch.fill(0);
  std::array<std::uint64_t, 3> last{};
  std::size_t count = 0;
  const auto add = [&](std::uint64_t word) {
    last = {last[1], last[2], word};
    if (++count < 3) return;
    const std::uint64_t three = MixHash(MixHash(last[0], last[1]), last[2]);
    for (std::size_t i = 0; i < sketch.size(); ++i) {
      const auto hash = static_cast<std::uint32_t>(MixHash(three, i) | 1);
      if (sketch[i] == 0 || hash < sketch[i]) sketch[i] = hash;
    }
  };
  for (const RunItem& item : run.items) {
    for (const std::string_view text : {std::string_view(item.tool), std::string_view(item.text),
                                        std::string_view(item.result)}) {
      std::string word;
      for (const char c : Cat(text.substr(0, 16 << 10), " ")) {
        if (ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80) {
          // Numbers and ids are alike.
          const char plain = c >= '0' && c <= '9' ? '0' : ascii::Lower(c);
          if (plain != '0' || !word.ends_with('0')) word += plain;
        } else if (!word.empty()) {
          add(Fnv1a(word));
          word.clear();
        }
      }
    }
  }
  return sketch;
}

}  // namespace halo
