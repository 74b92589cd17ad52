// SPDX-License-Identifier: MIT
// Chooses the runs that a reader of a review should read next. Runs are traces or, where sessions
// are the runs, sessions, each named by its first trace (session_runs.h). Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"

namespace halo {

struct DrawRequest {
  std::string review;
  DrawWay way = DrawWay::kRandom;
  Question question;  // of the review; for kEntry with its failure mode
  std::uint64_t seed = 1;
  std::size_t count = 5;
  // The failure mode of kEntry is a category: readers have seen it, so that its runs are read
  // again, by whoever has not read them. `who` draws.
  bool checks_category = false;
  std::string who;
};

struct DrawPlan {
  // In the order in which to send them; those that are `noted` are not sent.
  std::vector<DrawnRun> runs;
  std::int64_t population = 0;  // settled runs of the question
  std::int64_t matching = 0;    // of these, what the way of drawing chooses from
  std::int64_t left = 0;        // of these, not drawn before
};

// The ways:
//   random     the settled runs in the order of a hash of seed and key, from where the last random
//              draw of the review stopped: a simple random sample without replacement. A run that
//              was read otherwise before counts when its turn comes, and is not sent.
//   uncovered  failed traces that show no failure mode that is proven or likely
//   diverse    each time the trace that shares the fewest operations, counts of them and modes with
//              those that were read or drawn (farthest first; Gonzalez 1985)
//   pairs      a failed and a passed trace of one task
//   entry      traces with the failure mode of the question; of a category, those that this reader
//              has not noted
// All but random, diverse and what is last in them go by the same hash. Once ten runs were read, a
// tenth of them is drawn again.
Result<DrawPlan> PlanDraw(Engine& engine, const ReviewBook& book, const DrawRequest& request);

}  // namespace halo
