// SPDX-License-Identifier: MIT
// Reads runs that are lists of chat messages: a list alone, or an object that has one among what it
// says about the run. Formats whose runs lie in a larger object are subclasses.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/importers/chat_run.h"
#include "engine/importers/json_record_reader.h"
#include "engine/importers/run_spans.h"
#include "engine/json/json_keys.h"
#include "engine/json/json_tree.h"

namespace halo {

class ChatReader : public JsonRecordReader {
 protected:
  // An object of the record, whole.
  virtual void ReadWhole(const JsonNode& object, const char* where);

  // A run as an object: its messages, and all else as attributes of its root. What the defaults
  // give holds unless the run says otherwise; `more` are attributes of its root, too.
  void ReadRun(const JsonNode& run, const ChatDefaults& defaults, const char* where,
               std::span<const Attribute> more = {});

 private:
  void ReadEnclosing(std::string_view, std::string_view) final {
    if (!in_pieces_) trees_.Reset();
  }
  void EndRecord() final;
  JsonError ReadRoot(Json& root) final;
  JsonError ReadObject(JsonObject& object) final;
  JsonError ReadItem(Json& item, bool& in_list);
  JsonError ReadMessageList(Json& list);
  // Null, and the object refused, if it is nested too deeply.
  JsonError Tree(JsonObject& object, const JsonNode*& out);

  void StartList(const char* where);
  void AddToList(const JsonNode& message, const char* where);
  void EndList();
  void AddMember(const JsonNode& member, ChatDefaults& defaults);
  void HandOut(std::string_view trace_id);
  void EndPieces();

  JsonTrees trees_;
  RunSpans spans_{values().arena()};
  ChatRun run_{spans_};
  std::string scratch_;
  std::string_view id_;             // that the run gives itself
  std::uint64_t content_hash_ = 0;  // of a list, so far
  std::uint64_t list_offset_ = 0;
  // A list that broke off comes message by message.
  bool in_pieces_ = false;
  Resource resource_;
};

// The list of messages in a run; null if there is none.
const JsonNode* MessagesOf(const JsonNode& run);

// Whether an input begins with a message, or with an object that has a list of them.
bool IsChatMessage(const JsonKeys& keys);
bool HoldsChatMessages(const JsonKeys& run);

// The keys under which runs keep their messages, the most common first.
inline constexpr std::string_view kMessageKeys[] = {
    "messages", "traj", "conversation", "trajectory", "dialogue", "chat_history", "conversations"};

}  // namespace halo
