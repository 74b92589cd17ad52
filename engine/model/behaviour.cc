// SPDX-License-Identifier: MIT
#include "engine/model/behaviour.h"

#include <algorithm>
#include <charconv>

namespace halo {
namespace {

// By kind.
constexpr std::string_view kLetters = "tnzpflahureFEidkmwySCAX";
static_assert(kLetters.size() == kBehaviourKinds);
constexpr char kBetween = '\x1f';

void AppendPart(std::string_view part, std::string& out) {
  out.push_back(kBetween);
  const std::size_t at = out.size();
  out.append(part);
  std::replace(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), kBetween, ' ');
}

}  // namespace

std::string BehaviourText(BehaviourKind kind, std::int64_t n, std::string_view a,
                          std::string_view b) {
  std::string out(1, kLetters[static_cast<std::size_t>(kind)]);
  if (n != 0) out += std::to_string(n);
  if (a.empty() && b.empty()) return out;
  AppendPart(a, out);
  if (!b.empty()) AppendPart(b, out);
  return out;
}

std::optional<Behaviour> ParseBehaviour(std::string_view text) {
  const std::size_t kind = text.empty() ? kLetters.npos : kLetters.find(text.front());
  if (kind == kLetters.npos) return std::nullopt;
  Behaviour behaviour{static_cast<BehaviourKind>(kind)};
  const std::size_t end = std::min(text.find(kBetween), text.size());
  if (end > 1) {
    const auto read = std::from_chars(text.data() + 1, text.data() + end, behaviour.n);
    if (read.ec != std::errc() || read.ptr != text.data() + end) return std::nullopt;
  }
  if (end == text.size()) return behaviour;
  text.remove_prefix(end + 1);
  const std::size_t second = text.find(kBetween);
  behaviour.a = text.substr(0, second);
  if (second != text.npos) behaviour.b = text.substr(second + 1);
  return behaviour;
}

}  // namespace halo
