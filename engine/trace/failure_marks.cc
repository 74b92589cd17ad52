// SPDX-License-Identifier: MIT
#include "engine/trace/failure_marks.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/trace/clear_failure.h"

namespace halo {
namespace {

// Error texts of a trace that are looked for; more are not due to an emitter that copies one.
constexpr std::size_t kMostTexts = 16;

class CopyCleaner {
 public:
  explicit CopyCleaner(Trace& trace) : trace_(trace) {}

  void Run() {
    std::vector<SpanIndex> firsts;  // the first span with each text
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      const SpanFacts& span = trace_.spans[i];
      if (!span.failed) continue;
      if (QuoteStartsWith(span, "events[")) {
        sources_.push_back(static_cast<SpanIndex>(i));
        const bool known = std::any_of(firsts.begin(), firsts.end(), [&](SpanIndex first) {
          return trace_.spans[first].error_signature == span.error_signature;
        });
        if (!known && firsts.size() < kMostTexts) firsts.push_back(static_cast<SpanIndex>(i));
      }
      if (span.failure_rule == FailureRule::kStatus && QuoteStartsWith(span, "status.")) {
        marked_.push_back(static_cast<SpanIndex>(i));
      }
    }
    if (marked_.empty()) return;
    std::vector<SpanIndex> copies;
    for (const SpanIndex first : firsts) FindCopies(first, copies);
    for (const SpanIndex i : copies) ClearFailure(trace_.spans[i]);
  }

 private:
  void FindCopies(SpanIndex first, std::vector<SpanIndex>& copies) {
    FindSpansAbove(trace_.spans[first].error_signature);
    const auto is_copy = [&](SpanIndex i) {
      return Repeats(i, first) && !above_[static_cast<std::size_t>(i)] &&
             trace_.spans[i].start_ns >= trace_.spans[first].start_ns;
    };
    const bool proven = std::any_of(marked_.begin(), marked_.end(), [&](SpanIndex i) {
      return is_copy(i) && RecordedSuccess(trace_.spans[i]);
    });
    if (!proven) return;
    for (const SpanIndex i : marked_) {
      if (is_copy(i) || (Repeats(i, first) && EndedWithAnswer(i))) copies.push_back(i);
    }
  }

  // Marks the spans that contain a span with this text and an exception event.
  void FindSpansAbove(StringId signature) {
    above_.assign(trace_.spans.size(), 0);
    for (const SpanIndex source : sources_) {
      if (trace_.spans[source].error_signature != signature) continue;
      for (SpanIndex i = source; i != -1 && !above_[static_cast<std::size_t>(i)];
           i = trace_.parent[i]) {
        above_[static_cast<std::size_t>(i)] = 1;
      }
    }
  }

  bool QuoteStartsWith(const SpanFacts& span, std::string_view prefix) const {
    return trace_.Text(span.error_quote.path).starts_with(prefix);
  }

  // Whether a span has the error text of the source. The source's signature may begin with a class.
  bool Repeats(SpanIndex i, SpanIndex source) const {
    const SpanFacts& span = trace_.spans[i];
    const SpanFacts& from = trace_.spans[source];
    if (span.scope_name != from.scope_name) return false;
    return span.error_signature == from.error_signature ||
           trace_.Text(from.error_signature).ends_with(trace_.Text(span.error_signature));
  }

  static bool RecordedSuccess(const SpanFacts& span) {
    if (span.kind == Kind::kTool) return span.result_hash != 0;
    return span.kind == Kind::kLlm && span.has_output &&
           (!span.output_blank || span.tool_call_count > 0);
  }

  bool EndedWithAnswer(SpanIndex i) const {
    const SpanFacts& span = trace_.spans[i];
    const bool speaks_for_run = span.parent_id == 0 || span.kind == Kind::kAgent;
    return speaks_for_run && span.end_ns != 0 && span.has_output && !span.output_blank;
  }

