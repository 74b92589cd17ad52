// SPDX-License-Identifier: MIT
#include "engine/importers/codex_session.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/importers/chat_message.h"
#include "engine/importers/made_up_ids.h"
#include "engine/importers/open_calls.h"
#include "engine/importers/run_spans.h"
#include "engine/importers/session_lines.h"
#include "engine/json/json_keys.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

using ascii::IsOneOf;
using Role = ChatMessage::Role;

constexpr std::string_view kAgentName = "codex";

const JsonNode* Find(const JsonNode* object, std::string_view key) {
  return object != nullptr && object->is_object() ? object->Find(key) : nullptr;
}

bool IsWanted(std::string_view line) {
  return line.find(R"("world_state")") == std::string_view::npos || line.size() < 1024;
}

// The text after "Output:", or all of it.
std::string_view OutputIn(std::string_view result) {
  constexpr std::string_view kMark = "Output:\n";
  const std::size_t mark = result.find(kMark);
  return mark == result.npos ? result : result.substr(mark + kMark.size());
}

// What a tool says of its failure; empty if it does not say that it failed. The number that ends a
// line of the head is the exit code.
std::string_view FailureInText(std::string_view result) {
  if (result.starts_with("unsupported call:") ||
      result.starts_with("unsupported custom tool call:")) {
    return result;
  }
  const std::string_view head = result.substr(0, result.find("Output:\n"));
  for (const std::string_view words : {"Process exited with code ", "Exit code: "}) {
    const std::size_t at = head.find(words);
    if (at == head.npos) continue;
    const std::string_view code = head.substr(at + words.size());
    if (code.starts_with('0')) return {};
    const std::string_view output = TrimJsonSpace(OutputIn(result));
    return output.empty() ? head.substr(at, head.find('\n', at) - at) : output;
  }
  return {};
}

// The same for {"output": ..., "metadata": {"exit_code": ...}}.
std::string_view FailureInJson(const JsonNode* result) {
  const JsonNode* const code = Find(Find(result, "metadata"), "exit_code");
  std::int64_t number = 0;
  if (code == nullptr || !code->Integer(number) || number == 0) return {};
  const std::string_view output = TrimJsonSpace(TextOf(Find(result, "output")));
  return output.empty() ? std::string_view("exit code other than 0") : output;
}

// Reads the lines of one turn.
class TurnReader {
 public:
  explicit TurnReader(SessionLines& session) : lines_(session), spans_(session.arena()) {}

  void Start(const JsonNode* session);
  void Add(const JsonNode& line);
  // The lines before the first prompt are no turn.
  void End(SpanSink& sink, std::string_view first_time);

 private:
  void AddEvent(std::string_view type, const JsonNode& payload);
  void AddItem(const JsonNode& item);
  void AddAnswer(const JsonNode& item);
  void AddResult(const ChatResult& result);
  void AddCompletedItem(const JsonNode* item);
  void AddUsage(const JsonNode* usage, std::string_view total, bool is_event);
  void StartCall();
  void EndCall();
  void SetTask(std::string_view text_json);

  SessionLines& lines_;
  RunSpans spans_;
  OpenCalls calls_;                                // without a result
  std::map<std::string_view, std::size_t> known_;  // the steps of all, by id
  std::vector<std::string_view> news_, items_;
  std::size_t call_ = 0, last_call_ = 0;  // the model call that is open; the last one
  bool last_has_usage_ = false, has_records_ = false, asks_ = false, ended_ = false;
  bool has_prompt_ = false;  // a line says that the user wrote
  std::string_view total_;   // of all tokens, when they were last counted
  std::string_view turn_, session_, version_, provider_, model_, task_, answer_, error_;
  std::int64_t now_ns_ = 0, asked_ns_ = 0, last_ns_ = 0;
  std::int64_t user_turns_ = 0;
  ChatMessage message_;
};

