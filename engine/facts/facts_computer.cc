// SPDX-License-Identifier: MIT
#include "engine/facts/facts_computer.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "engine/facts/designed_end.h"
#include "engine/facts/error_signature.h"
#include "engine/facts/finish_class.h"
#include "engine/facts/invalid_call.h"
#include "engine/facts/limit_text.h"
#include "engine/facts/message_facts.h"
#include "engine/facts/no_answer.h"
#include "engine/facts/outcome_mark.h"
#include "engine/facts/person_wait.h"
#include "engine/facts/quote.h"
#include "engine/facts/semantic_error.h"
#include "engine/facts/telling_sentence.h"
#include "engine/facts/telling_words.h"
#include "engine/facts/told_error.h"
#include "engine/facts/tool_mentions.h"
#include "engine/facts/transport.h"
#include "engine/json/canonical_json.h"
#include "engine/json/json_shape.h"
#include "engine/model/from_log.h"
#include "engine/pricing/usage.h"
#include "engine/semconv/message_json.h"
#include "engine/text/agent_name.h"
#include "engine/text/excerpt.h"
#include "engine/text/fingerprint.h"
#include "engine/text/masked.h"
#include "engine/text/normalise.h"

namespace halo {
namespace {

constexpr std::size_t kMaxCached = 8192;
constexpr std::size_t kTaskBytes = 4096;
constexpr std::size_t kQuoteBytes = 300;
constexpr std::int64_t kPriceBucketNs = 900'000'000'000;  // prices change at quarters of an hour
// OpenTelemetry SDKs keep this many attributes by default and drop the others, so a flattened list
// may be cut.
constexpr std::size_t kDefaultAttributeLimit = 128;

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return ascii::IsSpace(c); });
}

bool IsCall(Kind kind) {
  return kind == Kind::kTool || kind == Kind::kRetriever || kind == Kind::kReranker ||
         kind == Kind::kEmbedding;
}

std::string_view Cut(std::string_view text, TextRange range) {
  return text.substr(range.offset, range.length);
}

QuoteRef QuoteStart(const Located& where, StringPool& words, StringId guess = 0) {
  return MakeQuote(where, Cut(where.text, ExcerptStart(where.text, kQuoteBytes)), words, guess);
}

const Attribute* FindAttribute(const Span& span, std::string_view key) {
  for (const Attribute& attribute : span.attributes) {
    if (attribute.key == key) return &attribute;
  }
  return nullptr;
}

}  // namespace

struct FactsComputer::Impl {
  Impl(const OutcomeConfig& outcome_config, const PriceTable& price_table,
       const WordSettings& word_settings)
      : outcome(outcome_config), prices(price_table), describer(word_settings) {}

  void Identify(const Span& span, const SpanFields& fields, StringPool& words, SpanFacts& facts);
  void CountCost(const Span& span, const SpanFields& fields, SpanFacts& facts);
  void JudgeError(const Span& span, const SpanFields& fields, StringPool& words, SpanFacts& facts);
  void HashCall(const SpanFields& fields, StringPool& words, SpanFacts& facts);
  void ReadAnswer(const Span& span, const SpanFields& fields, StringPool& words, SpanFacts& facts);
  void DescribePrompt(const Span& span, const SpanFields& fields, StringPool& words,
                      SpanFacts& facts);
  void ReadWords(const SpanFields& fields, StringPool& words, SpanFacts& facts);
  void FindLimit(const SpanFields& fields, const Failure& failure, StringPool& words,
                 SpanFacts& facts);
  std::string_view AnswerIn(const SpanFields& fields);
  std::string_view OperationOf(const Span& span, const SpanFields& fields);
  std::string_view AgentOf(const SpanFields& fields, std::string_view operation);
  std::optional<Price> PriceOf(std::string_view provider, std::string_view model,
                               std::int64_t at_ns);

