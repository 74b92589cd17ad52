// SPDX-License-Identifier: MIT
#include "engine/trace/control_flow.h"

#include <algorithm>
#include <initializer_list>
#include <string>

#include "engine/base/ascii.h"
#include "engine/facts/error_text.h"
#include "engine/trace/clear_failure.h"
#include "engine/trace/error_cause.h"

namespace halo {
namespace {

constexpr std::size_t kMaxClassBytes = 120;

struct ClassWord {
  std::string_view name;  // lower case
  ControlFlow flow;
};

// LangGraph, Pydantic AI, CrewAI, LlamaIndex, Agno, Haystack, Temporal, Strands; then the
// languages.
constexpr ClassWord kClasses[] = {
    {"graphinterrupt", ControlFlow::kPause},
    {"nodeinterrupt", ControlFlow::kPause},
    {"interrupt", ControlFlow::kPause},
    {"interruptexception", ControlFlow::kPause},
    {"toolinterrupt", ControlFlow::kPause},
    {"agentinterrupt", ControlFlow::kPause},
    {"workflowinterrupt", ControlFlow::kPause},
    {"humaninterrupt", ControlFlow::kPause},
    {"graphbubbleup", ControlFlow::kPause},
    {"calldeferred", ControlFlow::kPause},
    {"humanfeedbackpending", ControlFlow::kPause},
    {"waitingforevent", ControlFlow::kPause},
    {"breakpointexception", ControlFlow::kPause},
    {"hitlbreakpointexception", ControlFlow::kPause},
    {"stopagentrun", ControlFlow::kPause},
    {"suspend", ControlFlow::kPause},
    {"suspendexecution", ControlFlow::kPause},
    {"workflowsuspended", ControlFlow::kPause},
    {"workflowpaused", ControlFlow::kPause},
    {"pauseexecution", ControlFlow::kPause},
    {"runpaused", ControlFlow::kPause},
    {"agentpaused", ControlFlow::kPause},
    {"flowpaused", ControlFlow::kPause},
    {"stepsuspended", ControlFlow::kPause},
    {"parentcommand", ControlFlow::kHandOff},
    {"command", ControlFlow::kHandOff},
    {"transfertoagent", ControlFlow::kHandOff},
    {"switchagent", ControlFlow::kHandOff},
    {"agenttransfer", ControlFlow::kHandOff},
    {"transferrequest", ControlFlow::kHandOff},
    {"continueasnew", ControlFlow::kHandOff},
    {"continueasnewerror", ControlFlow::kHandOff},
    {"cancellederror", ControlFlow::kCancel},
    {"cancelederror", ControlFlow::kCancel},
    {"cancelled", ControlFlow::kCancel},
    {"canceled", ControlFlow::kCancel},
    {"aborterror", ControlFlow::kCancel},
    {"apiuseraborterror", ControlFlow::kCancel},
    {"useraborterror", ControlFlow::kCancel},
    {"generatorexit", ControlFlow::kCancel},
    {"keyboardinterrupt", ControlFlow::kCancel},
    {"clientdisconnect", ControlFlow::kCancel},
    {"clientdisconnected", ControlFlow::kCancel},
    {"clientdisconnectederror", ControlFlow::kCancel},
    {"responseaborted", ControlFlow::kCancel},
    {"cancellationexception", ControlFlow::kCancel},
    {"jobcancellationexception", ControlFlow::kCancel},
    {"taskcanceledexception", ControlFlow::kCancel},
    {"operationcanceledexception", ControlFlow::kCancel},
    {"operationcancelledexception", ControlFlow::kCancel},
    {"interruptedexception", ControlFlow::kCancel},
    {"context.canceled", ControlFlow::kCancel},
    {"err_canceled", ControlFlow::kCancel},
    {"abort_err", ControlFlow::kCancel},
    {"stopiteration", ControlFlow::kStreamEnd},
    {"stopasynciteration", ControlFlow::kStreamEnd},
    {"endofstream", ControlFlow::kStreamEnd},
    {"io.eof", ControlFlow::kStreamEnd},
    {"eof", ControlFlow::kStreamEnd},
};

// Complete texts, in lower case and without the final period.
constexpr ClassWord kTexts[] = {
    {"context canceled", ControlFlow::kCancel},
    {"context cancelled", ControlFlow::kCancel},
    {"the operation was aborted", ControlFlow::kCancel},
    {"this operation was aborted", ControlFlow::kCancel},
    {"the operation was canceled", ControlFlow::kCancel},
    {"the operation was cancelled", ControlFlow::kCancel},
    {"operation was aborted", ControlFlow::kCancel},
    {"operation canceled", ControlFlow::kCancel},
    {"operation cancelled", ControlFlow::kCancel},
    {"a task was canceled", ControlFlow::kCancel},
    {"task was cancelled", ControlFlow::kCancel},
    {"task was canceled", ControlFlow::kCancel},
    {"the user aborted a request", ControlFlow::kCancel},
    {"request was aborted", ControlFlow::kCancel},
    {"request aborted", ControlFlow::kCancel},
    {"request cancelled", ControlFlow::kCancel},
    {"request canceled", ControlFlow::kCancel},
    {"signal is aborted without reason", ControlFlow::kCancel},
    {"aborted by user", ControlFlow::kCancel},
    {"cancelled by user", ControlFlow::kCancel},
    {"canceled by user", ControlFlow::kCancel},
    {"cancelled", ControlFlow::kCancel},
    {"canceled", ControlFlow::kCancel},
    {"client disconnected", ControlFlow::kCancel},
    {"client disconnect", ControlFlow::kCancel},
    {"client closed request", ControlFlow::kCancel},
    {"eof", ControlFlow::kStreamEnd},
    {"end of stream", ControlFlow::kStreamEnd},
};

std::string Folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = ascii::Lower(c);
  return lower;
}

bool Has(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != text.npos; });
}

