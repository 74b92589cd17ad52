// SPDX-License-Identifier: MIT
#include "engine/facts/semantic_error.h"

#include <catch2/catch.hpp>
#include <string>

#include "engine/facts/error_text.h"
#include "engine/facts/result_verdict.h"
#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct Judge {
  Conventions conventions;
  JsonTrees json;

  Failure Of(const SpanBuilder& b) {
    const SpanFields& fields = conventions.Read(b.span());
    return JudgeFailure(b.span(), fields, conventions.json());
  }
  ResultVerdict Result(std::string_view text) {
    json.Reset();
    return JudgeResult(text, json);
  }
};

SpanBuilder& Tool(SpanBuilder& b, std::string output) {
  return b.Text("openinference.span.kind", "TOOL").Text("output.value", std::move(output));
}

TEST_CASE_METHOD(Judge, "a span without any sign of failure did not fail") {
  SpanBuilder b;
  Tool(b, R"({"success":true,"error":null,"status":200,"exit_code":0})").Status(StatusCode::kOk);
  CHECK_FALSE(Of(b).failed());
}

TEST_CASE_METHOD(Judge, "status ERROR is a failure, its message tells why") {
  SpanBuilder b;
  b.Status(StatusCode::kError, "ValueError: bad");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kStatus);
  CHECK(f.text.text == "ValueError: bad");
  CHECK(f.text.path == "status.message");
}

TEST_CASE_METHOD(Judge, "an exception under status OK is a failure if it left no output") {
  const auto failed = [&](bool has_input, bool has_output) {
    SpanBuilder b;
    b.Text("openinference.span.kind", "TOOL").Status(StatusCode::kOk);
    if (has_input) b.Text("input.value", "{}");
    if (has_output) b.Text("output.value", "sent");
    b.Event("exception").Text("exception.message", "gone");
    return Of(b).rule == FailureRule::kException;
  };
  CHECK(failed(true, false));
  CHECK_FALSE(failed(true, true));
  CHECK_FALSE(failed(false, false));  // contents are not recorded
}

TEST_CASE_METHOD(Judge, "an exception event is a failure unless the status is OK") {
  SpanBuilder b;
  b.Event("exception").Text("exception.type", "KeyError").Text("exception.message", "'id'");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kException);
  CHECK(f.type == "KeyError");
  CHECK(f.text.text == "'id'");
  b.Status(StatusCode::kOk);
  CHECK_FALSE(Of(b).failed());
}

TEST_CASE_METHOD(Judge, "error.type is a failure") {
  SpanBuilder b;
  b.Text("error.type", "SchemaError").Text("error.message", "needs product_id");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kErrorType);
  CHECK(f.type == "SchemaError");
  CHECK(f.text.path == "attributes.error.message");
}

TEST_CASE_METHOD(Judge, "MCP tool_error is a flag; the result tells why") {
  SpanBuilder b;
  b.Text("gen_ai.operation.name", "execute_tool")
      .Text("error.type", "tool_error")
      .Text("gen_ai.tool.call.result",
            R"({"content":[{"type":"text","text":"File not found: a.txt"}],"isError":true})");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kErrorFlag);
  CHECK(f.type.empty());
  CHECK(f.text.text == "File not found: a.txt");
  CHECK(f.text.path == "attributes.gen_ai.tool.call.result");
}

TEST_CASE_METHOD(Judge, "level ERROR is a flag, level INFO is none") {
  SpanBuilder error;
  error.Text("level", "ERROR");
  CHECK(Of(error).rule == FailureRule::kErrorFlag);
  SpanBuilder info;
  info.Text("level", "INFO");
  CHECK_FALSE(Of(info).failed());
}

