// SPDX-License-Identifier: MIT
// Splits a stream of bytes into lines of bounded length. Not thread-safe.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace halo {

class LineSplitter {
 public:
  // Receives a line without its line break. A line over the limit is `too_long` and empty.
  using Take = std::function<void(std::string_view line, bool too_long)>;
  // Receives the bytes of a line over the limit in order, before Take is called for it.
  using Skim = std::function<void(std::string_view bytes)>;

  LineSplitter(std::size_t max_bytes, Take take, Skim skim = {})
      : max_bytes_(max_bytes), take_(std::move(take)), skim_(std::move(skim)) {}

  void Feed(std::string_view bytes);
  // Ends the input; a last line without a line break counts.
  void End();

 private:
  void Append(std::string_view bytes);
  void Emit();

  const std::size_t max_bytes_;
  const Take take_;
  const Skim skim_;
  std::string partial_;
  bool too_long_ = false;
};

}  // namespace halo
