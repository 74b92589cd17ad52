// SPDX-License-Identifier: MIT
#include "tools/story/run_items.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "engine/semconv/conventions.h"
#include "engine/semconv/message_json.h"
#include "tools/answer/phrases.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

// Spans that are read from the beginning and the end of a long run.
constexpr std::size_t kFirstSpans = 200, kLastSpans = 300;
constexpr std::int64_t kLongNs = 30'000'000'000;
constexpr std::size_t kMostTools = 40, kMostDescription = 200;

bool IsBlank(std::string_view text) { return ascii::Trim(text).empty(); }

// The name, the parameters (the names in "properties" of the schema) and what the model is told of
// the tool, which may hold the units of its results.
std::string Signature(const ToolDefinition& tool, JsonTrees& json) {
  std::string out(tool.name);
  out += '(';
  const JsonNode* const schema = tool.parameters.empty() ? nullptr : json.Parse(tool.parameters);
  const JsonNode* const properties =
      schema != nullptr && schema->is_object() ? schema->Find("properties") : nullptr;
  if (properties != nullptr && properties->is_object()) {
    for (const JsonNode& member : *properties) {
      if (!out.ends_with('(')) out += ", ";
      out += member.key();
    }
  }
  out += ')';
  if (!IsBlank(tool.description)) out += ": " + OneLine(tool.description, kMostDescription);
  return out;
}

class RunReader {
 public:
  RunReader(Engine& engine, const TraceReading& reading)
      : engine_(engine), reading_(reading), trace_(reading.trace) {}

  RunText Read() {
    const std::vector<SpanIndex> spans = SpansToRead();
    for (const SpanIndex span : spans) Visit(span);
    AddAnswerOfRoot();
    return std::move(out_);
  }

 private:
  using Kind = RunItem::Kind;

  std::vector<SpanIndex> SpansToRead() {
    std::vector<SpanIndex> spans;
    for (std::size_t i = 0; i < trace_.spans.size(); ++i) {
      const auto index = static_cast<SpanIndex>(i);
      const SpanFacts& span = trace_.spans[i];
      const bool is_step = trace_.turns.of_prompt[i] != -1 || trace_.turns.of_action[i] != -1;
      const bool has_own_error = span.failed && trace_.error_root[i] != 0;
      if (span.kind != halo::Kind::kEvaluator && (is_step || has_own_error)) spans.push_back(index);
    }
    if (spans.size() > kFirstSpans + kLastSpans) {
      out_.skipped = static_cast<std::int64_t>(spans.size() - kFirstSpans - kLastSpans);
      spans.erase(spans.begin() + kFirstSpans, spans.end() - kLastSpans);
    }
    return spans;
  }

  // Valid until the next call. Null if the payload is lost.
  const SpanFields* FieldsOf(SpanIndex index) {
    const std::array<SpanIndex, 1> wanted = {index};
    Result<std::vector<OwnedSpan>> stored = engine_.ReadSpans(reading_, wanted);
    if (!stored || stored->empty()) return nullptr;
    held_ = std::move(*stored);
    return &conventions_.Read(held_.front().span());
  }

  void Visit(SpanIndex index) {
    const auto slot = static_cast<std::size_t>(index);
    const SpanFields* const fields = FieldsOf(index);
    if (fields == nullptr) return;
    if (trace_.turns.of_prompt[slot] != -1) {
      AddModelCall(index, *fields);
    } else if (trace_.turns.of_action[slot] != -1) {
      AddAction(index, *fields);
    } else {
      Add(Kind::kError, index, ErrorText(*fields)).failed = true;
    }
  }

  RunItem& Add(Kind kind, SpanIndex span, std::string_view text) {
    RunItem& item = out_.items.emplace_back();
    item.kind = kind;
    item.span = span;
    item.text = text;
    item.agent = trace_.Text(trace_.agent[static_cast<std::size_t>(span)]);
    return item;
  }

  // Whether a message with this text was shown before.
  bool IsShown(std::string_view role, std::string_view text) {
    return !shown_.insert(MixHash(Fnv1a(role), Fnv1a(ascii::Trim(text)))).second;
  }

  void AddModelCall(SpanIndex index, const SpanFields& fields) {
    const PromptStep& step = trace_.turns.prompts[static_cast<std::size_t>(
        trace_.turns.of_prompt[static_cast<std::size_t>(index)])];
    AddPrompt(index, fields, step);
    AddTools(fields);
    AddAnswer(index, fields);
  }