void TurnReader::Start(const JsonNode* session) {
  spans_.Clear();
  calls_.Clear();
  known_.clear();
  news_.clear();
  items_.clear();
  call_ = last_call_ = 0;
  last_has_usage_ = has_records_ = asks_ = ended_ = has_prompt_ = false;
  total_ = turn_ = model_ = task_ = answer_ = error_ = {};
  now_ns_ = asked_ns_ = last_ns_ = user_turns_ = 0;
  const JsonNode* const payload = Find(session, "payload");
  session_ = TextOf(Find(payload, "id"));
  version_ = TextOf(Find(payload, "cli_version"));
  provider_ = TextOf(Find(payload, "model_provider"));
  RunStep& root = spans_.Add(Kind::kAgent, kAgentName, nullptr);
  AddText("gen_ai.agent.name", kAgentName, root.attributes);
  AddText("session.id", session_, root.attributes);
  AddText("cwd", TextOf(Find(payload, "cwd")), root.attributes);
}

void TurnReader::Add(const JsonNode& line) {
  const JsonNode* const payload = line.Find("payload");
  if (payload == nullptr || !payload->is_object()) return;
  const std::string_view type = TextOf(line.Find("type"));
  now_ns_ = TimeOf(line.Find("timestamp"));
  if (type == "session_meta") return;
  if (turn_.empty()) turn_ = TextOf(payload->Find("turn_id"));
  if (type == "turn_context") {
    model_ = TextOf(payload->Find("model"));
  } else if (type == "response_item") {
    AddItem(*payload);
  } else if (type == "token_usage_record") {
    has_records_ = true;
    AddUsage(payload->Find("usage"), {}, false);
  } else if (type == "event_msg") {
    AddEvent(TextOf(payload->Find("type")), *payload);
  }
  const bool of_next = type == "response_item" && message_.role == Role::kUser;
  if (now_ns_ == 0 || of_next) return;
  if (asked_ns_ == 0) asked_ns_ = now_ns_;
  if (spans_[0].start_ns == 0) spans_[0].start_ns = now_ns_;
  last_ns_ = std::max(last_ns_, now_ns_);
}

void TurnReader::AddEvent(std::string_view type, const JsonNode& payload) {
  if (type == "user_message") {
    const JsonNode* const text = payload.Find("message");
    has_prompt_ = true;
    if (text != nullptr && text->is_string()) SetTask(text->written());
    // In older files the message itself comes before this line, and so in the turn before.
    if (news_.empty() && last_call_ == 0 && !task_.empty()) {
      news_.push_back(task_);
      user_turns_ = 1;
    }
  } else if (type == "item_completed") {
    AddCompletedItem(payload.Find("item"));
  } else if (type == "token_count") {
    const JsonNode* const info = payload.Find("info");
    const JsonNode* const total = Find(info, "total_token_usage");
    if (total != nullptr) AddUsage(Find(info, "last_token_usage"), total->written(), true);
  } else if (type == "task_complete") {
    ended_ = true;
  } else if (type == "turn_aborted") {
    ended_ = true;
    AddText("gen_ai.response.finish_reason", TextOf(payload.Find("reason")), spans_[0].attributes);
  } else if (type == "error") {
    error_ = TextOf(payload.Find("message"));
  }
}

void TurnReader::SetTask(std::string_view text_json) {
  if (task_.empty()) {
    task_ = spans_.arena().Join({R"({"role":"user","content":)", text_json, "}"});
  }
}

// Says how a tool ended, for which its output has only words.
void TurnReader::AddCompletedItem(const JsonNode* item) {
  if (TextOf(Find(item, "status")) != "failed") return;
  const auto call = known_.find(TextOf(item->Find("id")));
  if (call == known_.end()) return;
  spans_[call->second].attributes.push_back({"is_error", Value::Bool(true)});
}