  const OutcomeConfig outcome;
  const PriceTable& prices;
  JsonTrees* json = nullptr;  // of the current span
  CallChecker calls;
  MessageDescriber describer;
  std::vector<Message> messages;  // of the current answer, kept for its memory
  std::string key;                // of a look-up, kept for its memory
  SpanFacts last;                 // words of previous spans, most of which recur
  std::unordered_map<std::string, std::string> operations, agents;
  std::unordered_map<std::string, std::optional<Price>> price_cache;
};

FactsComputer::FactsComputer(const OutcomeConfig& outcome, const PriceTable& prices,
                             const WordSettings& words)
    : impl_(std::make_unique<Impl>(outcome, prices, words)) {}
FactsComputer::~FactsComputer() = default;

// "chat gpt-4o" and "chat gpt-5" are one operation: the model is a dimension.
std::string_view FactsComputer::Impl::OperationOf(const Span& span, const SpanFields& fields) {
  key.assign(span.name);
  key += '\0';
  key += fields.request_model;
  key += '\0';
  key += fields.response_model;
  const auto found = operations.find(key);
  if (found != operations.end()) return found->second;
  std::string name(span.name);
  for (const std::string_view model : {fields.response_model, fields.request_model}) {
    const std::size_t at = model.empty() ? std::string::npos : name.find(model);
    if (at == std::string::npos) continue;
    name.erase(at, model.size());
  }
  while (!name.empty() && !ascii::IsAlnum(name.back()) && name.back() != ')' &&
         name.size() < span.name.size()) {
    name.pop_back();
  }
  if (name.empty()) name = span.name;
  if (operations.size() >= kMaxCached) operations.clear();
  return operations.emplace(key, NormaliseName(name)).first->second;
}

// The agent's name without the ids of its instance. If nothing else is left, an agent's run is
// named by its operation, if that can be read.
std::string_view FactsComputer::Impl::AgentOf(const SpanFields& fields,
                                              std::string_view operation) {
  if (fields.agent.empty()) return {};
  key.assign(fields.agent);
  auto found = agents.find(key);
  if (found == agents.end()) {
    if (agents.size() >= kMaxCached) agents.clear();
    found = agents.emplace(key, MaskAgentName(fields.agent)).first;
  }
  const std::string_view name = found->second;
  const bool use_operation = fields.kind == Kind::kAgent && IsOnlyId(name) &&
                             operation.find_first_of("<0123456789") == operation.npos;
  return use_operation ? operation : name;
}

std::optional<Price> FactsComputer::Impl::PriceOf(std::string_view provider, std::string_view model,
                                                  std::int64_t at_ns) {
  if (model.empty()) return {};
  key.assign(provider);
  key += '\0';
  key += model;
  key += '\0';
  key += std::to_string(at_ns / kPriceBucketNs);
  const auto found = price_cache.find(key);
  if (found != price_cache.end()) return found->second;
  if (price_cache.size() >= kMaxCached) price_cache.clear();
  return price_cache.emplace(key, prices.Find(provider, model, at_ns)).first->second;
}

