// SPDX-License-Identifier: MIT
#include "engine/importers/tau2_results.h"

#include <memory>
#include <string_view>

#include "engine/importers/chat_reader.h"
#include "engine/json/json_keys.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

const JsonNode* Find(const JsonNode* object, std::string_view key) {
  return object != nullptr && object->is_object() ? object->Find(key) : nullptr;
}

class Tau2Reader final : public ChatReader {
  void ReadWhole(const JsonNode& results, const char* where) override {
    const JsonNode* const simulations = results.Find("simulations");
    if (simulations == nullptr || !simulations->is_array()) {
      // One simulation, cut out of its list.
      if (MessagesOf(results) != nullptr) return ReadSimulation(results, {}, where);
      return Refuse(kNotASpan, where, "neither simulations nor messages in it");
    }
    ChatDefaults defaults;
    const JsonNode* const info = results.Find("info");
    defaults.model = TextOf(Find(Find(info, "agent_info"), "llm"));
    const JsonNode* const tools = Find(Find(info, "environment_info"), "tool_defs");
    if (tools != nullptr && tools->is_array() && tools->is_valid()) {
      defaults.tools = tools->written();
    }
    for (const JsonNode& simulation : *simulations) {
      if (simulation.is_object() && MessagesOf(simulation) != nullptr) {
        ReadSimulation(simulation, defaults, where);
      } else {
        Refuse(kNotASpan, where, "a simulation without messages");
      }
    }
  }

  void ReadSimulation(const JsonNode& simulation, const ChatDefaults& defaults, const char* where) {
    more_.clear();
    const JsonNode* const reward = Find(simulation.Find("reward_info"), "reward");
    if (reward != nullptr && PlainValue(*reward).type != Value::Type::kNull) {
      more_.push_back({"reward", PlainValue(*reward)});
    }
    // "max_steps" ends a run as a limit does.
    AddText("gen_ai.response.finish_reason", TextOf(simulation.Find("termination_reason")), more_);
    ReadRun(simulation, defaults, where, more_);
  }

  std::vector<Attribute> more_;
};

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (keys.is_array || !keys.Has("info")) return false;
  const JsonKeys info = TopKeys(keys.ValueOf("info"));
  return info.HasAll("agent_info", "user_info") || (info.Has("user_info") && !info.complete);
}

}  // namespace

const Importer kTau2Results = {
    .name = "tau2_results",
    .description = "tau2-bench's results: {\"info\", \"tasks\", \"simulations\": [...]}",
    .short_name = "tau2-bench results",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Tau2Reader>()); },
};

}  // namespace halo