// ApprovalRequired, ToolRequiresApproval, HandoffRequested and similar names, except classes for a
// failure of the approval or hand-off itself.
ControlFlow FlowOfParts(std::string_view name) {
  if (Has(name, {"failure", "failed", "timeout", "refused", "denied", "rejected", "notfound",
                 "expired", "invalid"})) {
    return ControlFlow::kNone;
  }
  if (Has(name, {"handoff"})) {
    return name.ends_with("error") ? ControlFlow::kNone : ControlFlow::kHandOff;
  }
  const bool person = Has(name, {"approval", "humaninput", "userinput", "humanfeedback",
                                 "userfeedback", "confirmation", "humanreview"});
  if (person && Has(name, {"required", "requires", "needed", "needs", "request", "pending", "await",
                           "waiting", "interrupt", "pause"})) {
    return ControlFlow::kPause;
  }
  return ControlFlow::kNone;
}

// `name` may be qualified: "langgraph.errors.GraphInterrupt", "asyncio.CancelledError".
ControlFlow FlowOfClass(std::string_view name) {
  if (name.empty() || name.size() > kMaxClassBytes) return ControlFlow::kNone;
  const std::string lower = Folded(name);
  std::string_view last = lower;
  // Node.js: "DOMException [AbortError]".
  if (const std::size_t bracket = last.find(" ["); last.ends_with(']') && bracket != last.npos) {
    last = last.substr(bracket + 2, last.size() - bracket - 3);
  }
  for (const ClassWord& known : kClasses) {
    if (known.name == last) return known.flow;
  }
  const std::size_t dot = last.find_last_of(".:$\\/");
  if (dot != last.npos) last = last.substr(dot + 1);
  for (const ClassWord& known : kClasses) {
    if (known.name == last) return known.flow;
  }
  // "SuspendError", "AgentPausedException"
  for (const std::string_view ending : {"error", "exception", "signal"}) {
    if (!last.ends_with(ending)) continue;
    const std::string_view stem = last.substr(0, last.size() - ending.size());
    for (const ClassWord& known : kClasses) {
      if (known.flow == ControlFlow::kPause && known.name == stem) return known.flow;
    }
  }
  return FlowOfParts(last);
}

// Whether the reader of the program's output has gone. In a call, it is the peer of its own pipe.
bool IsBrokenPipe(std::string_view type, std::string_view text) {
  const std::string lower = Folded(type);
  return lower.ends_with("brokenpipeerror") || lower == "epipe" ||
         Folded(text).find("broken pipe") != std::string::npos ||
         text.find("write EPIPE") != text.npos;
}