void FactsComputer::Impl::Identify(const Span& span, const SpanFields& fields, StringPool& words,
                                   SpanFacts& facts) {
  const auto intern = [&](std::string_view text, StringId& before) {
    if (text.empty()) return StringId{0};
    return before = words.Intern(text, before);
  };
  facts.span_id = words.Intern(span.span_id);
  facts.parent_id = intern(span.parent_id, last.parent_id);
  facts.name = words.Intern(span.name);
  const std::string_view operation = OperationOf(span, fields);
  facts.operation = words.Intern(operation);
  facts.kind = fields.kind;
  facts.status = span.status;
  facts.start_ns = span.start_ns;
  facts.end_ns = span.end_ns;
  facts.sequence = static_cast<std::uint32_t>(std::min<std::int64_t>(fields.sequence, UINT32_MAX));
  facts.service = intern(fields.service, last.service);
  facts.version = intern(fields.version, last.version);
  facts.environment = intern(fields.environment, last.environment);
  // Masked values of different sessions, users and tasks would all be equal.
  if (!IsMask(fields.session)) facts.session = intern(fields.session, last.session);
  if (!IsMask(fields.user)) facts.user = intern(fields.user, last.user);
  facts.agent = intern(AgentOf(fields, operation), last.agent);
  facts.provider = intern(fields.provider, last.provider);
  facts.model = intern(fields.response_model.empty() ? fields.request_model : fields.response_model,
                       last.model);
  facts.tool = intern(fields.tool, last.tool);
  facts.scope_name = intern(span.resource->scope_name, last.scope_name);
  facts.convention = intern(fields.convention, last.convention);
  facts.tags = intern(fields.tags, last.tags);
  facts.unread_keys = intern(fields.unread_keys, last.unread_keys);
  facts.tool_named_by_span = fields.tool_named_by_span;
  facts.human_wait = fields.is_human_wait;
  if (!IsMask(fields.task)) facts.task = intern(fields.task, last.task);
  if (facts.task != 0) return;
  for (const Message& message : fields.messages_in) {
    if (message.role != "user" || IsBlank(message.content) || IsMasked(message.content)) continue;
    char name[] = "task_000000000000";
    std::uint64_t hash = ResultFingerprint(message.content.substr(0, kTaskBytes));
    for (std::size_t i = sizeof(name) - 2; name[i] != '_'; --i, hash >>= 4) {
      name[i] = "0123456789abcdef"[hash & 15];
    }
    facts.task = words.Intern(name);
    return;
  }
}

void FactsComputer::Impl::CountCost(const Span& span, const SpanFields& fields, SpanFacts& facts) {
  const CountedUsage counted = CountUsage(fields);
  facts.has_usage = counted.has_usage;
  facts.usage = counted.usage;
  facts.cache_rule = static_cast<std::uint8_t>(counted.rule);
  facts.readings |= counted.readings;
  const bool is_absurd = fields.cost_usd * 1e9 > static_cast<double>(kMostNanoUsd);
  if (is_absurd || fields.refused_cost) facts.readings |= BitOf(Reading::kRefusedCost);
  const std::int64_t reported =
      fields.cost_usd >= 0 && !is_absurd ? std::llround(fields.cost_usd * 1e9) : -1;
  std::optional<Price> price;
  if (counted.has_usage && !counted.has_unknown) {
    price = PriceOf(fields.provider, fields.response_model, span.start_ns);
    if (!price) price = PriceOf(fields.provider, fields.request_model, span.start_ns);
  }
  const std::int64_t computed = price ? CostNanoUsd(*price, counted.usage) : 0;
  const bool spent = counted.has_usage || counted.has_unknown;
  // A proxy that does not know the price of a model reports 0, which is not a price either.
  if (reported > 0 || (reported == 0 && price && computed == 0)) {
    facts.cost_source = CostSource::kReported;
    facts.cost_nano_usd = reported;
    facts.computed_nano_usd = computed;
  } else if (price) {
    facts.cost_source = CostSource::kComputed;
    facts.cost_nano_usd = computed;
    if (reported == 0) facts.readings |= BitOf(Reading::kZeroCostPriced);
  } else if (spent) {
    facts.cost_source = CostSource::kUnpriced;
    if (reported == 0) facts.readings |= BitOf(Reading::kZeroCostUnpriced);
  }
  if (price && &price->For(counted.usage.input) != &price->For(0) &&
      facts.cost_source == CostSource::kComputed) {
    facts.readings |= BitOf(Reading::kLongContextPrice);
  }
}

