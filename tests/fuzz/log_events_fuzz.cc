// SPDX-License-Identifier: MIT
// Log records whose keys are those of the dialects' tables and whose values are anything: the spans
// made of them merge to the same one in any order.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/codec/span_codec.h"
#include "engine/importers/log_dialect.h"
#include "engine/importers/log_spans.h"
#include "engine/importers/span_times.h"

namespace {

using namespace halo;

void Require(bool holds) {
  if (!holds) std::abort();
}

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::uint8_t Byte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::string_view Text() {
    const std::string_view text = rest_.substr(0, Byte() % 64);
    rest_.remove_prefix(std::min(text.size(), rest_.size()));
    return text;
  }

 private:
  std::string_view rest_;
};

Value AnyValue(Bytes& in) {
  switch (in.Byte() % 5) {
    case 0:
      return Value::Bool(in.Byte() % 2 != 0);
    case 1:
      return Value::Int(static_cast<std::int8_t>(in.Byte()));
    case 2:
      return Value::Double(static_cast<double>(in.Byte()) / 3);
    case 3:
      return Value::Json(in.Text());
    default:
      return Value::Text(in.Text());
  }
}

std::vector<std::string_view> KeysOf(const LogDialect& dialect, const LogEventRule& rule) {
  std::vector<std::string_view> keys = {dialect.session,     dialect.turn, dialect.call_id,
                                        dialect.duration_ms, rule.needs,   "event.timestamp"};
  for (const LogKey& key : rule.to_span) keys.push_back(key.from);
  for (const LogKey& key : rule.to_event) keys.push_back(key.from);
  std::erase(keys, "");
  return keys;
}

LogRecord AnyRecord(Bytes& in) {
  LogRecord record;
  const auto dialects = AllLogDialects();
  const LogDialect& dialect = *dialects[in.Byte() % dialects.size()];
  const LogEventRule& rule = dialect.events[in.Byte() % dialect.events.size()];
  record.time_ns = 1'764'100'000'000'000'000 + in.Byte() % 4;
  record.body = Value::Text(dialect.prefix);
  record.attributes.push_back({"event.name", Value::Text(rule.event)});
  record.attributes.push_back({dialect.session, Value::Text(in.Byte() % 2 ? "s" : "t")});
  const std::uint8_t ids = in.Byte();
  if (ids % 4 == 0) record.trace_id = "31313131313131313131313131313131";
  if (ids % 3 == 0) record.span_id = "3232323232323232";
  const std::vector<std::string_view> keys = KeysOf(dialect, rule);
  for (std::uint8_t count = in.Byte() % 8; count > 0; --count) {
    record.attributes.push_back({keys[in.Byte() % keys.size()], AnyValue(in)});
  }
  return record;
}

std::string Merged(const std::vector<std::string>& versions) {
  OwnedSpan one = DecodeSpan(versions.front()).value();
  for (std::size_t i = 1; i < versions.size(); ++i) {
    one = MergeVersions(one, DecodeSpan(versions[i]).value());
  }
  std::string encoded;
  EncodeSpan(one.span(), encoded);
  return encoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes in(std::string_view(reinterpret_cast<const char*>(data), size));
  std::vector<LogRecord> records;
  while (!in.empty() && records.size() < 12) records.push_back(AnyRecord(in));
  Resource resource;
  LogSpans spans;
  std::map<std::string, std::vector<std::string>> versions;  // encoded, by ids
  const std::size_t unknown = spans.Convert(records, resource, [&](const Span& span, const char*) {
    Require(!span.trace_id.empty() && !span.span_id.empty() && !span.name.empty());
    Require(span.start_ns >= 0 && span.end_ns >= kUnknownEnd && span.events.size() == 1);
    std::string encoded;
    EncodeSpan(span, encoded);
    versions[std::string(span.trace_id) + std::string(span.span_id)].push_back(encoded);
  });
  Require(unknown == 0);
  for (auto& [id, encoded] : versions) {
    std::vector<std::string> reversed(encoded.rbegin(), encoded.rend());
    if (encoded.size() > 1) Require(Merged(encoded) == Merged(reversed));
  }
  return 0;
}