bool IsOfClassName(char c) { return ascii::IsAlnum(c) || c == '_' || c == '.' || c == '$'; }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && ascii::IsSpace(text.front())) text.remove_prefix(1);
  while (!text.empty() && (ascii::IsSpace(text.back()) || text.back() == '.')) {
    text.remove_suffix(1);
  }
  return text;
}

// The class at the start of a text: "GraphInterrupt(Interrupt(value=...))", "AbortError: This
// operation was aborted", "ParentCommand". A word followed by other words is not a class.
std::string_view LeadingClass(std::string_view text) {
  while (!text.empty() && (text.front() == '(' || text.front() == '[')) text.remove_prefix(1);
  std::size_t size = 0;
  while (size < text.size() && IsOfClassName(text[size])) ++size;
  const std::string_view name = text.substr(0, size);
  const std::string_view rest = text.substr(size);
  if (name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == name.npos) return {};
  if (rest.empty() || rest.front() == '(') return name;
  // "Command: git push" does not start with a class.
  const bool is_word = name == "Command" || name == "Interrupt" || name == "Suspend";
  const bool ends = rest.starts_with(": ") || rest == ":" || rest.front() == '\n';
  return ends && !is_word ? name : std::string_view();
}

ControlFlow FlowOfText(std::string_view text) {
  text = Trimmed(text);
  if (text.empty()) return ControlFlow::kNone;
  if (const ControlFlow flow = FlowOfClass(LeadingClass(text)); flow != ControlFlow::kNone) {
    return flow;
  }
  const std::string lower = Folded(text);
  for (const ClassWord& known : kTexts) {
    if (lower == known.name) return known.flow;
  }
  // Wrapped by Go and gRPC: `Post "...": context canceled`, "code = Canceled desc = ...".
  if (lower.ends_with(": context canceled") || Has(lower, {"code = canceled desc ="}) ||
      lower.starts_with("1 cancelled:") || lower.starts_with("cancelled by cancel scope") ||
      lower.starts_with("cancelled via cancel scope")) {
    return ControlFlow::kCancel;
  }
  return ControlFlow::kNone;
}

class ControlFlowCleaner {
 public:
  ControlFlowCleaner(Trace& trace, const std::vector<SpanIndex>& top_down)
      : trace_(trace), top_down_(top_down), flow_(trace.spans.size(), ControlFlow::kNone) {}