void FactsComputer::Impl::JudgeError(const Span& span, const SpanFields& fields, StringPool& words,
                                     SpanFacts& facts) {
  const Failure failure = JudgeFailure(span, fields, *json);
  FindLimit(fields, failure, words, facts);
  if (!failure.failed()) return;
  facts.failed = true;
  facts.failure_rule = failure.rule;

  ErrorSignature error = SignError(failure.text.text, failure.type, failure.text_is_cause);
  facts.transport = ClassifyTransport(failure.http_status, error.type, error.plain);
  if (error.type.empty() && failure.http_status != 0) {
    // The status takes the place of the class, unless the text is the status.
    error.type = std::to_string(failure.http_status);
    if (!failure.text_is_cause) {
      error.text.insert(0, error.text.empty() ? error.type : error.type + ": ");
    }
  }
  if (!error.type.empty()) facts.error_type = words.Intern(error.type);
  if (error.text.empty()) {
    error.text = "no message (" + std::string(FailureRuleName(failure.rule)) + ")";
  }
  facts.error_signature = words.Intern(error.text);
  facts.error_quote = MakeQuote(failure.text, Cut(failure.text.text, error.line), words);
  if (facts.error_quote.path == 0) facts.error_quote = QuoteStart(failure.evidence, words);

  const Attribute* const stage = FindAttribute(span, "pydantic_ai.tool.failure_stage");
  if (stage != nullptr && stage->value.text == "validation") {
    facts.invalid_call = words.Intern("arguments fail the tool's validation");
    facts.invalid_call_tool = facts.tool;
    facts.invalid_call_quote = QuoteStart(fields.input, words);
  }
}

void FactsComputer::Impl::FindLimit(const SpanFields& fields, const Failure& failure,
                                    StringPool& words, SpanFacts& facts) {
  const auto take = [&](std::string_view limit, const Located& where, std::string_view piece) {
    if (limit.empty() || facts.limit != 0) return;
    facts.limit = words.Intern(limit);
    facts.limit_quote = MakeQuote(where, piece, words);
  };
  const auto line_of = [](const Located& at) { return Cut(at.text, FindErrorLine(at.text)); };
  if (failure.failed()) {
    take(LimitClass(failure.text.text), failure.text, line_of(failure.text));
    take(LimitClass(failure.type), fields.error_type, fields.error_type.text);
  }
  if (!fields.finish_reason.text.empty()) {
    take(LimitClass(fields.finish_reason.text), fields.finish_reason, fields.finish_reason.text);
  }
  if (fields.kind != Kind::kTool && fields.kind != Kind::kLlm) {
    take(LimitClassOfAnswer(fields.output.text), fields.output, line_of(fields.output));
  }
}

void FactsComputer::Impl::HashCall(const SpanFields& fields, StringPool& words, SpanFacts& facts) {
  if (!fields.input.text.empty() || !fields.tool.empty()) {
    if (!IsMasked(fields.input.text)) {
      facts.arguments_hash =
          MixHash(CanonicalHash(fields.tool, *json), CanonicalHash(fields.input.text, *json));
    }
    last.arguments_quote = facts.arguments_quote =
        QuoteStart(fields.input, words, last.arguments_quote.path);
  }
  facts.call_id = IdHash(fields.tool_call_id);
  if (!fields.output.text.empty()) {
    if (!IsMasked(fields.output.text)) {
      if (fields.kind == Kind::kTool) {
        facts.answer =
            describer.DescribeResult(fields.output.text, fields.tool_call_id, *json, words);
      }
      facts.result_hash = ResultFingerprint(fields.output.text);
      facts.result_words = SketchWords(fields.output.text);
    }
    facts.result_bytes =
        static_cast<std::uint32_t>(std::min<std::size_t>(fields.output.text.size(), UINT32_MAX));
    last.result_quote = facts.result_quote =
        QuoteStart(fields.output, words, last.result_quote.path);
  }
}

void FactsComputer::Impl::DescribePrompt(const Span& span, const SpanFields& fields,
                                         StringPool& words, SpanFacts& facts) {
  facts.prompt = describer.DescribeAll(fields.messages_in, *json, words);
  facts.answer = describer.DescribeAll(fields.messages_out, *json, words);
  facts.prompt_cut =
      fields.cut_json || json->saw_cut() || span.attributes.size() == kDefaultAttributeLimit;
  facts.prompt_is_part = fields.user_turns >= 0;
  const MessagePool& pool = words.messages();
  for (ContextId at = facts.prompt; at != 0; at = pool.Before(at)) {
    const MessageFacts& message = pool[pool.Newest(at)];
    if (message.role != MessageRole::kTool) return;
    if (message.error != 0) break;
  }
  // One of the newest results reports a failure.
  const ToldError told = FindToldError(fields.messages_in, *json);
  if (told.signature.empty()) return;
  facts.told_error = words.Intern(told.signature);
  if (!told.tool.empty()) facts.told_error_tool = words.Intern(told.tool);
}

