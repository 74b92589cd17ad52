// SPDX-License-Identifier: MIT
// Plants each kind of secret in every part of a span, ingests it as OTLP/JSON and as protobuf, and
// looks for it in all bytes of the store, decompressed, and in every answer of the product. What
// only resembles a secret, and the token counts beside one, must still be there.
#include <sqlite3.h>
#include <string.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/summaries/summary_codec.h"
#include "server/report/markdown_report.h"
#include "tests/support/tool_caller.h"
#include "tests/unit/importers/otlp_both.h"
#include "tests/unit/text/secret_kinds.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string Escaped(std::string_view text) { return Serialise(json::value(text)); }

std::string Percent(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || c == '-' || c == '_' || c == '.' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += "0123456789ABCDEF"[byte >> 4];
      out += "0123456789ABCDEF"[byte & 15];
    }
  }
  return out;
}

// The text in each place that an attribute of a real emitter has for it.
Attributes Places(const std::string& text, bool encoded) {
  const std::string member = "{\"note\":" + Escaped(text) + ",\"n\":1}";
  const std::string inner = "{\"body\":" + Escaped(member) + "}";
  const std::string messages =
      "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":" + Escaped(text) + "}]}]";
  return {
      {"note", StringValue(text)},
      {"lines", StringValue("before\r\n" + text + "\r\nafter")},
      {"input.value", StringValue(member)},
      {"output.value", StringValue(inner)},
      {"output.deeper", StringValue("{\"a\":" + Escaped(inner) + "}")},
      {"gen_ai.input.messages", StringValue(messages)},
      {"gen_ai.tool.call.arguments", StringValue(member)},
      {"gen_ai.tool.call.result", StringValue(text)},
      {"http.request.header.x-note", ArrayValue({StringValue(text)})},
      {"list", ArrayValue({StringValue("a"), StringValue(text)})},
      {"map", MapValue({{"inner", StringValue(text)}, {text, IntValue(1)}})},
      {"url.full",
       StringValue("https://x.io/v1?q=1&note=" + std::string(encoded ? Percent(text) : "1"))},
      {text, StringValue("in the key")},
  };
}

std::string TraceId(std::size_t number) {
  std::string id(16, '\x11');
  id[0] = static_cast<char>(number / 256 + 1);
  id[1] = static_cast<char>(number % 256);
  return id;
}

// A run whose spans hold the text everywhere: an agent, a model call and a failed tool. With
// `encoded` also percent-encoded.
Both Run(std::size_t number, const std::string& text, bool encoded) {
  BothSpan agent, model, tool;
  agent.trace_id = model.trace_id = tool.trace_id = TraceId(number);
  agent.span_id = std::string(8, '\x01');
  model.span_id = std::string(8, '\x02');
  tool.span_id = std::string(8, '\x03');
  model.parent_id = tool.parent_id = agent.span_id;
  agent.name = "invoke_agent " + text;
  agent.attributes = {{"gen_ai.operation.name", StringValue("invoke_agent")},
                      {"session.id", StringValue("session " + text)},
                      {"output.value", StringValue(text)}};
  model.name = "chat gpt-5-mini";
  model.attributes = {
      {"gen_ai.operation.name", StringValue("chat")},
      {"gen_ai.request.model", StringValue("gpt-5-mini")},
      {"gen_ai.input.messages",
       StringValue("[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":" +
                   Escaped(text) + "}]}]")},
      {"gen_ai.usage.input_tokens", IntValue(1234567)},
      {"gen_ai.usage.output_tokens", IntValue(4321)}};
  tool.name = "execute_tool " + text;
  if (encoded) tool.trace_state = "vendor=" + Percent(text);
  tool.attributes = Places(text, encoded);
  tool.attributes.push_back({"gen_ai.operation.name", StringValue("execute_tool")});
  tool.attributes.push_back({"gen_ai.tool.name", StringValue("fetch")});
  tool.status = 2;
  tool.status_message = text;
  tool.events = {EventOf(1'764'100'000'000'000'002, "exception",
                         {{"exception.type", StringValue("FetchError")},
                          {"exception.message", StringValue(text)},
                          {text, StringValue(text)}}),
                 EventOf(1'764'100'000'000'000'003, text, {})};
  tool.links = {LinkOf(TraceId(number), agent.span_id, {{"note", StringValue(text)}})};
  return ResourceSpansOf({{"service.name", StringValue("desk")}, {"note", StringValue(text)}},
                         {ScopeSpansOf("desk", "1", {{"note", StringValue(text)}},
                                       {SpanOf(agent), SpanOf(model), SpanOf(tool)})});
}

