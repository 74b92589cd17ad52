// SPDX-License-Identifier: MIT
// A trace as an indented list that stays short: siblings that repeat are folded into one line, and
// levels that do not fit are counted instead of shown. Pure; any thread; no recursion.
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
  // Deeper levels or lines in the middle were left out; the lines say where and how many spans.
  bool cut = false;
};

// Repeats are runs of up to four siblings in a row with the same kinds, names, failures and
// children (themselves folded, however often they repeat). They are found once; outlines of several
// lengths may then be made.
class Outliner {
 public:
  explicit Outliner(const Trace& trace);  // must outlive it
  ~Outliner();

  Outline Make(std::size_t max_lines) const;

 private:
  class Folds;
  class Writer;
  const Trace& trace_;
  std::unique_ptr<const Folds> folds_;
};

}  // namespace halo
