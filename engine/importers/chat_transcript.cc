// SPDX-License-Identifier: MIT
#include "engine/importers/chat_transcript.h"

#include <memory>
#include <string_view>

#include "engine/importers/chat_reader.h"
#include "engine/json/json_keys.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

class ChatTranscriptReader final : public ChatReader {};

bool Sniff(const InputHead& head) {
  std::string_view value = head.value;
  if (value.starts_with('[') && SkipJsonSpace(value.substr(1)).starts_with('[')) {
    value = SkipJsonSpace(value.substr(1));
  }
  const JsonKeys keys = TopKeys(value);
  if (!keys.is_json) return false;
  return HoldsChatMessages(keys) || (keys.is_array && IsChatMessage(keys));
}

}  // namespace

const Importer kChatTranscript = {
    .name = "chat_transcript",
    .description =
        "chat transcripts: a list of messages with role and content a run, alone or in an object "
        "({\"messages\": [...]}), with OpenAI's or Anthropic's tool calls; tau-bench's results "
        "(task_id, reward, traj)",
    .short_name = "chat transcripts",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader =
        [] { return std::unique_ptr<RecordReader>(std::make_unique<ChatTranscriptReader>()); },
};

}  // namespace halo