// Secrets that only the key of their attribute gives away.
Attributes NamedValues(std::vector<std::string>& secrets) {
  Attributes out;
  int number = 0;
  const auto add = [&](const std::string& key, const std::string& before) {
    const std::string secret = "Zq7w" + std::to_string(100 + ++number) + "xKe4";
    secrets.push_back(secret);
    out.push_back({key, StringValue(before + secret)});
  };
  for (const char* const key :
       {"password", "db.password", "user.passwd", "PGPASSWORD", "app.api_key", "openai.apiKey",
        "x-api-key", "client_secret", "aws.secretAccessKey", "session.token", "refresh_token",
        "http.request.header.x-auth-token", "http.request.header.x-api-key", "signing.key",
        "encryption-key", "credentials", "private_key", "llm.invocation_parameters.api_key"}) {
    add(key, "");
  }
  add("http.request.header.authorization", "Bearer ");
  add("http.request.header.proxy-authorization", "Token ");
  add("http.request.header.cookie", "theme=dark; sid=");
  add("http.response.header.set-cookie", "sid=");
  out.push_back(
      {"http.request.header.authorization", ArrayValue({StringValue("Bearer Zq7wListxKe4")})});
  secrets.push_back("Zq7wListxKe4");
  out.push_back({"vault.password", IntValue(83164902)});
  secrets.push_back("83164902");
  return out;
}

class Needles {
 public:
  void Add(const std::string& secret) {
    needles_.insert(secret);
    needles_.insert(Percent(secret));
  }
  // Reports each needle once.
  void LookIn(std::string_view where, std::string_view bytes) {
    if (bytes.empty()) return;
    looked_at_ += bytes.size();
    for (const std::string& needle : needles_) {
      const void* const at = memmem(bytes.data(), bytes.size(), needle.data(), needle.size());
      if (at == nullptr || !reported_.insert(needle).second) continue;
      const auto begin = static_cast<std::size_t>(static_cast<const char*>(at) - bytes.data());
      const std::size_t from = begin < 90 ? 0 : begin - 90;
      FAIL_CHECK(where << " holds " << needle << ": "
                       << bytes.substr(from, begin - from + needle.size() + 20));
    }
  }
  std::size_t looked_at() const { return looked_at_; }

 private:
  std::set<std::string> needles_, reported_;
  std::size_t looked_at_ = 0;
};

void LookInPool(const StringPool& pool, std::string_view where, Needles& needles) {
  for (StringId id = 0; id < pool.size(); ++id) needles.LookIn(where, pool[id]);
}

// A cell of the database: as it is, decompressed, and decoded.
void LookInCell(const std::string& where, std::string_view cell, Needles& needles,
                std::set<std::string>& decoded) {
  needles.LookIn(where, cell);
  if (const Result<std::string> plain = DecompressBlock(cell)) {
    needles.LookIn(where + " decompressed", *plain);
    StringPool words;
    std::vector<SpanFacts> facts;
    if (DecodeFacts(*plain, 0, words, facts)) {
      decoded.insert("facts");
      LookInPool(words, where + " facts", needles);
    }
    if (EncodedSize(*plain) > 0 && DecodeSpan(plain->substr(0, EncodedSize(*plain)))) {
      decoded.insert("spans");
    }
  }
  SummaryColumns columns;
  if (DecodeColumns(cell, Detail::kAll, columns)) {
    decoded.insert("summaries");
    LookInPool(columns.words, where + " summaries", needles);
    LookInPool(columns.ids, where + " summaries", needles);
    LookInPool(columns.evidence.words, where + " summaries", needles);
  }
}

