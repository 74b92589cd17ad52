// SPDX-License-Identifier: MIT
// Every feature of the tables of a convention, tested with an invented convention.
#include <catch2/catch.hpp>
#include <string>

#include "engine/semconv/convention.h"
#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"x.kind", Field::kKind},
    {"x.model", Field::kRequestModel},
    {"x.provider", Field::kProvider},
    {"x.session", Field::kSession, 1, true},
    {"session_id", Field::kSession},
    {"score", Field::kOutcome},
    {"x.cost.cents", Field::kCostUsd, 0.01},
    {"x.kilotokens.in", Field::kInputTokens, 1000},
    {"x.tokens.out", Field::kOutputTokens},
    {"x.messages", Field::kMessagesOut},
};
constexpr PrefixRule kPrefixes[] = {
    {"x.usage.", Field::kUsageJson}, {"x.exclusive.", Field::kUsageJson, true},
    {"x.meta.", Field::kMetadata},   {"x.args.", Field::kToolArguments},
    {"x.costs.", Field::kCostJson},  {"x.v2.", Field::kInputIncludesCache},
};
constexpr KindWord kKinds[] = {{"model.step", Kind::kLlm}, {"tool", Kind::kTool}};
constexpr PresenceRule kPresences[] = {{"x.retriever.id", Kind::kRetriever}};
constexpr FlatList kOut = FlatList::kMessagesOut;
constexpr FlatRule kFlat[] = {
    {"x.completion.text", kOut, FlatPart::kContent},
    {"x.completion.tool_calls", kOut, FlatPart::kCalls},
    {"x.completion.stop", kOut, FlatPart::kFinishReason},
    {"x.choices.#.text", kOut, FlatPart::kContent},
};
constexpr NameRule kNames[] = {{"tool.execution:", Kind::kTool}, {"agent.", Kind::kAgent, false}};
constexpr std::string_view kProviders[] = {"anthropic"};
constexpr ScopeRule kScopes[] = {
    {.scope = "x.scope", .input_includes_cache = false, .providers = kProviders}};

constexpr Convention kMadeUp{.name = "made_up",
                             .keys = kKeys,
                             .prefixes = kPrefixes,
                             .kinds = kKinds,
                             .presences = kPresences,
                             .flat = kFlat,
                             .names = kNames,
                             .scopes = kScopes};
constexpr FlatRule kLessFlat[] = {{"y.answer", kOut, FlatPart::kContent}};
constexpr Convention kLessTrusted{.name = "less_trusted", .keys = {}, .flat = kLessFlat};
constexpr const Convention* kAll[] = {&kMadeUp, &kLessTrusted};

struct Reader {
  Conventions conventions{kAll};
};

TEST_CASE_METHOD(Reader, "several attributes make one message") {
  SpanBuilder b;
  b.Text("x.kind", "MODEL.STEP")
      .Text("x.completion.tool_calls",
            R"([{"toolCallId":"c1","toolName":"find","args":{"q":1}},{"id":"c2","name":"get"}])")
      .Text("x.completion.text", "Let me look.")
      .Text("x.completion.stop", "tool-calls");
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kLlm);
  CHECK(f.convention == "made_up");
  REQUIRE(f.messages_out.size() == 1);
  const Message& message = f.messages_out[0];
  CHECK(message.role == "assistant");
  CHECK(message.content == "Let me look.");
  REQUIRE(message.tool_calls.size() == 2);
  CHECK(message.tool_calls[0].id == "c1");
  CHECK(message.tool_calls[0].name == "find");
  CHECK(message.tool_calls[0].arguments == R"({"q":1})");
  CHECK(message.tool_calls[1].name == "get");
  CHECK(f.finish_reason.text == "tool-calls");
  CHECK(f.messages_out_at.path == "attributes.x.completion.text");
  CHECK(f.messages_out_at.text == "Let me look.");
}

TEST_CASE_METHOD(Reader, "an answer of calls alone is where the calls are") {
  SpanBuilder b;
  b.Text("x.kind", "model.step").Text("x.completion.tool_calls", R"([{"id":"c","name":"get"}])");
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].tool_calls.size() == 1);
  CHECK(f.messages_out_at.path == "attributes.x.completion.tool_calls");
}