TEST_CASE_METHOD(Judge, "members of a JSON result that say it failed") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"success":false,"message":"no such user"})", "no such user"},
      {R"({"ok": false, "error": "nope"})", "nope"},
      {R"({"completed":false,"reason":"cut off"})", "cut off"},
      {R"({"success":"False","detail":"bad id"})", "bad id"},
      {R"({"isError":true,"content":[{"type":"text","text":"boom"}]})", "boom"},
      {R"({"type":"error-text","value":"Error: boom"})", "Error: boom"},
      {R"({"type":"error-text","value":"no stock"})", "no stock"},
      {R"({"type":"error-json","value":{"message":"boom"}})", "boom"},
      {R"({"error":"boom"})", "boom"},
      {R"({"data":null,"error":{"code":"E1","message":"boom"}})", "boom"},
      {R"({"error":["first","second"]})", "first"},
      {R"({"status":404,"message":"no page"})", "no page"},
      {R"({"status_code":"503","message":"down"})", "down"},
      {R"({"statusCode":500})", ""},
      {R"({"status":"error","message":"boom"})", "boom"},
      {R"({"exit_code":1,"stdout":"","stderr":"ls: no such file"})", "ls: no such file"},
      {R"({"returncode":2,"output":"usage"})", "usage"},
      {R"("{\"error\":\"boom\"}")", "boom"},
      {R"([{"type":"text","text":"{\"error\":\"boom\"}"}])", "boom"},
      {R"({"result":{"x":1},"error":true,"message":"m"})", "m"},
      {"{'success': False, 'error': \"can't open\"}", "can't open"},
      {R"({'error': 'say "please"', 'data': None})", "say \"please\""},
  };
  for (const auto& [text, message] : cases) {
    CAPTURE(text);
    const ResultVerdict verdict = Result(text);
    CHECK(verdict.rule == FailureRule::kResultField);
    CHECK(verdict.message == message);
  }
}

TEST_CASE_METHOD(Judge, "JSON results that look like failures and are none") {
  for (const char* const text : {
           R"({"success":true})",
           R"({"error":null})",
           R"({"error":""})",
           R"({"error":"None"})",
           R"({"error":false})",
           R"({"error":{}})",
           R"({"error":[]})",
           R"({"error":0.013,"slope":2})",
           R"({"errors":0})",
           R"({"status":200})",
           R"({"status":"ok"})",
           R"({"status":"failed","order":7})",
           R"({"status":399})",
           R"({"status_code":600})",
           R"({"exit_code":0,"stderr":"warning: x"})",
           R"({"user":{"success":false}})",
           R"({"path":"app.log","content":"Error: disk full"})",
           R"([{"error":"x"},{"error":"y"}])",
           R"({"type":"json","value":{"error":"x","rows":3}})",
           R"({"type":"text","value":"no stock"})",
           R"({"isError":false,"content":[{"type":"text","text":"fine"}]})",
           R"({"success":fal)",
           "{'success': True, 'error': None}",
           "[]",
           "{}",
           "17",
       }) {
    CAPTURE(text);
    CHECK(Result(text).rule == FailureRule::kNone);
  }
}

TEST_CASE_METHOD(Judge, "texts that start like an error") {
  for (const char* const text : {
           "Traceback (most recent call last):\n  File \"a.py\"\nValueError: bad",
           "Error: no such file",
           "ERROR: no such file",
           "  \n error: expected ';'",
           "Error executing tool search: timeout",
           "Error running tool (non-fatal)",
           "Exception: bad",
           "ValueError: bad",
           "requests.exceptions.HTTPError: 404",
           "java.lang.NullPointerException: x",
           "subprocess.TimeoutExpiredException(5)",
           "\"Error: quoted\"",
           "content='Error: bad' name='f' tool_call_id='c'",
           "<tool_use_error>File has not been read yet</tool_use_error>",
           "fatal: not a git repository",
           R"({"result":"Error: bad"})",
           R"([{"type":"text","text":"Error: bad"}])",
           "<html><head><title>502 Bad Gateway</title></head></html>",
           "<!DOCTYPE html>\n<html><title>Error 404 Not Found</title>",
       }) {
    CAPTURE(text);
    CHECK(Result(text).rule == FailureRule::kResultText);
  }
}

TEST_CASE_METHOD(Judge, "texts that only speak of errors") {
  for (const char* const text : {
           "",
           "No errors found.",
           "Errors in chapter 3 are few",
           "Error handling in Go is explicit.",
           "The call raised ValueError: bad",
           "ErrorReport 12: fine",
           "Exceptional work: done",
           "log:\nTraceback (most recent call last):",
           "result Error: bad",
           "TypeScript: a language",
           "Note: this is fine",
           "<html><head><title>Room 404</title></head></html>",
           "<html><head></head><body>502 Bad Gateway</body></html>",
       }) {
    CAPTURE(text);
    CHECK(Result(text).rule == FailureRule::kNone);
  }
  CHECK(Result(std::string(300, ' ') + "Error: far away").rule == FailureRule::kResultText);
  CHECK(Result(std::string(300, 'x') + "\nError: far away").rule == FailureRule::kNone);
}

