// SPDX-License-Identifier: MIT
// The share of a population of known size, from runs drawn from it at random without replacement.
// Pure functions; any thread.
#pragma once

#include <cstdint>

#include "engine/analysis/statistics.h"

namespace halo {

// The exact 95 % interval of the share of `population` runs that have a property which `hits` of
// `drawn` runs have: all shares that a two-sided test of the hypergeometric distribution does not
// reject (Konijn, Statistical Theory of Sample Survey Design and Analysis, 1973; Buonaccorsi, The
// American Statistician 41, 1987): Clopper and Pearson's interval for a finite population. Its
// coverage is at least 95 %. It shrinks to the share itself as `drawn` approaches `population`. A
// population smaller than the sample counts as equal to it. [0, 1] if nothing was drawn.
ShareInterval FiniteShareInterval(std::int64_t hits, std::int64_t drawn, std::int64_t population);

}  // namespace halo
