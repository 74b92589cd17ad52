// SPDX-License-Identifier: MIT
// What an engine holds, and how its questions first bring stored analyses up to date. Only
// engine*.cc include this.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "engine/analysis/review_book.h"
#include "engine/engine.h"
#include "engine/ingest/follow_status.h"
#include "engine/ingest/follower.h"
#include "engine/ingest/importing.h"
#include "engine/ingest/ingester.h"
#include "engine/ingest/receiver.h"
#include "engine/ingest/refresh.h"
#include "engine/ingest/rules.h"

namespace halo {

// Keys of Store::Setting.
inline constexpr std::string_view kConfigSetting = "config";
inline constexpr std::string_view kStampSetting = "stamp";

struct Engine::Impl {
  std::unique_ptr<Store> store;
  std::unique_ptr<Rules> rules;
  std::unique_ptr<Refresher> refresher;
  std::unique_ptr<Ingester> ingester;
  std::unique_ptr<Receiver> receiver;
  Workspace workspace;
  std::unique_ptr<Importing> importing;

  FollowBoard board;
  int threads = 1;

  mutable std::mutex mutex;
  std::string stamp_warning;
  std::string unwritable;  // why the last analyses could not be stored
  std::int64_t unwritable_since_ns = 0;
  std::chrono::steady_clock::time_point next_probe{};
  std::string not_receiving;
  std::int64_t not_receiving_since_ns = 0;
  std::int64_t own_changes = 0;  // of answers, by what only this process knows
  int replacements = 0;          // Store::replacements() when its rules were last compared
  // The last answer of ReadReviews, at this Store::Sequence.
  struct KeptReviews {
    std::int64_t sequence = -1;
    int replacements = 0;
    std::shared_ptr<const ReviewBook> book;
    std::shared_ptr<const DoubtedDetectors> doubted;  // null: none
  };
  KeptReviews kept_reviews;

  Result<void> CompareRules();
  Result<Question> Prepare(const Question& question);
  Result<KeptReviews> ReadReviews();
  // Replaces a failure mode that is a category of readers by the traces that show it.
  static void ResolveCategory(const ReviewBook& book, TraceFilter& filter);
  Result<void> RefreshForQuestion(const Question& question);
  std::optional<TraceSummary> CurrentSummary(const TraceReading& reading) const;
  // Makes findings candidates that readers doubt in the project, as questions do.
  void DoubtFindings(TraceSummary& summary);
  // Compares a summary with the other runs of its project, as questions do.
  Result<void> KeepHeldFindings(TraceSummary& summary) const;
  Result<void> RefreshDueTraces(std::int64_t now_ns, std::chrono::steady_clock::duration patience,
                                std::stop_token stop, const Progress& progress);
};

}  // namespace halo
