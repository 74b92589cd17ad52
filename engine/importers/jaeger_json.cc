// SPDX-License-Identifier: MIT
#include "engine/importers/jaeger_json.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/importers/span_links.h"
#include "engine/importers/span_words.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"
#include "engine/json/parse_integer.h"

namespace halo {
namespace {

constexpr std::string_view kPages[] = {"data"};

class Reader final : public TreeSpanReader {
 public:
  Reader() : TreeSpanReader(kPages) {}

 private:
  void ReadTree(const JsonNode& object) override;
  void ReadTrace(const JsonNode& trace, const JsonNode& spans);
  void ReadSpan(const JsonNode& node, const JsonNode* process);

  void ReadIds(const JsonNode& node);
  void ReadReferences(const JsonNode& node);
  void ReadTimes(const JsonNode& node);
  void ReadTags(const JsonNode& node);
  void ReadLogs(const JsonNode* logs);
  void ReadProcess(const JsonNode& process);

  std::string_view TraceIdOf(const JsonNode& node);
  std::string_view SpanIdOf(const JsonNode& node, std::initializer_list<std::string_view> keys);
  std::string_view HexOf(std::uint64_t number);
  Value TagValue(const JsonNode& tag);
  // Calls use(key, value) for each tag of a list, or of an object as Elasticsearch may hold it.
  template <class Use>
  void ForEachTag(const JsonNode* tags, Use&& use);
  // Whether the tag became another part of the span.
  bool UseTag(std::string_view key, const Value& value);
};

const JsonNode* FindAny(const JsonNode& node, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const JsonNode* const found = node.Find(key);
    if (found != nullptr) return found;
  }
  return nullptr;
}

// The processes of a trace by id: {"p1": {...}} or [{"processId": "p1", "process": {...}}].
class Processes {
 public:
  explicit Processes(const JsonNode* processes) {
    if (processes == nullptr) return;
    for (const JsonNode& item : *processes) {
      if (processes->is_object()) {
        by_id_.emplace_back(item.key(), &item);
        continue;
      }
      const JsonNode* const name = FindAny(item, {"processId", "processID"});
      std::string_view id;
      if (name != nullptr && name->Text(id)) by_id_.emplace_back(id, item.Find("process"));
    }
    std::stable_sort(by_id_.begin(), by_id_.end(), IsBefore);
  }

  // The first with this id; null if there is none.
  const JsonNode* Find(std::string_view id) const {
    const auto at = std::lower_bound(by_id_.begin(), by_id_.end(), Entry(id, nullptr), IsBefore);
    return at == by_id_.end() || at->first != id ? nullptr : at->second;
  }

 private:
  using Entry = std::pair<std::string_view, const JsonNode*>;
  static bool IsBefore(const Entry& a, const Entry& b) { return a.first < b.first; }

  std::vector<Entry> by_id_;
};

// Nanoseconds of "5000ns" or "1.5s"; -1 for anything else.
std::int64_t ParseDuration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !(number >= 0)) return -1;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double scale = unit == "ns"   ? 1
                       : unit == "us" ? 1e3
                       : unit == "ms" ? 1e6
                       : unit == "s"  ? 1e9
                                      : -1;
  return scale < 0 || number * scale > 9e18 ? -1 : static_cast<std::int64_t>(number * scale);
}

void Reader::ReadTree(const JsonNode& object) {
  const JsonNode* const data = object.Find("data");
  if (data != nullptr && data->is_object()) return ReadTree(*data);
  const JsonNode* const spans = object.Find("spans");
  if (spans != nullptr && spans->is_array()) return ReadTrace(object, *spans);
  if (FindAny(object, {"spanID", "spanId"}) == nullptr) {
    return RefuseObject(object, "neither spans nor a spanID in it");
  }
  ReadSpan(object, object.Find("process"));
}

void Reader::ReadTrace(const JsonNode& trace, const JsonNode& spans) {
  const Processes processes(FindAny(trace, {"processes", "processMap", "process_map"}));
  const JsonNode* const shared = trace.Find("process");  // of a Thrift batch
  for (const JsonNode& node : spans) {
    if (!node.is_object()) {
      RefuseObject(node, "an item of spans is not an object");
      continue;
    }
    const JsonNode* process = node.Find("process");
    if (!IsGiven(process)) process = shared;
    const JsonNode* const id = FindAny(node, {"processID", "processId"});
    if (!IsGiven(process) && IsGiven(id)) process = processes.Find(TextOf(id));
    ReadSpan(node, process);
  }
}

