// SPDX-License-Identifier: MIT
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <variant>

#include "engine/analysis/detector_precision.h"
#include "engine/base/clock.h"
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

}  // namespace halo