void TurnReader::AddItem(const JsonNode& item) {
  ReadChatMessage(item, spans_.arena(), message_);
  if (message_.role == Role::kAssistant) return AddAnswer(item);
  if (message_.role == Role::kNone) return;
  EndCall();
  const std::vector<ChatResult> results = message_.results;
  for (const ChatResult& result : results) AddResult(result);
  if (message_.role == Role::kUser) {
    const JsonNode* const content = item.Find("content");
    const Value text = content == nullptr ? Value() : ResultValue(*content, spans_.arena());
    // The harness speaks in tags: "<environment_context>".
    const bool is_prompt = !text.text.empty() && !text.text.starts_with('<');
    user_turns_ += is_prompt;
    if (is_prompt && content->is_array()) SetTask(content->written());
  }
  news_.push_back(item.written());
  if (now_ns_ > 0) asked_ns_ = now_ns_;
}

void TurnReader::AddAnswer(const JsonNode& item) {
  if (call_ == 0) StartCall();
  if (now_ns_ > 0) spans_[call_].end_ns = now_ns_;
  items_.push_back(item.written());
  const bool speaks = message_.has_text;
  const std::vector<ChatCall> calls = message_.calls;
  asks_ = !calls.empty();
  if (asks_) answer_ = {};
  if (speaks) answer_ = item.written();
  for (const ChatCall& call : calls) {
    const std::string_view server = TextOf(item.Find("namespace"));
    const std::string_view name =
        server.empty() ? call.name : spans_.arena().Join({server, "__", call.name});
    const std::size_t index = spans_.size();
    RunStep& tool = spans_.Add(Kind::kTool, name, nullptr);
    tool.start_ns = now_ns_;
    // Tools that the provider runs, such as its search, have no result of their own.
    const bool has_result = item.Find("call_id") != nullptr;
    tool.end_ns = has_result ? 0 : now_ns_;
    AddText("gen_ai.tool.call.id", call.id, tool.attributes);
    if (call.arguments.type != Value::Type::kNull) {
      tool.attributes.push_back({"gen_ai.tool.call.arguments", call.arguments});
    }
    if (has_result) calls_.Add(index, call.id, {});
    known_.try_emplace(call.id, index);
  }
}

void TurnReader::AddResult(const ChatResult& result) {
  const std::optional<std::size_t> call = calls_.TakeId(result.id);
  if (!call) return;
  RunStep& step = spans_[*call];
  step.end_ns = now_ns_ > 0 ? now_ns_ : kUnknownEnd;
  if (result.value.type != Value::Type::kNull) {
    step.attributes.push_back({"gen_ai.tool.call.result", result.value});
  }
  if (result.failed) step.attributes.push_back({"is_error", Value::Bool(true)});
  const std::string_view output = result.value.text;
  const bool is_json = output.starts_with('{');
  step.error = is_json ? FailureInJson(lines_.Parse(output)) : FailureInText(output);
}

// A count comes after its call: a record at once, an event sometimes after the results. Events
// repeat a count when something else changes.
void TurnReader::AddUsage(const JsonNode* usage, std::string_view total, bool is_event) {
  const bool repeats = is_event && std::exchange(total_, total) == total;
  if (usage == nullptr || (is_event && has_records_) || repeats) return;
  if (is_event && last_call_ == 0) return;  // of the turn before
  if (last_call_ == 0 || last_has_usage_) {
    // A call whose answer is not kept.
    EndCall();
    StartCall();
    if (now_ns_ > 0) spans_[call_].end_ns = now_ns_;
  }
  last_has_usage_ = true;
  // Of two versions of a call, that with its count must end later, to replace the other.
  std::int64_t& end_ns = spans_[last_call_].end_ns;
  if (end_ns > 0) end_ns = is_event ? end_ns + 1 : std::max(now_ns_, end_ns + 1);
  constexpr std::pair<std::string_view, std::string_view> kCounts[] = {
      {"input_tokens", "gen_ai.usage.input_tokens"},
      {"output_tokens", "gen_ai.usage.output_tokens"},
      {"cached_input_tokens", "gen_ai.usage.cache_read.input_tokens"},
      {"cache_write_input_tokens", "gen_ai.usage.cache_creation.input_tokens"},
      {"reasoning_output_tokens", "gen_ai.usage.reasoning.output_tokens"},
      {"total_tokens", "gen_ai.usage.total_tokens"},
  };
  for (const auto& [from, key] : kCounts) {
    const JsonNode* const count = Find(usage, from);
    if (count != nullptr) spans_[last_call_].attributes.push_back({key, PlainValue(*count)});
  }
  if (!is_event) EndCall();
}

