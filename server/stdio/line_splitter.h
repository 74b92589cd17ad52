// SPDX-License-Identifier: MIT
// Cuts a stream of bytes into lines and bounds what one line may cost.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace halo {

class LineSplitter {
 public:
  // Takes a line without its break; `too_long` says that it was over the bound, and then it is
  // empty.
  using Take = std::function<void(std::string_view line, bool too_long)>;
  // Sees the bytes of a line over the bound as they pass, in order, before it is taken.
  using Skim = std::function<void(std::string_view bytes)>;

  LineSplitter(std::size_t max_bytes, Take take, Skim skim = {})
      : max_bytes_(max_bytes), take_(std::move(take)), skim_(std::move(skim)) {}

  void Feed(std::string_view bytes);
  // The input has ended; a last line without a break counts.
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
