// SPDX-License-Identifier: MIT
#include "tools/story/prompt_beginning.h"

#include <string>

#include "engine/model/message_place.h"
#include "engine/trace/call_roles.h"

namespace halo {

TraceText PromptBeginning(Engine& engine, const TraceKey& key, std::uint32_t prompt) {
  constexpr std::size_t kBytes = 100;
  const Result<TraceReading> reading = engine.ReadTrace(key);
  if (!reading) return {};
  const std::vector<CallPurpose> purposes = FindCallPurposes(reading->trace);
  for (std::size_t i = 0; i < purposes.size(); ++i) {
    if (purposes[i].prompt != prompt) continue;
    const StoredEvidence first{EvidenceRole::kAsked,
                               {std::string(reading->trace.Text(reading->trace.spans[i].span_id)),
                                PlaceText({MessagePlace::Kind::kPrompt, 0, {}}), 0, 0}};
    const auto shown = engine.ReadEvidence(*reading, {&first, 1}, kBytes);
    if (shown && !shown->empty()) return TraceText(shown->front().text, kBytes);
    break;
  }
  return {};
}

}  // namespace halo