// What the text of the answer says of tools and of its own work.
void FactsComputer::Impl::ReadWords(const SpanFields& fields, StringPool& words, SpanFacts& facts) {
  std::vector<MessageId> ids = words.messages().MessagesOf(facts.answer);
  std::string planned;
  TellingSentence telling;
  for (std::size_t i = 0; i < ids.size() && i < fields.messages_out.size(); ++i) {
    const Message& message = fields.messages_out[i];
    if (IsBlank(message.content) && message.tool_calls.empty()) continue;
    const ToolMentions mentions =
        FindToolMentions(message.content, fields.tools_offered, describer.words().announcements());
    for (const std::string_view name : mentions.planned) {
      if (!planned.empty()) planned += '\n';
      planned += name;
    }
    if (!mentions.written.empty()) facts.written_call = words.Intern(mentions.written);
    telling.Take(mentions, words.messages()[ids[i]], message, describer.words());
  }
  if (!planned.empty()) facts.planned_tools = words.Intern(planned);
  if (telling.text.empty()) return;
  const std::string_view quote = Cut(telling.text, ExcerptStart(telling.text, kQuoteBytes));
  facts.telling_quote = MakeQuote(fields.messages_out_at, quote, words);
}

void FactsComputer::Impl::ReadAnswer(const Span& span, const SpanFields& fields, StringPool& words,
                                     SpanFacts& facts) {
  for (const Message& message : fields.messages_in) {
    if (message.role == "user" && facts.user_turns < UINT16_MAX) ++facts.user_turns;
  }
  DescribePrompt(span, fields, words, facts);
  if (fields.user_turns >= 0) {
    facts.user_turns =
        static_cast<std::uint16_t>(std::min<std::int64_t>(fields.user_turns, UINT16_MAX));
  }
  facts.has_tool_definitions =
      std::any_of(fields.tools_offered.begin(), fields.tools_offered.end(),
                  [](const ToolDefinition& tool) { return !tool.name.empty(); });
  // The order in which tools are offered does not matter.
  for (const ToolDefinition& tool : fields.tools_offered) {
    facts.tools_hash += MixHash(HashText(tool.name), HashText(tool.parameters));
  }
  facts.has_output = fields.has_messages_out;
  bool has_text = false;
  bool masked = false;
  std::size_t calls_made = 0;
  for (const Message& message : fields.messages_out) {
    has_text = has_text || !IsBlank(message.content);
    calls_made += message.tool_calls.size();
    for (const ToolCall& call : message.tool_calls) {
      masked = masked || IsMasked(call.arguments);
      const std::uint64_t hash =
          MixHash(CanonicalHash(call.name, *json), CanonicalHash(call.arguments, *json));
      facts.calls_hash = MixHash(facts.calls_hash, hash);
    }
  }
  if (masked) facts.calls_hash = 0;
  facts.tool_call_count = static_cast<std::uint16_t>(std::min<std::size_t>(calls_made, UINT16_MAX));
  facts.output_blank = facts.has_output && !has_text && calls_made == 0;
  last.output_quote = facts.output_quote =
      QuoteStart(fields.messages_out_at, words, last.output_quote.path);
  ReadWords(fields, words, facts);
  if (calls_made == 0) return;
  const bool all_offered = span.attributes.size() != kDefaultAttributeLimit;
  const auto invalid =
      calls.FirstInvalid(fields.messages_out, fields.tools_offered, all_offered, *json);
  // Arguments that fill an attribute of their own may have been cut by its length limit.
  const bool may_be_cut = invalid && fields.cut_json && ShapeOf(invalid->quote) == JsonShape::kCut;
  if (invalid && !may_be_cut) {
    facts.invalid_call = words.Intern(invalid->signature);
    facts.invalid_call_tool = words.Intern(invalid->tool);
    // Flattened messages keep each name and each argument text in an attribute of its own.
    const std::string_view quote = Cut(invalid->quote, ExcerptStart(invalid->quote, kQuoteBytes));
    const Located holder = FindHolder(span, quote, json->arena());
    facts.invalid_call_quote =
        MakeQuote(holder.path.empty() ? fields.messages_out_at : holder, quote, words);
  }
}

