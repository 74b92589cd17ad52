// SPDX-License-Identifier: MIT
#include <utility>
#include <variant>

#include "engine/base/clock.h"
#include "engine/engine_impl.h"

namespace halo {

Result<std::vector<ReviewEvent>> Engine::ReviewEvents() { return impl_->store->ReviewEvents(); }

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