void Reader::ReadSpan(const JsonNode& node, const JsonNode* process) {
  BeginSpan(node);
  ReadIds(node);
  span().name = TextOf(node.Find("operationName"));
  ReadReferences(node);
  ReadTimes(node);
  ReadTags(node);
  ReadLogs(node.Find("logs"));
  if (IsGiven(process)) {
    ReadProcess(*process);
  } else if (const JsonNode* const id = FindAny(node, {"processID", "processId"}); IsGiven(id)) {
    Lose(*id, "process that is not in the trace");
  }
  EndSpan();
}

std::string_view Reader::HexOf(std::uint64_t number) {
  char bytes[8];
  for (int i = 7; i >= 0; --i, number >>= 8) bytes[i] = static_cast<char>(number & 255);
  return CanonicalIdOfBytes({bytes, sizeof(bytes)}, arena());
}

// Hex or base64, or in Thrift two numbers.
std::string_view Reader::TraceIdOf(const JsonNode& node) {
  if (const JsonNode* const id = FindAny(node, {"traceID", "traceId"})) return IdOf(id, 16);
  std::int64_t low = 0, high = 0;
  const JsonNode* const at_low = node.Find("traceIdLow");
  const JsonNode* const at_high = node.Find("traceIdHigh");
  if (at_low == nullptr || !at_low->Integer(low)) return {};
  const std::string_view end = HexOf(static_cast<std::uint64_t>(low));
  if (at_high == nullptr || !at_high->Integer(high) || high == 0) return end;
  return arena().Join({HexOf(static_cast<std::uint64_t>(high)), end});
}

std::string_view Reader::SpanIdOf(const JsonNode& node,
                                  std::initializer_list<std::string_view> keys) {
  const JsonNode* const id = FindAny(node, keys);
  std::int64_t number = 0;
  if (id != nullptr && id->Integer(number)) return HexOf(static_cast<std::uint64_t>(number));
  return IdOf(id, 8);
}

void Reader::ReadIds(const JsonNode& node) {
  span().trace_id = TraceIdOf(node);
  span().span_id = SpanIdOf(node, {"spanID", "spanId"});
  span().parent_id = SpanIdOf(node, {"parentSpanID", "parentSpanId"});
}

// The first CHILD_OF of the same trace is the parent, else the first FOLLOWS_FROM; the others are
// links.
void Reader::ReadReferences(const JsonNode& node) {
  const JsonNode* const list = node.Find("references");
  if (!IsGiven(list)) return;
  const auto in_trace = [&](const JsonNode& reference) {
    const std::string_view id = TraceIdOf(reference);
    return id.empty() || id == span().trace_id;
  };
  const JsonNode* parent = nullptr;
  for (const std::string_view type : {"CHILD_OF", "FOLLOWS_FROM"}) {
    for (const JsonNode& reference : *list) {
      if (parent != nullptr) break;
      const JsonNode* const kind = FindAny(reference, {"refType", "ref_type"});
      const std::string_view word = kind == nullptr ? "CHILD_OF" : TextOf(kind);
      if (word == type && in_trace(reference)) parent = &reference;
    }
  }
  if (parent != nullptr) span().parent_id = SpanIdOf(*parent, {"spanID", "spanId"});
  std::string links = "[";
  for (const JsonNode& reference : *list) {
    const std::string_view trace_id = TraceIdOf(reference);
    const std::string_view span_id = SpanIdOf(reference, {"spanID", "spanId"});
    if (&reference == parent || (span_id == span().parent_id && in_trace(reference))) continue;
    AppendSpanLink({trace_id, span_id, {}}, links);
  }
  if (links.size() > 1) span().links = arena().Copy(links += ']');
}

// Both in microseconds; in the JSON of the protobuf model, RFC 3339 and "5000ns".
void Reader::ReadTimes(const JsonNode& node) {
  builder().start = TimeOf(node.Find("startTime"), "startTime");
  span().end_ns = kUnknownEnd;  // Jaeger only has spans that have ended
  const JsonNode* const length = node.Find("duration");
  const Moment& start = builder().start;
  if (!IsGiven(length) || start.kind != Moment::Kind::kKnown) return;
  std::int64_t duration = -1, micros = 0;
  std::string_view text;
  constexpr std::int64_t kMostMicros = 100LL * 365 * 86'400 * 1'000'000;
  if (length->Integer(micros) || (length->Text(text) && ParseInteger(text, micros))) {
    duration = micros < 0 || micros > kMostMicros ? -1 : micros * 1000;
  } else if (length->Text(text)) {
    duration = ParseDuration(text);
  }
  constexpr std::int64_t kLatest = 9'000'000'000'000'000'000;
  if (duration < 0 || duration > kLatest - start.ns) {
    Lose(*length, "duration");
    return;
  }
  builder().end = start;
  builder().end.ns += duration;
}

