// SPDX-License-Identifier: MIT
// The messages of one run, as steps: each assistant message is a model call, each tool call in it a
// TOOL step, and the run an agent. A model call keeps the messages that are new since the call
// before it, so that what is stored grows with the run and not with its square. One thread.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>
#include <vector>

#include "engine/importers/chat_message.h"
#include "engine/importers/open_calls.h"
#include "engine/importers/run_spans.h"
#include "engine/json/json_tree.h"

namespace halo {

// What holds for all model calls of a run; empty where not given.
struct ChatDefaults {
  std::string_view model;
  std::string_view tools;          // JSON list of definitions
  std::string_view system_prompt;  // a message as JSON
};

class ChatRun {
 public:
  explicit ChatRun(RunSpans& spans) : spans_(spans) {}

  // Starts a run; its first step is an agent with this name.
  void Start(std::string_view agent, const ChatDefaults& defaults, const char* where);
  // Replaces the defaults; before the first message.
  void SetDefaults(const ChatDefaults& defaults);
  // False if it is not a message.
  bool Add(const JsonNode& message, const char* where);
  // Completes the steps. The root has the times of the first and last message where it has none.
  void End();

  std::int64_t messages() const { return messages_; }
  // Whether some model calls lack the tools they were offered: definitions are repeated on each
  // call of a run, but not without bound.
  bool lacks_tools() const { return lacks_tools_; }
  // Whether every step has its times.
  bool is_timed() const { return is_timed_; }

 private:
  void AddAssistant(const JsonNode& message, const char* where);
  void StartCall(const char* where);
  void EndCall();
  void AddToolCall(const ChatCall& call, const char* where);
  void AddResult(const ChatResult& result);
  void Answer(std::size_t step, const ChatResult& result);
  RunStep& model_call() { return spans_[static_cast<std::size_t>(call_)]; }

  RunSpans& spans_;
  ChatDefaults defaults_;
  ChatMessage message_;                    // that is being added
  std::vector<std::string_view> news_;     // messages since the last model call, as JSON
  std::vector<std::string_view> answers_;  // of the model call that is open
  OpenCalls pending_;                      // tool calls without a result
  std::set<std::string_view> of_user_;     // ids of the calls of a simulated user
  std::int64_t call_ = -1;                 // the model call that is open, or the last one
  bool call_is_open_ = false, items_ = false;
  bool last_asks_ = false;  // the last message of the model has tool calls
  std::string_view task_, answer_;
  std::int64_t messages_ = 0, user_turns_ = 0;
  std::int64_t first_ns_ = 0, last_ns_ = 0;
  bool is_timed_ = true;
  std::size_t message_bytes_ = 0, tools_bytes_ = 0;  // read; written
  bool lacks_tools_ = false;
};

}  // namespace halo
