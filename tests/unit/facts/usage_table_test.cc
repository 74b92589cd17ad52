// SPDX-License-Identifier: MIT
// One row per spelling or convention of emitters: the attributes, and the tokens and cost they
// mean.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/facts/facts_computer.h"
#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct Given {
  const char* key;
  std::int64_t number;
  const char* text = nullptr;  // instead of the number
};

struct Row {
  const char* what;
  std::vector<Given> given;
  std::int64_t input, output, cache_read, cache_write, reasoning, total;
  std::int64_t micro_usd;
  const char* model = "gpt-4o";  // USD per million: 2.50 input, 10 output, 1.25 cached
  const char* scope = "";
};

constexpr const char* kSonnet = "claude-sonnet-4-5";  // 3 input, 15 output, 0.30 read, 3.75 write

struct Reader {
  PriceTable prices;
  OutcomeConfig config;
  Conventions conventions;
  FactsComputer computer{config, prices};

  SpanFacts Read(const SpanBuilder& b) {
    StringPool words;
    SpanFacts facts;
    const SpanFields& fields = conventions.Read(b.span());
    computer.Compute(b.span(), fields, conventions.json(), words, facts);
    return facts;
  }
  SpanFacts Read(const Row& row) {
    SpanBuilder b;
    b.Scope(row.scope).Text("gen_ai.request.model", row.model);
    for (const Given& given : row.given) {
      if (given.text != nullptr) {
        b.Text(given.key, given.text);
      } else {
        b.Int(given.key, given.number);
      }
    }
    return Read(b);
  }
};

void Check(const Row& row) {
  static Reader reader;
  CAPTURE(row.what);
  const SpanFacts f = reader.Read(row);
  CHECK(f.has_usage);
  CHECK(f.usage.input == row.input);
  CHECK(f.usage.output == row.output);
  CHECK(f.usage.cache_read == row.cache_read);
  CHECK(f.usage.cache_write == row.cache_write);
  CHECK(f.usage.reasoning == row.reasoning);
  CHECK(f.usage.total() == row.total);
  CHECK(f.cost_source == CostSource::kComputed);
  CHECK((f.cost_nano_usd + 500) / 1000 == row.micro_usd);
}

bool Has(const SpanFacts& facts, Reading reading) { return (facts.readings & BitOf(reading)) != 0; }

TEST_CASE("usage: every spelling of cache reads") {
  for (const char* const key : {"gen_ai.usage.cache_read.input_tokens",
                                "gen_ai.usage.cache_read_input_tokens",
                                "gen_ai.usage.cache_read_tokens",
                                "gen_ai.usage.cached_tokens",
                                "gen_ai.usage.cached_input_tokens",
                                "gen_ai.usage.input_cached_tokens",
                                "gen_ai.usage.input_tokens.cached",
                                "gen_ai.usage.input_token_details.cache_read",
                                "gen_ai.usage.input_tokens_details.cached_tokens",
                                "gen_ai.usage.prompt_tokens_details.cached_tokens",
                                "gen_ai.usage.details.input_cached_tokens",
                                "gen_ai.usage.details.cache_read_tokens",
                                "gen_ai.usage.details.cached_tokens",
                                "gen_ai.usage.details.cache_read_input_tokens",
                                "llm.usage.cache_read_input_tokens",
                                "llm.usage.prompt_tokens_details.cached_tokens",
                                "llm.token_count.prompt_details.cache_read",
                                "llm.token_count.prompt_details.cache_input",
                                "ai.usage.cachedInputTokens",
                                "ai.usage.inputTokenDetails.cacheReadTokens",
                                "usage.cached_tokens",
                                "cache_read_tokens",
                                "cached_token_count",
                                "inference.llm.cached_input_tokens",
                                "codex.turn.token_usage.cached_input_tokens",
                                "usage_metadata.input_token_details.cache_read",
                                "gen_ai.usage.prompt_cached_tokens",
                                "gen_ai.usage.prompt_token_details.cached_tokens",
                                "llm.token_count.prompt_details.cached_tokens",
                                "llm.token_count.prompt_details.cache_read_input_tokens"}) {
    Check({key,
           {{"gen_ai.usage.input_tokens", 1000}, {"gen_ai.usage.output_tokens", 100}, {key, 800}},
           1000,
           100,
           800,
           0,
           0,
           1100,
           2500});
  }
}

