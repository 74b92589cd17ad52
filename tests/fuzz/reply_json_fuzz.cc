// SPDX-License-Identifier: MIT
// Any answer of a service: it is read or refused, and what documents are made of it are whole.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/json/json_slices.h"
#include "engine/json/value_scanner.h"
#include "engine/sources/langfuse_scores.h"
#include "engine/sources/langfuse_traces.h"
#include "engine/sources/phoenix_annotations.h"
#include "engine/sources/reply_json.h"

namespace halo {
namespace {

// Values are copied as they are, so only their brackets must match.
void RequireObject(std::string_view text) {
  if (!text.starts_with('{') || !IsCompleteJson(text)) std::abort();
}

void ReadItem(std::string_view item) {
  if (!item.starts_with('{')) return;
  const langfuse::Trace trace = langfuse::ParseTrace(item);
  RequireObject("{" + trace.members + "}");
  for (const std::string& score : trace.scores) {
    langfuse::TraceOfScore(score);
    RequireObject(langfuse::PlainScore(score));
  }
  const std::string event = phoenix::EventOf(item, "\"2026-01-01T00:00:00Z\"");
  if (!event.empty()) RequireObject(event);
  const std::string events[] = {R"({"name":"x"})"};
  RequireObject(phoenix::SpanWith(item, events, "project"));
}

}  // namespace
}  // namespace halo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const halo::Result<halo::ReplyPage> page = halo::ReadPage(text, "traces");
  if (!page) return 0;
  for (const std::string_view item : page->items) {
    bool whole = halo::ForEachMemberText(item, [](std::string_view, std::string_view) {});
    if (whole) halo::ReadItem(item);
  }
  return 0;
}
