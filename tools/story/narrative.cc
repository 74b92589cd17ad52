// SPDX-License-Identifier: MIT
#include "tools/story/narrative.h"

#include <algorithm>

#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

using wire::ExplainTraceOutput;

constexpr std::size_t kNamedFindings = 4;
constexpr std::size_t kNamedGaps = 2;    // of what was not judged
constexpr std::size_t kStoryQuotes = 3;  // of the turn in which a run first went wrong
constexpr std::size_t kStoryQuoteBytes = 120;

std::string OutcomeText(const TraceSummary& summary) {
  const std::string by = Cat(" (decided by ", OutcomeRuleName(summary.outcome_rule), ")");
  switch (summary.outcome) {
    case Outcome::kFailure:
      return "failed" + by;
    case Outcome::kSuccess:
      return "succeeded" + by;
    case Outcome::kUnknown:
      break;
  }
  return "ended without a known outcome";
}

// "unknown length" if the times of the trace are implausible.
std::string LengthText(const TraceSummary& summary) {
  const std::int64_t ns = PlausibleNs(summary.start_ns, summary.end_ns);
  return ns < 0 ? "unknown length" : DurationText(ns);
}

std::string InTimeText(const TraceSummary& summary) {
  const std::int64_t ns = PlausibleNs(summary.start_ns, summary.end_ns);
  return ns < 0 ? "of unknown length" : "in " + DurationText(ns);
}

UnknownCost Unknown(const TraceSummary& summary) {
  return {summary.unpriced_calls, summary.health.llm_without_tokens};
}

Prose Run(const TraceSummary& summary, const ExplainTraceOutput& out) {
  Prose text = "The run";
  if (!out.trace.name.empty()) text.Add(" '", out.trace.name, "'");
  if (!out.trace.agents.empty()) {
    text.Add(" of ", out.trace.agents.front());
    if (summary.agents.size() > 1) {
      text.Add(" and ",
               Plural(static_cast<std::int64_t>(summary.agents.size()) - 1, "other agent"));
    }
  }
  text.Add(" ", out.trace.settled ? OutcomeText(summary) : "is still open", " after ",
           Plural(summary.steps, "step"), " (", Plural(summary.llm_calls, "model call"), ", ",
           Plural(summary.tool_calls, "tool call"), ") ", InTimeText(summary), ", for ",
           SpendText(summary.nano_usd, summary.usage.total(), Unknown(summary)));
  return text.Add(".");
}

Prose FirstFailureText(const ExplainTraceOutput::FirstFailure& first) {
  Prose text = Say(" The first thing to fail was ", first.name);
  if (first.at_ms) text.Add(" at +", DurationText(*first.at_ms * 1'000'000));
  if (!first.signature.empty()) text.Add(": ", first.signature);
  text.Add(".");
  Prose passed;
  for (const auto& next : first.cascade) {
    if (next.how == wire::Aftermath::kPassedOn) {
      passed.Add(passed.empty() ? " It was passed on to " : ", then ", next.name);
    }
  }
  if (!passed.empty()) text.Add(passed, ".");
  for (const auto& next : first.cascade) {
    if (next.how == wire::Aftermath::kSameAgain) {
      text.Add(" The same error came back ", Plural(next.count, "time"), ".");
    }
  }
  const auto others =
      std::count_if(first.cascade.begin(), first.cascade.end(),
                    [](const auto& next) { return next.how == wire::Aftermath::kThenFailed; });
  if (others > 0) text.Add(" After it, ", Plural(others, "other error"), " followed.");
  return text;
}

// Empty if nothing is wasted.
std::string WastingText(const wire::Wasted& wasted) {
  std::string text;
  const auto add = [&text](std::string piece) {
    text.append(text.empty() ? ", wasting " : ", ").append(piece);
  };
  if (wasted.micro_usd.value_or(0) > 0) add(UsdText(*wasted.micro_usd * 1000));
  if (!wasted.tokens) add("unknown tokens");
  if (wasted.tokens.value_or(0) > 0) {
    add(Plural(*wasted.tokens, "token") + (wasted.micro_usd ? "" : " (unpriced)"));
  }
  if (wasted.ms.value_or(0) > 0) add(DurationText(*wasted.ms * 1'000'000) + " of waiting");
  return text;
}

Prose FindingText(const ExplainTraceOutput::Finding& finding) {
  Prose text = Say(" ", finding.title);
  if (finding.occurrences > 1) text.Add(", ", finding.occurrences, " times");
  text.Add(WastingText(finding.wasted));
  if (finding.generality == "one_off") {
    text.Add("; a one-off, not seen elsewhere");
  } else if (!finding.generality.empty()) {
    text.Add("; ", finding.generality, ", in ", Plural(finding.traces_with_mode, "trace"));
  }
  return text.Add(" (", finding.mode_id, ").");
}

Prose CandidatesText(const ExplainTraceOutput& out) {
  if (out.candidates.empty()) return {};
  return Say(
      " ", Plural(out.candidates_total, "candidate"), ", beginning with '",
      out.candidates.front().title,
      "', listed apart: whether such findings are failures is not measured, so read the quotes "
      "first.");
}

// What was checked and what could not be, in place of a verdict that nothing went wrong.
Prose JudgedText(const ExplainTraceOutput& out) {
  Prose text;
  if (out.findings_total == 0) {
    text.Add(out.first_failure ? " Otherwise nothing was found: " : " Nothing was found: ",
             out.checked, ".");
  }
  if (out.not_judged.empty()) return text;
  text.Add(" Not judged: ");
  for (std::size_t i = 0; i < std::min(kNamedGaps, out.not_judged.size()); ++i) {
    text.Add(i > 0 ? " " : "", out.not_judged[i]);
  }
  if (out.not_judged.size() > kNamedGaps) text.Add(" More in not_judged.");
  return text;
}