TEST_CASE("usage: every spelling of cache writes") {
  for (const char* const key :
       {"gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.cache_creation_tokens", "gen_ai.usage.cache_write_tokens",
        "gen_ai.usage.cache_write_input_tokens", "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.input_tokens.cache_write", "gen_ai.usage.details.cache_write_tokens",
        "gen_ai.usage.details.cache_creation_input_tokens",
        "gen_ai.usage.input_token_details.cache_creation",
        "llm.token_count.prompt_details.cache_write", "llm.usage.cache_creation_input_tokens",
        "ai.usage.inputTokenDetails.cacheWriteTokens", "cache_creation_tokens",
        "gen_ai.usage.cached_write_tokens", "gen_ai.usage.cache_creation.ephemeral_5m_input_tokens",
        "gen_ai.usage.input_token_details.ephemeral_1h_input_tokens",
        "llm.token_count.prompt_details.cache_creation",
        "llm.token_count.prompt_details.cache_creation_input_tokens"}) {
    Check({key,
           {{"gen_ai.usage.input_tokens", 1000}, {"gen_ai.usage.output_tokens", 100}, {key, 800}},
           1000,
           100,
           0,
           800,
           0,
           1100,
           600 + 3000 + 1500,
           kSonnet});
  }
}

TEST_CASE("usage: every spelling of reasoning") {
  for (const char* const key :
       {"gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens",
        "gen_ai.usage.details.reasoning_tokens", "gen_ai.usage.output_tokens.reasoning",
        "gen_ai.usage.output_token_details.reasoning",
        "gen_ai.usage.completion_tokens_details.reasoning_tokens",
        "gen_ai.usage.thoughts_token_count", "llm.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning", "ai.usage.reasoningTokens",
        "ai.usage.outputTokenDetails.reasoningTokens", "codex.usage.reasoning_output_tokens",
        "reasoning_token_count", "codex.turn.token_usage.reasoning_output_tokens",
        "gen_ai.usage.completion_tokens.reasoning",
        "llm.token_count.completion_details.reasoning_tokens"}) {
    Check({key,
           {{"gen_ai.usage.input_tokens", 1000}, {"gen_ai.usage.output_tokens", 100}, {key, 80}},
           1000,
           100,
           0,
           0,
           80,
           1100,
           3500});
  }
}