void LookInStore(const std::string& url, Needles& needles) {
  const std::string path = url.substr(std::string_view("sqlite:").size());
  for (const char* const suffix : {"", "-wal"}) {
    std::ifstream in(path + suffix, std::ios::binary);
    needles.LookIn("the file " + std::string(suffix),
                   std::string(std::istreambuf_iterator<char>(in), {}));
  }
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
  std::vector<std::string> tables;
  const auto each_row = [&](const std::string& sql, auto&& visit) {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) visit(statement);
    sqlite3_finalize(statement);
  };
  const auto bytes_of = [](sqlite3_stmt* row, int column) {
    const void* const data = sqlite3_column_blob(row, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return std::string_view(static_cast<const char*>(data), data == nullptr ? 0 : size);
  };
  each_row("SELECT name FROM sqlite_master WHERE type = 'table'",
           [&](sqlite3_stmt* row) { tables.emplace_back(bytes_of(row, 0)); });
  REQUIRE(!tables.empty());
  std::set<std::string> decoded;
  for (const std::string& table : tables) {
    each_row("SELECT * FROM \"" + table + "\"", [&](sqlite3_stmt* row) {
      for (int column = 0; column < sqlite3_column_count(row); ++column) {
        LookInCell(table + "." + sqlite3_column_name(row, column), bytes_of(row, column), needles,
                   decoded);
      }
    });
  }
  sqlite3_close(db);
  CHECK(decoded == std::set<std::string>{"facts", "spans", "summaries"});
}

void LookInAnswer(ToolCaller& caller, const char* tool, const json::value& arguments,
                  Needles& needles) {
  const auto answer = caller.Call(tool, arguments);
  INFO(tool << " " << Serialise(arguments));
  if (!answer) FAIL(answer.error().message);
  needles.LookIn(tool, answer->text);
  needles.LookIn(tool, Serialise(json::value(answer->structured)));
}

void LookInAnswers(ToolCaller& caller, std::size_t runs, Needles& needles) {
  const auto look = [&](const char* tool, const json::value& arguments) {
    LookInAnswer(caller, tool, arguments, needles);
  };
  look("get_overview", json::object());
  const auto modes = caller.Call("list_failure_modes", {{"include_one_offs", true}, {"limit", 50}});
  REQUIRE(modes.has_value());
  needles.LookIn("list_failure_modes", Serialise(json::value(modes->structured)));
  for (const json::value& mode : modes->structured.at("modes").as_array()) {
    look("get_failure_mode", {{"id", mode.at("id")}});
  }
  for (const char* const group : {"span", "trace", "operation"}) {
    look("get_expensive_spans", {{"by", "latency"}, {"group", group}});
  }
  look("search_traces", json::object());
  look("search_traces", {{"text", "redacted"}});
  look("search_traces", {{"text", "note"}});
  for (std::size_t run = 0; run < runs; ++run) {
    std::string id;
    for (const char c : TraceId(run)) {
      id += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
      id += "0123456789abcdef"[c & 15];
    }
    look("explain_trace", {{"trace_id", id}});
    look("read_spans", {{"trace_id", id}});
    look("read_spans", {{"trace_id", id}, {"span_ids", {"0303030303030303"}}});
    look("read_spans", {{"trace_id", id},
                        {"span_ids", {"0303030303030303"}},
                        {"path", "attributes.gen_ai.tool.call.result"}});
  }
  const auto overview = caller.Call("get_overview", json::object());
  const auto cost = caller.Call("get_expensive_spans", json::object());
  const auto time = caller.Call("get_expensive_spans", {{"by", "critical_path"}});
  REQUIRE((overview.has_value() && cost.has_value() && time.has_value()));
  const Result<std::string> report = WriteReport({{"fence", overview->structured.at("fence")},
                                                  {"overview", overview->structured},
                                                  {"failure_modes", modes->structured},
                                                  {"cost", cost->structured},
                                                  {"time", time->structured}},
                                                 ReportForm::kMarkdown);
  REQUIRE(report.has_value());
  needles.LookIn("report", *report);
}

std::int64_t HealthOf(ToolCaller& caller, std::string_view issue) {
  const auto overview = caller.Call("get_overview", json::object());
  REQUIRE(overview.has_value());
  for (const json::value& each : overview->structured.at("health").as_array()) {
    if (each.at("issue").as_string() == issue) return each.at("count").as_int64();
  }
  return 0;
}

