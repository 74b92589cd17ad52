// SPDX-License-Identifier: MIT
// "Ten entries with three quotes each, the three most expensive operations and the main bottleneck"
// takes an agent few calls and little text, and each quote is what the store holds.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "engine/facts/quote.h"
#include "schemas/escape.h"
#include "schemas/fence.h"
#include "schemas/json_text.h"
#include "tests/support/source_dir.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

// An agent that counts what it asks and reads. Of an answer it reads the structure or the text,
// whichever its client shows; the longer one counts.
class Counting {
 public:
  explicit Counting(ToolCaller& caller) : caller_(caller) {}

  json::object Ask(std::string_view tool, const json::value& arguments) {
    const Result<ToolAnswer> answer = caller_.Call(tool, arguments);
    if (!answer) FAIL(answer.error().message);
    ++calls;
    characters += std::max(Serialise(answer->structured).size(), answer->text.size());
    return answer->structured;
  }

  int calls = 0;
  std::size_t characters = 0;

 private:
  ToolCaller& caller_;
};

// The stored text at the place that a quote names; empty if there is none.
std::string StoredAt(Engine& engine, const json::object& quote) {
  const auto text_of = [&](const char* key) {
    return Unescaped(Unfenced(std::string_view(quote.at(key).as_string())));
  };
  const Result<TraceReading> reading = engine.ReadTrace({"", text_of("trace_id")});
  if (!reading) return {};
  const std::string span_id = text_of("span_id"), path = text_of("path");
  for (std::size_t i = 0; i < reading->trace.spans.size(); ++i) {
    if (reading->trace.Text(reading->trace.spans[i].span_id) != span_id) continue;
    const auto span = static_cast<SpanIndex>(i);
    const auto stored = engine.ReadSpans(*reading, {&span, 1});
    if (!stored || stored->empty()) return {};
    const std::optional<Value> value = ValueAt(stored->front().span(), path);
    const json::value* const offset = quote.if_contains("offset");
    const auto at = offset ? static_cast<std::size_t>(offset->as_int64()) : 0;
    if (!value || !value->has_text() || at > value->text.size()) return {};
    return std::string(value->text.substr(at));
  }
  return {};
}

TEST_CASE("ten entries with quotes, what costs most and the bottleneck, in few calls") {
  ToolCaller caller;
  std::vector<std::string> days;
  for (const auto& file :
       std::filesystem::directory_iterator(SourceDir() / "examples" / "traces")) {
    days.push_back(file.path().string());
  }
  REQUIRE(days.size() == 8);
  REQUIRE(caller.engine().IngestPaths(days, {}).has_value());

  Counting agent(caller);
  std::vector<json::object> entries;
  json::value next = {{"limit", 10}, {"examples", 3}};
  while (entries.size() < 10) {
    const json::object page = agent.Ask("list_failure_modes", next);
    for (const json::value& entry : page.at("modes").as_array()) {
      entries.push_back(entry.as_object());
    }
    // A page says so, and how to go on.
    const json::value* const cursor = page.if_contains("next_cursor");
    CHECK((cursor != nullptr) == page.contains("page"));
    if (cursor == nullptr) break;
    next = {{"cursor", *cursor}};
  }
  const json::array costly =
      agent.Ask("get_expensive_spans", {{"by", "cost"}, {"limit", 3}}).at("rows").as_array();
  const json::object bottleneck = agent.Ask("list_bottlenecks", {{"limit", 1}});

  CHECK(agent.calls <= 6);
  CHECK(agent.characters <= 60'000);
  REQUIRE(entries.size() >= 10);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < 10; ++i) {
    const json::object& entry = entries[i];
    INFO(json::serialize(entry));
    ids.insert(std::string(entry.at("id").as_string()));
    std::vector<json::object> quotes = {entry.at("quote").as_object()};
    for (const json::value& more : entry.at("examples").as_array()) {
      quotes.push_back(more.as_object());
    }
    CHECK(quotes.size() == 3);
    std::set<std::string> runs;
    for (const json::object& quote : quotes) {
      runs.insert(std::string(quote.at("trace_id").as_string()));
      const std::string said = Unescaped(Unfenced(std::string_view(quote.at("text").as_string())));
      const std::string stored = StoredAt(caller.engine(), quote);
      CHECK(said.size() >= 3);
      CHECK(stored.substr(0, said.size()) == said);
    }
    CHECK(runs.size() == 3);
  }
  CHECK(ids.size() == 10);
  CHECK(costly.size() == 3);
  for (const json::value& row : costly) CHECK(row.at("micro_usd").as_int64() > 0);
  CHECK(bottleneck.at("operations").as_array().size() == 1);
  CHECK(bottleneck.at("operations").at(0).at("share").as_double() > 0);
}

}  // namespace
}  // namespace halo