  void AddPrompt(SpanIndex index, const SpanFields& fields, const PromptStep& step) {
    const bool is_first = step.before == -1;
    if (fields.messages_in.empty() && is_first && !IsBlank(fields.input.text) &&
        !IsShown("user", fields.input.text)) {
      Add(Kind::kUser, index, fields.input.text);
    }
    for (std::size_t i = 0; i < fields.messages_in.size(); ++i) {
      const Message& message = fields.messages_in[i];
      if (message.role == "system" || message.role == "developer") {
        if (out_.system.empty()) {
          out_.system = message.content;
          out_.system_span = index;
        }
        continue;
      }
      const bool is_new = is_first || i >= step.newest_begin;
      if (is_new) AddMessage(index, static_cast<std::int32_t>(i), message, is_first);
    }
    if (const std::size_t lost = trace_.turns.LostOf(step).size(); lost > 0) {
      Remark(Cat(Plural(static_cast<std::int64_t>(lost), "earlier message"),
                 " no longer in the prompt, or cut"));
    }
  }

  // A remark of the next item.
  void Remark(std::string text) { remark_ = std::move(text); }

  void AddMessage(SpanIndex index, std::int32_t at, const Message& message, bool is_first) {
    if (message.role == "tool" || message.role == "function") {
      for (const std::int32_t turn : trace_.turns.SeenBy(index)) {
        const Turn& seen = trace_.turns.all[static_cast<std::size_t>(turn)];
        if (seen.result_at != at || !SetResult(turn, message.content)) continue;
        IsShown("tool", message.content);  // from now on, where a later agent is told it again
        return;
      }
      // The result of a call that is known from nothing else.
      if (is_first && !IsBlank(message.content) && !IsShown("tool", message.content)) {
        RunItem& item = Add(Kind::kCall, index, {});
        item.result = message.content;
        item.earlier = true;
      }
      return;
    }
    const bool of_model = message.role == "assistant";
    if (of_model && !is_first) return;  // its own call showed it
    if (!IsBlank(message.content) && !IsShown(message.role, message.content)) {
      Add(of_model ? Kind::kSays : Kind::kUser, index, message.content).earlier = of_model;
    }
    for (const ToolCall& call : message.tool_calls) {
      if (IsShown("call", Cat(call.name, call.id, call.arguments))) continue;
      RunItem& item = Add(Kind::kCall, index, call.arguments);
      item.tool = call.name;
      item.earlier = true;
    }
  }

  void AddTools(const SpanFields& fields) {
    for (const ToolDefinition& tool : fields.tools_offered) {
      if (out_.tools.size() == kMostTools || !tools_.insert(std::string(tool.name)).second)
        continue;
      out_.tools.push_back(Signature(tool, conventions_.json()));
    }
  }

  void AddAnswer(SpanIndex index, const SpanFields& fields) {
    const auto slot = static_cast<std::size_t>(index);
    std::int32_t number = 0;
    bool is_silent = true;
    for (const Message& message : fields.messages_out) {
      if (!IsBlank(message.content)) {
        IsShown("assistant", message.content);
        TakeRemarks(Add(Kind::kSays, index, message.content), index);
        is_silent = false;
      }
      for (const ToolCall& call : message.tool_calls) {
        IsShown("call", Cat(call.name, call.id, call.arguments));
        RunItem& item = Add(Kind::kCall, index, call.arguments);
        item.tool = call.name;
        TakeRemarks(item, index);
        NoteTurn(index, number++, out_.items.size() - 1);
        is_silent = false;
      }
    }
    if (fields.messages_out.empty() && !IsBlank(fields.output.text)) {
      TakeRemarks(Add(Kind::kSays, index, fields.output.text), index);
      is_silent = false;
    }
    const SpanFacts& facts = trace_.spans[slot];
    if (facts.failed && trace_.error_root[slot] != 0) {
      Add(Kind::kError, index, ErrorText(fields)).failed = true;
    } else if (is_silent) {
      RunItem& item = Add(Kind::kSays, index, {});
      item.remark = facts.has_output ? "an empty answer" : "no answer was recorded";
    }
  }

  void TakeRemarks(RunItem& item, SpanIndex index) {
    item.remark = std::exchange(remark_, {});
    const FinishClass finish = trace_.spans[static_cast<std::size_t>(index)].finish;
    const auto add = [&](std::string_view more) {
      item.remark += item.remark.empty() ? more : Cat("; ", more);
    };
    if (finish == FinishClass::kTruncated) add("cut off at the limit of tokens");
    if (finish == FinishClass::kRefusal) add("ended as a refusal");
    AddTime(index, item);
  }

  void AddTime(SpanIndex index, RunItem& item) {
    const std::int64_t ns = DurationNs(trace_.spans[static_cast<std::size_t>(index)]);
    if (ns < kLongNs) return;
    item.remark += Cat(item.remark.empty() ? "" : "; ", "took ", DurationText(ns));
  }

