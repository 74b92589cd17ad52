// SPDX-License-Identifier: MIT
#include "engine/framing/turn_framer.h"

#include <initializer_list>

#include "engine/json/json_space.h"
#include "engine/model/reject_reasons.h"

namespace halo {
namespace {

// What a quoted text says has its quotes escaped, so these are members of some object of the line.
bool Holds(std::string_view line, std::initializer_list<std::string_view> members) {
  for (const std::string_view member : members) {
    if (line.find(member) != std::string_view::npos) return true;
  }
  return false;
}

// A prompt of the user, and not the result of a tool, a note of the program or a subagent's prompt.
bool IsClaudeCodePrompt(std::string_view line) {
  return Holds(line, {R"("type":"user")"}) &&
         !Holds(line, {R"("type":"assistant")", R"("type":"tool_result")", R"("toolUseResult":)",
                       R"("isMeta":true)", R"("isSidechain":true)", R"("isCompactSummary":true)",
                       R"("[Request interrupted by user)"});
}

}  // namespace

void TurnFramer::Commit(std::size_t size, std::vector<RecordBatch>& out) {
  const std::size_t before = out.size();
  BufferedFramer::Commit(size, out);
  ShareContext(out, before);
}

void TurnFramer::Finish(bool more_may_follow, std::vector<RecordBatch>& out) {
  const std::size_t before = out.size();
  BufferedFramer::Finish(true, out);
  if (!skipping_) Peek(!more_may_follow, out);
  ShareContext(out, before);
}

void TurnFramer::ShareContext(std::vector<RecordBatch>& out, std::size_t from) {
  if (!context_) return;
  const std::string_view context(context_->data(), context_->size() - kJsonPadding);
  for (; from < out.size(); ++from) {
    out[from].shared = context_;
    for (Record& record : out[from].records) record.resource = context;
  }
}

bool TurnFramer::BeginsTurn(std::string_view line) {
  return style_ == TurnStyle::kCodex ? BeginsCodexTurn(line) : IsClaudeCodePrompt(line);
}

bool TurnFramer::BeginsCodexTurn(std::string_view line) {
  KeepContext(line);
  if (!Holds(line, {R"("type":"event_msg")"})) return false;
  const bool says_start = Holds(line, {R"("type":"task_started")"});
  says_start_ = says_start_ || says_start;
  return says_start || (!says_start_ && Holds(line, {R"("type":"user_message")"}));
}

void TurnFramer::KeepContext(std::string_view line) {
  if (context_ || !Holds(line, {R"("type":"session_meta")"})) return;
  context_ = std::make_shared<const std::string>(std::string(TrimJsonSpace(line)) +
                                                 std::string(kJsonPadding, ' '));
}

BufferedFramer::Frame TurnFramer::Next(std::string_view held, bool at_end) {
  if (skipping_) {
    const std::size_t feed = held.find('\n');
    skipping_ = feed == std::string_view::npos;
    return {skipping_ ? held.size() : feed + 1, {}, {}};
  }
  const auto frame = [&](std::size_t size) {
    scanned_ = 0;
    return Frame{size, TrimJsonSpace(held.substr(0, size)), {}};
  };
  std::size_t begin = scanned_;
  for (std::size_t feed; (feed = held.find('\n', begin)) != std::string_view::npos;
       begin = feed + 1) {
    if (BeginsTurn(held.substr(begin, feed - begin)) && begin > 0) return frame(begin);
  }
  if (at_end) return frame(held.size());
  if (held.size() <= kMaxSpanBytes) {
    scanned_ = begin;
    return {};
  }
  cut_inside_ = true;
  if (begin > 0) return frame(begin);
  scanned_ = 0;
  skipping_ = true;
  return {held.size(), {}, kRecordTooLarge, "a line over 32 MB"};
}

}  // namespace halo