std::vector<OwnedSpan> SpansOf(ToolCaller& caller, std::size_t run, TraceReading& reading) {
  std::string id;
  for (const char c : TraceId(run)) {
    id += "0123456789abcdef"[static_cast<unsigned char>(c) >> 4];
    id += "0123456789abcdef"[c & 15];
  }
  auto read = caller.engine().ReadTrace({"", id});
  REQUIRE(read.has_value());
  reading = std::move(*read);
  std::vector<SpanIndex> all;
  for (std::size_t i = 0; i < reading.trace.spans.size(); ++i) all.push_back(SpanIndex(i));
  auto spans = caller.engine().ReadSpans(reading, all);
  REQUIRE(spans.has_value());
  return std::move(*spans);
}

void CheckSecretsAreGone(std::string Both::*form) {
  const std::vector<SecretKind> kinds = SecretKinds();
  REQUIRE(kinds.size() >= 70);
  Needles needles;
  std::vector<Both> runs;
  for (const SecretKind& kind : kinds) {
    needles.Add(kind.secret);
    runs.push_back(Run(runs.size(), kind.text, true));
  }
  std::vector<std::string> named;
  BothSpan span;
  span.trace_id = TraceId(runs.size());
  span.span_id = std::string(8, '\x03');
  span.attributes = NamedValues(named);
  span.attributes.push_back({"gen_ai.tool.call.result", StringValue("ok")});
  for (const std::string& secret : named) needles.Add(secret);
  runs.push_back(ResourceSpansOf({{"deploy.token", StringValue("Zq7wRes0urcexKe4")}},
                                 {ScopeSpansOf("desk", "1", {}, {SpanOf(span)})}));
  needles.Add("Zq7wRes0urcexKe4");

  ToolCaller caller;
  caller.Ingest("secrets", RequestOf(runs).*form);
  LookInAnswers(caller, runs.size(), needles);
  LookInStore(caller.store_url(), needles);
  CHECK(needles.looked_at() > 1'000'000);
  CHECK(HealthOf(caller, "redacted_secret") > static_cast<std::int64_t>(10 * kinds.size()));
  // What a reader needs is still there.
  for (std::size_t run = 0; run < kinds.size(); ++run) {
    TraceReading reading;
    SpansOf(caller, run, reading);
    INFO(kinds[run].what);
    CHECK(reading.summary.usage.input == 1234567);
    CHECK(reading.summary.usage.output == 4321);
    CHECK(reading.summary.tools == std::vector<std::string>{"fetch"});
    CHECK(reading.summary.failed_spans == 1);
  }
}

void CheckTheRestStays(std::string Both::*form) {
  const std::vector<std::string> texts = NearMisses();
  std::vector<Both> runs;
  for (const std::string& text : texts) runs.push_back(Run(runs.size(), text, false));
  ToolCaller caller;
  caller.Ingest("near misses", RequestOf(runs).*form);
  for (std::size_t run = 0; run < texts.size(); ++run) {
    TraceReading reading;
    const std::vector<OwnedSpan> spans = SpansOf(caller, run, reading);
    REQUIRE(spans.size() == 3);
    const auto tool = std::find_if(spans.begin(), spans.end(), [](const OwnedSpan& each) {
      return each.span().span_id == "0303030303030303";
    });
    REQUIRE(tool != spans.end());
    INFO(texts[run]);
    CHECK(tool->span().status_message == texts[run]);
    CHECK(ValueAt(tool->span(), "attributes.note")->text == texts[run]);
    CHECK(ValueAt(tool->span(), "attributes.gen_ai.tool.call.result")->text == texts[run]);
    CHECK(ValueAt(tool->span(), "attributes.input.value")->text ==
          "{\"note\":" + Escaped(texts[run]) + ",\"n\":1}");
    CHECK(ValueAt(tool->span(), "events[0].attributes.exception.message")->text == texts[run]);
    CHECK(ValueAt(tool->span(), "resource.note")->text == texts[run]);
    CHECK(ValueAt(tool->span(), "attributes." + texts[run]));
    for (const SpanFacts& facts : reading.trace.spans) CHECK(facts.redactions == 0);
  }
  CHECK(HealthOf(caller, "redacted_secret") == 0);
}

}  // namespace

TEST_CASE("no secret of OTLP/JSON is in the store or in an answer") {
  CheckSecretsAreGone(&Both::json);
}

TEST_CASE("no secret of OTLP protobuf is in the store or in an answer") {
  CheckSecretsAreGone(&Both::proto);
}

TEST_CASE("what only resembles a secret is stored as it came") {
  CheckTheRestStays(&Both::json);
  CheckTheRestStays(&Both::proto);
}

}  // namespace halo
