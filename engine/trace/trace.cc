// SPDX-License-Identifier: MIT
#include "engine/trace/trace.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/model/reading.h"
#include "engine/trace/call_parts.h"
#include "engine/trace/call_sequence.h"
#include "engine/trace/control_flow.h"
#include "engine/trace/critical_path.h"
#include "engine/trace/drag.h"
#include "engine/trace/error_cause.h"
#include "engine/trace/failure_marks.h"
#include "engine/trace/person_waits.h"
#include "engine/trace/self_time.h"
#include "engine/trace/spend.h"

namespace halo {
namespace {

// Exporters round to milliseconds, so a child may exceed its parent by that much.
constexpr std::int64_t kClockGrainNs = 1'000'000;

// A shorter time between two spans is no gap.
constexpr std::int64_t kShortestGapNs = 1'000'000'000;

bool IsLater(std::int64_t a, std::int64_t b) {
  return a > b && static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b) > kClockGrainNs;
}

// Fills a Trace step by step; each step uses the results of the previous ones.
class Builder {
 public:
  explicit Builder(Trace& trace) : trace_(trace), size_(trace.spans.size()) {}

  void Build() {
    SortSpans();
    LinkParents();
    CutCycles();
    ListChildren();
    OrderTopDown();
    EndLogTurns();
    FindRoot();
    UniteCallParts(top_down_, trace_);
    ClearCopiedFailures(trace_);
    InheritModels(top_down_, trace_);
    trace_.interrupts = ClearControlFlowFailures(trace_, top_down_);
    AssignScopes();
    TakeFailuresOfParts(trace_);
    NameAgents();
    AssignSpend(top_down_, trace_);
    CollectSteps();
    FindErrorRoots();
    MeasureTime();
    trace_.calls = FindCallSequences(trace_);
    trace_.turns = FindTurns(trace_);
    LeaveOutPersonWaits(trace_);
  }

 private:
  const SpanFacts& Facts(SpanIndex i) const { return trace_.spans[i]; }

