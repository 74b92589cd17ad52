// SPDX-License-Identifier: MIT
// D16: at least 3 attempts of one model or HTTP call under one parent, of which all, or all but the
// last, failed. Attempts follow each other without overlap (calls that fail side by side are not
// retries) and have the same kind, name and model; no other call or agent comes between them.
// Wasted: the failed attempts, and the part of the pauses between them for which the run waited.
// Eligible: traces with a model call or an HTTP request.
#include <algorithm>
#include <string>
#include <vector>

#include "engine/detectors/detector.h"

namespace halo {
namespace {

constexpr std::size_t kFewestAttempts = 3;

bool NamesHttp(std::string_view operation) {
  std::string lower(operation);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  const std::string method = lower.substr(0, lower.find(' '));
  return method == "get" || method == "post" || method == "put" || method == "patch" ||
         method == "delete" || lower.find("http") != lower.npos ||
         lower.find("fetch") != lower.npos || lower.find("request") != lower.npos;
}

bool IsRemoteCall(const Trace& trace, const SpanFacts& span) {
  switch (span.kind) {
    case Kind::kLlm:
    case Kind::kEmbedding:
    case Kind::kReranker:
    case Kind::kRetriever:
      return true;
    case Kind::kSpan:
      return span.transport != Transport::kNone || NamesHttp(trace.Text(span.operation));
    default:
      return false;
  }
}

bool SameCall(const SpanFacts& a, const SpanFacts& b) {
  return a.kind == b.kind && a.operation == b.operation && a.model == b.model;
}

// Finds the attempts among the children of one parent.
class Attempts {
 public:
  Attempts(const Trace& trace, std::vector<Finding>& out) : trace_(trace), out_(out) {}

  void Add(SpanIndex i) {
    const SpanFacts& span = trace_.spans[i];
    const bool again = !attempts_.empty() && SameCall(Last(), span);
    if (!again && !IsRemoteCall(trace_, span)) {
      // Spans of logs and pauses may lie between two attempts.
      if (span.kind != Kind::kSpan || span.failed) End();
      return;
    }
    if (!again || Last().end_ns == 0 || span.start_ns < Last().end_ns) End();
    attempts_.push_back(i);
    if (!span.failed) End();
  }

  void End() {
    if (attempts_.size() >= kFewestAttempts) Tell();
    attempts_.clear();
  }

 private:
  const SpanFacts& Last() const { return trace_.spans[attempts_.back()]; }

  void Tell() {
    const SpanIndex first = attempts_.front();
    const SpanFacts& facts = trace_.spans[first];
    Finding& finding = out_.emplace_back();
    finding.locus = LocusOf(trace_, first);
    finding.signature = "failed_attempts";
    finding.spans = attempts_;
    finding.Cite(EvidenceRole::kFailed, first, facts.error_quote);
    finding.Cite(EvidenceRole::kRepeated, attempts_.back(), Last().error_quote);
    if (const Turn* const turn = TurnAround(trace_, first)) CiteTurn(trace_, *turn, finding);
    finding.tag = TransportName(facts.transport);
    for (std::size_t i = 0; i < attempts_.size(); ++i) {
      const SpanFacts& attempt = trace_.spans[attempts_[i]];
      if (attempt.failed) finding.wasted.push_back(attempts_[i]);
      if (i == 0) continue;
      const std::int64_t last_end_ns = trace_.spans[attempts_[i - 1]].end_ns;
      finding.wasted_gap_ns +=
          std::max<std::int64_t>(0, PlausibleNs(last_end_ns, attempt.start_ns));
    }
  }

  const Trace& trace_;
  std::vector<Finding>& out_;
  std::vector<SpanIndex> attempts_;  // all failed
};

bool Eligible(const Trace& trace) {
  return std::any_of(trace.spans.begin(), trace.spans.end(),
                     [&](const SpanFacts& span) { return IsRemoteCall(trace, span); });
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  const auto failed = std::count_if(trace.spans.begin(), trace.spans.end(),
                                    [](const SpanFacts& span) { return span.failed; });
  if (failed + 1 < static_cast<std::ptrdiff_t>(kFewestAttempts)) return;
  Attempts attempts(trace, out);
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    if (trace.parent[i] == -1) attempts.Add(static_cast<SpanIndex>(i));
  }
  attempts.End();
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    for (const SpanIndex child : trace.Children(static_cast<SpanIndex>(i))) attempts.Add(child);
    attempts.End();
  }
}

}  // namespace

TraceDetector RetryStorm() {
  return {.id = 7,
          .name = "retry_storm",
          .category = "error",
          .severity = Severity::kMedium,
          .confidence = Confidence::kProven,
          .end_of_run = false,
          .title = "{tool} is attempted again and again while it fails",
          .eligible = Eligible,
          .find = Find};
}

}  // namespace halo
