// SPDX-License-Identifier: MIT
// Inputs of several hundred thousand small parts, each of which refers to another. A reader that
// looks for each among all the others would take hours, and the test's bound is minutes.
#include <catch2/catch.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/importers/all_importers.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

constexpr int kMany = 200'000;

struct Seen final : SpanSink {
  void OnSpan(const Span& span) override {
    ++spans;
    attributes += static_cast<std::int64_t>(span.attributes.size());
    events += static_cast<std::int64_t>(span.events.size());
    const bool has_service = !span.resource->attributes.empty() &&
                             span.resource->attributes[0].key == "service.name" &&
                             span.name == span.resource->attributes[0].value.text;
    in_own_service += has_service;
    for (const Attribute& attribute : span.attributes) {
      results += attribute.key == "gen_ai.tool.call.result";
      failures += attribute.key == "is_error";
    }
    subagents += !span.parent_id.empty() && span.name == "subagent";
  }
  void OnReject(Reject reject) override {
    ++rejects;
    last_offset = reject.offset;
  }

  std::int64_t spans = 0, attributes = 0, events = 0, in_own_service = 0, results = 0;
  std::int64_t failures = 0, subagents = 0, rejects = 0;
  std::uint64_t last_offset = 0;
};

// Reads one record with the importer of this name.
void ReadInto(SpanSink& sink, std::string_view name, std::string record) {
  const std::size_t size = record.size();
  record.append(kJsonPadding, ' ');
  for (const Importer& importer : AllImporters()) {
    if (importer.name != name) continue;
    importer.make_reader()->Read({std::string_view(record).substr(0, size), 0, {}, {}}, sink);
  }
}

Seen Read(std::string_view name, std::string record) {
  Seen seen;
  ReadInto(seen, name, std::move(record));
  return seen;
}

// `item` of 0 to count - 1, separated.
std::string List(const std::function<std::string(const std::string& number)>& item,
                 int count = kMany, const char* separator = ",") {
  std::string list;
  for (int i = 0; i < count; ++i) {
    if (i > 0) list += separator;
    list += item(std::to_string(i));
  }
  return list;
}

std::string Reversed(const std::string& number) {
  return std::to_string(kMany - 1 - std::stoi(number));
}

TEST_CASE("a Jaeger trace with as many processes as spans") {
  const std::string spans = List([](const std::string& n) {
    return R"({"traceID":"a1","spanID":"b)" + n + R"(","operationName":"s)" + n +
           R"(","processID":"p)" + n + "\"}";
  });
  const std::string named =
      List([](const std::string& n) { return "\"p" + n + R"(":{"serviceName":"s)" + n + "\"}"; });
  const std::string listed = List([](const std::string& n) {
    return R"({"processId":"p)" + n + R"(","process":{"serviceName":"s)" + n + "\"}}";
  });
  for (const std::string& processes :
       {R"("processes":{)" + named + "}", R"("processMap":[)" + listed + "]"}) {
    const Seen seen =
        Read("jaeger_json", R"({"traceID":"a1","spans":[)" + spans + "]," + processes + "}");
    CHECK(seen.spans == kMany);
    CHECK(seen.in_own_service == kMany);
    CHECK(seen.rejects == 0);
  }
}

TEST_CASE("a Langfuse trace with as many scores as observations, all of them roots") {
  const std::string observations = List(
      [](const std::string& n) { return R"({"id":"o)" + n + R"(","traceId":"t","type":"SPAN"})"; });
  const std::string scores = List([](const std::string& n) {
    return R"({"observationId":"o)" + Reversed(n) + R"(","name":"x","value":1})";
  });
  const std::string others = List([](const std::string& n) { return "\"k" + n + "\":1"; }, 20'000);
  const Seen seen = Read("langfuse_json", R"({"id":"t","timestamp":"2026-01-01T00:00:00Z",)" +
                                              others + R"(,"observations":[)" + observations +
                                              R"(],"scores":[)" + scores + "]}");
  CHECK(seen.spans == kMany);
  CHECK(seen.events == kMany);
  CHECK(seen.rejects == 0);
}

TEST_CASE("the score of a trace is on each of its roots, and a repeated observation's on one") {
  const Seen seen = Read("langfuse_json",
                         R"({"id":"t","timestamp":"2026-01-01T00:00:00Z","observations":[
{"id":"a","traceId":"t","type":"SPAN"},{"id":"b","traceId":"t","type":"SPAN"},
{"id":"b","traceId":"t","type":"SPAN"},{"id":"c","traceId":"t","type":"SPAN","parentObservationId":"b"}],
"scores":[{"name":"x","value":1},{"observationId":"b","name":"y","value":1},
{"observationId":"c","name":"y","value":1},{"observationId":"d","name":"y","value":1}]})");
  CHECK(seen.spans == 4);
  CHECK(seen.events == 3 + 1 + 1);
}