  // Remembers that an item is the call of a turn.
  void NoteTurn(SpanIndex asked_by, std::int32_t call, std::size_t item) {
    for (const std::int32_t turn : trace_.turns.AskedBy(asked_by)) {
      const Turn& asked = trace_.turns.all[static_cast<std::size_t>(turn)];
      if (asked.call == call) item_of_[turn] = item;
    }
  }

  bool SetResult(std::int32_t turn, std::string_view text) {
    const auto found = item_of_.find(turn);
    if (found == item_of_.end()) return false;
    RunItem& item = out_.items[found->second];
    if (item.result.empty()) item.result = text;
    return true;
  }

  void AddAction(SpanIndex index, const SpanFields& fields) {
    const std::int32_t number = trace_.turns.of_action[static_cast<std::size_t>(index)];
    const Turn& turn = trace_.turns.all[static_cast<std::size_t>(number)];
    if (!item_of_.contains(number)) {
      // A hand-over that no call asked for is shown by the steps of the agent.
      if (turn.kind == ActionKind::kHandOff) return;
      if (turn.kind == ActionKind::kStep) {
        Add(Kind::kError, index, ErrorText(fields)).failed = true;
        return;
      }
      RunItem& made = Add(Kind::kCall, index, fields.input.text);
      made.tool = trace_.Text(turn.tool ? turn.tool : LabelOf(trace_.spans[index]));
      item_of_[number] = out_.items.size() - 1;
    }
    RunItem& item = out_.items[item_of_[number]];
    item.span = index;
    if (turn.kind == ActionKind::kHandOff) return;
    const SpanFacts& facts = trace_.spans[static_cast<std::size_t>(index)];
    item.failed = facts.failed;
    const std::string_view error = facts.failed ? ErrorText(fields) : std::string_view();
    item.result = !error.empty() ? error : fields.output.text;
    if (!facts.failed) AddWhatWasSeen(turn, fields.output.text.size(), item);
    AddTime(index, item);
  }

  // Says if the model was shown less than the result.
  void AddWhatWasSeen(const Turn& turn, std::size_t size, RunItem& item) {
    if (turn.seen_by == -1 || turn.unknown.seen || size == 0) return;
    const std::int32_t prompt = trace_.turns.of_prompt[static_cast<std::size_t>(turn.seen_by)];
    if (prompt == -1 || !trace_.turns.prompts[static_cast<std::size_t>(prompt)].judged) return;
    if (turn.result == 0) {
      if (turn.seen_basis == TurnBasis::kOrder) item.remark = "not found in the next prompt";
      return;
    }
    const std::size_t seen = trace_.words->messages()[turn.result].size;
    if (seen > 0 && seen * 10 < size * 7) {
      item.remark = Cat("the model was shown ", seen, " of its ", size, " bytes");
    }
  }

  std::string_view ErrorText(const SpanFields& fields) {
    const Span& span = held_.front().span();
    for (const std::string_view text :
         {fields.exception_message.text, span.status_message, fields.error_flag.text,
          fields.output.text, fields.error_type.text}) {
      if (!IsBlank(text)) return text;
    }
    return "failed without a message";
  }

  // What the run returned, unless the last message says it.
  void AddAnswerOfRoot() {
    if (trace_.root < 0) return;
    const SpanFields* const fields = FieldsOf(trace_.root);
    if (fields == nullptr) return;
    if (out_.items.empty() && !IsBlank(fields->input.text)) {
      Add(Kind::kUser, trace_.root, fields->input.text);
    }
    const std::string_view said = ascii::Trim(fields->output.text);
    if (said.empty()) return;
    if (said.find("\"messages\"") != said.npos) return;  // the conversation once more
    std::vector<Message> messages;
    ReadMessages(said, "assistant", conventions_.json(), messages);
    const std::string_view last = messages.empty() ? said : ascii::Trim(messages.back().content);
    if (last.empty() || IsSaid(said) || IsSaid(last)) return;
    Add(Kind::kSays, trace_.root, last).remark = "returned by the run";
  }

  // Whether a model said the text, or a text that it holds.
  bool IsSaid(std::string_view text) const {
    return std::any_of(out_.items.begin(), out_.items.end(), [&](const RunItem& item) {
      const std::string_view known = ascii::Trim(item.text);
      if (item.kind != Kind::kSays || (known.size() < 8 && known != text)) return false;
      return text.find(known) != text.npos;
    });
  }

  Engine& engine_;
  const TraceReading& reading_;
  const Trace& trace_;
  RunText out_;
  Conventions conventions_;
  std::vector<OwnedSpan> held_;
  std::set<std::uint64_t> shown_;
  std::set<std::string> tools_;
  std::map<std::int32_t, std::size_t> item_of_;  // by turn
  std::string remark_;
};

}  // namespace

RunText ReadRun(Engine& engine, const TraceReading& reading) {
  return RunReader(engine, reading).Read();
}

}  // namespace halo
