// SPDX-License-Identifier: MIT
#include "engine/importers/claude_code_session.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/importers/chat_message.h"
#include "engine/importers/made_up_ids.h"
#include "engine/importers/open_calls.h"
#include "engine/importers/run_spans.h"
#include "engine/importers/session_lines.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

using ascii::IsOneOf;

constexpr std::string_view kAgentName = "claude-code";

const JsonNode* Find(const JsonNode* object, std::string_view key) {
  return object != nullptr && object->is_object() ? object->Find(key) : nullptr;
}

bool IsTrue(const JsonNode* node) {
  bool value = false;
  return node != nullptr && node->Bool(value) && value;
}

bool IsWanted(std::string_view line) {
  for (const std::string_view type :
       {R"("type":"assistant")", R"("type":"user")", R"("type":"api-request")", R"("type": ")"}) {
    if (line.find(type) != std::string_view::npos) return true;
  }
  return false;
}

// The program's note that the user stopped the agent.
bool IsInterruption(const JsonNode& line) {
  const JsonNode* const content = Find(line.Find("message"), "content");
  if (content == nullptr || !content->is_array()) return false;
  for (const JsonNode& block : *content) {
    if (TextOf(Find(&block, "text")).starts_with("[Request interrupted by user")) return true;
  }
  return false;
}

// The main agent, or a subagent: its steps, and what its next model call reads.
struct Agent {
  std::size_t step = 0;  // the AGENT step
  std::string_view span_id;
  std::vector<std::string_view> news;
  std::int64_t asked_ns = 0;  // when the next model call could start
  std::int64_t last_ns = 0;
  std::int64_t user_turns = 0;
  std::string_view message_id;  // of the model call that is open
  std::size_t call = 0;         // its step; 0: none
  std::vector<std::string_view> blocks;
  std::string_view answer;  // of the last model call, if it asks for no tool
  bool asks = false;        // the last model call asks for tools
  bool ended = false;       // the last model call ended the turn
};

// Reads the lines of one run.
class TurnReader {
 public:
  explicit TurnReader(Arena& arena) : spans_(arena) {}

  void Start(std::string_view trace_id) {
    spans_.Clear();
    agents_.clear();
    calls_.Clear();
    asked_.clear();
    quoted_.clear();
    quoted_calls_ = 0;
    requests_.clear();
    chain_of_.clear();
    trace_id_ = trace_id;
    session_ = version_ = {};
  }
  bool empty() const { return spans_.size() == 0; }
  void Add(const JsonNode& line);
  void End(SpanSink& sink);

 private:
  std::string_view AgentOf(const JsonNode& line);
  Agent& AgentAt(std::string_view key, const JsonNode& line);
  void AddUser(const JsonNode& line, Agent& agent, std::string_view agent_key);
  void AddResult(const ChatResult& result, const JsonNode& line, Agent& agent,
                 std::string_view agent_key);
  void AddSubagent(const JsonNode& details, std::size_t tool);
  void AddAssistant(const JsonNode& line, Agent& agent, std::string_view agent_key);
  void StartCall(const JsonNode& line, const JsonNode& message, Agent& agent);
  void EndCall(Agent& agent);
  void EndAgent(Agent& agent);
  std::size_t TaskWith(std::string_view prompt);
  void QuoteArguments(std::size_t call);
  std::string_view CallKey(std::string_view agent, std::string_view id) {
    return spans_.arena().Join({agent, " ", id});
  }

  RunSpans spans_;
  std::map<std::string_view, Agent> agents_;
  OpenCalls calls_;  // by agent and id of the call
  struct Asked {
    std::size_t step;
    bool answered = false;
  };
  std::vector<Asked> asked_;  // all calls, in their order
  // The strings in the arguments of the first quoted_calls_ of them, as written: indexes of asked_.
  std::map<std::string_view, std::vector<std::size_t>> quoted_;
  std::size_t quoted_calls_ = 0;
  std::map<std::string_view, std::int64_t> requests_;      // start by id
  std::map<std::string_view, std::string_view> chain_of_;  // agent of a line by uuid
  std::string_view trace_id_, session_, version_;
  ChatMessage message_;
};