TEST_CASE("usage: every spelling of input, output and total") {
  struct Spelling {
    const char *input, *output, *total;
  };
  for (const Spelling& s : std::vector<Spelling>{
           {"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "gen_ai.usage.total_tokens"},
           {"gen_ai.usage.prompt_tokens", "gen_ai.usage.completion_tokens",
            "llm.usage.total_tokens"},
           {"llm.token_count.prompt", "llm.token_count.completion", "llm.token_count.total"},
           {"llm.usage.prompt_tokens", "llm.usage.completion_tokens", "llm.usage.total_tokens"},
           {"ai.usage.inputTokens", "ai.usage.outputTokens", "ai.usage.totalTokens"},
           {"ai.usage.promptTokens", "ai.usage.completionTokens", "ai.usage.totalTokens"},
           {"usage.prompt_tokens", "usage.completion_tokens", "usage.total_tokens"},
           {"codex.turn.token_usage.input_tokens", "codex.turn.token_usage.output_tokens",
            "codex.turn.token_usage.total_tokens"},
           {"gen_ai.aggregated_usage.input_tokens", "gen_ai.aggregated_usage.output_tokens",
            "gen_ai.usage.total_tokens"},
           {"input_token_count", "output_token_count", "total_tokens"},
           {"input_tokens", "output_tokens", "total_tokens"},
           {"usage_metadata.input_tokens", "usage_metadata.output_tokens",
            "usage_metadata.total_tokens"},
           {"inference.llm.input_tokens", "inference.llm.output_tokens", "total_tokens"}}) {
    Check({s.input, {{s.input, 1000}, {s.output, 100}}, 1000, 100, 0, 0, 0, 1100, 3500});
    Check({s.input, {{s.input, 0, "1000"}, {s.output, 0, "100"}}, 1000, 100, 0, 0, 0, 1100, 3500});
    Check({s.total, {{s.input, 1000}, {s.total, 1100}}, 1000, 100, 0, 0, 0, 1100, 3500});
    Check({s.total, {{s.output, 100}, {s.total, 1100}}, 1000, 100, 0, 0, 0, 1100, 3500});
  }
}

TEST_CASE("usage: objects of counts") {
  const std::vector<Row> rows = {
      {"Langfuse of openai: cached and reasoning outside",
       {{"langfuse.observation.usage_details", 0,
         R"({"input":200,"output":20,"total":1100,"input_cached_tokens":800,)"
         R"("output_reasoning_tokens":80})"}},
       1000,
       100,
       800,
       0,
       80,
       1100,
       2500},
      {"Langfuse of LangChain",
       {{"langfuse.observation.usage_details", 0,
         R"({"input":200,"output":20,"input_cache_read":800,"output_reasoning":80})"}},
       1000,
       100,
       800,
       0,
       80,
       1100,
       2500},
      {"MLflow",
       {{"mlflow.chat.tokenUsage", 0,
         R"({"input_tokens":1000,"output_tokens":100,"total_tokens":1100,)"
         R"("cache_read_input_tokens":800})"}},
       1000,
       100,
       800,
       0,
       0,
       1100,
       2500},
      {"OpenAI's usage object",
       {{"gen_ai.usage", 0,
         R"({"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,)"
         R"("prompt_tokens_details":{"cached_tokens":800},)"
         R"("completion_tokens_details":{"reasoning_tokens":80}})"}},
       1000,
       100,
       800,
       0,
       80,
       1100,
       2500},
      {"LangSmith: details as JSON text",
       {{"gen_ai.usage.input_tokens", 1000},
        {"gen_ai.usage.output_tokens", 100},
        {"gen_ai.usage.input_token_details", 0, R"({"audio":0,"cache_read":800})"}},
       1000,
       100,
       800,
       0,
       0,
       1100,
       2500},
      {"Gemini's own object: thoughts outside",
       {{"gen_ai.usage.input_tokens", 1000},
        {"gen_ai.usage.output_tokens", 20},
        {"gcp.vertex.agent.llm_response", 0,
         R"({"content":{"parts":[{"text":"a"}]},"usage_metadata":{"prompt_token_count":1000,)"
         R"("candidates_token_count":20,"thoughts_token_count":80,"total_token_count":1100,)"
         R"("cached_content_token_count":800}})"}},
       1000,
       100,
       800,
       0,
       80,
       1100,
       2500},
      {"Genkit: the details only in the provider's answer",
       {{"genkit:output", 0,
         R"({"message":{"role":"model"},"usage":{"inputTokens":1000,"outputTokens":100},)"
         R"("raw":{"usage":{"prompt_tokens":1000,"prompt_tokens_details":{"cached_tokens":800}}}})"}},
       1000,
       100,
       800,
       0,
       0,
       1100,
       2500},
      {"JSON text in JSON text",
       {{"gen_ai.usage", 0,
         R"("{\"input_tokens\":1000,\"output_tokens\":\"100\",)"
         R"(\"input_tokens_details\":\"{\\\"cached_tokens\\\":800}\"}")"}},
       1000,
       100,
       800,
       0,
       0,
       1100,
       2500},
      {"LangChain of Anthropic: writes by how long they are kept, their sum 0",
       {{"usage_metadata", 0,
         R"({"input_tokens":1000,"output_tokens":100,"total_tokens":1100,"input_token_details":)"
         R"({"cache_read":100,"cache_creation":0,"ephemeral_5m_input_tokens":200,)"
         R"("ephemeral_1h_input_tokens":100}})"}},
       1000,
       100,
       100,
       300,
       0,
       1100,
       1800 + 30 + 1125 + 1500,
       kSonnet},
      {"Anthropic: the sum beside its parts",
       {{"gen_ai.usage", 0,
         R"({"input_tokens":10,"output_tokens":100,"cache_read_input_tokens":4000,)"
         R"("cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":300,)"
         R"("ephemeral_1h_input_tokens":0}})"}},
       4310,
       100,
       4000,
       300,
       0,
       4410,
       30 + 1200 + 1125 + 1500,
       kSonnet},
      {"Langfuse's object as flattened keys",
       {{"langfuse.observation.usage_details.input", 200},
        {"langfuse.observation.usage_details.output", 100},
        {"langfuse.observation.usage_details.input_cached_tokens", 800}},
       1000,
       100,
       800,
       0,
       0,
       1100,
       2500},
  };
  for (const Row& row : rows) Check(row);
}

TEST_CASE("usage: counts that are texts") {
  for (const char* const text : {"1000", " 1000\n", "1000.0", "1e3", "\"1000\"", "+1000"}) {
    Check({text,
           {{"gen_ai.usage.input_tokens", 0, text}, {"gen_ai.usage.output_tokens", 100}},
           1000,
           100,
           0,
           0,
           0,
           1100,
           3500});
  }
  Reader reader;
  const auto read = [&](const char* text) {
    return reader.Read(
        {"",
         {{"gen_ai.usage.input_tokens", 0, text}, {"gen_ai.usage.output_tokens", 100}},
         0,
         0,
         0,
         0,
         0,
         0,
         0});
  };
  for (const char* const text : {"1,000", "12abc", "1 000"}) {
    CAPTURE(text);
    CHECK(Has(read(text), Reading::kRefusedCount));
    CHECK(read(text).cost_source == CostSource::kUnpriced);
  }
  for (const char* const text : {"unknown", "N/A", "-"}) {
    CAPTURE(text);
    CHECK_FALSE(Has(read(text), Reading::kRefusedCount));
  }
}

TEST_CASE("usage: a total proves whether cached tokens and thoughts are inside") {
  const auto row = [](const char* what, std::int64_t input, std::int64_t output,
                      std::int64_t reasoning, std::int64_t total) {
    return Row{what,
               {{"llm.token_count.prompt", input},
                {"llm.token_count.completion", output},
                {"llm.token_count.prompt_details.cache_read", 600},
                {"llm.token_count.prompt_details.cache_write", 200},
                {"llm.token_count.completion_details.reasoning", reasoning},
                {"llm.token_count.total", total}},
               1000,
               100,
               600,
               200,
               reasoning,
               1100,
               600 + 180 + 750 + 1500,
               kSonnet};
  };
  Check(row("both inside", 1000, 100, 70, 1100));
  Check(row("cache outside", 200, 100, 70, 1100));
  Check(row("thoughts outside", 1000, 30, 70, 1100));
  Check(row("both outside", 200, 30, 70, 1100));
  Check(row("writes outside", 800, 100, 70, 1100));
  Check(row("reads outside", 400, 100, 70, 1100));
  // Small parts could be included; only the total shows that they are not.
  Row small = {"small parts outside",
               {{"gen_ai.usage.input_tokens", 1000},
                {"gen_ai.usage.output_tokens", 100},
                {"gen_ai.usage.cached_tokens", 10},
                {"gen_ai.usage.reasoning_tokens", 5},
                {"gen_ai.usage.total_tokens", 1115}},
               1010,
               105,
               10,
               0,
               5,
               1115,
               2500 + 13 + 1050};
  Check(small);
  // Without a total, the parts show it: more cached tokens than input.
  Check({"cached tokens over the input",
         {{"gen_ai.usage.input_tokens", 200},
          {"gen_ai.usage.output_tokens", 100},
          {"gen_ai.usage.cache_read_tokens", 800}},
         1000,
         100,
         800,
         0,
         0,
         1100,
         2500});
  Check({"thoughts over the output",
         {{"gen_ai.usage.input_tokens", 1000},
          {"gen_ai.usage.output_tokens", 20},
          {"gen_ai.usage.reasoning_tokens", 80}},
         1000,
         100,
         0,
         0,
         80,
         1100,
         3500});
}

TEST_CASE("usage: without a proof the emitter's habit decides") {
  const std::vector<Given> given = {{"gen_ai.usage.input_tokens", 1000},
                                    {"gen_ai.usage.output_tokens", 100},
                                    {"gen_ai.usage.cache_read.input_tokens", 800}};
  const auto exclusive = [&](const char* what, std::vector<Given> more, const char* scope) {
    std::vector<Given> all = given;
    all.insert(all.end(), more.begin(), more.end());
    return Row{what, all, 1800, 100, 800, 0, 0, 1900, 3000 + 240 + 1500, kSonnet, scope};
  };
  Check(exclusive("Strands", {}, "strands.telemetry.tracer"));
  Check(exclusive("Claude Agent SDK, its total leaves the cache out",
                  {{"llm.token_count.total", 1100}},
                  "openinference.instrumentation.claude_agent_sdk"));
  Check(exclusive("Vercel before 6 with Anthropic",
                  {{"gen_ai.system", 0, "anthropic.messages"}, {"ai.usage.totalTokens", 1100}},
                  "ai"));
  Check({"Vercel 6 with Anthropic",
         {{"gen_ai.system", 0, "anthropic.messages"},
          {"ai.usage.inputTokens", 1000},
          {"ai.usage.outputTokens", 100},
          {"ai.usage.inputTokenDetails.cacheReadTokens", 800}},
         1000,
         100,
         800,
         0,
         0,
         1100,
         600 + 240 + 1500,
         kSonnet,
         "ai"});
  Check({"Vercel 5 with OpenAI",
         {{"gen_ai.system", 0, "openai.chat"},
          {"ai.usage.inputTokens", 1000},
          {"ai.usage.outputTokens", 100},
          {"ai.usage.cachedInputTokens", 800}},
         1000,
         100,
         800,
         0,
         0,
         1100,
         2500,
         "gpt-4o",
         "ai"});
  Check({"Claude Code: its own input count",
         {{"input_tokens", 1000}, {"output_tokens", 100}, {"cache_read_tokens", 800}},
         1800,
         100,
         800,
         0,
         0,
         1900,
         4740,
         kSonnet});
  Check({"Claude Code: the conventional count beside it",
         {{"input_tokens", 200},
          {"gen_ai.usage.input_tokens", 1000},
          {"output_tokens", 100},
          {"cache_read_tokens", 800}},
         1000,
         100,
         800,
         0,
         0,
         1100,
         2340,
         kSonnet});
  Check({"Google ADK: output without thoughts",
         {{"gen_ai.usage.input_tokens", 1000},
          {"gen_ai.usage.output_tokens", 100},
          {"gen_ai.usage.reasoning_tokens", 50}},
         1000,
         150,
         0,
         0,
         50,
         1150,
         4000,
         "gpt-4o",
         "gcp.vertex.agent"});
  Check({"the convention: inside", given, 1000, 100, 800, 0, 0, 1100, 2340, kSonnet});
}

TEST_CASE("usage: a 0 under one key does not hide the count under another") {
  Check({"zeros first",
         {{"gen_ai.usage.input_tokens", 0},
          {"gen_ai.usage.output_tokens", 0},
          {"gen_ai.usage.cache_read.input_tokens", 0},
          {"llm.token_count.prompt", 1000},
          {"gen_ai.usage.completion_tokens", 100},
          {"gen_ai.usage.details.cache_read_tokens", 800}},
         1000,
         100,
         800,
         0,
         0,
         1100,
         2500});
}

TEST_CASE("usage: long input is priced whole at the long-context tier") {
  const auto row = [](std::int64_t input, std::int64_t read, std::int64_t micro_usd) {
    return Row{"gemini",
               {{"gen_ai.usage.input_tokens", input},
                {"gen_ai.usage.output_tokens", 1000},
                {"gen_ai.usage.cached_tokens", read}},
               input,
               1000,
               read,
               0,
               0,
               input + 1000,
               micro_usd,
               "gemini-2.5-pro"};
  };
  Check(row(200'000, 0, 250'000 + 10'000));
  Check(row(200'001, 0, 500'003 + 15'000));
  Check(row(300'000, 100'000, 500'000 + 25'000 + 15'000));
  Reader reader;
  CHECK(Has(reader.Read(row(200'001, 0, 0)), Reading::kLongContextPrice));
  CHECK_FALSE(Has(reader.Read(row(200'000, 0, 0)), Reading::kLongContextPrice));
  // Cached tokens that input_tokens excludes count towards the threshold.
  const SpanFacts outside = reader.Read({"outside",
                                         {{"gen_ai.usage.input_tokens", 1000},
                                          {"gen_ai.usage.output_tokens", 0},
                                          {"gen_ai.usage.cached_tokens", 250'000}},
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         "gemini-2.5-pro"});
  CHECK(Has(outside, Reading::kLongContextPrice));
}

TEST_CASE("usage: a model's name may be JSON") {
  Check({"MLflow",
         {{"mlflow.llm.provider", 0, "\"openai\""},
          {"mlflow.chat.tokenUsage", 0, R"({"input_tokens":1000,"output_tokens":100})"}},
         1000,
         100,
         0,
         0,
         0,
         1100,
         3500,
         "\"gpt-4o\""});
}

TEST_CASE("usage: a stamp of zeros is no usage") {
  Reader reader;
  for (const char* const source : {"gen_ai.usage.input_tokens", "llm.token_count.prompt"}) {
    const SpanFacts f =
        reader.Read({"0/0", {{source, 0}, {"gen_ai.usage.output_tokens", 0}}, 0, 0, 0, 0, 0, 0, 0});
    CHECK_FALSE(f.has_usage);
    CHECK(f.cost_source == CostSource::kNone);
    CHECK(Has(f, Reading::kZeroUsage));
  }
  CHECK_FALSE(Has(reader.Read({"none", {}, 0, 0, 0, 0, 0, 0, 0}), Reading::kZeroUsage));
}

TEST_CASE("usage: counts that cannot be are refused, and the cost is not known") {
  Reader reader;
  for (const std::int64_t absurd :
       {std::int64_t{-1}, std::int64_t{-5'000'000}, std::int64_t{1'000'000'000'000},
        std::int64_t{20'000'000'000}, INT64_MAX, INT64_MIN}) {
    for (const char* const key : {"gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens"}) {
      CAPTURE(absurd, key);
      const char* const other = std::string_view(key).find("input") != std::string_view::npos
                                    ? "gen_ai.usage.output_tokens"
                                    : "gen_ai.usage.input_tokens";
      const SpanFacts f = reader.Read({"", {{key, absurd}, {other, 10}}, 0, 0, 0, 0, 0, 0, 0});
      CHECK_FALSE(f.has_usage);
      CHECK(f.usage.total() == 0);
      CHECK(f.cost_source == CostSource::kUnpriced);
      CHECK(Has(f, Reading::kRefusedCount));
    }
  }
  for (const char* const text : {"NaN", "inf", "-3", "1e15"}) {
    CAPTURE(text);
    const SpanFacts f =
        reader.Read({"",
                     {{"gen_ai.usage.input_tokens", 0, text}, {"gen_ai.usage.output_tokens", 10}},
                     0,
                     0,
                     0,
                     0,
                     0,
                     0,
                     0});
    CHECK_FALSE(f.has_usage);
    CHECK(Has(f, Reading::kRefusedCount));
    CHECK(f.cost_source == CostSource::kUnpriced);
  }
  // The refused count is derived from the total.
  const SpanFacts derived = reader.Read({"",
                                         {{"gen_ai.usage.input_tokens", -1},
                                          {"gen_ai.usage.output_tokens", 100},
                                          {"gen_ai.usage.total_tokens", 1100}},
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0});
  CHECK(derived.usage.input == 1000);
  CHECK(derived.cost_source == CostSource::kComputed);
  // If the cached count is refused, the tokens are known, but not their cost.
  const SpanFacts cached = reader.Read({"",
                                        {{"gen_ai.usage.input_tokens", 1000},
                                         {"gen_ai.usage.output_tokens", 100},
                                         {"gen_ai.usage.cached_tokens", 1'000'000'000'000}},
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0,
                                        0});
  CHECK(cached.usage.total() == 1100);
  CHECK(cached.cost_source == CostSource::kUnpriced);
}

TEST_CASE("cost: every spelling, and 0 is no price of tokens") {
  Reader reader;
  const auto read = [&](const char* model, const char* key, const char* value) {
    return reader.Read({"",
                        {{"gen_ai.usage.input_tokens", 1000},
                         {"gen_ai.usage.output_tokens", 100},
                         {key, 0, value}},
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        0,
                        model});
  };
  for (const char* const key :
       {"gen_ai.usage.cost", "gen_ai.usage.total_cost", "operation.cost", "llm.cost.total",
        "cost_usd", "gen_ai.usage.cost_usd", "gen_ai.cost.total_cost", "llm.usage.cost",
        "inference.llm.cost.total"}) {
    CAPTURE(key);
    SpanFacts f = read("house-x", key, "0.25");
    CHECK(f.cost_source == CostSource::kReported);
    CHECK(f.cost_nano_usd == 250'000'000);
    f = read("house-x", key, "0");
    CHECK(f.cost_source == CostSource::kUnpriced);
    CHECK(Has(f, Reading::kZeroCostUnpriced));
    f = read("gpt-4o", key, "0.0");
    CHECK(f.cost_source == CostSource::kComputed);
    CHECK(f.cost_nano_usd == 3'500'000);
    CHECK(Has(f, Reading::kZeroCostPriced));
    CHECK(read("house-x", key, "$0.25").cost_nano_usd == 250'000'000);
    for (const char* const absurd : {"-1", "nan", "20000", "0,25"}) {
      f = read("house-x", key, absurd);
      CHECK(f.cost_source == CostSource::kUnpriced);
      CHECK(Has(f, Reading::kRefusedCost));
    }
  }
  struct Object {
    const char *key, *value;
  };
  for (const Object& object : std::vector<Object>{
           {"langfuse.observation.cost_details", R"({"input":0.2,"output":0.05})"},
           {"langfuse.observation.cost_details", R"({"input":0.2,"output":0.05,"total":0.25})"},
           {"langfuse.observation.cost_details", R"({"input":0.2,"output":0.05,"total":0})"},
           {"langfuse.observation.cost_details", R"({"total":"0.25"})"},
           {"mlflow.llm.cost", R"({"input_cost":0.2,"output_cost":0.05,"total_cost":0.25})"}}) {
    CAPTURE(object.value);
    CHECK(read("house-x", object.key, object.value).cost_nano_usd == 250'000'000);
  }
}

}  // namespace
}  // namespace halo
