// SPDX-License-Identifier: MIT
// A run on one page, for a reader who has to say what is wrong with it. Any thread.
#pragma once

#include <cstddef>
#include <string>

#include "tools/story/run_items.h"

namespace halo {

struct Dossier {
  // One line a turn, numbered from 1 as RunItems are; equal calls in a row are one line. Long texts
  // are cut at "…"; of a long result it has the rows that the messages around it speak of.
  std::string turns;
  bool cut = false;
};

// At most about `max_bytes`. The request, users, errors and the last messages are cut last.
Dossier MakeDossier(const RunText& run, std::size_t max_bytes);

// Why the record of the run ends where it does.
std::string WhyItEnds(const TraceReading& reading);

}  // namespace halo