void TurnReader::StartCall() {
  call_ = last_call_ = spans_.size();
  last_has_usage_ = false;
  RunStep& step = spans_.Add(Kind::kLlm, {}, nullptr);
  step.start_ns = asked_ns_;
  AddText("gen_ai.request.model", model_, step.attributes);
  AddText("gen_ai.provider.name", provider_, step.attributes);
  if (!news_.empty()) {
    const std::string_view list = JoinJsonList(news_, spans_.arena());
    step.attributes.push_back({"gen_ai.input.messages", Value::Json(list)});
    news_.clear();
  }
  step.attributes.push_back({kUserTurnsKey, Value::Int(user_turns_)});
}

void TurnReader::EndCall() {
  if (call_ == 0) return;
  if (!items_.empty()) {
    const std::string_view list = JoinJsonList(items_, spans_.arena());
    spans_[call_].attributes.push_back({"gen_ai.output.messages", Value::Json(list)});
    items_.clear();
  }
  if (spans_[call_].end_ns > 0) asked_ns_ = spans_[call_].end_ns;
  call_ = 0;
}

void TurnReader::End(SpanSink& sink, std::string_view first_time) {
  EndCall();
  if (last_call_ == 0 && turn_.empty() && !has_prompt_) return;
  Arena& arena = spans_.arena();
  RunStep& root = spans_[0];
  // An older file does not say that a turn has ended: an answer that asks for nothing ends it.
  if (!ended_ && turn_.empty()) ended_ = !asks_ && !answer_.empty() && calls_.empty();
  root.end_ns = ended_ ? last_ns_ : 0;
  if (ended_) {
    calls_.ForEach([&](std::size_t step) { spans_[step].end_ns = kUnknownEnd; });
  }
  root.error = error_;
  if (!task_.empty()) {
    root.attributes.push_back(
        {"gen_ai.input.messages", Value::Json(arena.Join({"[", task_, "]"}))});
  }
  if (!answer_.empty()) {
    root.attributes.push_back(
        {"gen_ai.output.messages", Value::Json(arena.Join({"[", answer_, "]"}))});
  }
  Resource resource;
  AddText("service.name", kAgentName, resource.attributes);
  AddText("service.version", version_, resource.attributes);
  resource.scope_name = "codex.session";
  const std::string_view run = turn_.empty() ? arena.Join({session_, " ", first_time}) : turn_;
  spans_.HandOut(MadeUpTraceId(run, 0, arena), resource, true,
                 [&](const Span& span, const char*) { sink.OnSpan(span); });
}

class CodexReader final : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) override {
    session_.ReadLines(record, sink, IsWanted);
    turn_.Start(session_.context());
    std::string_view first_time;
    for (const JsonNode* const line : session_.lines()) {
      if (first_time.empty()) first_time = TextOf(line->Find("timestamp"));
      turn_.Add(*line);
    }
    turn_.End(sink, first_time);
  }

 private:
  SessionLines session_;
  TurnReader turn_{session_};
};

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (keys.is_array || !keys.HasAll("type", "payload")) return false;
  for (const std::string_view type :
       {R"("session_meta")", R"("response_item")", R"("event_msg")", R"("turn_context")"}) {
    if (keys.ValueOf("type").starts_with(type)) return true;
  }
  return false;
}

}  // namespace

const Importer kCodexSession = {
    .name = "codex_session",
    .description = "Codex's sessions: the rollout-*.jsonl files under ~/.codex/sessions",
    .short_name = "Codex sessions",
    .framing = Framing::kCodexTurns,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<CodexReader>()); },
};

}  // namespace halo
