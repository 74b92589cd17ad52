// SPDX-License-Identifier: MIT
#include <algorithm>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

#include "engine/analysis/apply_rules.h"
#include "engine/analysis/detector_precision.h"
#include "engine/base/clock.h"
#include "engine/detectors/all_detectors.h"
#include "engine/engine_impl.h"

namespace halo {

Result<std::vector<ReviewEvent>> Engine::ReviewEvents() { return impl_->store->ReviewEvents(); }

Result<std::shared_ptr<const ReviewBook>> Engine::Reviews() {
  const Result<Impl::KeptReviews> reviews = impl_->ReadReviews();
  if (!reviews) return reviews.error();
  return reviews->book;
}

// Every write changes the sequence, so that the events of other processes are seen.
Result<Engine::Impl::KeptReviews> Engine::Impl::ReadReviews() {
  const Result<std::int64_t> sequence = store->Sequence();
  if (!sequence) return sequence.error();
  const int replaced = store->replacements();
  {
    const std::lock_guard lock(mutex);
    if (kept_reviews.book && kept_reviews.sequence == *sequence &&
        kept_reviews.replacements == replaced) {
      return kept_reviews;
    }
  }
  const Result<std::vector<ReviewEvent>> events = store->ReviewEvents();
  if (!events) return events.error();
  KeptReviews read;
  read.sequence = *sequence;
  read.replacements = replaced;
  read.book = std::make_shared<const ReviewBook>(*events);
  DoubtedDetectors doubted = DoubtsOf(PrecisionOfDetectors(*read.book));
  if (!doubted.empty()) {
    read.doubted = std::make_shared<const DoubtedDetectors>(std::move(doubted));
  }
  const std::lock_guard lock(mutex);
  kept_reviews = read;
  return read;
}

void Engine::Impl::ResolveCategory(const ReviewBook& book, TraceFilter& filter) {
  if (!filter.failure_mode) return;
  const Category* const category = book.FindCategory(*filter.failure_mode);
  if (!category) return;
  std::vector<TraceKey> shown = book.RunsWith(category->id);
  if (filter.among) {
    std::erase_if(shown, [&](const TraceKey& key) { return !filter.among->contains(key); });
  }
  filter.failure_mode.reset();
  filter.among = std::make_shared<const std::set<TraceKey>>(shown.begin(), shown.end());
}

Result<std::vector<std::int64_t>> Engine::AddReviewEvents(std::vector<ReviewEvent> events,
                                                          std::optional<std::int64_t> after) {
  const auto redact = [&](std::string& text) {
    std::string redacted;
    if (impl_->rules->redactor.Redact(text, redacted) > 0) text = std::move(redacted);
  };
  const std::int64_t now_ns = NowNs();
  for (ReviewEvent& event : events) {
    if (event.at_ns == 0) event.at_ns = now_ns;
    redact(event.who);
    if (auto* const note = std::get_if<ReviewNote>(&event.what)) {
      redact(note->comment);
      // Quotes were redacted where they are stored.
      for (Problem& problem : note->problems) redact(problem.category);
    } else if (auto* const edit = std::get_if<CategoryEdit>(&event.what)) {
      redact(edit->to);
    }
  }
  return impl_->store->AddReviewEvents(events, after);
}

Result<std::vector<RulePrecision>> Engine::RulePrecisions() {
  const std::vector<Rule>& rules = impl_->rules->config.rules;
  std::vector<RulePrecision> out;
  if (rules.empty()) return out;
  const Result<std::vector<ReviewEvent>> events = ReviewEvents();
  if (!events) return events.error();
  const ReviewBook book(*events);
  std::vector<TraceKey> keys;
  for (const auto& [key, notes] : book.notes()) keys.push_back(key);
  auto summaries = Summaries(keys);
  if (!summaries) return summaries.error();
  std::vector<TraceSummary> noted;
  for (Result<TraceSummary>& summary : *summaries) {
    if (summary) noted.push_back(std::move(*summary));
  }
  for (const Rule& rule : rules) out.push_back(PrecisionOf(rule, book, noted));
  return out;
}

// Rules whose precision is unknown stay candidates.
void Engine::SetRuleConfidence(std::span<RankedMode> modes) {
  const bool any = std::any_of(modes.begin(), modes.end(), [](const RankedMode& mode) {
    return mode.stats.detector == kRuleDetectorId;
  });
  if (!any) return;
  const Result<std::vector<RulePrecision>> precisions = RulePrecisions();
  if (!precisions) return;
  const std::vector<Rule>& rules = impl_->rules->config.rules;
  for (RankedMode& mode : modes) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      if (mode.stats.id == ModeOfRule(rules[i])) mode.confidence = (*precisions)[i].confidence();
    }
  }
}

}  // namespace halo
