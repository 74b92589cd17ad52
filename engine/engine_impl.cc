// SPDX-License-Identifier: MIT
#include "engine/engine_impl.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <utility>

#include "engine/analysis/detector_precision.h"
#include "engine/base/clock.h"

namespace halo {
namespace {

// Questions wait at most this long for analyses; the provenance reports the remaining stale traces.
constexpr std::chrono::seconds kQuestionPatience(2);
// How long the analyses of a question wait for other writers. While such writes fail, only one
// question per kBetweenProbes tries, for kProbe; the others are answered from stored analyses.
constexpr Patience kQuestionWrite{500}, kProbe{50};
constexpr std::chrono::milliseconds kBetweenProbes{1000};

}  // namespace

Result<void> Engine::Impl::RefreshDueTraces(std::int64_t now_ns,
                                            std::chrono::steady_clock::duration patience,
                                            std::stop_token stop, const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const auto deadline = patience == std::chrono::steady_clock::duration::max()
                            ? std::chrono::steady_clock::time_point::max()
                            : now + patience;
  const auto report_progress = [&](double done, double total) {
    if (progress) progress(done, total, "traces analysed");
  };
  const Result<std::int64_t> done =
      refresher->Run(Refresh::kDue, now_ns, deadline, stop, report_progress);
  if (!done) return done.error();
  return {};
}

Result<Question> Engine::Impl::Prepare(const Question& question) {
  Question prepared = question;
  if (prepared.now_ns == 0) prepared.now_ns = NowNs();
  prepared.settle = rules->config.settle;
  if (const Result<void> intact = store->CheckIntact(); !intact) return intact.error();
  // If the store is damaged, questions are answered from its sound parts, and the provenance
  // reports the damage.
  if (const Result<void> compared = CompareRules();
      !compared && compared.error().code != Code::kCorrupt) {
    return compared.error();
  }
  if (Result<void> done = RefreshForQuestion(prepared);
      !done && done.error().code != Code::kCorrupt) {
    return done.error();
  }
  if (prepared.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
  const Result<KeptReviews> reviews = ReadReviews();
  if (!reviews && reviews.error().code != Code::kCorrupt) return reviews.error();
  if (!reviews) return prepared;
  prepared.doubted = reviews->doubted;
  ResolveCategory(*reviews->book, prepared.filter);
  return prepared;
}

// If the store cannot be written, the question is answered from the stored analyses.
Result<void> Engine::Impl::RefreshForQuestion(const Question& question) {
  const auto now = std::chrono::steady_clock::now();
  bool probe = false;
  {
    const std::lock_guard lock(mutex);
    if (!unwritable.empty() && now < next_probe) return {};
    probe = !unwritable.empty();
    next_probe = now + kBetweenProbes;
  }
  Result<void> done;
  if (probe) done = store->AwaitTurn(kProbe);
  if (done) {
    const Result<std::int64_t> analysed =
        refresher->Run(Refresh::kDue, question.now_ns, now + kQuestionPatience, question.stop, {},
                       probe ? kProbe : kQuestionWrite);
    if (!analysed) done = analysed.error();
  }
  if (!done && done.error().code != Code::kUnavailable) return done;
  const std::lock_guard lock(mutex);
  next_probe = std::chrono::steady_clock::now() + kBetweenProbes;
  if (done) {
    unwritable.clear();
  } else {
    if (unwritable.empty()) unwritable_since_ns = NowNs();
    unwritable = done.error().message;
  }
  return {};
}

// Compares the rules again after the store was replaced, since the new store may have others.
Result<void> Engine::Impl::CompareRules() {
  const int now = store->replacements();
  {
    const std::lock_guard lock(mutex);
    if (now == replacements) return {};
  }
  const Result<std::optional<std::string>> config = store->Setting(kConfigSetting);
  if (!config) return config.error();
  const Result<std::optional<std::string>> stamp = store->Setting(kStampSetting);
  if (!stamp) return stamp.error();
  const bool differ = (*config && **config != AnalysisConfigText(rules->config)) ||
                      (*stamp && **stamp != rules->stamp);
  refresher->SetMixedRules(differ);
  const std::lock_guard lock(mutex);
  replacements = now;
  stamp_warning = differ ? "The store was replaced by one that was judged by other rules than this "
                           "process uses. Start this process again to take the store's."
                         : "";
  return {};
}

// The stored analysis, if it was made from the spans that were read, by the current rules. The
// number of spans reveals whether the trace grew between the two reads.
std::optional<TraceSummary> Engine::Impl::CurrentSummary(const TraceReading& reading) const {
  if (reading.stored.stale) return std::nullopt;
  Result<TraceSummary> summary = store->LoadSummary(reading.stored.key);
  const bool current =
      summary && summary->judged_by == rules->stamp_hash &&
      static_cast<std::size_t>(summary->span_count) == reading.trace.spans.size() &&
      (summary->outcome_rule == OutcomeRule::kLabel) ==
          (LabelThatCounts(reading.stored.labels) != nullptr);
  if (!current) return std::nullopt;
  return std::move(*summary);
}

void Engine::Impl::DoubtFindings(TraceSummary& summary) {
  if (const Result<KeptReviews> reviews = ReadReviews()) Doubt(reviews->doubted.get(), summary);
}

Result<void> Engine::Impl::KeepHeldFindings(TraceSummary& summary) const {
  const bool depends = std::any_of(
      summary.findings.begin(), summary.findings.end(),
      [](const StoredFinding& finding) { return finding.condition != Condition::kNone; });
  if (!depends) return {};
  Question question;
  question.now_ns = NowNs();
  question.settle = rules->config.settle;
  question.units = rules->config.units;
  Result<void> kept = store->KeepHeldFindings(question, summary);
  if (!kept && kept.error().code == Code::kCorrupt) return {};  // as for other questions
  return kept;
}

}  // namespace halo