  std::int32_t Run() {
    bool any = false;
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      const SpanFacts& span = trace_.spans[i];
      if (!span.failed) continue;
      flow_[i] = ControlFlowOf(trace_.Text(span.error_type), trace_.Text(span.error_signature));
      if (flow_[i] == ControlFlow::kNone && LostReader(static_cast<SpanIndex>(i))) {
        flow_[i] = ControlFlow::kCancel;
      }
      any = any || flow_[i] != ControlFlow::kNone;
    }
    if (!any) return 0;
    MarkCopies();
    std::vector<std::uint8_t> excused(trace_.spans.size(), 0);
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      if (flow_[i] != ControlFlow::kNone) excused[i] = IsExcused(static_cast<SpanIndex>(i));
    }
    std::int32_t count = 0;
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      if (!excused[i]) continue;
      ClearFailure(trace_.spans[i]);
      if (flow_[i] == ControlFlow::kPause) trace_.paused = true;
      // The agent that took over answers the call.
      if (flow_[i] == ControlFlow::kHandOff) trace_.spans[i].finish = FinishClass::kStop;
      ++count;
    }
    return count;
  }

 private:
  // Whether an agent or chain failed to write its output, and no child failed.
  bool LostReader(SpanIndex i) const {
    const SpanFacts& span = trace_.spans[i];
    if (span.kind != Kind::kAgent && span.kind != Kind::kChain && span.kind != Kind::kSpan) {
      return false;
    }
    if (!IsBrokenPipe(trace_.Text(span.error_type), trace_.Text(span.error_signature)))
      return false;
    const auto& children = trace_.Children(i);
    return std::none_of(children.begin(), children.end(),
                        [&](SpanIndex child) { return trace_.spans[child].failed; });
  }

  // A failed parent that only repeats the error of a child gets the child's flow, unless another
  // child really failed.
  void MarkCopies() {
    for (auto it = top_down_.rbegin(); it != top_down_.rend(); ++it) {
      const SpanIndex i = *it;
      if (!trace_.spans[i].failed || flow_[i] != ControlFlow::kNone) continue;
      ControlFlow copied = ControlFlow::kNone;
      for (const SpanIndex child : trace_.Children(i)) {
        if (!trace_.spans[child].failed) continue;
        if (flow_[child] == ControlFlow::kNone) {
          copied = ControlFlow::kNone;
          break;
        }
        if (RepeatsError(trace_.spans[i], trace_.spans[child], *trace_.words)) {
          copied = flow_[child];
        }
      }
      flow_[i] = copied;
    }
  }

  // Whether a model, tool or agent below `above` outlasted `span` and was not ended by control
  // flow.
  bool Continued(SpanIndex above, const SpanFacts& span) const {
    for (const SpanIndex child : trace_.Children(above)) {
      const SpanFacts& later = trace_.spans[child];
      if (later.span_id == span.span_id || later.kind == Kind::kSpan) continue;
      if (later.failed && flow_[child] != ControlFlow::kNone) continue;
      const bool has_order = later.sequence != 0 && span.sequence != 0;
      if (has_order ? later.sequence > span.sequence
                    : later.start_ns > span.start_ns && later.end_ns > span.end_ns) {
        return true;
      }
    }
    return false;
  }

  bool EndedWell(SpanIndex above) const {
    const SpanFacts& span = trace_.spans[above];
    return span.status == StatusCode::kOk || (span.has_output && !span.output_blank);
  }

  // Whether some ancestor continued or ended well. A cancelled call at the end of a run that does
  // not report success is what ended the run.
  bool IsExcused(SpanIndex span) const {
    const ControlFlow flow = flow_[span];
    if (flow == ControlFlow::kPause) return true;
    const SpanFacts& facts = trace_.spans[span];
    const bool gave_output = facts.has_output && !facts.output_blank;
    for (SpanIndex above = trace_.parent[span]; above != -1; above = trace_.parent[above]) {
      if (!trace_.spans[above].failed) {
        if (flow != ControlFlow::kCancel || gave_output || EndedWell(above)) return true;
      } else if (flow_[above] == ControlFlow::kPause) {
        return true;
      }
      const bool carries_it = flow_[above] == flow && flow != ControlFlow::kHandOff;
      if (!carries_it && Continued(above, facts)) return true;
    }
    if (trace_.parent[span] != -1) return false;
    // A root: it handed off and the run continued, or it had answered before it was cancelled.
    return flow == ControlFlow::kHandOff ? ContinuedAfterHandOff(span) : gave_output;
  }

  // Whether the run continued after a hand-off below the root.
  bool ContinuedAfterHandOff(SpanIndex root) const {
    for (const SpanIndex child : trace_.Children(root)) {
      if (flow_[child] == ControlFlow::kHandOff && Continued(root, trace_.spans[child]))
        return true;
    }
    return false;
  }

  Trace& trace_;
  const std::vector<SpanIndex>& top_down_;
  std::vector<ControlFlow> flow_;
};

}  // namespace

ControlFlow ControlFlowOf(std::string_view type, std::string_view text) {
  if (const ControlFlow flow = FlowOfClass(type); flow != ControlFlow::kNone) return flow;
  // "DOMException: This operation was aborted"
  const std::string_view class_name = ShortTypeName(type);
  if (!class_name.empty() && text.starts_with(class_name)) {
    const std::string_view rest = text.substr(class_name.size());
    if (rest.starts_with(": ")) text = rest.substr(2);
  }
  const ControlFlow flow = FlowOfText(text);
  // "EOF" with a class that names another fault is not the end of a stream.
  const bool has_class = !type.empty() && !type.ends_with("errorString");
  return flow == ControlFlow::kStreamEnd && has_class ? ControlFlow::kNone : flow;
}

std::int32_t ClearControlFlowFailures(Trace& trace, const std::vector<SpanIndex>& top_down) {
  return ControlFlowCleaner(trace, top_down).Run();
}

}  // namespace halo
