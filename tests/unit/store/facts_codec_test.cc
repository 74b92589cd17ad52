// SPDX-License-Identifier: MIT
#include "engine/codec/facts_codec.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>

#include "engine/codec/column_codec.h"
#include "engine/summaries/summary_codec.h"
#include "tests/support/summary_bytes.h"

namespace halo {
namespace {

MessageId RandomMessage(std::mt19937_64& random, StringPool& words) {
  const auto numbers = [&] {
    std::vector<std::uint32_t> list(random() % 4);
    for (std::uint32_t& number : list) number = static_cast<std::uint32_t>(random());
    return list;
  };
  NewMessage made;
  made.facts.role = static_cast<MessageRole>(random() % 5);
  made.facts.marks = static_cast<std::uint32_t>(random() % 32);
  made.facts.size = static_cast<std::uint32_t>(random() % 5000);
  made.facts.hash = random() % 1000;
  made.facts.call_id = random() % 3 == 0 ? random() >> 24 : 0;
  made.facts.error = random() % 3 == 0 ? words.Intern("error " + std::to_string(random() % 9)) : 0;
  made.values = numbers();
  made.heads = numbers();
  for (std::uint64_t i = random() % 3; i > 0; --i) {
    NewCall& call = made.calls.emplace_back();
    call.facts.tool = words.Intern("tool " + std::to_string(random() % 9));
    call.facts.id = random() >> 24;
    call.facts.request = random();
    call.facts.size = static_cast<std::uint32_t>(random() % 500);
    call.values = numbers();
    call.heads = numbers();
  }
  return words.messages().Add(made);
}

// A list that often goes on where the last one ended.
ContextId RandomList(std::mt19937_64& random, StringPool& words) {
  MessagePool& pool = words.messages();
  ContextId list = pool.contexts() > 1 && random() % 2 == 0
                       ? static_cast<ContextId>(random() % pool.contexts())
                       : 0;
  for (std::uint64_t i = random() % 4; i > 0; --i) {
    list = pool.Append(list, RandomMessage(random, words));
  }
  return list;
}

// Facts with random values in every field.
SpanFacts RandomFacts(std::mt19937_64& random, StringPool& words, bool sparse) {
  const auto number = [&] {
    if (sparse && random() % 3 != 0) return std::uint64_t{0};
    return random() >> (random() % 64);
  };
  const auto word = [&] { return words.Intern("word " + std::to_string(number() % 50)); };
  const auto quote = [&] {
    return QuoteRef{word(), static_cast<std::uint32_t>(number()),
                    static_cast<std::uint32_t>(number())};
  };
  const auto signed_number = [&] { return static_cast<std::int64_t>(number()); };
  SpanFacts f;
  f.span_id = words.Intern("id" + std::to_string(random()));
  f.parent_id = word();
  f.name = word();
  f.operation = word();
  f.kind = static_cast<Kind>(number() % 11);
  f.status = static_cast<StatusCode>(number() % 3);
  f.start_ns = signed_number();
  f.end_ns = signed_number();
  f.content_hash = number();
  f.payload = {signed_number() >> 1, static_cast<std::uint32_t>(number()),
               static_cast<std::uint32_t>(number())};
  f.payload_bytes = static_cast<std::uint32_t>(number());
  f.sequence = static_cast<std::uint32_t>(number());
  f.clipped = number() % 2;
  f.redactions = static_cast<std::uint16_t>(number());
  f.unread_keys = word();
  f.tool_named_by_span = number() % 2;
  f.told_error = word();
  f.told_error_tool = word();
  f.service = word();
  f.version = word();
  f.environment = word();
  f.session = word();
  f.user = word();
  f.task = word();
  f.agent = word();
  f.provider = word();
  f.model = word();
  f.tool = word();
  f.scope_name = word();
  f.convention = word();
  f.tags = word();
  f.human_wait = number() % 2;
  f.has_usage = number() % 2;
  f.usage = {signed_number(), signed_number(), signed_number(), signed_number(), -1};
  f.cache_rule = static_cast<std::uint8_t>(number());
  f.cost_source = static_cast<CostSource>(number() % 4);
  f.cost_nano_usd = signed_number();
  f.computed_nano_usd = -signed_number();
  f.readings = static_cast<Readings>(number());
  f.failed = number() % 2;
  f.failure_rule = static_cast<FailureRule>(number() % 7);
  f.transport = static_cast<Transport>(number() % 8);
  f.error_type = word();
  f.error_signature = word();
  f.error_quote = quote();
  f.arguments_hash = number();
  f.result_hash = number();
  f.arguments_quote = quote();
  f.result_quote = quote();
  f.result_bytes = static_cast<std::uint32_t>(number());
  f.result_words = {number(), number()};
  f.answer_words = word();
  f.finish = static_cast<FinishClass>(number() % 6);
  f.finish_quote = quote();
  f.has_output = number() % 2;
  f.output_blank = number() % 2;
  f.tool_call_count = static_cast<std::uint16_t>(number());
  f.user_turns = static_cast<std::uint16_t>(number());
  f.calls_hash = number();
  f.output_quote = quote();
  f.invalid_call = word();
  f.invalid_call_tool = word();
  f.invalid_call_quote = quote();
  f.has_tool_definitions = number() % 2;
  f.limit = word();
  f.limit_quote = quote();
  f.outcome = static_cast<Outcome>(number() % 3);
  f.outcome_rule = static_cast<OutcomeRule>(number() % 5);
  f.prompt = sparse && random() % 2 == 0 ? 0 : RandomList(random, words);
  f.answer = sparse && random() % 2 == 0 ? 0 : RandomList(random, words);
  f.prompt_cut = number() % 2;
  f.prompt_is_part = number() % 2;
  f.call_id = number();
  f.tools_hash = number();
  return f;
}

TEST_CASE("facts survive encoding, whatever they hold") {
  std::mt19937_64 random(3);
  for (int round = 0; round < 200; ++round) {
    StringPool words;
    std::vector<SpanFacts> spans;
    const std::size_t count = round < 20 ? static_cast<std::size_t>(round) : random() % 100;
    for (std::size_t i = 0; i < count; ++i) {
      spans.push_back(RandomFacts(random, words, round % 2 == 0));
    }
    const std::string bytes = EncodeFacts(spans, words);
    StringPool other;
    other.Intern("something before");
    std::vector<SpanFacts> decoded(1);
    const Result<void> result = DecodeFacts(bytes, 0, other, decoded);
    REQUIRE(result.has_value());
    REQUIRE(decoded.size() == count + 1);
    decoded.erase(decoded.begin());
    // Equal bytes mean equal facts. In addition, one field of each kind is compared.
    CHECK(EncodeFacts(decoded, other) == bytes);
    for (std::size_t i = 0; i < count; ++i) {
      CHECK(other[decoded[i].span_id] == words[spans[i].span_id]);
      CHECK(decoded[i].start_ns == spans[i].start_ns);
      CHECK(decoded[i].end_ns == spans[i].end_ns);
      CHECK(decoded[i].payload.offset == spans[i].payload.offset);
      CHECK(decoded[i].computed_nano_usd == spans[i].computed_nano_usd);
      CHECK(other[decoded[i].limit_quote.path] == words[spans[i].limit_quote.path]);
      CHECK(decoded[i].outcome_rule == spans[i].outcome_rule);
      CHECK(other.messages().Length(decoded[i].prompt) == words.messages().Length(spans[i].prompt));
      if (spans[i].answer == 0) continue;
      const MessageFacts& kept = other.messages()[other.messages().Newest(decoded[i].answer)];
      const MessageFacts& message = words.messages()[words.messages().Newest(spans[i].answer)];
      CHECK(kept.hash == message.hash);
      CHECK(other[kept.error] == words[message.error]);
      const auto calls = other.messages().CallsOf(kept);
      const auto made = words.messages().CallsOf(message);
      REQUIRE(calls.size() == made.size());
      for (std::size_t c = 0; c < calls.size(); ++c) {
        CHECK(other[calls[c].tool] == words[made[c].tool]);
        CHECK(calls[c].request == made[c].request);
      }
    }
  }
}

TEST_CASE("the payload base is added to each block") {
  StringPool words;
  std::vector<SpanFacts> spans(2), decoded;
  spans[0].payload.block = 0;
  spans[1].payload.block = 3;
  REQUIRE(DecodeFacts(EncodeFacts(spans, words), 100, words, decoded).has_value());
  CHECK(decoded[0].payload.block == 100);
  CHECK(decoded[1].payload.block == 103);
}

// Rows of a table, decoded and written as a new table.
std::string RowsOf(std::string_view table, RowRange rows) {
  StringPool words;
  std::vector<SpanFacts> spans;
  REQUIRE(DecodeFacts(table, rows, 0, words, spans).has_value());
  REQUIRE(spans.size() == rows.count);
  return EncodeFacts(spans, words);
}

TEST_CASE("some rows of a table can be read without the others") {
  std::mt19937_64 random(7);
  for (int round = 0; round < 40; ++round) {
    StringPool words;
    std::vector<std::vector<SpanFacts>> traces(1 + random() % 6);
    std::vector<std::span<const SpanFacts>> groups;
    std::vector<SpanFacts> all;
    for (std::vector<SpanFacts>& trace : traces) {
      for (std::uint64_t i = random() % 20; i > 0; --i) {
        trace.push_back(RandomFacts(random, words, round % 3 != 0));
      }
      groups.push_back(trace);
      all.insert(all.end(), trace.begin(), trace.end());
    }
    const std::string table(FactsEncoder().Encode(groups, words));
    CHECK(RowsOf(table, {0, all.size()}) == EncodeFacts(all, words));
    std::size_t first = 0;
    for (const std::span<const SpanFacts> group : groups) {
      CHECK(RowsOf(table, {first, group.size()}) == EncodeFacts(group, words));
      first += group.size();
    }
    std::vector<PayloadRef> refs;
    REQUIRE(DecodePayloadRefs(table, refs).has_value());
    REQUIRE(refs.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(refs[i].block == all[i].payload.block);
      CHECK(refs[i].offset == all[i].payload.offset);
      CHECK(refs[i].length == all[i].payload.length);
    }
    std::vector<SpanFacts> none;
    CHECK(!DecodeFacts(table, {all.size(), 1}, 0, words, none).has_value());
    CHECK(!DecodeFacts(table, {1, SIZE_MAX}, 0, words, none).has_value());
    CHECK(none.empty());
  }
}

TEST_CASE("a prompt that repeats a history is stored with what it adds") {
  std::mt19937_64 random(11);
  StringPool words;
  std::vector<SpanFacts> spans(400);
  ContextId list = 0;
  for (SpanFacts& span : spans) {
    span.prompt = list = words.messages().Append(list, RandomMessage(random, words));
  }
  const std::string all = EncodeFacts(spans, words);
  const std::string half = EncodeFacts(std::span(spans).first(200), words);
  CHECK(all.size() < half.size() * 5 / 2);
}

TEST_CASE("what a segment costs beside its values is small") {
  StringPool words;
  std::vector<SpanFacts> spans(20);
  for (std::size_t i = 0; i < spans.size(); ++i) {
    spans[i].span_id = words.Intern("00000000000000" + std::to_string(10 + i));
    spans[i].kind = i % 2 ? Kind::kTool : Kind::kLlm;
    spans[i].name = words.Intern("step");
  }
  CHECK(EncodeFacts(spans, words).size() < 20 * 9 + 200);
  CHECK(EncodeFacts({}, words).size() < 20);
}

TEST_CASE("facts of the format without messages are read") {
  // Written by the release before messages were kept: a call of the tool "find" that took a second.
  constexpr std::string_view kHex =
      "01010122b7ad6b7169203331030008061466696e647376636f74656c5f67656e616959dd598002004000000000"
      "00000001000100010003008080f8efc893dacb180080a8d6b90700dafdf688effc81e06500a70100a70100020001"
      "000300e59ff5bdeafefce065";
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string table;
  for (std::size_t i = 0; i + 1 < kHex.size(); i += 2) {
    table.push_back(static_cast<char>(digit(kHex[i]) * 16 + digit(kHex[i + 1])));
  }
  StringPool words;
  std::vector<SpanFacts> out;
  REQUIRE(DecodeFacts(table, 0, words, out).has_value());
  REQUIRE(out.size() == 1);
  CHECK(out[0].kind == Kind::kTool);
  CHECK(words[out[0].tool] == "find");
  CHECK(out[0].start_ns == 1'772'000'000'000'000'000);
  CHECK(out[0].end_ns == 1'772'000'001'000'000'000);
  CHECK(out[0].prompt == 0);
  CHECK(out[0].answer == 0);
  const std::string now = EncodeFacts(out, words);
  std::vector<SpanFacts> again;
  REQUIRE(DecodeFacts(now, 0, words, again).has_value());
  CHECK(again[0].payload.length == out[0].payload.length);
  for (std::size_t cut = 0; cut < table.size(); ++cut) {
    CHECK(!DecodeFacts(table.substr(0, cut), 0, words, out).has_value());
  }
}

TEST_CASE("bytes that are no facts are refused and change nothing") {
  std::mt19937_64 random(5);
  StringPool words;
  std::vector<SpanFacts> spans;
  spans.reserve(30);
  for (int i = 0; i < 30; ++i) spans.push_back(RandomFacts(random, words, true));
  const std::string good = EncodeFacts(spans, words);
  std::vector<SpanFacts> out;
  for (std::size_t cut = 0; cut < good.size(); cut += 3) {
    CHECK(!DecodeFacts(good.substr(0, cut), 0, words, out).has_value());
    CHECK(out.empty());
  }
  for (int i = 0; i < 2000; ++i) {
    std::string bad = good;
    bad[random() % bad.size()] = static_cast<char>(random());
    out.clear();
    const Result<void> result = DecodeFacts(bad, 0, words, out);
    if (!result) CHECK(out.empty());
  }
}

}  // namespace
}  // namespace halo