// What the run was asked to do.
Prose RequestText(const ExplainTraceOutput& out) {
  if (!out.asked) return " What it was asked to do is not recorded.";
  TraceText asked = out.asked->text;
  asked.Shorten(kStoryQuoteBytes);
  return Say(" It was asked: ", asked, ".");
}

// The turn of the first finding, with what the model was given, did and saw.
Prose WrongTurnText(const ExplainTraceOutput& out) {
  if (!out.first_wrong) return {};
  const auto& wrong = *out.first_wrong;
  const auto finding = std::find_if(out.findings.begin(), out.findings.end(),
                                    [&](const auto& one) { return one.mode_id == wrong.mode_id; });
  if (finding == out.findings.end()) return {};
  Prose text = " It first went wrong";
  if (wrong.turn > 0) text.Add(" in turn ", wrong.turn, " of ", wrong.turns);
  if (wrong.at_ms) text.Add(", at +", DurationText(*wrong.at_ms * 1'000'000));
  text.Add(" (span ", wrong.span_id, "): ", finding->title);
  std::size_t quoted = 0;
  for (const wire::Evidence& one : finding->evidence) {
    // The schema is long, and not what happened.
    if (one.role == "schema" || quoted == kStoryQuotes) continue;
    TraceText quote = one.quote;
    quote.Shorten(kStoryQuoteBytes);
    text.Add(quoted++ == 0 ? "; " : ", ", one.role, ": ", quote);
  }
  text.Add(".");
  if (!wrong.seen_by.empty()) {
    text.Add(" The model read what came of it in span ", wrong.seen_by, ".");
  } else {
    text.Add(" No later model call read what came of it.");
  }
  if (!wrong.recovered_by.empty()) {
    text.Add(" A later call of the tool succeeded (span ", wrong.recovered_by,
             "): this need not be why the run ended as it did.");
  }
  return text;
}

// How the run went on to its end.
Prose EndText(const ExplainTraceOutput& out) {
  if (!out.answered) return out.trace.settled ? " It recorded no final answer." : "";
  TraceText answer = out.answered->text;
  answer.Shorten(kStoryQuoteBytes);
  // What a framework returns for a run that broke off is no answer of its model.
  const bool is_broken_off =
      std::any_of(out.findings.begin(), out.findings.end(), [](const auto& finding) {
        return finding.detector == "unfinished" || finding.detector == "empty_final";
      });
  return Say(is_broken_off ? " Yet the run's own span returned: " : " It ended with the answer: ",
             answer, ".");
}

Prose FindingsText(const ExplainTraceOutput& out) {
  Prose text;
  for (std::size_t i = 0; i < std::min(kNamedFindings, out.findings.size()); ++i) {
    text.Add(FindingText(out.findings[i]));
  }
  if (out.findings.size() > kNamedFindings) {
    text.Add(" ", out.findings.size() - kNamedFindings, " more findings are listed below.");
  }
  return text;
}

Prose TimeText(const ExplainTraceOutput& out) {
  if (out.critical_path.empty()) return {};
  const auto& part = out.critical_path.front();
  return Say(" Most of the wait was ", part.name, ": ", PercentText(part.share),
             " of the critical path in ", Plural(part.calls, "call"), ".");
}

std::string Advice(const ExplainTraceOutput& out) {
  const auto systemic = std::find_if(out.findings.begin(), out.findings.end(), [](const auto& f) {
    return f.generality == "systemic" || f.generality == "recurring";
  });
  if (systemic != out.findings.end()) {
    return Cat(" To fix the harness and not only this run, begin with ", systemic->mode_id, ".");
  }
  if (out.findings.empty()) return {};
  return " None of this recurs in other runs: think twice before changing the harness for it.";
}

}  // namespace

Prose TraceHeadline(const TraceSummary& summary, const ExplainTraceOutput& out) {
  std::string start = out.trace.settled ? OutcomeText(summary) : "still open";
  start[0] = static_cast<char>(start[0] - 'a' + 'A');
  Prose text(std::move(start));
  text.Add(", ", Plural(summary.steps, "step"), ", ", LengthText(summary), ", ",
           CostText(summary.nano_usd, Unknown(summary)));
  if (!out.findings.empty()) {
    text.Add(": ", out.findings.front().title);
    if (out.findings_total > 1) {
      text.Add(", and ", Plural(out.findings_total - 1, "more finding"));
    }
  } else if (out.first_failure) {
    text.Add(": ", out.first_failure->name, " failed");
  } else {
    text.Add(": ", out.checked, ", nothing found");
    if (!out.candidates.empty()) {
      text.Add(" but ", Plural(out.candidates_total, "candidate"));
    }
    if (!out.not_judged.empty()) text.Add("; some of it could not be judged");
  }
  return text.Add(".");
}

Prose TraceNarrative(const TraceSummary& summary, const ExplainTraceOutput& out) {
  Prose text = Run(summary, out);
  text.Add(RequestText(out), WrongTurnText(out));
  if (out.first_failure) text.Add(FirstFailureText(*out.first_failure));
  return text.Add(FindingsText(out), CandidatesText(out), EndText(out), JudgedText(out),
                  TimeText(out), Advice(out));
}

}  // namespace halo
