// SPDX-License-Identifier: MIT
#include "engine/importers/chat_lines.h"

#include <xxhash.h>

#include <memory>
#include <string>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/importers/chat_reader.h"
#include "engine/importers/chat_run.h"
#include "engine/importers/made_up_ids.h"
#include "engine/importers/session_lines.h"
#include "engine/json/json_keys.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

class ChatLinesReader final : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) override {
    lines_.ReadLines(record, sink, [](std::string_view) { return true; });
    run_.Start("agent", {}, nullptr);
    std::uint64_t content = 0;
    for (std::size_t i = 0; i < lines_.lines().size(); ++i) {
      const JsonNode& line = *lines_.lines()[i];
      content = MixHash(content, XXH3_64bits(line.written().data(), line.written().size()));
      if (run_.Add(line, nullptr)) continue;
      sink.OnReject({std::string(kNotASpan), lines_.offsets()[i], "a line without a role"});
    }
    run_.End();
    if (run_.messages() == 0) return;
    const std::string_view id = MadeUpTraceIdOf(content, record.offset, lines_.arena());
    spans_.HandOut(id, resource_, true, [&](const Span& span, const char*) { sink.OnSpan(span); });
  }

 private:
  SessionLines lines_;
  RunSpans spans_{lines_.arena()};
  ChatRun run_{spans_};
  Resource resource_;
};

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  return keys.is_json && !keys.is_array && IsChatMessage(keys) && !HoldsChatMessages(keys);
}

}  // namespace

const Importer kChatLines = {
    .name = "chat_lines",
    .description = {},
    .short_name = {},
    .framing = Framing::kWholeInput,
    .sniff = Sniff,
    .make_reader =
        [] { return std::unique_ptr<RecordReader>(std::make_unique<ChatLinesReader>()); },
};

}  // namespace halo
