// SPDX-License-Identifier: MIT
// The interval of a share whose trials come in clusters: runs of one task or session resemble each
// other, so that they say less than as many independent runs. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <span>

#include "engine/analysis/statistics.h"
#include "engine/model/cluster_count.h"

namespace halo {

// The intraclass correlation of hits within clusters, estimated by one-way analysis of variance and
// clipped to 0..1 (Donner and Klar, Design and Analysis of Cluster Randomization Trials, 2000,
// section 6.2; Ridout, Demetrio and Firth, Biometrics 55, 1999). 0.3 with fewer than 10 clusters,
// from which it cannot be estimated.
double IntraclassCorrelation(std::span<const ClusterCount> clusters);

// How many times the variance of a share exceeds that of independent trials:
//     1 + (sum of m^2 / sum of m - 1) * ICC
// over clusters of size m (Kish, Survey Sampling, 1965, section 5.4, for unequal sizes). 1 if every
// trial is a cluster of its own, and without clusters.
double DesignEffect(std::span<const ClusterCount> clusters);

// The 95 % Wilson interval of x / deff hits in n / deff trials.
ShareInterval ClusteredInterval(std::int64_t hits, std::int64_t trials,
                                std::span<const ClusterCount> clusters);

}  // namespace halo
