// SPDX-License-Identifier: MIT
#include "tools/story/narrative.h"

#include <algorithm>

#include "tools/common/phrases.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

using wire::ExplainTraceOutput;

constexpr std::size_t kToldFindings = 4;

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

std::string Run(const TraceSummary& summary, const ExplainTraceOutput& out) {
  std::string text = "The run";
  if (!out.trace.name.empty()) text.append(Cat(" '", out.trace.name, "'"));
  if (!out.trace.agents.empty()) {
    text.append(" of ").append(out.trace.agents.front());
    if (summary.agents.size() > 1) {
      text.append(Cat(" and ",
                      Plural(static_cast<std::int64_t>(summary.agents.size()) - 1, "other agent")));
    }
  }
  const std::int64_t ns = summary.end_ns - summary.start_ns;
  text.append(Cat(" ", out.trace.settled ? OutcomeText(summary) : "is still open", " after ",
                  Plural(summary.steps, "step"), " (", Plural(summary.llm_calls, "model call"),
                  ", ", Plural(summary.tool_calls, "tool call"), ") in ", DurationText(ns),
                  ", for ", CostText(summary.nano_usd, summary.unpriced_calls), " and ",
                  Plural(summary.usage.total(), "token")));
  return text + ".";
}

std::string FirstFailureText(const ExplainTraceOutput::FirstFailure& first) {
  std::string text = Cat(" The first thing to fail was ", first.name, " at +",
                         DurationText(first.at_ms * 1'000'000));
  if (!first.signature.empty()) text.append(": ").append(first.signature);
  text.append(".");
  std::string passed;
  for (const auto& next : first.cascade) {
    if (next.how == "passed on to") {
      passed.append(passed.empty() ? " It was passed on to " : ", then ").append(next.name);
    }
  }
  if (!passed.empty()) text.append(passed).append(".");
  for (const auto& next : first.cascade) {
    if (next.how == "same error again") {
      text.append(Cat(" The same error came back ", Plural(next.count, "time"), "."));
    }
  }
  const auto others = std::count_if(first.cascade.begin(), first.cascade.end(),
                                    [](const auto& next) { return next.how == "then failed"; });
  if (others > 0) text.append(Cat(" After it, ", Plural(others, "other error"), " followed."));
  return text;
}

std::string WasteText(const wire::Wasted& wasted) {
  std::string text;
  const auto add = [&text](std::string piece) {
    text.append(text.empty() ? ", wasting " : ", ").append(piece);
  };
  if (wasted.micro_usd > 0) add(UsdText(wasted.micro_usd * 1000));
  if (wasted.tokens > 0) add(Plural(wasted.tokens, "token"));
  if (wasted.ms > 0) add(DurationText(wasted.ms * 1'000'000) + " of waiting");
  return text;
}

std::string FindingText(const ExplainTraceOutput::Finding& finding) {
  std::string text = Cat(" ", finding.title);
  if (finding.occurrences > 1) text.append(Cat(", ", finding.occurrences, " times"));
  text.append(WasteText(finding.wasted));
  if (finding.generality == "one_off") {
    text.append("; a one-off, not seen elsewhere");
  } else if (!finding.generality.empty()) {
    text.append(Cat("; ", finding.generality, ", in ", Plural(finding.traces_with_mode, "trace")));
  }
  return text.append(Cat(" (", finding.mode_id, ")."));
}

std::string FindingsText(const ExplainTraceOutput& out) {
  if (out.findings.empty()) return " No detector found a known pattern of failure in it.";
  std::string text;
  for (std::size_t i = 0; i < std::min(kToldFindings, out.findings.size()); ++i) {
    text.append(FindingText(out.findings[i]));
  }
  if (out.findings.size() > kToldFindings) {
    text.append(Cat(" ", out.findings.size() - kToldFindings, " more findings are listed below."));
  }
  return text;
}

std::string TimeText(const ExplainTraceOutput& out) {
  if (out.critical_path.empty()) return {};
  const auto& part = out.critical_path.front();
  return Cat(" Most of the wait was ", part.name, ": ", PercentText(part.share),
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

std::string TellHeadline(const TraceSummary& summary, const ExplainTraceOutput& out) {
  std::string text = out.trace.settled ? OutcomeText(summary) : "still open";
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  text.append(Cat(", ", Plural(summary.steps, "step"), ", ",
                  DurationText(summary.end_ns - summary.start_ns), ", ",
                  CostText(summary.nano_usd, summary.unpriced_calls)));
  if (!out.findings.empty()) {
    text.append(": ").append(out.findings.front().title);
    if (out.findings_total > 1) {
      text.append(Cat(", and ", Plural(out.findings_total - 1, "more finding")));
    }
  } else if (out.first_failure) {
    text.append(Cat(": ", out.first_failure->name, " failed"));
  } else {
    text.append(": nothing known went wrong");
  }
  return text + ".";
}

std::string TellTrace(const TraceSummary& summary, const ExplainTraceOutput& out) {
  std::string text = Run(summary, out);
  if (out.first_failure) text.append(FirstFailureText(*out.first_failure));
  return text.append(FindingsText(out)).append(TimeText(out)).append(Advice(out));
}

}  // namespace halo
