// SPDX-License-Identifier: MIT
#include "tests/support/dump_turns.h"

#include <array>
#include <sstream>
#include <string_view>

namespace halo {
namespace {

constexpr std::array<std::string_view, 4> kKinds = {"tool", "hand-off", "step", "no span"};
constexpr std::array<std::string_view, 6> kBases = {"none", "id",   "request",
                                                    "text", "step", "order"};
constexpr std::array<std::string_view, 6> kOrigins = {"unknown", "system", "user",
                                                      "result",  "output", "nowhere"};
constexpr std::array<std::string_view, 5> kRoles = {"other", "system", "user", "assistant", "tool"};

template <class Names, class E>
std::string_view NameIn(const Names& names, E value) {
  return names[static_cast<std::size_t>(value)];
}

void DumpTurn(const Trace& trace, std::int32_t index, std::ostream& out) {
  const Turn& turn = trace.turns.all[index];
  const auto name = [&](SpanIndex i) {
    return i == -1 ? std::string_view("-") : trace.Text(trace.spans[i].name);
  };
  out << NameIn(kKinds, turn.kind) << ' ' << trace.Text(turn.tool);
  if (turn.kind != ActionKind::kNoSpan) out << " in " << name(turn.action);
  if (turn.failed) out << " FAILED " << trace.Text(turn.error);
  out << ": asked " << name(turn.asked_by);
  if (turn.call != -1) out << " #" << turn.call << '/' << turn.calls;
  out << " by " << NameIn(kBases, turn.asked_basis) << ", seen " << name(turn.seen_by);
  if (turn.result_at != -1) out << " @" << turn.result_at;
  out << " by " << NameIn(kBases, turn.seen_basis);
  const TurnUnknown& unknown = turn.unknown;
  if (unknown != TurnUnknown()) {
    out << "; not known:" << (unknown.asked ? " asked" : "") << (unknown.seen ? " seen" : "")
        << (unknown.result ? " result" : "") << (unknown.ids ? " ids" : "")
        << (unknown.tools ? " tools" : "") << (unknown.rest ? " rest" : "");
  }
  out << '\n';
  for (const Origin& origin : trace.turns.OriginsOf(index)) {
    out << "  value from " << NameIn(kOrigins, origin.kind);
    if (origin.span != -1) out << " in " << name(origin.span);
    if (origin.turn != -1) out << " of turn " << origin.turn;
    out << '\n';
  }
}

}  // namespace

std::string DumpTurns(const Trace& trace) {
  std::ostringstream out;
  const MessagePool& pool = trace.words->messages();
  const auto role = [&](MessageId message) { return NameIn(kRoles, pool[message].role); };
  for (std::size_t t = 0; t < trace.turns.all.size(); ++t) {
    DumpTurn(trace, static_cast<std::int32_t>(t), out);
  }
  for (const HandOff& hand_off : trace.turns.hand_offs) {
    out << "payload of turn " << hand_off.turn << ": "
        << trace.Text(trace.spans[hand_off.first_call].name) << " @" << hand_off.payload_at << '\n';
  }
  for (const PromptStep& step : trace.turns.prompts) {
    out << "prompt " << trace.Text(trace.spans[step.span].name) << ": " << step.length
        << " messages, " << step.kept << " kept, " << step.added << " added, new from "
        << step.newest_begin << (step.before != -1 && !step.judged ? ", not judged" : "") << '\n';
    for (const LostMessage& lost : trace.turns.LostOf(step)) {
      out << "  lost " << role(lost.message) << " @" << lost.at;
      if (lost.cut_to != 0) out << ", cut to @" << lost.left_at;
      out << '\n';
    }
  }
  return out.str();
}

}  // namespace halo