TEST_CASE_METHOD(Judge, "a JSON member outranks the text rule") {
  SpanBuilder b;
  Tool(b, R"({"error":"Error: bad"})");
  CHECK(Of(b).rule == FailureRule::kResultField);
}

TEST_CASE_METHOD(Judge, "the results of models and agents are not judged by their text") {
  for (const char* const kind : {"LLM", "AGENT", "CHAIN"}) {
    SpanBuilder b;
    b.Text("openinference.span.kind", kind).Text("output.value", "Error: I cannot do that");
    CHECK_FALSE(Of(b).failed());
  }
}

TEST_CASE_METHOD(Judge, "a status without a message takes the result's text") {
  SpanBuilder b;
  Tool(b, R"({"error":{"type":"SchemaError","message":"needs an id"}})")
      .Status(StatusCode::kError, "Error");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kStatus);
  CHECK(f.type == "SchemaError");
  CHECK(f.text.text == "needs an id");
  CHECK(f.text.path == "attributes.output.value");
}

TEST_CASE_METHOD(Judge, "an error page tells by its title") {
  SpanBuilder b;
  Tool(b, R"({"status":502,"body":"<html><head><title>502 Bad Gateway</title></head></html>"})");
  const Failure f = Of(b);
  CHECK(f.rule == FailureRule::kResultField);
  CHECK(f.text.text == "502 Bad Gateway");
  CHECK(f.http_status == 502);
}

TEST_CASE_METHOD(Judge, "a phrase of the framework gives way to the tool's own words") {
  SpanBuilder b;
  Tool(b, "An error occurred while running the tool. Please try again. Error: no such file")
      .Status(StatusCode::kError, "Error running tool (non-fatal)");
  std::string_view type;
  CHECK(SplitExceptionClass(Of(b).text.text, type) == "no such file");
}

TEST_CASE_METHOD(Judge, "a message that is JSON gives its own message") {
  SpanBuilder b;
  b.Status(StatusCode::kError,
           R"({"error":{"message":"Rate limit reached","type":"requests","code":429}})");
  const Failure f = Of(b);
  CHECK(f.text.text == "Rate limit reached");
  CHECK(f.text.path == "status.message");
  CHECK(f.http_status == 429);
}

TEST_CASE("the class before a message is split off where it is the type") {
  std::string_view type;
  CHECK(SplitExceptionClass("ValueError: bad", type) == "bad");
  CHECK(type == "ValueError");
  type = "openai.RateLimitError";
  CHECK(SplitExceptionClass("RateLimitError: slow down", type) == "slow down");
  CHECK(type == "openai.RateLimitError");
  type = "ToolException";
  CHECK(SplitExceptionClass("ValueError: bad", type) == "ValueError: bad");
  type = {};
  CHECK(SplitExceptionClass("Error: bad", type) == "bad");
  CHECK(type.empty());
}

TEST_CASE("short names of exception classes") {
  CHECK(ShortTypeName("openai.RateLimitError") == "RateLimitError");
  CHECK(ShortTypeName("App\\Exception\\NotFound") == "NotFound");
  CHECK(ShortTypeName("std::bad_alloc") == "std::bad_alloc");
  CHECK(ShortTypeName("429") == "429");
  CHECK(ShortTypeName("trailing.") == "trailing.");
  CHECK(ShortTypeName("") == "");
}

TEST_CASE_METHOD(Judge, "hostile JSON ends in no verdict") {
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += R"({"error":)";
  CHECK_NOTHROW(Result(deep));
  std::string list;
  for (int i = 0; i < 20000; ++i) list += R"([{"text":)";
  CHECK_NOTHROW(Result(list));
  CHECK_NOTHROW(Result("{'a': 'b\\"));
  CHECK_NOTHROW(Result("{'"));
}

}  // namespace
}  // namespace halo