// {"key", "type", "value"}, where a value may be written as text; or {"key", "vType", "vStr" ...}.
Value Reader::TagValue(const JsonNode& tag) {
  const JsonNode* value = tag.Find("value");
  std::string_view type = TextOf(tag.Find("type"));
  for (const std::string_view key :
       {"vStr", "vBool", "vInt64", "vFloat64", "vLong", "vDouble", "vBinary"}) {
    if (value == nullptr) value = tag.Find(key);
    if (value != nullptr && value->key() == "vBinary") type = "binary";
    if (value != nullptr && (value->key() == "vInt64" || value->key() == "vLong")) type = "int64";
  }
  Value read = ValueOf(value);
  if (read.type != Value::Type::kText) return read;
  std::int64_t integer = 0;
  double real = 0;
  const std::string_view text = read.text;
  if (type == "int64" && ParseInteger(text, integer)) return Value::Int(integer);
  if (type == "bool" && (text == "true" || text == "false")) return Value::Bool(text == "true");
  if (type == "float64") {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), real);
    if (error == std::errc() && end == text.data() + text.size()) return Value::Double(real);
  }
  if (type == "binary") read.type = Value::Type::kBytes;
  return read;
}

template <class Use>
void Reader::ForEachTag(const JsonNode* tags, Use&& use) {
  if (!IsGiven(tags)) return;
  if (tags->is_object()) {
    for (const JsonNode& member : *tags) use(member.key(), ValueOf(&member));
    return;
  }
  if (!tags->is_array()) return Lose(*tags, "tags");
  for (const JsonNode& tag : *tags) {
    const std::string_view key = TextOf(tag.Find("key"));
    if (key.empty()) {
      Lose(tag, "tag");
    } else {
      use(key, TagValue(tag));
    }
  }
}

// Source: OpenTelemetry specification, "Trace: SDK exporters: Jaeger".
bool Reader::UseTag(std::string_view key, const Value& value) {
  const auto is_text = value.type == Value::Type::kText;
  if (key == "span.kind") {
    span().otel_kind = KindWord(value.text);
  } else if (key == "otel.status_code") {
    span().status = StatusOf(value.text);
  } else if (key == "otel.status_description") {
    span().status_message = value.text;
  } else if (key == "w3c.tracestate") {
    span().trace_state = value.text;
  } else if (key == "otel.scope.name" || key == "otel.library.name") {
    resource().scope_name = value.text;
  } else if (key == "otel.scope.version" || key == "otel.library.version") {
    resource().scope_version = value.text;
  } else if (key == "error") {
    const bool failed =
        value.type == Value::Type::kBool ? value.integer != 0 : value.text == "true";
    if (failed) span().status = StatusCode::kError;
    return value.type == Value::Type::kBool || value.text == "true" || value.text == "false";
  } else {
    return false;
  }
  return is_text;
}

void Reader::ReadTags(const JsonNode& node) {
  for (const char* const key : {"tags", "tag"}) {
    ForEachTag(node.Find(key), [&](std::string_view name, const Value& value) {
      if (!UseTag(name, value)) span().attributes.push_back({name, value});
    });
  }
}

void Reader::ReadLogs(const JsonNode* logs) {
  if (!IsGiven(logs)) return;
  for (const JsonNode& log : *logs) {
    Event& event = AddEvent("log", log.Find("timestamp"));
    ForEachTag(log.Find("fields"), [&](std::string_view name, const Value& value) {
      if (name == "event" && value.type == Value::Type::kText) {
        event.name = value.text;
      } else {
        event.attributes.push_back({name, value});
      }
    });
  }
}

void Reader::ReadProcess(const JsonNode& process) {
  AddTo(resource().attributes, "service.name", process.Find("serviceName"));
  for (const char* const key : {"tags", "tag"}) {
    ForEachTag(process.Find(key), [&](std::string_view name, const Value& value) {
      resource().attributes.push_back({name, value});
    });
  }
}

bool HasSpanKeys(const JsonKeys& keys) {
  const bool has_trace = keys.Has("traceID") || keys.Has("traceId") || keys.Has("traceIdLow");
  return (has_trace && keys.Has("operationName") && !keys.Has("localEndpoint")) ||
         keys.HasAll("traceID", "spanID");
}

bool HasTraceKeys(const JsonKeys& keys) {
  return keys.HasAll("traceID", "spans") || keys.HasAll("spans", "processMap") ||
         HasSpanKeys(TopKeys(keys.ValueOf("spans")));
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  return HasSpanKeys(keys) || HasTraceKeys(keys) || HasTraceKeys(TopKeys(keys.ValueOf("data")));
}

}  // namespace

const Importer kJaegerJson = {
    .name = "jaeger_json",
    .description =
        "Jaeger's JSON: {\"data\": [{\"traceID\": ..., \"spans\": [...], \"processes\": {...}}]}, "
        "as "
        "its UI saves it and /api/traces answers, or its spans alone",
    .short_name = "Jaeger",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