// The answer in the output of an agent or chain; empty if it contains none. Of messages, the last
// one counts: the result of a tool is not an answer, and a text next to a pending call only
// announces the call.
std::string_view FactsComputer::Impl::AnswerIn(const SpanFields& fields) {
  const std::string_view text = fields.output.text;
  if (IsBlank(text)) return {};
  for (const std::string_view nothing : {"null", "None", "{}", "[]", "\"\"", "undefined"}) {
    if (text == nothing) return {};
  }
  messages.clear();
  ReadMessages(text, "assistant", *json, messages);
  if (messages.empty()) return HoldsNoAnswer(text, *json) ? std::string_view() : text;
  // Results in the role of the assistant (@ai-sdk/otel).
  const auto is_result = [](const Message& message) {
    return !message.tool_call_id.empty() && message.tool_calls.empty();
  };
  while (messages.size() > 1 && is_result(messages.back())) messages.pop_back();
  const Message& last_message = messages.back();
  if (last_message.role == "tool" || IsBlank(last_message.content)) return {};
  if (messages.size() == 1 && HoldsNoAnswer(last_message.content, *json)) return {};
  const bool answers = last_message.tool_calls.empty() ||
                       ClassifyFinish(last_message.finish_reason) == FinishClass::kStop;
  return answers ? last_message.content : std::string_view();
}

void FactsComputer::Compute(const Span& span, const SpanFields& fields, JsonTrees& json,
                            StringPool& words, SpanFacts& facts) {
  Impl& impl = *impl_;
  impl.json = &json;
  impl.Identify(span, fields, words, facts);
  if (IsFromLog(span)) facts.readings |= BitOf(Reading::kFromLog);
  impl.CountCost(span, fields, facts);
  impl.JudgeError(span, fields, words, facts);
  if (IsCall(fields.kind)) impl.HashCall(fields, words, facts);
  facts.finish = ClassifyFinish(fields.finish_reason.text);
  if (!fields.finish_reason.text.empty()) {
    facts.finish_quote = MakeQuote(fields.finish_reason, fields.finish_reason.text, words);
  }
  if (fields.kind == Kind::kLlm) {
    impl.ReadAnswer(span, fields, words, facts);
  } else if (!IsCall(fields.kind) && !fields.output.path.empty()) {
    facts.has_output = true;
    const bool speaks_for_run = span.parent_id.empty() || fields.kind == Kind::kAgent;
    facts.output_blank = IsBlank(fields.output.text);
    if (speaks_for_run) {
      const std::string_view answer = impl.AnswerIn(fields);
      facts.output_blank = answer.empty();
      if (WaitsForPerson(fields.output.text)) facts.finish = FinishClass::kStop;
      if (!IsMasked(answer)) {
        facts.answer_words = words.Intern(TellingWords(answer));
        facts.answer = impl.describer.DescribeResult(answer, {}, json, words);
      }
    }
    facts.output_quote = QuoteStart(fields.output, words);
  }
  if (fields.kind != Kind::kLlm && EndsRunByDesign(span)) facts.finish = FinishClass::kStop;
  const OutcomeVerdict verdict = JudgeOutcome(span, fields, facts.failure_rule, impl.outcome);
  facts.outcome = verdict.outcome;
  facts.outcome_rule = verdict.rule;
  if (fields.cut_json || json.saw_cut()) facts.readings |= BitOf(Reading::kCutJson);
}

}  // namespace halo
