// SPDX-License-Identifier: MIT
#include "tools/story/setup_drift.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/model/behaviour.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

// The models, version, prompts or tools of one run, as drift compares them.
std::string SetupOf(const TraceSummary& summary, std::string_view what) {
  std::string out;
  const auto add = [&](std::string_view word) { out.append(out.empty() ? "" : ", ").append(word); };
  if (what == "version") return summary.version;
  if (what == "model") {
    for (const std::string& model : summary.models) add(model);
    return out;
  }
  const BehaviourKind kind = what == "prompt" ? BehaviourKind::kPrompt : BehaviourKind::kTools;
  for (const std::string& text : summary.behaviours) {
    const std::optional<Behaviour> read = ParseBehaviour(text);
    if (!read || read->kind != kind) continue;
    add(read->a.empty() ? read->b : Cat(read->a, " ", read->b));
  }
  return out;
}

}  // namespace

std::vector<wire::CompareTracesOutput::Drift> SetupDrift(const TraceSummary& a,
                                                         const TraceSummary& b) {
  std::vector<wire::CompareTracesOutput::Drift> out;
  for (const std::string_view what : {"model", "version", "prompt", "tool_set"}) {
    const std::string in_a = SetupOf(a, what), in_b = SetupOf(b, what);
    if (in_a.empty() && in_b.empty()) continue;
    wire::CompareTracesOutput::Drift row;
    row.what = Words(what);
    if (!in_a.empty() && !in_b.empty()) row.variation = in_a == in_b ? 0 : 1;
    row.a = TraceName(in_a);
    row.b = TraceName(in_b);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace halo
