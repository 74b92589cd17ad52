// SPDX-License-Identifier: MIT
#include "engine/importers/log_spans.h"

#include <catch2/catch.hpp>
#include <protozero/pbf_writer.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/choose_importer.h"
#include "engine/importers/otlp_json.h"
#include "engine/importers/otlp_protobuf.h"
#include "tests/unit/importers/otlp_both.h"

namespace halo {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;
constexpr std::uint64_t kTime = 1'764'100'010'000'000'000;

struct BothLog {
  std::uint64_t time = kTime;
  std::string trace_id, span_id;  // as bytes
  std::string event_name;         // the field
  Both body = NoValue();
  Attributes attributes;
};

std::string HexOf(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    out += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return out;
}

// A request with the records in one scope.
Both RequestOfLogs(std::string_view scope, const std::vector<BothLog>& logs) {
  std::string scope_message, resource_logs, scope_logs, list;
  protozero::pbf_writer(scope_message).add_string(1, std::string(scope));
  protozero::pbf_writer scope_writer(scope_logs);
  scope_writer.add_message(1, scope_message);
  for (const BothLog& log : logs) {
    std::string record, attributes;
    protozero::pbf_writer writer(record);
    if (log.time != 0) writer.add_fixed64(1, log.time);
    writer.add_enum(2, 9);
    writer.add_string(3, "INFO");
    writer.add_message(5, log.body.proto);
    for (const auto& [key, value] : log.attributes) {
      std::string pair;
      protozero::pbf_writer pair_writer(pair);
      pair_writer.add_string(1, key);
      pair_writer.add_message(2, value.proto);
      writer.add_message(6, pair);
      attributes += (attributes.empty() ? "" : ",") + std::string("{\"key\":\"") + key +
                    "\",\"value\":" + value.json + "}";
    }
    if (!log.trace_id.empty()) writer.add_bytes(9, log.trace_id);
    if (!log.span_id.empty()) writer.add_bytes(10, log.span_id);
    writer.add_fixed64(11, kTime + 5'000'000);
    if (!log.event_name.empty()) writer.add_string(12, log.event_name);
    scope_writer.add_message(2, record);
    list += (list.empty() ? "" : ",") + std::string("{\"timeUnixNano\":\"") +
            std::to_string(log.time) + "\",\"observedTimeUnixNano\":\"" +
            std::to_string(kTime + 5'000'000) +
            "\",\"severityNumber\":9,\"body\":" + log.body.json + ",\"attributes\":[" + attributes +
            "],\"traceId\":\"" + HexOf(log.trace_id) + "\",\"spanId\":\"" + HexOf(log.span_id) +
            "\",\"eventName\":\"" + log.event_name + "\"}";
  }
  protozero::pbf_writer(resource_logs).add_message(2, scope_logs);
  Both both;
  protozero::pbf_writer(both.proto).add_message(1, resource_logs);
  both.json = "{\"resourceLogs\":[{\"scopeLogs\":[{\"scope\":{\"name\":\"" + std::string(scope) +
              "\"},\"logRecords\":[" + list + "]}]}]}";
  return both;
}

Attributes TextsOf(const Texts& texts) {
  Attributes out;
  for (const auto& [key, text] : texts) out.emplace_back(key, StringValue(text));
  return out;
}

BothLog ClaudeLog(std::string_view event, Texts texts) {
  BothLog log;
  texts.insert(texts.begin(), {{"session.id", "s1"}, {"prompt.id", "p1"}});
  texts.emplace_back("event.name", event);
  log.attributes = TextsOf(texts);
  return log;
}

// Whether the dump has each of the words.
void CheckHolds(const std::string& dump, const std::vector<std::string>& words) {
  INFO(dump);
  for (const std::string& word : words) {
    INFO(word);
    CHECK(dump.find(word) != dump.npos);
  }
}

WhatCame CheckSameInBoth(const Both& request) {
  WhatCame json = ReadBy(kOtlpLogsJson, request.json);
  const WhatCame proto = ReadBy(kOtlpLogsProtobuf, request.proto);
  CHECK(json.spans == proto.spans);
  CHECK(json.rejects.size() == proto.rejects.size());
  return json;
}

constexpr std::string_view kClaudeScope = "com.anthropic.claude_code.events";

TEST_CASE("each event of Claude Code becomes a part of its span") {
  const struct {
    std::string event;
    Texts texts;
    std::vector<std::string> holds;
  } kRows[] = {
      {"user_prompt",
       {{"prompt", "Where is it?"}},
       {"claude_code.interaction", "invoke_agent", "gen_ai.user.message", "Where is it?"}},
      {"assistant_response",
       {{"response", "On its way."}},
       {"claude_code.interaction", "gen_ai.choice", "On its way."}},
      {"api_request",
       {{"model", "claude-x"},
        {"input_tokens", "100"},
        {"output_tokens", "187"},
        {"cache_read_tokens", "1280"},
        {"cache_creation_tokens", "131"},
        {"cost_usd", "0.004"},
        {"duration_ms", "1500"}},
       {"claude_code.llm_request", "text chat", "gen_ai.usage.input_tokens = int 1511",
        "gen_ai.usage.output_tokens = int 187", "gen_ai.usage.cost",
        std::to_string(kTime - 1'500'000'000)}},
      {"api_error",
       {{"model", "claude-x"}, {"error", "Overloaded"}, {"status_code", "529"}},
       {"claude_code.llm_request", "error", "Overloaded", "529"}},
      {"tool_result",
       {{"tool_name", "mcp_tool"},
        {"tool_parameters", R"({"mcp_server_name":"desk","mcp_tool_name":"find_order"})"},
        {"tool_use_id", "call_1"},
        {"tool_input", R"({"id":1})"},
        {"success", "false"},
        {"error", "no such order"},
        {"duration_ms", "20"}},
       {"execute_tool find_order", "no such order", "gen_ai.tool.call.arguments", "error.type"}},
  };
  for (const auto& row : kRows) {
    INFO(row.event);
    const BothLog log = ClaudeLog(row.event, row.texts);
    const WhatCame came = CheckSameInBoth(RequestOfLogs(kClaudeScope, {log}));
    REQUIRE(came.spans.size() == 1);
    CHECK(came.rejects.empty());
    CheckHolds(came.spans[0], row.holds);
    CheckHolds(came.spans[0], {"halo.from_log"});
  }
}

TEST_CASE("a record is recognised by scope, body or prefix, whatever the emitter left out") {
  BothLog by_body = ClaudeLog("user_prompt", {{"prompt", "Hi"}});
  by_body.body = StringValue("claude_code.user_prompt");
  BothLog by_prefix = ClaudeLog("claude_code.user_prompt", {{"prompt", "Hi"}});
  BothLog by_field = ClaudeLog("", {{"prompt", "Hi"}});
  by_field.attributes.pop_back();
  by_field.event_name = "claude_code.user_prompt";
  for (const BothLog& log : {by_body, by_prefix, by_field}) {
    CHECK(CheckSameInBoth(RequestOfLogs("", {log})).spans.size() == 1);
  }
  const BothLog unknown = ClaudeLog("user_prompt", {{"prompt", "Hi"}});
  const WhatCame came = CheckSameInBoth(RequestOfLogs("my.app", {unknown}));
  CHECK(came.spans.empty());
  REQUIRE(came.rejects.size() == 1);
  CHECK(came.rejects[0].find("logs_of_no_run") == 0);
  CHECK(came.rejects[0].find("1 of 1") != std::string::npos);
}

TEST_CASE("records of a turn share its trace; those of another turn or session do not") {
  const auto trace_of = [](const BothLog& log) {
    const WhatCame came = ReadBy(kOtlpJson, RequestOfLogs(kClaudeScope, {log}).json);
    REQUIRE(came.spans.size() == 1);
    REQUIRE(came.spans[0].find("span ") == 0);
    return came.spans[0].substr(5, 32);
  };
  BothLog other_turn = ClaudeLog("user_prompt", {{"prompt", "Hi"}});
  other_turn.attributes[1].second = StringValue("p2");
  BothLog other_session = ClaudeLog("user_prompt", {{"prompt", "Hi"}});
  other_session.attributes[0].second = StringValue("s2");
  const std::string trace = trace_of(ClaudeLog("user_prompt", {{"prompt", "Hi"}}));
  CHECK(trace == trace_of(ClaudeLog("api_request", {{"model", "m"}})));
  CHECK(trace != trace_of(other_turn));
  CHECK(trace != trace_of(other_session));
  BothLog with_ids = ClaudeLog("api_request", {{"model", "m"}});
  with_ids.trace_id = std::string(16, '\x31');
  with_ids.span_id = std::string(8, '\x32');
  CHECK(trace_of(with_ids) == HexOf(with_ids.trace_id));
}

TEST_CASE("a text that was withheld is not taken for a prompt") {
  const BothLog log = ClaudeLog("user_prompt", {{"prompt", "<REDACTED>"}});
  const WhatCame came = CheckSameInBoth(RequestOfLogs(kClaudeScope, {log}));
  REQUIRE(came.spans.size() == 1);
  CHECK(came.spans[0].find("content") == std::string::npos);
}

BothLog CodexLog(std::string_view event, Texts texts) {
  BothLog log;
  log.time = 0;
  texts.emplace_back("conversation.id", "c1");
  texts.emplace_back("event.timestamp", "2026-11-28T21:12:31.116Z");
  texts.emplace_back("event.name", "codex." + std::string(event));
  log.attributes = TextsOf(texts);
  return log;
}

TEST_CASE("a call of Codex counts once, with the counts that are text or numbers") {
  BothLog started = CodexLog("sse_event", {{"event.kind", "response.completed"}});
  BothLog counted = CodexLog("sse_event", {{"event.kind", "response.completed"},
                                           {"model", "gpt-5-mini"},
                                           {"input_token_count", "1511"},
                                           {"output_token_count", "187"}});
  counted.attributes.emplace_back("cached_token_count", IntValue(1280));
  counted.attributes.emplace_back("reasoning_token_count", IntValue(149));
  const WhatCame came = CheckSameInBoth(RequestOfLogs("codex_otel.log_only", {started, counted}));
  REQUIRE(came.spans.size() == 1);
  CHECK(came.rejects.empty());
  CheckHolds(came.spans[0],
             {"gen_ai.usage.input_tokens = int 1511", "gen_ai.usage.cache_read",
              "gen_ai.usage.reasoning.output_tokens = int 149", "1795900351116000000"});
}

TEST_CASE("records of Codex without ids repeat its spans once those are exported") {
  BothLog counted = CodexLog("sse_event", {{"input_token_count", "15"}});
  BothLog asked = CodexLog("user_prompt", {{"prompt", "Hi"}});
  asked.trace_id = std::string(16, '\x31');
  asked.span_id = std::string(8, '\x32');
  const WhatCame came = CheckSameInBoth(RequestOfLogs("codex_otel.log_only", {counted, asked}));
  REQUIRE(came.spans.size() == 1);
  CheckHolds(came.spans[0], {HexOf(asked.trace_id), "gen_ai.user.message"});
}

TEST_CASE("what a tool of Codex returned follows the time that it took") {
  const BothLog log =
      CodexLog("tool_result", {{"tool_name", "find_order"},
                               {"call_id", "call_1"},
                               {"arguments", "{}"},
                               {"success", "true"},
                               {"output", "Wall time: 0.01 seconds\nOutput:\nfine"}});
  const WhatCame came = CheckSameInBoth(RequestOfLogs("codex_otel.log_only", {log}));
  REQUIRE(came.spans.size() == 1);
  CheckHolds(came.spans[0], {"gen_ai.tool.call.result = text fine"});
}

TEST_CASE("the content of a GenAI event is an event of its span") {
  BothLog log;
  log.trace_id = std::string(16, '\x31');
  log.span_id = std::string(8, '\x32');
  log.attributes = TextsOf({{"event.name", "gen_ai.choice"}, {"gen_ai.system", "openai"}});
  log.body = MapValue({{"finish_reason", StringValue("tool_calls")},
                       {"index", IntValue(0)},
                       {"message", MapValue({{"content", StringValue("hm")}})}});
  BothLog as_text = log;
  as_text.body = StringValue(R"({"content": "as text"})");
  BothLog without_ids = log;
  without_ids.span_id.clear();
  const WhatCame came = CheckSameInBoth(RequestOfLogs("x", {log, as_text, without_ids}));
  REQUIRE(came.spans.size() == 2);
  CheckHolds(came.spans[0], {HexOf(log.trace_id), HexOf(log.span_id), "gen_ai.choice",
                             "finish_reason", "gen_ai.system", "hm"});
  CheckHolds(came.spans[1], {"as text"});
  REQUIRE(came.rejects.size() == 1);
  CHECK(came.rejects[0].find("1 of 3") != std::string::npos);
}

TEST_CASE("a GenAI event with its content in attributes keeps them, named by the field") {
  BothLog log;
  log.trace_id = std::string(16, '\x31');
  log.span_id = std::string(8, '\x32');
  log.event_name = "gen_ai.client.inference.operation.details";
  log.attributes = {
      {"gen_ai.output.messages", ArrayValue({MapValue({{"role", StringValue("assistant")}})})}};
  const WhatCame came = CheckSameInBoth(RequestOfLogs("x", {log}));
  REQUIRE(came.spans.size() == 1);
  CheckHolds(came.spans[0], {"event gen_ai.client.inference.operation.details",
                             R"(gen_ai.output.messages = json [{"role":"assistant"}])"});
}

TEST_CASE("messages of one moment keep their order") {
  BothLog first;
  first.trace_id = std::string(16, '\x31');
  first.span_id = std::string(8, '\x32');
  first.attributes = TextsOf({{"event.name", "gen_ai.system.message"}});
  first.body = MapValue({{"content", StringValue("Be brief.")}});
  BothLog second = first;
  second.attributes = TextsOf({{"event.name", "gen_ai.assistant.message"}});
  const WhatCame came = CheckSameInBoth(RequestOfLogs("x", {first, second}));
  REQUIRE(came.spans.size() == 2);
  CheckHolds(came.spans[0], {"gen_ai.system.message at " + std::to_string(kTime)});
  CheckHolds(came.spans[1], {"gen_ai.assistant.message at " + std::to_string(kTime + 1)});
}

TEST_CASE("traces, logs and metrics in one file are told apart") {
  const BothLog log = ClaudeLog("user_prompt", {{"prompt", "Hi"}});
  const Both logs = RequestOfLogs(kClaudeScope, {log});
  const Both traces = RequestOfSpans({SpanOf({})});
  const std::string lines =
      traces.json + "\n" + logs.json + "\n{\"resourceMetrics\":[]}\n" + traces.json + "\n";
  const WhatCame json = ReadBy(kOtlpJson, lines);
  CHECK(json.spans.size() == 3);
  REQUIRE(json.rejects.size() == 1);
  CHECK(json.rejects[0].find("metrics") == 0);
  for (const std::string& input : {lines, logs.json + "\n"}) {
    CHECK(ChooseImporter(input, "input").value()->name == kOtlpJson.name);
  }
  const WhatCame proto = ReadBy(kOtlpProtobuf, traces.proto + logs.proto);
  CHECK(proto.spans.size() == 2);
  CHECK(proto.rejects.empty());
  CHECK(ChooseImporter(logs.proto, "input").value()->name == kOtlpProtobuf.name);
  const auto delimited = [](const std::string& message) {
    std::string out;
    for (const int shift : {24, 16, 8, 0}) out += static_cast<char>(message.size() >> shift);
    return out + message;
  };
  const std::string framed = delimited(logs.proto) + delimited(traces.proto);
  CHECK(ChooseImporter(framed, "input").value()->name == kOtlpProtobufUint32.name);
  CHECK(ReadBy(kOtlpProtobufUint32, framed).spans.size() == 2);
}

TEST_CASE("a request that is cut anywhere is reported, and keeps the records before the cut") {
  const Both request = RequestOfLogs(kClaudeScope, {ClaudeLog("user_prompt", {{"prompt", "One"}}),
                                                    ClaudeLog("api_request", {{"model", "m"}})});
  for (std::size_t size = 0; size < request.proto.size(); ++size) {
    const WhatCame came = ReadBy(kOtlpProtobuf, std::string_view(request.proto).substr(0, size));
    CHECK(came.spans.size() <= 2);
    if (size > 0) CHECK(came.spans.size() + came.rejects.size() > 0);
  }
  // In JSON the rest of a request that is cut cannot be found.
  const std::size_t second = request.json.find("api_request");
  CHECK_FALSE(ReadBy(kOtlpJson, std::string_view(request.json).substr(0, second)).rejects.empty());
}

}  // namespace
}  // namespace halo
