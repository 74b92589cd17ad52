// SPDX-License-Identifier: MIT
// A tool that looks something up gives one and the same text for three or more different arguments,
// and nothing else in the run: a cache that ignores its key, a stub, a default page. Not the texts
// that other runs get for good: those that the tool also gave to runs that saw different texts ("no
// results"), and all texts of a tool that hardly ever distinguishes ("ok"). So at least 30 % of the
// other runs that gave the tool different arguments must have seen different texts. Not tools that
// act or poll (tool_words.h), failed calls, blank or masked results. Read by hand on labelled runs
// of research agents; not measured. It comes before the detectors of repeats, whose findings in the
// same calls are its effects.
// Wasted: nothing, since the findings are candidates.
// Eligible: traces in which a tool was called with at least two different arguments, and its
// results were recorded. Others show nothing either way.
#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/detectors/detector.h"
#include "engine/detectors/tool_words.h"

namespace halo {
namespace {

constexpr std::size_t kMostTexts = 32;          // of a tool, those with the smallest hashes
constexpr std::int64_t kFewestDifferent = 300;  // thousandths of the other runs

// A tool that an agent called with at least two different arguments.
struct Asked {
  std::string_view agent, tool;
  std::vector<std::uint64_t> requests;  // distinct
  std::vector<std::int64_t> texts;      // distinct, in order
  std::vector<const Turn*> turns;
};

// The hash of the text that the call got; 0 if it was not recorded, or cannot be compared.
std::int64_t TextOf(const Trace& trace, const Turn& turn) {
  const MessagePool& messages = trace.words->messages();
  MessageId result = turn.result;
  if (turn.action != -1 && trace.spans[turn.action].answer != 0) {
    result = messages.Newest(trace.spans[turn.action].answer);
  }
  if (result == 0 || messages[result].Has(MessageMark::kMasked)) return 0;
  const std::uint64_t hash = messages[result].hash;
  // Never one of TextKind.
  return hash == 0 ? 0 : static_cast<std::int64_t>(hash) + 2;
}

template <class T>
void Unite(std::vector<T>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<Asked> Look(const Trace& trace) {
  struct Call {
    StringId agent, tool;
    const Turn* turn;
  };
  std::vector<Call> calls;
  for (const Turn& turn : trace.turns.all) {
    if (turn.kind != ActionKind::kTool && turn.kind != ActionKind::kNoSpan) continue;
    if (turn.failed || turn.request == 0 || turn.tool == 0 || turn.at() == -1) continue;
    calls.push_back({trace.agent[turn.at()], turn.tool, &turn});
  }
  std::vector<Asked> tools;
  if (calls.size() < 2) return tools;
  std::stable_sort(calls.begin(), calls.end(), [](const Call& a, const Call& b) {
    return std::tie(a.agent, a.tool) < std::tie(b.agent, b.tool);
  });
  for (auto begin = calls.begin(), end = begin; begin != calls.end(); begin = end) {
    end = std::find_if(begin, calls.end(), [&](const Call& call) {
      return call.agent != begin->agent || call.tool != begin->tool;
    });
    const std::string_view tool = trace.Text(begin->tool);
    if (end - begin < 2 || NameActs(tool) || NamePolls(tool)) continue;
    Asked asked;
    asked.agent = trace.Text(begin->agent);
    asked.tool = trace.Text(begin->tool);
    for (auto call = begin; call != end; ++call) {
      const std::int64_t text = TextOf(trace, *call->turn);
      if (text == 0) continue;
      asked.requests.push_back(call->turn->request);
      asked.texts.push_back(text);
      asked.turns.push_back(call->turn);
    }
    Unite(asked.requests);
    Unite(asked.texts);
    if (asked.requests.size() >= 2) tools.push_back(std::move(asked));
  }
  std::sort(tools.begin(), tools.end(), [](const Asked& a, const Asked& b) {
    return std::tie(a.agent, a.tool) < std::tie(b.agent, b.tool);
  });
  return tools;
}

bool Eligible(const Trace& trace) { return !Look(trace).empty(); }

void DoMeasure(const Trace& trace, std::vector<Measure>& out) {
  for (const Asked& asked : Look(trace)) {
    const bool differ = asked.texts.size() > 1;
    const auto add = [&](std::int64_t value) {
      out.push_back({0, std::string(asked.agent), std::string(asked.tool), value, 1});
    };
    add(static_cast<std::int64_t>(differ ? TextKind::kDifferentTexts : TextKind::kOneText));
    if (!differ) continue;
    const std::size_t kept = std::min(asked.texts.size(), kMostTexts);
    for (std::size_t i = 0; i < kept; ++i) add(asked.texts[i]);
  }
}

void Find(const Trace& trace, std::vector<Finding>& out) {
  for (const Asked& asked : Look(trace)) {
    if (asked.texts.size() != 1 ||
        static_cast<double>(asked.requests.size()) < trace.thresholds.same_answer_arguments) {
      continue;
    }
    Finding& finding = out.emplace_back();
    finding.locus.agent = asked.agent;
    finding.locus.tool = asked.tool;
    finding.signature = "one text for different arguments";
    // The first answer may be right: the second call is the first that shows the fault.
    const auto other = std::find_if(asked.turns.begin(), asked.turns.end(), [&](const Turn* turn) {
      return turn->request != asked.turns.front()->request;
    });
    for (const Turn* const turn : asked.turns) finding.spans.push_back(turn->at());
    finding.occurrences = static_cast<std::int32_t>(asked.turns.end() - other);
    CiteTurn(trace, **other, finding);
    const SpanIndex first = asked.turns.front()->action;
    if (first != -1) {
      finding.Cite(EvidenceRole::kRepeated, first, trace.spans[first].result_quote);
    }
    finding.condition = Condition::kTextOfFault;
    finding.value = asked.texts.front();
    finding.limit = kFewestDifferent;
  }
}

}  // namespace

TraceDetector SameAnswerForAll() {
  return {.id = 24,
          .name = "same_answer_for_all",
          .category = "error",
          .severity = Severity::kMedium,
          .confidence = Confidence::kCandidate,
          .end_of_run = false,
          .title = "{tool} gives the same answer whatever it is asked",
          .eligible = Eligible,
          .find = Find,
          .measure = DoMeasure};
}

}  // namespace halo
