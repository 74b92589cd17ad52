// SPDX-License-Identifier: MIT
#include "engine/importers/chat_run.h"

#include <optional>

namespace halo {

namespace {

// Each model call keeps the tools that it was offered, because its facts are computed from it
// alone, also later, from what is stored. So that this stays linear in what is read, definitions
// are repeated up to this many bytes, and this many for each byte of messages.
constexpr std::size_t kFreeToolsBytes = 16u << 20;
constexpr std::size_t kToolsPerMessageByte = 64;

}  // namespace

using Role = ChatMessage::Role;

void ChatRun::Start(std::string_view agent, const ChatDefaults& defaults, const char* where) {
  spans_.Clear();
  news_.clear();
  answers_.clear();
  pending_.Clear();
  of_user_.clear();
  call_ = -1;
  call_is_open_ = items_ = last_asks_ = false;
  task_ = answer_ = {};
  messages_ = user_turns_ = 0;
  first_ns_ = last_ns_ = 0;
  is_timed_ = true;
  message_bytes_ = tools_bytes_ = 0;
  lacks_tools_ = false;
  spans_.Add(Kind::kAgent, agent, where);
  SetDefaults(defaults);
}

void ChatRun::SetDefaults(const ChatDefaults& defaults) {
  defaults_ = defaults;
  news_.clear();
  if (!defaults.system_prompt.empty()) news_.push_back(defaults.system_prompt);
}

bool ChatRun::Add(const JsonNode& message, const char* where) {
  if (!message.is_object() || !message.is_valid()) return false;
  ReadChatMessage(message, spans_.arena(), message_);
  if (message_.role == Role::kNone) return false;
  ++messages_;
  message_bytes_ += message.written().size();
  if (message_.role == Role::kAssistant) {
    AddAssistant(message, where);
  } else {
    if (call_is_open_) EndCall();
    for (const ChatResult& result : message_.results) AddResult(result);
    if (message_.role == Role::kUser) {
      for (const ChatCall& call : message_.calls) of_user_.insert(call.id);
      if (message_.has_text) {
        ++user_turns_;
        if (task_.empty()) task_ = message.written();
      }
    }
    news_.push_back(message.written());
  }
  is_timed_ = is_timed_ && message_.time_ns > 0;
  if (message_.time_ns > 0) {
    if (first_ns_ == 0) first_ns_ = message_.time_ns;
    last_ns_ = message_.time_ns;
  }
  return true;
}

void ChatRun::AddAssistant(const JsonNode& message, const char* where) {
  if (call_is_open_ && !(message_.is_item && items_)) EndCall();
  if (!call_is_open_) StartCall(where);
  items_ = message_.is_item;
  answers_.push_back(message.written());
  RunStep& step = model_call();
  if (message_.time_ns > 0) step.end_ns = message_.time_ns;
  std::vector<Attribute>& to = step.attributes;
  AddText("gen_ai.response.model", message_.model, to);
  if (message_.model.empty()) AddText("gen_ai.request.model", defaults_.model, to);
  AddText("gen_ai.response.finish_reason", message_.finish_reason, to);
  if (!message_.usage.empty()) to.push_back({"gen_ai.usage", Value::Json(message_.usage)});
  if (message_.cost_usd >= 0) {
    to.push_back({"gen_ai.usage.cost", Value::Double(message_.cost_usd)});
  }
  last_asks_ = !message_.calls.empty();
  answer_ = last_asks_ ? std::string_view() : message.written();
  for (const ChatCall& call : message_.calls) AddToolCall(call, where);
}

void ChatRun::StartCall(const char* where) {
  call_ = static_cast<std::int64_t>(spans_.size());
  call_is_open_ = true;
  RunStep& step = spans_.Add(Kind::kLlm, {}, where);
  step.start_ns = last_ns_;
  std::vector<Attribute>& to = step.attributes;
  if (!news_.empty()) {
    const std::string_view list = JoinJsonList(news_, spans_.arena());
    to.push_back({"gen_ai.input.messages", Value::Json(list)});
    news_.clear();
  }
  to.push_back({kUserTurnsKey, Value::Int(user_turns_)});
  if (defaults_.tools.empty()) return;
  const std::size_t bytes = tools_bytes_ + defaults_.tools.size();
  if (tools_bytes_ > 0 && bytes > kFreeToolsBytes + kToolsPerMessageByte * message_bytes_) {
    lacks_tools_ = true;
    return;
  }
  tools_bytes_ = bytes;
  to.push_back({"gen_ai.tool.definitions", Value::Json(defaults_.tools)});
}

void ChatRun::EndCall() {
  call_is_open_ = false;
  const std::string_view list = JoinJsonList(answers_, spans_.arena());
  model_call().attributes.push_back({"gen_ai.output.messages", Value::Json(list)});
  answers_.clear();
}

void ChatRun::AddToolCall(const ChatCall& call, const char* where) {
  pending_.Add(spans_.size(), call.id, call.name);
  RunStep& step = spans_.Add(Kind::kTool, call.name, where);
  step.start_ns = message_.time_ns;
  AddText("gen_ai.tool.call.id", call.id, step.attributes);
  if (call.arguments.type != Value::Type::kNull) {
    step.attributes.push_back({"gen_ai.tool.call.arguments", call.arguments});
  }
}

// The results of calls without ids come in the order of the calls.
void ChatRun::AddResult(const ChatResult& result) {
  const bool is_user = message_.of_user || (!result.id.empty() && of_user_.contains(result.id));
  if (is_user) return;
  if (const std::optional<std::size_t> asked = pending_.TakeMatch(result.id, result.name)) {
    Answer(*asked, result);
  } else if (!result.name.empty()) {
    // The model wrote the call as text.
    const std::size_t step = spans_.size();
    spans_.Add(Kind::kTool, result.name, spans_[step - 1].where);
    AddText("gen_ai.tool.call.id", result.id, spans_[step].attributes);
    Answer(step, result);
  }
}

void ChatRun::Answer(std::size_t index, const ChatResult& result) {
  RunStep& step = spans_[index];
  if (message_.time_ns > 0) step.end_ns = message_.time_ns;
  if (result.value.type != Value::Type::kNull) {
    step.attributes.push_back({"gen_ai.tool.call.result", result.value});
  }
  if (result.failed) step.attributes.push_back({"is_error", Value::Bool(true)});
}

void ChatRun::End() {
  if (call_is_open_) EndCall();
  // A call at the end of the transcript has not returned; one in its middle has, somehow.
  if (last_asks_ && news_.empty()) {
    pending_.ForEach([&](std::size_t step) { spans_[step].end_ns = 0; });
  }
  RunStep& root = spans_[0];
  if (root.start_ns == 0) root.start_ns = first_ns_;
  if (root.end_ns == kUnknownEnd && is_timed_ && last_ns_ > 0) root.end_ns = last_ns_;
  const auto list = [&](std::string_view item) {
    return Value::Json(spans_.arena().Join({"[", item, "]"}));
  };
  if (!task_.empty()) root.attributes.push_back({"gen_ai.input.messages", list(task_)});
  if (!answer_.empty()) root.attributes.push_back({"gen_ai.output.messages", list(answer_)});
}

}  // namespace halo