TEST_CASE("spans with hundreds of thousands of members") {
  const std::string members = List([](const std::string& n) { return "\"k" + n + "\":" + n; });
  const Seen langsmith = Read(
      "langsmith_json", R"({"id":"r","trace_id":"t","run_type":"llm","name":"x",)" + members + "}");
  CHECK(langsmith.spans == 1);
  CHECK(langsmith.attributes >= kMany);
  const std::string flat =
      List([](const std::string& n) { return "\"attributes.k" + n + "\":" + n; });
  for (const std::string& metadata : {R"({"attributes":{)" + members + "}}", "{" + flat + "}"}) {
    const Seen langfuse =
        Read("langfuse_json", R"({"id":"o","traceId":"t","type":"SPAN","startTime":)"
                              R"("2026-01-01T00:00:00Z","metadata":)" +
                                  metadata + "}");
    CHECK(langfuse.spans == 1);
    CHECK(langfuse.attributes >= kMany);
  }
}

TEST_CASE("a document that was repaired at every span") {
  const std::string spans = List([](const std::string& n) {
    // A control character in each, and in the last also a duration that is none.
    const std::string more =
        n == std::to_string(kMany - 1) ? R"(,"duration":"x","startTime":1764100000000000)" : "";
    return R"({"traceID":"a1","spanID":"b)" + n + "\",\"operationName\":\"s\x01\"" + more + "}";
  });
  const std::string record = R"({"traceID":"a1","spans":[)" + spans + "]}";
  const Seen seen = Read("jaeger_json", record);
  CHECK(seen.spans == kMany);
  CHECK(seen.rejects == 1);
  CHECK(seen.last_offset == record.find(R"("x","startTime")"));
}

TEST_CASE("a chat transcript with hundreds of thousands of open calls") {
  const std::string calls =
      List([](const std::string& n) { return R"({"id":"c)" + n + R"(","name":"f"})"; });
  const auto results = [](const char* id) {
    return List([&](const std::string& n) {
      return R"({"role":"tool","tool_call_id":")" + (id + Reversed(n)) + R"(","content":"x"})";
    });
  };
  const std::string asks = R"([{"role":"assistant","content":"","tool_calls":[)" + calls + "]},";
  const Seen answered = Read("chat_transcript", asks + results("c") + "]");
  CHECK(answered.spans == kMany + 2);
  CHECK(answered.results == kMany);
  // None of the results is of a call.
  const Seen unknown = Read("chat_transcript", asks + results("d") + "]");
  CHECK(unknown.spans == kMany + 2);
  CHECK(unknown.results == 0);
  // Nor these, which are of the calls of a simulated user.
  const Seen of_user =
      Read("chat_transcript",
           asks + R"({"role":"user","content":"x","tool_calls":[)" +
               List([](const std::string& n) { return R"({"id":"u)" + n + R"(","name":"f"})"; }) +
               "]}," + results("u") + "]");
  CHECK(of_user.spans == kMany + 2);
  CHECK(of_user.results == 0);
}

