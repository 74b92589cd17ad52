// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>

#include "engine/importers/json_keys.h"
#include "engine/importers/splitter.h"
#include "engine/importers/value_scanner.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;
constexpr int kLinesTried = 16;

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view what;
};

using namespace std::string_view_literals;

constexpr Magic kMagics[] = {
    {0, "PAR1"sv, "a Parquet file"},
    {0, "PK\3\4"sv, "a ZIP archive; unpack it first"},
    {257, "ustar"sv, "a tar archive; unpack it first"},
    {0, "SQLite format 3"sv, "an SQLite database"},
    {0, "%PDF"sv, "a PDF document"},
    {0,
     "\xFD"
     "7zXZ"sv,
     "xz-compressed data; gzip and zstd are read directly, xz is not"},
    {0, "BZh"sv, "bzip2-compressed data; gzip and zstd are read directly, bzip2 is not"},
    {0, "\x1F\x8B"sv, "gzip data inside the compressed file; unpack it first"},
    {0, "\x28\xB5\x2F\xFD"sv, "zstd data inside the compressed file; unpack it first"},
    {0, "\xFF\xFE"sv, "UTF-16 text; save it as UTF-8"},
    {0, "\xFE\xFF"sv, "UTF-16 text; save it as UTF-8"},
};

// JSON of other tools: all keys of the first object that tell it.
struct KnownJson {
  std::string_view a, b;
  std::string_view what;
};

constexpr KnownJson kKnownJson[] = {
    {"resourceLogs", {}, "OTLP logs; only OTLP traces hold spans"},
    {"resource_logs", {}, "OTLP logs; only OTLP traces hold spans"},
    {"resourceMetrics", {}, "OTLP metrics; only OTLP traces hold spans"},
    {"resource_metrics", {}, "OTLP metrics; only OTLP traces hold spans"},
    {"context", "parent_id", "spans of an OpenTelemetry SDK console or file exporter"},
    {"traceID", "spans", "a Jaeger trace; export it as OTLP"},
    {"traceID", "spanID", "Jaeger spans; export them as OTLP"},
    {"traceId", "operationName", "Jaeger spans; export them as OTLP"},
    {"processMap", "spans", "a Jaeger trace; export it as OTLP"},
    {"process", "spans", "a Jaeger batch; export it as OTLP"},
    {"localEndpoint", "traceId", "Zipkin spans; export them as OTLP"},
    {"trace", "observations", "a Langfuse trace export"},
    {"observations", "id", "a Langfuse trace export"},
    {"traceId", "type", "Langfuse observations"},
    {"run_type", "dotted_order", "LangSmith runs"},
    {"run_type", "trace_id", "LangSmith runs"},
    {"eval", "samples", "an Inspect log"},
    {"step_id", "source", "agent trajectory steps without span ids"},
    {"schema_version", "steps", "an agent trajectory without span ids"},
    {"messages", {}, "chat messages without span ids"},
};

bool ContainsIgnoringCase(std::string_view text, std::string_view lower) {
  const auto at =
      std::search(text.begin(), text.end(), lower.begin(), lower.end(),
                  [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; });
  return at != text.end();
}

bool IsBinary(std::string_view text) {
  const std::string_view start = text.substr(0, 1024);
  const auto control = std::count_if(start.begin(), start.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && !IsJsonSpace(c) && c != '\x1B';
  });
  return start.find('\0') != std::string_view::npos || control * 20 > std::ssize(start);
}

// The first keys, or the first line, as they can be shown.
std::string Quoted(std::string_view text, std::size_t limit) {
  std::string out = "\"";
  for (const char c : text.substr(0, limit)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? ' ' : c;
  }
  return out + (text.size() > limit ? "...\"" : "\"");
}

std::string DescribeJson(const JsonKeys& keys, std::string_view head) {
  for (const KnownJson& known : kKnownJson) {
    if (keys.Has(known.a) && (known.b.empty() || keys.Has(known.b))) return std::string(known.what);
  }
  if (keys.Has("data") && head.find("\"traceID\"") != std::string_view::npos) {
    return "a Jaeger trace; export it as OTLP";
  }
  std::string what =
      keys.is_array ? "a JSON array of objects with the keys " : "JSON with the keys ";
  if (keys.keys.empty())
    return keys.is_array ? "a JSON array without objects" : "an empty JSON object";
  for (std::size_t i = 0; i < std::min<std::size_t>(keys.keys.size(), 8); ++i) {
    what += (i > 0 ? ", " : "") + Quoted(keys.keys[i], 40);
  }
  return what;
}

std::string DescribeText(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (text[0] == '<') {
    return ContainsIgnoringCase(text.substr(0, 512), "<html") ||
                   ContainsIgnoringCase(text.substr(0, 512), "<!doctype html")
               ? "an HTML page; perhaps a login or error page was saved instead of the export"
               : "XML";
  }
  if (std::count(line.begin(), line.end(), ',') >= 2) return "CSV text: " + Quoted(line, 80);
  return "plain text: " + Quoted(line, 80);
}

// Behind the byte order mark, if there is one, and white space.
std::string_view SkipToText(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  return start.substr(std::min(start.find_first_not_of(" \t\r\n"), start.size()));
}

std::string Describe(std::string_view start) {
  for (const Magic& magic : kMagics) {
    if (start.size() > magic.at && start.substr(magic.at).starts_with(magic.bytes)) {
      return std::string(magic.what);
    }
  }
  if (IsBinary(start)) return "binary data; OTLP protobuf is taken over HTTP only";
  const std::string_view text = SkipToText(start);
  if (text.empty()) return "an empty file";
  if (text[0] != '{' && text[0] != '[') return DescribeText(text);
  const std::string_view head = TrimJsonSpace(SniffHead(start));
  const JsonKeys keys = TopKeys(head);
  return keys.is_json ? DescribeJson(keys, head) : DescribeText(head);
}

// The object or array that the text begins with; all of the text if it does not end there.
std::string_view FirstValue(std::string_view text) {
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return text;
  ValueScanner scanner;
  const std::size_t end = scanner.Scan(text);
  return scanner.state() == ValueScanner::State::kDone ? text.substr(0, end) : text;
}

const Importer* FindImporter(std::string_view head) {
  for (const Importer& importer : AllImporters()) {
    if (importer.sniff(head)) return &importer;
  }
  return nullptr;
}

}  // namespace

std::string_view SniffHead(std::string_view start) {
  return FirstValue(SkipToText(start.substr(0, kHeadBytes)));
}

Result<const Importer*> ChooseImporter(std::string_view start, std::string_view name) {
  if (const Importer* found = FindImporter(SniffHead(start))) return found;
  // The first lines may be broken, or something else that was printed before.
  std::string_view rest = SkipToText(start.substr(0, kHeadBytes));
  for (int line = 0; line < kLinesTried && !rest.empty(); ++line) {
    const std::string_view value = FirstValue(rest);
    if (value.size() < rest.size()) {
      if (const Importer* found = FindImporter(value)) return found;
    }
    const std::size_t feed = rest.find('\n');
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
  }
  std::string message = std::string(name) + " holds no traces that can be read: it is " +
                        Describe(start) + ". Accepted, also as .gz or .zst:";
  for (const Importer& importer : AllImporters()) {
    message += "\n  " + std::string(importer.name) + ": " + std::string(importer.description);
  }
  return Error{Code::kUnsupported, std::move(message)};
}

}  // namespace halo
