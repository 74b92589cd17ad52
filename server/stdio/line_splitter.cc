// SPDX-License-Identifier: MIT
#include "server/stdio/line_splitter.h"

#include <utility>

namespace halo {

void LineSplitter::Feed(std::string_view bytes) {
  for (std::size_t end; (end = bytes.find('\n')) != std::string_view::npos;) {
    Append(bytes.substr(0, end));
    Emit();
    bytes.remove_prefix(end + 1);
  }
  Append(bytes);
}

void LineSplitter::End() {
  if (too_long_ || !partial_.empty()) Emit();
}

void LineSplitter::Append(std::string_view bytes) {
  if (!too_long_ && partial_.size() + bytes.size() <= max_bytes_) {
    partial_.append(bytes);
    return;
  }
  if (!std::exchange(too_long_, true)) {
    if (skim_) skim_(partial_);
    std::string().swap(partial_);
  }
  if (skim_) skim_(bytes);
}

void LineSplitter::Emit() {
  // Moved out first, so that its memory is freed before the next line arrives.
  std::string line;
  line.swap(partial_);
  const bool too_long = too_long_;
  too_long_ = false;
  take_(line, too_long);
}

}  // namespace halo
