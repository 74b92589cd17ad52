// SPDX-License-Identifier: MIT
#include "engine/detectors/repeat_runs.h"

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "engine/detectors/tool_words.h"

namespace halo {
namespace {

class Finder {
 public:
  Finder(const Trace& trace, const CallSequence& calls, RepeatKind wanted, std::vector<Repeat>& out)
      : trace_(trace), calls_(calls), taken_(calls.size(), 0), wanted_(wanted), out_(out) {}

  void Find() {
    FindFailing();
    if (wanted_ >= RepeatKind::kCycle) {
      for (std::size_t period = kShortestPeriod; period <= kLongestPeriod; ++period) {
        FindCycles(period);
      }
    }
    if (wanted_ >= RepeatKind::kSame) FindSame();
    if (wanted_ >= RepeatKind::kPolling) FindPolling();
    if (wanted_ >= RepeatKind::kRedundant) FindRedundant();
  }

 private:
  static bool BothFail(const CallStep& a, const CallStep& b) {
    return a.failed && b.failed && a.SameRequest(b);
  }
  static bool BothSame(const CallStep& a, const CallStep& b) {
    return a.SameRequest(b) && a.SameResult(b);
  }

  bool SeesResult(std::size_t begin, std::size_t size) const {
    return std::any_of(calls_.begin() + begin, calls_.begin() + begin + size,
                       [](const CallStep& call) { return call.result != 0; });
  }

  // Takes each maximal stretch of free calls in which every call is `alike` to the call `period`
  // positions earlier, if it is long enough.
  template <class Alike, class Accept>
  void TakeStretches(RepeatKind kind, std::size_t period, const Alike& alike,
                     const Accept& accept) {
    for (std::size_t begin = 0; begin + period < calls_.size();) {
      std::size_t last = begin;
      while (last + period < calls_.size() && !taken_[last] && !taken_[last + period] &&
             alike(calls_[last], calls_[last + period])) {
        ++last;
      }
      const std::size_t size = last + period - begin;
      if (last > begin && accept(begin, size)) {
        std::fill_n(taken_.begin() + begin, size, 1);
        if (kind == wanted_) {
          out_.push_back({kind, period, {calls_.begin() + begin, calls_.begin() + begin + size}});
        }
      }
      begin = last + 1;
    }
  }

  void FindFailing() {
    TakeStretches(RepeatKind::kFailing, 1, BothFail,
                  [](std::size_t, std::size_t size) { return size >= kFewestFailing; });
  }

  void FindCycles(std::size_t period) {
    TakeStretches(RepeatKind::kCycle, period, BothSame, [&](std::size_t begin, std::size_t size) {
      if (size < kFewestPeriods * period || !SeesResult(begin, period)) return false;
      // A smaller period would already have taken the calls, except a period of one call.
      const auto first = calls_.begin() + begin;
      return !std::all_of(first, first + period,
                          [&](const CallStep& call) { return BothSame(*first, call); });
    });
  }

  void FindSame() {
    TakeStretches(RepeatKind::kSame, 1, BothSame, [&](std::size_t begin, std::size_t size) {
      return size >= (SeesResult(begin, 1) ? kFewestSame : kMinSameWithoutResults);
    });
  }

  void FindPolling() {
    const auto alike = [](const CallStep& a, const CallStep& b) {
      return !a.failed && !b.failed && a.tool != 0 && a.tool == b.tool && a.result != 0 &&
             a.SameResult(b);
    };
    TakeStretches(RepeatKind::kPolling, 1, alike, [&](std::size_t begin, std::size_t size) {
      if (size < kFewestPolling || NameActs(trace_.Text(calls_[begin].tool))) return false;
      const auto first = calls_.begin() + begin;
      return std::any_of(first, first + size,
                         [&](const CallStep& call) { return !call.SameRequest(*first); });
    });
  }

  // Every repetition is compared with the last call that made the same request, which may belong to
  // another kind; one that is taken itself is not reported again.
  void FindRedundant() {
    std::unordered_map<std::uint64_t, std::size_t> last;
    std::map<std::uint64_t, Repeat> repeats;  // by the position of the first repetition
    std::unordered_map<std::uint64_t, std::size_t> of_request;
    std::size_t after_write = 0;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      const CallStep& call = calls_[i];
      const std::string_view tool = trace_.Text(call.tool);
      if (call.tool == 0 || NameActs(tool)) {
        after_write = i + 1;
        continue;
      }
      if (call.request == 0 || call.result == 0 || call.failed || NamePolls(tool)) continue;
      const auto [before, is_new] = last.try_emplace(call.request, i);
      const std::size_t earlier = std::exchange(before->second, i);
      if (is_new || earlier < after_write || taken_[i] || !calls_[earlier].SameResult(call)) {
        continue;
      }
      const auto [known, starts] = of_request.try_emplace(call.request, i);
      Repeat& repeat = repeats[known->second];
      if (starts) repeat = {RepeatKind::kRedundant, 1, {calls_[earlier]}};
      repeat.calls.push_back(call);
    }
    const double fewest = trace_.thresholds.redundant_call_calls;
    for (auto& [at, repeat] : repeats) {
      if (static_cast<double>(repeat.calls.size()) >= fewest) out_.push_back(std::move(repeat));
    }
  }

