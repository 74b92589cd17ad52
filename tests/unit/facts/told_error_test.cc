// SPDX-License-Identifier: MIT
#include "engine/facts/told_error.h"

#include <catch2/catch.hpp>
#include <vector>

namespace halo {
namespace {

Message Asks(std::vector<ToolCall> calls) {
  Message message;
  message.role = "assistant";
  message.tool_calls = std::move(calls);
  return message;
}

Message Tells(std::string_view id, std::string_view content) {
  Message message;
  message.role = "tool";
  message.tool_call_id = id;
  message.content = content;
  return message;
}

TEST_CASE("the prompt tells which of the last calls failed") {
  JsonTrees json;
  const std::vector<Message> prompt = {
      Asks({{"find", "1", "{}"}}),
      Tells("1", R"({"error":"an old one"})"),
      Asks({{"find", "2", "{}"}, {"cancel", "3", "{}"}}),
      Tells("2", R"({"status":"sent"})"),
      Tells("3", R"({"error":"Order A-2077 has left"})"),
  };
  const ToldError told = FindToldError(prompt, json);
  CHECK(told.tool == "cancel");
  CHECK(told.signature.find("has left") != std::string::npos);
  // An answer came since.
  std::vector<Message> later = prompt;
  later.push_back(Asks({}));
  CHECK(FindToldError(later, json).signature.empty());
}

TEST_CASE("calls and results may be messages of their own") {
  JsonTrees json;
  const std::vector<Message> prompt = {Asks({{"find", "1", "{}"}}), Asks({{"cancel", "2", "{}"}}),
                                       Tells("1", "Error: gone"), Tells("2", "sent")};
  CHECK(FindToldError(prompt, json).tool == "find");
}

TEST_CASE("without ids the results are those of the calls in their order") {
  JsonTrees json;
  const std::vector<Message> prompt = {Asks({{"find", "", "{}"}, {"cancel", "", "{}"}}),
                                       Tells("", "sent"), Tells("", "Error: gone")};
  CHECK(FindToldError(prompt, json).tool == "cancel");
}

TEST_CASE("a prompt without results, or with good ones, tells of no error") {
  JsonTrees json;
  CHECK(FindToldError({}, json).signature.empty());
  const std::vector<Message> good = {Asks({{"find", "1", "{}"}}), Tells("1", "no errors found")};
  CHECK(FindToldError(good, json).signature.empty());
  const std::vector<Message> first = {Tells("1", "Error: gone")};
  CHECK(FindToldError(first, json).signature.empty());
}

}  // namespace
}  // namespace halo