TEST_CASE("results of a chat transcript find their call by id, else by name, in order") {
  const auto read = [](const std::string& calls, const std::string& results) {
    std::string order;
    struct Sink final : SpanSink {
      explicit Sink(std::string& order) : out(order) {}
      void OnSpan(const Span& span) override {
        for (const Attribute& attribute : span.attributes) {
          if (attribute.key != "gen_ai.tool.call.result") continue;
          out += std::string(span.name.substr(span.name.find(' ') + 1)) + "=" +
                 std::string(attribute.value.text) + " ";
        }
      }
      void OnReject(Reject) override {}
      std::string& out;
    } sink(order);
    ReadInto(sink, "chat_transcript",
             R"([{"role":"assistant","tool_calls":[)" + calls + "]}," + results + "]");
    return order;
  };
  const std::string calls =
      R"({"name":"f"},{"id":"1","name":"g"},{"name":"g"},{"id":"2","name":"f"},{"id":"1","name":"h"})";
  // An id finds its own call, but not before a call without one that could be meant. A second call
  // of one id is the first, repeated; a result for which no call is left is a call of its own.
  CHECK(read(calls, R"({"role":"tool","tool_call_id":"1","name":"g","content":"x"},
                       {"role":"tool","tool_call_id":"1","name":"g","content":"y"},
                       {"role":"tool","tool_call_id":"1","name":"g","content":"z"})") ==
        "g=x g=y g=z ");
  CHECK(read(calls, R"({"role":"tool","tool_call_id":"2","content":"x"},
                       {"role":"tool","tool_call_id":"2","content":"y"},
                       {"role":"tool","tool_call_id":"2","content":"z"})") == "f=x g=y f=z ");
  CHECK(read(calls, R"({"role":"tool","name":"f","content":"x"},
                       {"role":"tool","name":"f","content":"y"},
                       {"role":"tool","content":"z"})") == "f=x g=z f=y ");
}

TEST_CASE("a Claude Code turn with hundreds of thousands of calls and subagents") {
  const std::string head =
      R"({"type":"user","promptId":"p","uuid":"u","message":{"role":"user","content":"Go"}})";
  const std::string calls =
      R"({"type":"assistant","uuid":"v","message":{"id":"m","role":"assistant","content":[)" +
      List([](const std::string& n) {
        return R"({"type":"tool_use","id":"c)" + n + R"(","name":"Task","input":{"prompt":"Do )" +
               n + "\"}}";
      }) +
      "]}}";
  const std::string results =
      R"({"type":"user","uuid":"w","message":{"role":"user","content":[)" +
      List([](const std::string& n) {
        return R"({"type":"tool_result","tool_use_id":"c)" + Reversed(n) + R"(","content":"x"})";
      }) +
      "]}}";
  const Seen seen = Read("claude_code_session", head + "\n" + calls + "\n" + results + "\n");
  CHECK(seen.spans == kMany + 2);
  CHECK(seen.results == kMany);

  constexpr int kSubagents = 40'000;
  const std::string subagents = List(
      [](const std::string& n) {
        return R"({"type":"user","isSidechain":true,"uuid":"s)" + n +
               R"(","message":{"role":"user","content":"Do )" + n + "\"}}";
      },
      kSubagents, "\n");
  const Seen chains = Read("claude_code_session", head + "\n" + calls + "\n" + subagents + "\n");
  CHECK(chains.spans == kMany + 2 + kSubagents);
  CHECK(chains.subagents == kSubagents);
}

TEST_CASE("a Codex turn with hundreds of thousands of calls") {
  constexpr int kCalls = 60'000;
  const auto lines = [](const std::string& before, const std::string& after, bool reversed) {
    return List(
               [&](const std::string& n) {
                 const std::string id = reversed ? std::to_string(kCalls - 1 - std::stoi(n)) : n;
                 return before + id + after;
               },
               kCalls, "\n") +
           "\n";
  };
  const Seen seen = Read(
      "codex_session",
      R"({"type":"event_msg","payload":{"type":"task_started","turn_id":"t"}})"
      "\n" +
          lines(
              R"({"type":"response_item","payload":{"type":"function_call","name":"f","arguments":"{}","call_id":"c)",
              "\"}}", false) +
          lines(
              R"({"type":"response_item","payload":{"type":"function_call_output","output":"x","call_id":"c)",
              "\"}}", true) +
          lines(
              R"({"type":"event_msg","payload":{"type":"item_completed","item":{"status":"failed","id":"c)",
              "\"}}}", true));
  CHECK(seen.spans == kCalls + 2);
  CHECK(seen.results == kCalls);
  CHECK(seen.failures == kCalls);
}

TEST_CASE("tool definitions are not repeated in quadratic space") {
  const std::string tools = R"([{"name":"f","description":")" + std::string(4 << 20, 'x') + "\"}]";
  const std::string messages = List(
      [](const std::string& n) { return R"({"role":"assistant","content":")" + n + "\"}"; }, kMany);
  struct Sink final : SpanSink {
    void OnSpan(const Span& span) override {
      ++spans;
      for (const Attribute& attribute : span.attributes) {
        if (attribute.key == "gen_ai.tool.definitions") bytes += attribute.value.text.size();
      }
    }
    void OnReject(Reject reject) override { rejected += reject.reason + " "; }
    std::size_t spans = 0, bytes = 0;
    std::string rejected;
  };
  const auto read = [&](const std::string& definitions, const std::string& list) {
    Sink sink;
    ReadInto(sink, "chat_transcript",
             R"({"tools":)" + definitions + R"(,"messages":[)" + list + "]}");
    return sink;
  };
  const Sink huge = read(tools, messages);
  CHECK(huge.spans == kMany + 1);
  CHECK(huge.bytes <= (16u << 20) + 64 * messages.size());
  CHECK(huge.bytes >= 16u << 20);
  CHECK(huge.rejected == "repeated_tools ");
  // Those of a large harness in a long run are on every call.
  const std::string usual = R"([{"name":"f","description":")" + std::string(100'000, 'x') + "\"}]";
  const Sink whole = read(
      usual,
      List([](const std::string& n) { return R"({"role":"assistant","content":")" + n + "\"}"; },
           150));
  CHECK(whole.bytes == 150 * usual.size());
  CHECK(whole.rejected.empty());
}

}  // namespace
}  // namespace halo
