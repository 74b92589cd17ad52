// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/buffered_framer.h"

namespace halo {

// Whose session files are cut into turns.
enum class TurnStyle : std::uint8_t { kClaudeCode, kCodex };

// The lines of an agent's session: those from one prompt to the next are a record, since the
// meaning of a line depends on the lines before it. A turn over 32 MB is cut between two lines.
// The last turn is handed out as far as it has come, and read again with what follows.
//
// Codex names the session in its first line only: that line is the `resource` of every record, and
// Recall must give it to a read that resumes.
class TurnFramer final : public BufferedFramer {
 public:
  explicit TurnFramer(TurnStyle style) : style_(style) {}
  void Recall(std::string_view first_line) override { KeepContext(first_line); }
  void Commit(std::size_t size, std::vector<RecordBatch>& out) override;
  void Finish(bool more_may_follow, std::vector<RecordBatch>& out) override;

 private:
  Frame Next(std::string_view held, bool at_end) override;
  bool CanResume() const override {
    return !skipping_ && (style_ == TurnStyle::kClaudeCode || (context_ && !cut_inside_));
  }
  bool BeginsTurn(std::string_view line);
  bool BeginsCodexTurn(std::string_view line);
  void KeepContext(std::string_view line);
  void ShareContext(std::vector<RecordBatch>& out, std::size_t from);

  const TurnStyle style_;
  std::size_t scanned_ = 0;  // bytes of the frame that is being looked for, up to a line's start
  bool skipping_ = false;    // skips the rest of a line that is too long
  bool says_start_ = false;  // the session has lines that say that a turn starts
  bool cut_inside_ = false;  // a frame may begin within a turn, which does not tell says_start_
  std::shared_ptr<const std::string> context_;  // with padding
};

}  // namespace halo