  Trace& trace_;
  std::vector<SpanIndex> sources_;  // with the exception
  std::vector<SpanIndex> marked_;   // with its text in the status only
  std::vector<std::uint8_t> above_;
};

bool SaysNothing(const SpanFacts& call) {
  return call.kind == Kind::kTool && !call.failed && call.status != StatusCode::kOk &&
         call.result_hash == 0;
}

bool IsPartOf(const SpanFacts& call, const SpanFacts& child) {
  return child.kind == Kind::kTool && child.tool == call.tool;
}

void TakeFailure(const SpanFacts& from, SpanFacts& call) {
  call.failed = true;
  call.failure_rule = from.failure_rule;
  call.transport = from.transport;
  call.error_type = from.error_type;
  call.error_signature = from.error_signature;
}

// The model calls of each scope, in the order of time.
class ModelCalls {
 public:
  explicit ModelCalls(const Trace& trace) : trace_(trace), of_scope_(trace.scopes.size()) {
    for (std::size_t i = 0; i < trace.spans.size(); ++i) {
      if (trace.spans[i].kind != Kind::kLlm) continue;
      of_scope_[static_cast<std::size_t>(trace.scope[i])].push_back(static_cast<SpanIndex>(i));
    }
  }

  // The first model call of the same scope after the end of a call; null if there is none.
  const SpanFacts* After(SpanIndex call) const {
    const SpanFacts& tool = trace_.spans[call];
    const std::int64_t end_ns = std::max(tool.start_ns, tool.end_ns);
    const auto& calls = of_scope_[static_cast<std::size_t>(trace_.scope[call])];
    const auto next = std::lower_bound(
        std::upper_bound(calls.begin(), calls.end(), call), calls.end(), end_ns,
        [&](SpanIndex i, std::int64_t time) { return trace_.spans[i].start_ns < time; });
    return next == calls.end() ? nullptr : &trace_.spans[*next];
  }

 private:
  const Trace& trace_;
  std::vector<std::vector<SpanIndex>> of_scope_;
};

// "mcp__desk__find_order", "desk.find_order" and "find_order" are one tool, "order" is another.
bool IsSameTool(std::string_view told, std::string_view tool) {
  const bool longer = told.size() > tool.size();
  const std::string_view full = longer ? told : tool, plain = longer ? tool : told;
  if (plain.empty() || !full.ends_with(plain)) return false;
  const std::string_view server = full.substr(0, full.size() - plain.size());
  return server.empty() || server.ends_with("__") || server.ends_with('.') ||
         server.ends_with(':') || server.ends_with('/');
}

}  // namespace

void ClearCopiedFailures(Trace& trace) { CopyCleaner(trace).Run(); }

void TakeFailuresOfParts(Trace& trace) {
  const bool is_told = std::any_of(trace.spans.begin(), trace.spans.end(),
                                   [](const SpanFacts& span) { return span.told_error_tool != 0; });
  std::optional<ModelCalls> calls;
  if (is_told) calls.emplace(trace);
  // From the last to the first, so that parts of parts come first where they start later.
  for (std::size_t i = trace.spans.size(); i-- > 0;) {
    SpanFacts& call = trace.spans[i];
    if (!SaysNothing(call)) continue;
    const SpanFacts* last = nullptr;
    for (const SpanIndex child : trace.Children(static_cast<SpanIndex>(i))) {
      if (IsPartOf(call, trace.spans[child])) last = &trace.spans[child];
    }
    if (last != nullptr) {
      if (last->failed) TakeFailure(*last, call);
      continue;
    }
    if (!calls) continue;
    const SpanFacts* const next = calls->After(static_cast<SpanIndex>(i));
    if (next == nullptr || next->told_error_tool == 0) continue;
    if (!IsSameTool(trace.Text(next->told_error_tool), trace.Text(call.tool))) continue;
    call.failed = true;
    call.failure_rule = FailureRule::kResultField;
    call.error_signature = next->told_error;
  }
}

}  // namespace halo
