// SPDX-License-Identifier: MIT
// What reviews have found so far, as several tools show it. All of it is what readers said.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "schemas/common.h"

namespace halo::wire {

// A category of problems. Its share is that of the runs that were drawn at random and read.
struct ReviewedRow {
  Words id, kind = "reviewed";
  TraceName name;
  std::int64_t seen_in = 0;  // runs read in any way
  std::int64_t of_random = 0;
  std::optional<double> share, share_low, share_high;
  std::optional<Quote> quote;
  std::vector<TraceId> runs;

  static constexpr auto Fields() {
    using Self = ReviewedRow;
    return std::tuple{Field("id", &Self::id),
                      Field("kind", &Self::kind),
                      Field("name", &Self::name),
                      Field("seen_in", &Self::seen_in, "runs, drawn in any way"),
                      Option("of_random", &Self::of_random, "of these, drawn at random"),
                      Option("share", &Self::share, "of all runs; from random draws alone"),
                      Option("share_low", &Self::share_low),
                      Option("share_high", &Self::share_high),
                      Option("quote", &Self::quote),
                      Option("runs", &Self::runs)};
  }
};

// How often findings of a detector are right, as readers of runs of a project judged them.
struct JudgedDetector {
  Words detector;
  TraceName project;
  std::int64_t judged = 0, right = 0;
  double precision = 0, precision_low = 0, precision_high = 1;
  bool candidate = false;

  static constexpr auto Fields() {
    using Self = JudgedDetector;
    return std::tuple{Field("detector", &Self::detector),
                      Field("project", &Self::project),
                      Field("judged", &Self::judged),
                      Field("right", &Self::right),
                      Field("precision", &Self::precision),
                      Field("precision_low", &Self::precision_low),
                      Field("precision_high", &Self::precision_high),
                      Option("candidate", &Self::candidate, "below 0.5: no longer listed")};
  }
};

// Verdicts on the same runs by one reader twice, by two readers, or by readers and outcomes.
struct ReadingAgreement {
  std::int64_t runs = 0, alike = 0;
  std::optional<double> kappa, kappa_low, kappa_high;

  static constexpr auto Fields() {
    using Self = ReadingAgreement;
    return std::tuple{Field("runs", &Self::runs), Field("alike", &Self::alike),
                      Option("kappa", &Self::kappa), Option("kappa_low", &Self::kappa_low),
                      Option("kappa_high", &Self::kappa_high)};
  }
};

// A run that a person labelled, as an example of what its owner calls a failure.
struct OwnersExample {
  TraceId trace_id;
  Words outcome;
  TraceName who;
  TraceText why, turns;

  static constexpr auto Fields() {
    using Self = OwnersExample;
    return std::tuple{Field("trace_id", &Self::trace_id), Field("outcome", &Self::outcome),
                      Option("who", &Self::who), Option("why", &Self::why),
                      Option("turns", &Self::turns)};
  }
};

// Verdicts of readers and the outcomes of the same runs that something else decided. Precision: of
// the runs called bad, the share that failed; recall: of those that failed, the share called bad.
struct OutcomeAgreement {
  Words with;  // "people", "evaluators", or "recorded": what else decided
  std::int64_t runs = 0, bad_and_failed = 0, bad_only = 0, failed_only = 0;
  std::optional<double> precision, precision_low, precision_high, recall, recall_low, recall_high;
  std::optional<double> kappa, kappa_low, kappa_high;

  static constexpr auto Fields() {
    using Self = OutcomeAgreement;
    return std::tuple{Field("with", &Self::with),
                      Field("runs", &Self::runs),
                      Field("bad_and_failed", &Self::bad_and_failed),
                      Field("bad_only", &Self::bad_only),
                      Field("failed_only", &Self::failed_only),
                      Option("precision", &Self::precision),
                      Option("precision_low", &Self::precision_low),
                      Option("precision_high", &Self::precision_high),
                      Option("recall", &Self::recall),
                      Option("recall_low", &Self::recall_low),
                      Option("recall_high", &Self::recall_high),
                      Option("kappa", &Self::kappa),
                      Option("kappa_low", &Self::kappa_low),
                      Option("kappa_high", &Self::kappa_high)};
  }
};

// How far a review is.
struct ReviewProgress {
  Words review;
  std::int64_t read = 0, bad = 0, random_read = 0, random_bad = 0, population = 0, unread = 0;
  std::optional<double> bad_share, bad_low, bad_high;
  std::optional<double> new_category_chance, new_category_at_most;
  std::optional<ReadingAgreement> same_reader, other_readers;

  static constexpr auto Fields() {
    using Self = ReviewProgress;
    return std::tuple{
        Field("review", &Self::review),
        Field("read", &Self::read),
        Field("bad", &Self::bad),
        Option("unread", &Self::unread, "sent, and not noted"),
        Field("random_read", &Self::random_read, "drawn at random and read"),
        Field("random_bad", &Self::random_bad),
        Field("population", &Self::population, "settled runs, of which random draws were drawn"),
        Option("bad_share", &Self::bad_share, "without unsure"),
        Option("bad_low", &Self::bad_low),
        Option("bad_high", &Self::bad_high),
        Option("new_category_chance", &Self::new_category_chance, "that the next random run shows"),
        Option("new_category_at_most", &Self::new_category_at_most, "with 95 % confidence"),
        Option("same_reader", &Self::same_reader),
        Option("other_readers", &Self::other_readers)};
  }
};

}  // namespace halo::wire