// Subagents have an id; in older files, the prompt at the top of their lines identifies them.
std::string_view TurnReader::AgentOf(const JsonNode& line) {
  if (!IsTrue(line.Find("isSidechain"))) return {};
  const std::string_view id = TextOf(line.Find("agentId"));
  if (!id.empty()) return id;
  const std::string_view uuid = TextOf(line.Find("uuid"));
  const auto above = chain_of_.find(TextOf(line.Find("parentUuid")));
  const std::string_view chain = above == chain_of_.end() ? uuid : above->second;
  chain_of_[uuid] = chain;
  return chain;
}

// The TOOL step that runs a subagent with this prompt; 0 if there is none.
std::size_t TurnReader::TaskWith(std::string_view prompt) {
  while (quoted_calls_ < asked_.size()) QuoteArguments(quoted_calls_++);
  const auto found = quoted_.find(prompt);
  if (found == quoted_.end()) return 0;
  std::vector<std::size_t>& calls = found->second;
  while (!calls.empty() && asked_[calls.back()].answered) calls.pop_back();
  return calls.empty() ? 0 : asked_[calls.back()].step;
}

void TurnReader::QuoteArguments(std::size_t call) {
  for (const Attribute& attribute : spans_[asked_[call].step].attributes) {
    if (attribute.key != "gen_ai.tool.call.arguments") continue;
    const std::string_view text = attribute.value.text;
    for (std::size_t begin = text.find('"'); begin != text.npos;) {
      std::size_t end = begin + 1;
      while (end < text.size() && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
      if (end >= text.size()) break;
      quoted_[text.substr(begin, end + 1 - begin)].push_back(call);
      begin = text.find('"', end + 1);
    }
  }
}

Agent& TurnReader::AgentAt(std::string_view key, const JsonNode& line) {
  const auto [entry, is_new] = agents_.try_emplace(key);
  Agent& agent = entry->second;
  if (!is_new) return agent;
  Arena& arena = spans_.arena();
  const std::string_view main_id = MadeUpSpanIdOf(trace_id_, {}, arena);
  agent.step = spans_.size();
  agent.span_id = key.empty() ? main_id : MadeUpSpanIdOf(trace_id_, key, arena);
  const JsonNode* const message = line.Find("message");
  // In quotes, as the arguments of the call have it.
  const JsonNode* const content = Find(message, "content");
  const std::size_t task =
      key.empty() || content == nullptr || !content->is_string() ? 0 : TaskWith(content->written());
  RunStep& step = spans_.Add(Kind::kAgent, key.empty() ? kAgentName : "subagent", nullptr);
  step.span_id = agent.span_id;
  step.start_ns = agent.asked_ns = TimeOf(line.Find("timestamp"));
  if (!key.empty()) step.parent_id = task == 0 ? main_id : spans_[task].span_id;
  const std::string_view name = TextOf(line.Find("attributionAgent"));
  AddText("gen_ai.agent.name", !name.empty() ? name : spans_[agent.step].name,
          spans_[agent.step].attributes);
  return agent;
}

void TurnReader::Add(const JsonNode& line) {
  const std::string_view type = TextOf(line.Find("type"));
  if (type == "api-request") {
    requests_[TextOf(line.Find("id"))] = TimeOf(line.Find("timestamp"));
    return;
  }
  const JsonNode* const message = line.Find("message");
  if (!IsOneOf(type, {"user", "assistant"}) || message == nullptr || !message->is_object()) return;
  if (session_.empty()) session_ = TextOf(line.Find("sessionId"));
  if (version_.empty()) version_ = TextOf(line.Find("version"));
  const std::string_view key = AgentOf(line);
  Agent& agent = AgentAt(key, line);
  if (type == "user") {
    AddUser(line, agent, key);
  } else {
    AddAssistant(line, agent, key);
  }
  agent.last_ns = std::max(agent.last_ns, TimeOf(line.Find("timestamp")));
}

void TurnReader::AddUser(const JsonNode& line, Agent& agent, std::string_view agent_key) {
  EndCall(agent);
  if (IsInterruption(line)) {
    agent.ended = true;
    AddText("gen_ai.response.finish_reason", "interrupted", spans_[agent.step].attributes);
    return;
  }
  const JsonNode& message = *line.Find("message");
  ReadChatMessage(message, spans_.arena(), message_);
  const std::vector<ChatResult> results = message_.results;
  for (const ChatResult& result : results) AddResult(result, line, agent, agent_key);
  if (results.empty() && message_.has_text && !IsTrue(line.Find("isMeta"))) {
    ++agent.user_turns;
    if (agent.user_turns == 1) {
      const std::string_view task = spans_.arena().Join({"[", message.written(), "]"});
      spans_[agent.step].attributes.push_back({"gen_ai.input.messages", Value::Json(task)});
    }
  }
  agent.news.push_back(message.written());
  const std::int64_t time_ns = TimeOf(line.Find("timestamp"));
  if (time_ns > 0) agent.asked_ns = time_ns;
  agent.ended = false;
}

void TurnReader::AddResult(const ChatResult& result, const JsonNode& line, Agent& agent,
                           std::string_view agent_key) {
  const std::string_view key = CallKey(agent_key, result.id);
  const std::optional<std::size_t> call = calls_.TakeId(key);
  if (!call) return;
  asked_[*call].answered = true;
  const std::size_t index = asked_[*call].step;
  RunStep& step = spans_[index];
  const std::int64_t time_ns = TimeOf(line.Find("timestamp"));
  step.end_ns = time_ns > 0 ? time_ns : kUnknownEnd;
  if (result.value.type != Value::Type::kNull) {
    step.attributes.push_back({"gen_ai.tool.call.result", result.value});
  }
  if (result.failed) step.attributes.push_back({"is_error", Value::Bool(true)});
  agent.last_ns = std::max(agent.last_ns, time_ns);
  const JsonNode* const details = line.Find("toolUseResult");
  if (Find(details, "agentId") != nullptr) AddSubagent(*details, index);
}

// A subagent whose lines are in a file of its own. Its own file gives the same span, without the
// call; of a call that waited for it, this version ends later and counts.
void TurnReader::AddSubagent(const JsonNode& details, std::size_t tool) {
  const std::string_view key = TextOf(details.Find("agentId"));
  const bool waited =
      !IsTrue(details.Find("isAsync")) && TextOf(details.Find("status")) != "async_launched";
  if (!waited || key.empty() || agents_.contains(key)) return;
  const std::size_t index = spans_.size();
  spans_.Add(Kind::kAgent, "subagent", nullptr);
  const RunStep& call = spans_[tool];
  RunStep& step = spans_[index];
  step.span_id = MadeUpSpanIdOf(trace_id_, key, spans_.arena());
  step.parent_id = call.span_id;
  step.start_ns = call.start_ns;
  step.end_ns = call.end_ns;
  AddText("gen_ai.agent.name", "subagent", step.attributes);
  const JsonNode* const prompt = details.Find("prompt");
  const JsonNode* const content = details.Find("content");
  if (prompt != nullptr) step.attributes.push_back({"input.value", PlainValue(*prompt)});
  if (content != nullptr) {
    step.attributes.push_back({"output.value", ResultValue(*content, spans_.arena())});
  }
}

void TurnReader::AddAssistant(const JsonNode& line, Agent& agent, std::string_view agent_key) {
  const JsonNode& message = *line.Find("message");
  const std::string_view id = TextOf(message.Find("id"));
  // The blocks of one answer are lines of their own, each with all that is known of it so far.
  if (agent.call == 0 || id.empty() || id != agent.message_id) {
    EndCall(agent);
    StartCall(line, message, agent);
    agent.message_id = id;
  }
  ReadChatMessage(message, spans_.arena(), message_);
  const std::int64_t time_ns = TimeOf(line.Find("timestamp"));
  RunStep& step = spans_[agent.call];
  // Of two versions of a call, that with more blocks must end later, to replace the other.
  if (time_ns > 0) step.end_ns = std::max(time_ns, step.end_ns + 1);
  const auto set = [&](std::string_view key, const Value& value) {
    std::vector<Attribute>& to = step.attributes;
    const auto at =
        std::find_if(to.begin(), to.end(), [&](const Attribute& one) { return one.key == key; });
    if (at != to.end()) {
      at->value = value;
    } else {
      to.push_back({key, value});
    }
  };
  const JsonNode* const usage = message.Find("usage");
  constexpr std::pair<std::string_view, std::string_view> kCounts[] = {
      {"input_tokens", "input_tokens"},
      {"output_tokens", "output_tokens"},
      {"cache_read_input_tokens", "cache_read_tokens"},
      {"cache_creation_input_tokens", "cache_creation_tokens"},
  };
  const bool is_real = TextOf(message.Find("model")) != "<synthetic>";
  for (const auto& [from, key] : kCounts) {
    const JsonNode* const count = Find(usage, from);
    if (count != nullptr && is_real) set(key, PlainValue(*count));
  }
  if (!message_.finish_reason.empty()) {
    set("gen_ai.response.finish_reason", Value::Text(message_.finish_reason));
  }
  if (IsTrue(line.Find("isApiErrorMessage"))) {
    const JsonNode* const content = message.Find("content");
    const Value text = content == nullptr ? Value() : ResultValue(*content, spans_.arena());
    step.error = text.text.empty() ? "the request failed" : text.text;
  }
  const JsonNode* const content = message.Find("content");
  if (content != nullptr && content->is_array()) {
    for (const JsonNode& block : *content) agent.blocks.push_back(block.written());
  }
  agent.asks = agent.asks || !message_.calls.empty();
  // Versions before 2.1 do not keep the reason.
  agent.ended = message_.finish_reason.empty()
                    ? message_.has_text && !agent.asks
                    : !IsOneOf(message_.finish_reason, {"tool_use", "pause_turn"});
  const std::vector<ChatCall> calls = message_.calls;
  for (const ChatCall& call : calls) {
    const std::string_view key = CallKey(agent_key, call.id);
    calls_.Add(asked_.size(), key, {});
    asked_.push_back({spans_.size()});
    RunStep& tool = spans_.Add(Kind::kTool, call.name, nullptr);
    tool.span_id = MadeUpSpanIdOf(trace_id_, key, spans_.arena());
    tool.parent_id = agent.span_id;
    tool.start_ns = time_ns;
    tool.end_ns = 0;
    AddText("gen_ai.tool.call.id", call.id, tool.attributes);
    if (call.arguments.type != Value::Type::kNull) {
      tool.attributes.push_back({"gen_ai.tool.call.arguments", call.arguments});
    }
  }
}

void TurnReader::StartCall(const JsonNode& line, const JsonNode& message, Agent& agent) {
  agent.call = spans_.size();
  agent.blocks.clear();
  agent.asks = false;
  RunStep& step = spans_.Add(Kind::kLlm, {}, nullptr);
  step.span_id = MadeUpSpanIdOf(trace_id_, TextOf(line.Find("uuid")), spans_.arena());
  step.parent_id = agent.span_id;
  const auto request = requests_.find(TextOf(line.Find("requestRef")));
  step.start_ns = request != requests_.end() ? request->second : agent.asked_ns;
  const std::string_view model = TextOf(message.Find("model"));
  if (model != "<synthetic>") AddText("gen_ai.response.model", model, step.attributes);
  AddText("gen_ai.provider.name", "anthropic", step.attributes);
  if (!agent.news.empty()) {
    const std::string_view list = JoinJsonList(agent.news, spans_.arena());
    step.attributes.push_back({"gen_ai.input.messages", Value::Json(list)});
    agent.news.clear();
  }
  step.attributes.push_back({kUserTurnsKey, Value::Int(agent.user_turns)});
}

void TurnReader::EndCall(Agent& agent) {
  if (agent.call == 0) return;
  Arena& arena = spans_.arena();
  const std::string_view blocks = JoinJsonList(agent.blocks, arena);
  const std::string_view list = arena.Join({R"([{"role":"assistant","content":)", blocks, "}]"});
  spans_[agent.call].attributes.push_back({"gen_ai.output.messages", Value::Json(list)});
  agent.answer = list;
  agent.call = 0;
  agent.message_id = {};
}

void TurnReader::EndAgent(Agent& agent) {
  // More blocks of this answer may come.
  if (agent.call != 0 && !agent.ended && !agent.asks) spans_[agent.call].end_ns = 0;
  EndCall(agent);
  RunStep& step = spans_[agent.step];
  step.end_ns = agent.ended ? agent.last_ns : 0;
  if (step.end_ns == 0 && agent.ended) step.end_ns = kUnknownEnd;
  AddText("session.id", session_, step.attributes);
  if (agent.ended && !agent.answer.empty()) {
    step.attributes.push_back({"gen_ai.output.messages", Value::Json(agent.answer)});
  }
}

void TurnReader::End(SpanSink& sink) {
  if (empty()) return;
  for (auto& [key, agent] : agents_) EndAgent(agent);
  const auto main = agents_.find({});
  if (main != agents_.end() && main->second.ended) {
    calls_.ForEach([&](std::size_t call) { spans_[asked_[call].step].end_ns = kUnknownEnd; });
  }
  Resource resource;
  AddText("service.name", kAgentName, resource.attributes);
  AddText("service.version", version_, resource.attributes);
  resource.scope_name = "claude_code.session";
  spans_.HandOut(trace_id_, resource, false,
                 [&](const Span& span, const char*) { sink.OnSpan(span); });
}

bool IsPrompt(const JsonNode& line) {
  if (TextOf(line.Find("type")) != "user" || line.Find("toolUseResult") != nullptr) return false;
  for (const char* const flag : {"isMeta", "isSidechain", "isCompactSummary"}) {
    if (IsTrue(line.Find(flag))) return false;
  }
  const JsonNode* const content = Find(line.Find("message"), "content");
  if (content == nullptr || content->is_string()) return content != nullptr;
  if (!content->is_array() || IsInterruption(line)) return false;
  for (const JsonNode& block : *content) {
    if (TextOf(Find(&block, "type")) == "tool_result") return false;
  }
  return true;
}

class ClaudeCodeReader final : public RecordReader {
 public:
  void Read(const Record& record, SpanSink& sink) override {
    session_.ReadLines(record, sink, IsWanted);
    const std::vector<const JsonNode*>& lines = session_.lines();
    for (std::size_t begin = 0, end; begin < lines.size(); begin = end) {
      end = begin + 1;
      while (end < lines.size() && !IsPrompt(*lines[end])) ++end;
      ReadTurn(lines, begin, end, sink);
    }
  }

 private:
  void ReadTurn(const std::vector<const JsonNode*>& lines, std::size_t begin, std::size_t end,
                SpanSink& sink) {
    // Results and subagents repeat the prompt's id, so that all parts of a run have it.
    std::string_view run, first;
    for (std::size_t i = begin; i < end && run.empty(); ++i) {
      run = TextOf(lines[i]->Find("promptId"));
      if (first.empty()) first = TextOf(lines[i]->Find("uuid"));
    }
    if (run.empty()) run = first;
    if (run.empty()) return;
    turn_.Start(MadeUpTraceId(run, 0, session_.arena()));
    for (std::size_t i = begin; i < end; ++i) turn_.Add(*lines[i]);
    turn_.End(sink);
  }

  SessionLines session_;
  TurnReader turn_{session_.arena()};
};

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (keys.is_array || !keys.Has("sessionId")) return false;
  return keys.HasAll("parentUuid", "message") || keys.HasAll("uuid", "message") ||
         (keys.HasAll("type", "timestamp") && keys.Has("operation"));
}

}  // namespace

const Importer kClaudeCodeSession = {
    .name = "claude_code_session",
    .description = "Claude Code's sessions: the .jsonl files under ~/.claude/projects",
    .short_name = "Claude Code sessions",
    .framing = Framing::kClaudeCodeTurns,
    .sniff = Sniff,
    .make_reader =
        [] { return std::unique_ptr<RecordReader>(std::make_unique<ClaudeCodeReader>()); },
};

}  // namespace halo
