// SPDX-License-Identifier: MIT
// A trace as a short indented list: repeated siblings are folded into one line, and levels that do
// not fit are counted instead of shown. Pure; any thread; no recursion.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "engine/trace/trace.h"
#include "schemas/trace_text.h"

namespace halo {

struct Outline {
  std::vector<Prose> lines;
  // Whether deeper levels or lines in the middle were omitted; the lines say where and how many.
  bool cut = false;
};

// Folds repeated groups of one to four consecutive siblings with the same kinds, names, failures
// and children (compared after folding, whatever the number of repeats). They are found once, by
// the constructor; then outlines of several lengths can be made.
class Outliner {
 public:
  explicit Outliner(const Trace& trace);  // `trace` must outlive this
  ~Outliner();

  Outline Make(std::size_t max_lines) const;

 private:
  class Folds;
  class Writer;
  const Trace& trace_;
  std::unique_ptr<const Folds> folds_;
};

}  // namespace halo