  const Trace& trace_;
  const CallSequence& calls_;
  std::vector<std::uint8_t> taken_;
  const RepeatKind wanted_;
  std::vector<Repeat>& out_;
};

// The names of one period, in the alphabetically first of their rotations, since a run may enter
// the same cycle at any of its calls.
std::vector<std::string> PeriodNames(const Trace& trace, const Repeat& repeat) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < repeat.period; ++i) {
    const Locus locus = LocusOf(trace, repeat.calls[i].span);
    names.push_back(locus.tool.empty() ? locus.span_name : locus.tool);
  }
  std::vector<std::string> best = names;
  for (std::size_t i = 1; i < names.size(); ++i) {
    std::rotate(names.begin(), names.begin() + 1, names.end());
    best = std::min(best, names);
  }
  return best;
}

// Cites the value of the first call that is most informative about a repetition of its kind.
void CiteCall(const Trace& trace, SpanIndex i, RepeatKind kind, Finding& finding) {
  const SpanFacts& span = trace.spans[i];
  const bool result_first = kind != RepeatKind::kCycle && kind != RepeatKind::kSame;
  const bool has_result = span.result_quote.path != 0;
  if (kind == RepeatKind::kFailing && span.error_quote.path != 0) {
    finding.Cite(EvidenceRole::kFailed, i, span.error_quote);
  } else if (has_result && (result_first || span.arguments_quote.path == 0)) {
    finding.Cite(EvidenceRole::kResult, i, span.result_quote);
  } else if (span.arguments_quote.path != 0) {
    finding.Cite(EvidenceRole::kArguments, i, span.arguments_quote);
  } else {
    finding.Cite(EvidenceRole::kAnswer, i, span.output_quote);
  }
}

// Shows the last occurrence by the same value as the first.
void CiteLast(const Trace& trace, SpanIndex i, Finding& finding) {
  if (finding.evidence.empty()) return;
  const SpanFacts& span = trace.spans[i];
  switch (finding.evidence.front().role) {
    case EvidenceRole::kFailed:
      return finding.Cite(EvidenceRole::kRepeated, i, span.error_quote);
    case EvidenceRole::kResult:
      return finding.Cite(EvidenceRole::kRepeated, i, span.result_quote);
    case EvidenceRole::kArguments:
      return finding.Cite(EvidenceRole::kRepeated, i, span.arguments_quote);
    default:
      return finding.Cite(EvidenceRole::kRepeated, i, span.output_quote);
  }
}

}  // namespace

std::vector<Repeat> FindRepeats(const Trace& trace, RepeatKind kind) {
  std::vector<Repeat> repeats;
  for (const CallSequence& sequence : trace.calls) {
    if (sequence.size() < (kind == RepeatKind::kRedundant ? 2 : kFewestFailing)) continue;
    Finder(trace, sequence, kind, repeats).Find();
  }
  return repeats;
}

Finding FindingOf(const Trace& trace, const Repeat& repeat, std::string_view signature) {
  const SpanIndex first = repeat.calls.front().span;
  Finding finding;
  finding.locus = LocusOf(trace, first);
  if (repeat.period > 1) {
    const std::vector<std::string> names = PeriodNames(trace, repeat);
    finding.locus.tool = names.front();
    finding.locus.span_name.clear();
    if (std::adjacent_find(names.begin(), names.end(), std::not_equal_to<>()) != names.end()) {
      for (const std::string& name : names) {
        if (!finding.locus.span_name.empty()) finding.locus.span_name += " > ";
        finding.locus.span_name += name;
      }
    }
  }
  finding.signature = signature;
  for (const CallStep& call : repeat.calls) finding.spans.push_back(call.span);
  CiteCall(trace, first, repeat.kind, finding);
  // Of a redundant call, the turn of the repetition is the one to change.
  const bool is_apart = repeat.kind == RepeatKind::kRedundant;
  const SpanIndex shown = is_apart ? repeat.calls[1].span : first;
  if (is_apart) std::swap(finding.spans[0], finding.spans[1]);
  if (const Turn* const turn = TurnAround(trace, shown)) CiteTurn(trace, *turn, finding);
  CiteLast(trace, repeat.calls.back().span, finding);
  AddWastedCalls(trace, std::span(repeat.calls).subspan(repeat.period), finding.wasted);
  return finding;
}

}  // namespace halo
