// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <string>

#include "engine/facts/finish_class.h"
#include "engine/facts/limit_text.h"
#include "engine/facts/transport.h"

namespace halo {
namespace {

TEST_CASE("finish reasons of all providers fall into five classes") {
  const std::pair<const char*, FinishClass> cases[] = {
      {"", FinishClass::kUnknown},
      {"unknown", FinishClass::kUnknown},
      {"FINISH_REASON_UNSPECIFIED", FinishClass::kUnknown},
      {"stop", FinishClass::kStop},
      {"STOP", FinishClass::kStop},
      {"FinishReason.STOP", FinishClass::kStop},
      {"end_turn", FinishClass::kStop},
      {"stop_sequence", FinishClass::kStop},
      {"COMPLETE", FinishClass::kStop},
      {"tool_calls", FinishClass::kToolCalls},
      {"tool-calls", FinishClass::kToolCalls},
      {"tool_use", FinishClass::kToolCalls},
      {"function_call", FinishClass::kToolCalls},
      {"length", FinishClass::kTruncated},
      {"max_tokens", FinishClass::kTruncated},
      {"MAX_TOKENS", FinishClass::kTruncated},
      {"FINISH_REASON_MAX_TOKENS", FinishClass::kTruncated},
      {"max_output_tokens", FinishClass::kTruncated},
      {"content_filter", FinishClass::kRefusal},
      {"content-filter", FinishClass::kRefusal},
      {"refusal", FinishClass::kRefusal},
      {"SAFETY", FinishClass::kRefusal},
      {"PROHIBITED_CONTENT", FinishClass::kRefusal},
      {"MALFORMED_FUNCTION_CALL", FinishClass::kOther},
      {"pause_turn", FinishClass::kOther},
  };
  for (const auto& [reason, expected] : cases) {
    CAPTURE(reason);
    CHECK(ClassifyFinish(reason) == expected);
  }
  CHECK(ClassifyFinish(std::string(100'000, 'x')) == FinishClass::kOther);
}

TEST_CASE("limits of the harness are told by class or text") {
  const std::pair<const char*, const char*> cases[] = {
      {"MaxTurnsExceeded", "max_turns"},
      {"Max turns (10) exceeded", "max_turns"},
      {"error_max_turns", "max_turns"},
      {"GraphRecursionError", "recursion_limit"},
      {"Recursion limit of 25 reached without hitting a stop condition.", "recursion_limit"},
      {"Agent stopped due to max_iterations.", "max_iterations"},
      {"AgentMaxStepsError", "max_steps"},
      {"Reached max steps.", "max_steps"},
      {"UsageLimitExceeded", "usage_limit"},
      {"The next request would exceed the request_limit of 50", "usage_limit"},
      {"Budget exceeded: spent $5.01 of $5.00", "budget"},
      {"error_max_budget_usd", "budget"},
  };
  for (const auto& [text, expected] : cases) {
    CAPTURE(text);
    CHECK(LimitClass(text) == expected);
  }
  for (const char* const text : {
           "",
           "stop",
           "RecursionError: maximum recursion depth exceeded",
           "Rate limit exceeded",
           "max_tokens",
           "Timeout while waiting for the next turn",
           "the budget for 2024 is attached",
       }) {
    CAPTURE(text);
    CHECK(LimitClass(text).empty());
  }
}

TEST_CASE("an answer tells of a limit only by its opening words") {
  CHECK(LimitClassOfAnswer("Agent stopped due to iteration limit or time limit.") ==
        "max_iterations");
  CHECK(LimitClassOfAnswer("Reached max steps.") == "max_steps");
  CHECK(LimitClassOfAnswer("LangGraph raises GraphRecursionError when the recursion limit ...")
            .empty());
  CHECK(LimitClassOfAnswer("").empty());
}

TEST_CASE("transport classes by status, class or words") {
  CHECK(ClassifyTransport(429, "", "") == Transport::kRateLimit);
  CHECK(ClassifyTransport(401, "", "") == Transport::kAuth);
  CHECK(ClassifyTransport(403, "", "") == Transport::kAuth);
  CHECK(ClassifyTransport(404, "", "") == Transport::kNotFound);
  CHECK(ClassifyTransport(408, "", "") == Transport::kTimeout);
  CHECK(ClassifyTransport(502, "", "") == Transport::kService);
  CHECK(ClassifyTransport(529, "", "") == Transport::kService);
  CHECK(ClassifyTransport(400, "", "") == Transport::kNone);

  CHECK(ClassifyTransport(0, "openai.RateLimitError", "") == Transport::kRateLimit);
  CHECK(ClassifyTransport(0, "rate_limit_error", "") == Transport::kRateLimit);
  CHECK(ClassifyTransport(0, "asyncio.TimeoutError", "") == Transport::kTimeout);
  CHECK(ClassifyTransport(0, "APIConnectionError", "") == Transport::kConnection);
  CHECK(ClassifyTransport(0, "ECONNREFUSED", "") == Transport::kConnection);
  CHECK(ClassifyTransport(0, "torch.OutOfMemoryError", "") == Transport::kOutOfMemory);
  CHECK(ClassifyTransport(0, "FileNotFoundError", "a.txt") == Transport::kNone);
  CHECK(ClassifyTransport(0, "ValueError", "bad") == Transport::kNone);

  CHECK(ClassifyTransport(0, "", "Error code: 429 - {'error': ...}") == Transport::kRateLimit);
  CHECK(ClassifyTransport(0, "", "HTTP 503 from upstream") == Transport::kService);
  CHECK(ClassifyTransport(0, "", "404 Client Error: Not Found for url") == Transport::kNotFound);
  CHECK(ClassifyTransport(0, "", "the request timed out") == Transport::kTimeout);
  CHECK(ClassifyTransport(0, "", "connect ECONNREFUSED 127.0.0.1:80") == Transport::kConnection);
  CHECK(ClassifyTransport(0, "", "order 429 was not shipped") == Transport::kNone);
}

TEST_CASE("an HTTP status is one only where the text says so") {
  CHECK(HttpStatusIn("429") == 429);
  CHECK(HttpStatusIn("status=404") == 404);
  CHECK(HttpStatusIn("status_code: 500") == 500);
  CHECK(HttpStatusIn("HTTP/1.1 503 Service Unavailable") == 503);
  CHECK(HttpStatusIn("got 401 Unauthorized") == 401);
  CHECK(HttpStatusIn("room 404") == 0);
  CHECK(HttpStatusIn("1429") == 0);
  CHECK(HttpStatusIn("status=4290") == 0);
  CHECK(HttpStatusIn("version 0.429") == 0);
  CHECK(HttpStatusIn("") == 0);
}

}  // namespace
}  // namespace halo
