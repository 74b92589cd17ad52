// SPDX-License-Identifier: MIT
#include "tools/common/review_advice.h"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "engine/analysis/review_book.h"
#include "tools/answer/phrases.h"
#include "tools/common/filters.h"
#include "tools/common/review_counts.h"

namespace halo {
namespace {

std::string CallOf(const std::optional<wire::Filters>& filters, std::string_view draw) {
  const std::string json = FiltersJson(filters).value_or("");
  return Cat("review_runs {", draw, draw.empty() || json.empty() ? "" : ",", json, "}");
}

// Failed runs without a failure mode that were read.
Result<std::int64_t> CountRead(Engine& engine, const ReviewBook& book, const Question& question) {
  std::set<TraceKey> noted;
  for (const auto& [key, run] : book.notes()) noted.insert(key);
  if (noted.empty()) return 0;
  Question read = question;
  read.filter.outcome = Outcome::kFailure;
  read.filter.no_mode = true;
  read.filter.among = std::make_shared<const std::set<TraceKey>>(std::move(noted));
  const Result<TracePage> page = engine.Traces(read, TraceSort::kNewest, 1, {});
  if (!page) return page.error();
  return page->matched;
}

bool IsSaturated(const wire::ReviewProgress& progress) {
  return progress.random_read >= kEnoughRead && progress.new_category_at_most &&
         *progress.new_category_at_most < kHardlyNew;
}

}  // namespace

std::optional<ReviewProposal> ProposeReview(Engine& engine,
                                            const std::optional<wire::Filters>& filters,
                                            const Question& question, const OverviewStats& totals) {
  // A call that cannot be written is no proposal.
  if (totals.units == 0 || !FiltersJson(filters)) return std::nullopt;
  const std::int64_t failed = totals.outcomes[static_cast<std::size_t>(Outcome::kFailure)];
  const std::int64_t passed = totals.outcomes[static_cast<std::size_t>(Outcome::kSuccess)];
  if (failed + passed > 0 && totals.failed_without_mode * 5 <= failed) return std::nullopt;
  const auto book = engine.Reviews();
  if (!book) return std::nullopt;
  const std::string review = ReviewOf(**book, engine, filters);
  if (!review.empty() && IsSaturated(ProgressOf(**book, review))) return std::nullopt;
  if (failed + passed == 0) {
    return ReviewProposal{
        "No run has an outcome, so nothing says which ones failed without a trace of it: read some "
        "first. The product draws them, and counts what you note.",
        CallOf(filters, {})};
  }
  const Result<std::int64_t> read = CountRead(engine, **book, question);
  if (!read) return std::nullopt;
  const std::int64_t left = totals.failed_without_mode - *read;
  if (left * 5 <= failed) return std::nullopt;
  return ReviewProposal{
      Say(left, " of ", Plural(failed, "failed run"),
          " show nothing that rules see, and were not read: read some first. The product draws "
          "them, and counts what you note."),
      CallOf(filters, R"("draw":"uncovered")")};
}

void PutFirst(std::optional<ReviewProposal> proposal, std::vector<Prose>& notes,
              std::vector<Words>& next) {
  if (!proposal) return;
  notes.insert(notes.begin(), std::move(proposal->why));
  next.insert(next.begin(), std::move(proposal->call));
}

}  // namespace halo