  void SortSpans() {
    const auto before = [this](const SpanFacts& a, const SpanFacts& b) {
      if (a.sequence != b.sequence) return a.sequence < b.sequence;
      if (a.start_ns != b.start_ns) return a.start_ns < b.start_ns;
      if (a.span_id != b.span_id) return trace_.Text(a.span_id) < trace_.Text(b.span_id);
      return a.content_hash < b.content_hash;
    };
    std::vector<SpanFacts>& spans = trace_.spans;
    if (std::is_sorted(spans.begin(), spans.end(), before)) return;
    // SpanFacts are large: sort starts and indexes, then copy each once.
    using Place = std::pair<std::uint32_t, std::int64_t>;  // sequence and start
    std::vector<std::pair<Place, SpanIndex>> order(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      order[i] = {{spans[i].sequence, spans[i].start_ns}, SpanIndex(i)};
    }
    std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
      return a.first != b.first ? a.first < b.first : before(spans[a.second], spans[b.second]);
    });
    std::vector<SpanFacts> sorted;
    sorted.reserve(size_);
    for (const auto& [place, i] : order) sorted.push_back(spans[i]);
    spans = std::move(sorted);
  }

  void LinkParents() {
    // The pool may contain strings of many traces, so no table indexed by StringId.
    std::vector<std::pair<StringId, SpanIndex>> by_id(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      by_id[i] = {trace_.spans[i].span_id, static_cast<SpanIndex>(i)};
    }
    std::sort(by_id.begin(), by_id.end());
    trace_.parent.assign(size_, -1);
    for (std::size_t i = 0; i < size_; ++i) {
      const StringId id = trace_.spans[i].parent_id;
      if (id == 0) continue;
      const auto found = std::lower_bound(by_id.begin(), by_id.end(), std::pair{id, SpanIndex{0}});
      if (found == by_id.end() || found->first != id) {
        ++trace_.health.missing_parents;
      } else {
        trace_.parent[i] = found->second;
      }
    }
  }

  // The earliest span of a cycle becomes a root.
  void CutCycles() {
    std::vector<SpanIndex> walk_of(size_, -1);  // the walk that reached a span first
    for (std::size_t start = 0; start < size_; ++start) {
      const SpanIndex walk = static_cast<SpanIndex>(start);
      SpanIndex i = walk;
      while (i != -1 && walk_of[i] == -1) {
        walk_of[i] = walk;
        i = trace_.parent[i];
      }
      if (i == -1 || walk_of[i] != walk) continue;
      SpanIndex earliest = i;
      for (SpanIndex j = trace_.parent[i]; j != i; j = trace_.parent[j]) {
        earliest = std::min(earliest, j);
      }
      trace_.parent[earliest] = -1;
      ++trace_.health.cyclic_parents;
    }
  }

  void ListChildren() {
    trace_.child_begin.assign(size_ + 1, 0);
    for (const SpanIndex parent : trace_.parent) {
      if (parent != -1) ++trace_.child_begin[parent + 1];
    }
    std::partial_sum(trace_.child_begin.begin(), trace_.child_begin.end(),
                     trace_.child_begin.begin());
    trace_.child_list.resize(trace_.child_begin[size_]);
    std::vector<std::uint32_t> next(trace_.child_begin.begin(), trace_.child_begin.end() - 1);
    for (std::size_t i = 0; i < size_; ++i) {
      const SpanIndex parent = trace_.parent[i];
      if (parent != -1) trace_.child_list[next[parent]++] = static_cast<SpanIndex>(i);
    }
  }

  // Parents before children; a child may start before its parent.
  void OrderTopDown() {
    top_down_.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      if (trace_.parent[i] == -1) top_down_.push_back(static_cast<SpanIndex>(i));
    }
    for (std::size_t next = 0; next < top_down_.size(); ++next) {
      for (const SpanIndex child : trace_.Children(top_down_[next])) top_down_.push_back(child);
    }
  }

  // Log records tell when a turn began. It lasts as long as what is in it.
  void EndLogTurns() {
    std::vector<std::int64_t> last_ns(size_, 0);
    for (auto it = top_down_.rbegin(); it != top_down_.rend(); ++it) {
      SpanFacts& span = trace_.spans[*it];
      std::int64_t& last = last_ns[*it];
      last = std::max({last, span.start_ns, span.end_ns});
      const bool is_turn =
          span.kind == Kind::kAgent && (span.readings & BitOf(Reading::kFromLog)) != 0;
      if (is_turn) span.end_ns = last;
      const SpanIndex parent = trace_.parent[*it];
      if (parent != -1) last_ns[parent] = std::max(last_ns[parent], last);
    }
  }

  void FindRoot() {
    std::int64_t last_ns = 0;
    for (std::size_t i = size_; i-- > 0;) {
      const SpanFacts& span = trace_.spans[i];
      last_ns = std::max({last_ns, span.start_ns, span.end_ns});
      if (trace_.parent[i] != -1) continue;
      // From last to first: an earlier root replaces a later one of the same kind.
      const bool is_true = span.parent_id == 0;
      if (trace_.root == -1 || is_true || Facts(trace_.root).parent_id != 0) {
        trace_.root = static_cast<SpanIndex>(i);
      }
    }
    if (trace_.root == -1) return;
    const SpanFacts& root = Facts(trace_.root);
    trace_.root_ended = root.end_ns != 0 && (root.parent_id == 0 || root.end_ns >= last_ns);
  }

  void AssignScopes() {
    trace_.scopes.emplace_back();
    trace_.scope.assign(size_, 0);
    trace_.within_call.assign(size_, -1);
    for (std::size_t i = 0; i < size_; ++i) {
      const SpanFacts& span = trace_.spans[i];
      if (span.kind != Kind::kAgent) continue;
      trace_.scope[i] = static_cast<std::int32_t>(trace_.scopes.size());
      trace_.scopes.push_back(
          {static_cast<SpanIndex>(i), span.agent != 0 ? span.agent : span.operation, {}});
    }
    for (const SpanIndex i : top_down_) {
      const SpanIndex parent = trace_.parent[i];
      if (parent == -1 || Facts(i).kind == Kind::kAgent) continue;
      trace_.scope[i] = trace_.scope[parent];
      trace_.within_call[i] =
          Facts(parent).kind == Kind::kTool ? parent : trace_.within_call[parent];
    }
    if (trace_.root == -1) return;
    trace_.scopes[0].agent = Facts(trace_.root).agent;
    if (NamesTheAgent(trace_.root)) trace_.scopes[0].agent = Facts(trace_.root).operation;
  }

  // Whether the root is a run of an agent that no span names: LangGraph, LangSmith and Langfuse
  // write it as a chain or a plain span with the agent's name. It contains a model call and a
  // tool's, and was written by the instrumentation of one of them: a request to a web server,
  // which may contain the same, was not.
  bool NamesTheAgent(SpanIndex root) const {
    const Kind kind = Facts(root).kind;
    if (kind != Kind::kChain && kind != Kind::kSpan) return false;
    bool has_model_call = false, has_tool_call = false, has_scope = false;
    for (const SpanFacts& span : trace_.spans) {
      if (span.agent != 0 || span.kind == Kind::kAgent) return false;
      if (span.kind != Kind::kLlm && span.kind != Kind::kTool) continue;
      (span.kind == Kind::kLlm ? has_model_call : has_tool_call) = true;
      has_scope = has_scope || span.scope_name == Facts(root).scope_name;
    }
    return has_model_call && has_tool_call && has_scope && Facts(root).scope_name != 0;
  }

  // A span's own agent name takes precedence over its ancestors'.
  void NameAgents() {
    trace_.agent.assign(size_, 0);
    for (const SpanIndex i : top_down_) {
      const SpanFacts& span = Facts(i);
      const SpanIndex parent = trace_.parent[i];
      trace_.agent[i] = span.agent != 0             ? span.agent
                        : span.kind == Kind::kAgent ? span.operation
                        : parent != -1              ? trace_.agent[parent]
                                                    : trace_.scopes[0].agent;
    }
  }

  void CollectSteps() {
    for (std::size_t i = 0; i < size_; ++i) {
      const SpanFacts& span = trace_.spans[i];
      if (span.kind == Kind::kLlm) {
        if (trace_.wraps_call[i]) continue;
        trace_.health.llm_without_model += span.model == 0;
        const Spend& spend = trace_.spend[i];
        trace_.health.llm_without_tokens +=
            spend.reports_nothing && !spend.counted_above && span.end_ns != 0;
      } else if (span.kind == Kind::kTool) {
        const SpanIndex call = trace_.within_call[i];
        if (call != -1 && span.tool != 0 && Facts(call).tool == span.tool) continue;
      } else {
        continue;
      }
      trace_.scopes[trace_.scope[i]].steps.push_back(static_cast<SpanIndex>(i));
    }
  }

  void FindErrorRoots() {
    trace_.error_root.assign(size_, 0);
    std::vector<SpanIndex> failed_above(size_, -1);
    for (const SpanIndex i : top_down_) {
      const SpanIndex parent = trace_.parent[i];
      if (parent != -1) failed_above[i] = Facts(parent).failed ? parent : failed_above[parent];
      trace_.error_root[i] = Facts(i).failed;
    }
    for (const SpanIndex i : top_down_) {
      const SpanIndex above = failed_above[i];
      if (!Facts(i).failed || above == -1 || !trace_.error_root[above]) continue;
      if (RepeatsError(Facts(above), Facts(i), *trace_.words)) trace_.error_root[above] = 0;
    }
  }

  void MeasureTime() {
    std::vector<TimedSpan> timed(size_);
    for (std::size_t i = 0; i < size_; ++i) {
      const SpanFacts& span = trace_.spans[i];
      const bool has_length = PlausibleNs(span.start_ns, span.end_ns) >= 0;
      timed[i] = {span.start_ns, has_length ? span.end_ns : 0, trace_.parent[i], span.human_wait};
      if (span.end_ns == 0) continue;
      trace_.health.end_before_start += !has_length && span.start_ns > 0 && span.end_ns > 0;
      if (trace_.parent[i] == -1) continue;
      const SpanFacts& parent = Facts(trace_.parent[i]);
      if (parent.end_ns <= 0 || parent.start_ns <= 0 || span.start_ns <= 0) continue;
      trace_.health.outside_parent +=
          IsLater(parent.start_ns, span.start_ns) || IsLater(span.end_ns, parent.end_ns);
    }
    const TimedTree tree(timed);
    trace_.critical_ns = CriticalPathNs(tree, timed, kShortestGapNs, trace_.gaps);
    trace_.self_ns = SelfTimesNs(tree);
    trace_.drag_ns = DragsNs(tree, timed);
  }

  Trace& trace_;
  const std::size_t size_;
  std::vector<SpanIndex> top_down_;
};

}  // namespace

bool Trace::HoldsAnswer(SpanIndex i) const {
  if (i == -1) return false;
  const SpanFacts& span = spans[i];
  const bool speaks_for_run = span.parent_id == 0 || span.kind == Kind::kAgent;
  return speaks_for_run && span.kind != Kind::kLlm && span.kind != Kind::kTool && !span.failed &&
         span.end_ns != 0 && span.has_output && !span.output_blank;
}

Trace BuildTrace(std::string project, std::string trace_id, const StringPool& words,
                 std::vector<SpanFacts> spans) {
  Trace trace;
  trace.project = std::move(project);
  trace.trace_id = std::move(trace_id);
  trace.words = &words;
  trace.spans = std::move(spans);
  Builder(trace).Build();
  return trace;
}

}  // namespace halo