TEST_CASE_METHOD(Reader, "of two conventions that give one list the more trusted counts") {
  SpanBuilder b;
  b.Text("x.kind", "model.step").Text("y.answer", "Hello").Text("x.completion.text", "Hello");
  const SpanFields& f = conventions.Read(b.span());
  REQUIRE(f.messages_out.size() == 1);
  CHECK(f.messages_out[0].content == "Hello");
  SpanBuilder less;
  less.Text("x.kind", "model.step").Text("y.answer", "Hello");
  CHECK(conventions.Read(less.span()).messages_out.size() == 1);
}

TEST_CASE_METHOD(Reader, "costs and counts have units") {
  SpanBuilder b;
  b.Text("x.model", "m").Double("x.kilotokens.in", 1.5).Int("x.tokens.out", 7);
  b.Double("x.cost.cents", 25);
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.kind == Kind::kLlm);
  CHECK(f.input_tokens == 1500);
  CHECK(f.output_tokens == 7);
  CHECK(f.cost_usd == Approx(0.25));
}

TEST_CASE_METHOD(Reader, "keys below a prefix are counts") {
  SpanBuilder b;
  b.Int("x.usage.inputTokens", 10).Int("x.usage.cached_input_tokens", 4).Int("x.usage.output", 2);
  b.Int("x.usage.unheard_of", 9);
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.input_tokens == 10);
  CHECK(f.cache_read_tokens == 4);
  CHECK(f.output_tokens == 2);
  CHECK_FALSE(f.output_leaves_thoughts_out);
  SpanBuilder exclusive;
  exclusive.Int("x.exclusive.input", 10).Int("x.exclusive.output", 2);
  const SpanFields& g = conventions.Read(exclusive.span());
  CHECK(g.input_tokens == 10);
  CHECK(g.input_excludes_cache);
  CHECK(g.output_leaves_thoughts_out);
}

TEST_CASE_METHOD(Reader, "keys below a prefix are costs, metadata, or a mark") {
  SpanBuilder b;
  b.Double("x.costs.input", 0.5).Double("x.costs.output", 0.25).Text("x.meta.session_id", "s-1");
  b.Double("x.meta.score", 0.5).Text("x.meta.color", "red").Int("x.v2.anything", 0);
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.cost_usd == Approx(0.75));
  CHECK(f.session == "s-1");
  CHECK(f.input_includes_cache);
  REQUIRE(f.outcome_marks.size() == 1);
  CHECK(f.outcome_marks[0].key == "score");
}

TEST_CASE_METHOD(Reader, "keys below a prefix are together one object") {
  SpanBuilder b;
  b.Text("x.kind", "tool").Text("x.args.city", "Rome \"centre\"").Int("x.args.days", 3);
  const SpanFields& f = conventions.Read(b.span());
  CHECK(f.input.text == R"({"city":"Rome \"centre\"","days":3})");
  // Quotes refer to stored values, so the path is that of one attribute.
  CHECK(f.input.path == "attributes.x.args.city");
  CHECK(f.input.whole == "Rome \"centre\"");
}

TEST_CASE_METHOD(Reader, "a kind comes of a value, of a key that is there, or of a name") {
  SpanBuilder present;
  present.Int("x.retriever.id", 3);
  CHECK(conventions.Read(present.span()).kind == Kind::kRetriever);
  SpanBuilder both;
  both.Int("x.retriever.id", 3).Text("x.kind", "tool");
  CHECK(conventions.Read(both.span()).kind == Kind::kTool);
  SpanBuilder named;
  named.Name("tool.execution:find");
  CHECK(conventions.Read(named.span()).kind == Kind::kTool);
  CHECK(conventions.Read(named.span()).tool == "find");
  SpanBuilder common;
  common.Name("agent.run");
  CHECK(conventions.Read(common.span()).kind == Kind::kSpan);
}

TEST_CASE_METHOD(Reader, "a key may count as text only, a rule for one provider only") {
  SpanBuilder number;
  number.Int("x.session", 17).Scope("x.scope").Text("x.provider", "openai");
  const SpanFields& f = conventions.Read(number.span());
  CHECK(f.session.empty());
  CHECK_FALSE(f.input_excludes_cache);
  SpanBuilder text;
  text.Text("x.session", "conv-17").Scope("x.scope").Text("x.provider", "anthropic.messages");
  const SpanFields& g = conventions.Read(text.span());
  CHECK(g.session == "conv-17");
  CHECK(g.input_excludes_cache);
}

}  // namespace
}  // namespace halo
