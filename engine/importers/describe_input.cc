// SPDX-License-Identifier: MIT
#include "engine/importers/describe_input.h"

#include <algorithm>
#include <string>
#include <utility>

#include "engine/importers/choose_importer.h"
#include "engine/json/json_keys.h"
#include "engine/json/json_space.h"

namespace halo {
namespace {

struct Magic {
  std::size_t at;
  std::string_view bytes;
  std::string_view what;
};

using std::string_view_literals::operator""sv;

constexpr Magic kMagics[] = {
    {0, "SQLite format 3"sv, "an SQLite database"},
    {0, "%PDF"sv, "a PDF document"},
    {0, "\x89PNG"sv, "a PNG image"},
    {0, "\xFF\xD8\xFF"sv, "a JPEG image"},
    {0, "GIF8"sv, "a GIF image"},
    {8, "WEBP"sv, "a WebP image"},
    {0,
     "\x7F"
     "ELF"sv,
     "a program"},
};

constexpr std::string_view kParquet =
    "a Parquet file; to read a data frame of spans, convert it: python3 -c \"import pandas; "
    "pandas.read_parquet('FILE.parquet').reset_index().to_json('FILE.jsonl', orient='records', "
    "lines=True, date_format='iso', date_unit='ns')\"";

// Compressed formats that are not supported. Only the file name can hint at the content.
constexpr Magic kPacked[] = {
    {0,
     "\xFD"
     "7zXZ"sv,
     "xz-compressed data"},
    {0, "BZh"sv, "bzip2-compressed data"},
    {0, "\x04\x22\x4D\x18"sv, "lz4-compressed data"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7z archive"},
    {0, "\x1F\x8B"sv, "data that is compressed twice, the second time by gzip"},
    {0, "\x28\xB5\x2F\xFD"sv, "data that is compressed twice, the second time by zstd"},
};

// JSON of other tools, recognised by keys of the first object, and what to do with it.
struct KnownJson {
  std::string_view a, b;
  std::string_view what;
  bool holds_traces = true;
  std::string_view inner = {};  // a key of the first object in the value of `a`
};

constexpr std::string_view kNoSpanList =
    "spans without trace ids, so which run each belongs to is not known; write each run as "
    "{\"trace_id\": ..., \"spans\": [...]}, or export with OTLP";
constexpr std::string_view kAtif =
    "an ATIF agent trajectory, which is not read; export with OTLP from the agent, or write its "
    "steps as chat messages (role, content, tool_calls), one list a run";

constexpr KnownJson kKnownJson[] = {
    {"resourceMetrics", {}, "OTLP metrics; only OTLP traces and logs hold spans", false},
    {"resource_metrics", {}, "OTLP metrics; only OTLP traces and logs hold spans", false},
    {"context.trace_id",
     {},
     "a data frame of Phoenix that was written by columns; write it with "
     "to_json(orient='records', lines=True)"},
    {"localEndpoint", "traceId",
     "Zipkin spans; an OpenTelemetry Collector with the zipkin receiver and the file exporter "
     "turns them into OTLP/JSON"},
    {"eval", "samples",
     "an Inspect log, which is not read; the messages of its samples are: jq "
     "'[.samples[].messages]' LOG.json > chats.json"},
    {"eval", "plan", "an Inspect log without samples, so without runs"},
    {"baseSpans", {}, "a DeepEval trace, which is not read; export with OTLP from the agent"},
    {"step_id", "source", kAtif},
    {"schema_version", "steps", kAtif},
    {"trajectory", "history",
     "a SWE-agent trajectory, which is not read; its history is, as chat messages: jq .history "
     "FILE.traj > chat.json",
     true},
    {"history",
     {},
     "a chat history in another object; the history alone can be read: jq .history FILE > "
     "chat.json (for lines: jq -c .history)",
     true,
     "role"},
    {"history",
     {},
     "an agent's events under \"history\", such as OpenHands writes, which are not read; export "
     "with OTLP from the agent, or write the run as chat messages (role, content, tool_calls)"},
    {"action", "source",
     "events of OpenHands, which are not read; export with OTLP from the agent, or write the run "
     "as chat messages (role, content, tool_calls)"},
    {"observation", "source",
     "events of OpenHands, which are not read; export with OTLP from the agent, or write the run "
     "as chat messages (role, content, tool_calls)"},
    {"trajectory",
     {},
     "an agent trajectory without span ids; export with OTLP from the agent, or write the run as "
     "chat messages (role, content, tool_calls)"},
    {"messages", "response",
     "a log of single model calls, each with all messages before it, which is not read; export "
     "with OTLP from the agent, or keep the messages of the last call of each run"},
    {"trace_id", "outcome", "outcomes of runs; `halo-mcp label FILE` reads them", false},
    {"span_id", "name", kNoSpanList},
    {"spanId", "name", kNoSpanList},
    {"parent_id", "name", kNoSpanList},
    {"span_type", "name", kNoSpanList},
};

// Words that only occur in JSON with traces.
constexpr std::string_view kTraceWords[] = {"\"trace_id\"",   "\"traceid\"",    "\"span_id\"",
                                            "\"spanid\"",     "spans\"",        "\"spancontext\"",
                                            "\"run_type\"",   "\"trajectory\"", "\"traj\"",
                                            "\"tool_calls\"", "\"spanname\""};

// Whether a file with this name may hold traces, however it is packed.
bool NamesTraces(std::string_view name) {
  return name.find(".json") != name.npos || name.find(".ndjson") != name.npos;
}

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

// A key, name or line of the input in a form that is safe to show.
std::string Quoted(std::string_view text, std::size_t limit) {
  std::string out = "\"";
  for (const char c : text.substr(0, limit)) {
    out += static_cast<unsigned char>(c) < 0x20 || c == '\x7F' ? ' ' : c;
  }
  return out + (text.size() > limit ? "...\"" : "\"");
}

InputGuess DescribeJson(const JsonKeys& keys, std::string_view head) {
  for (const KnownJson& known : kKnownJson) {
    if (!keys.Has(known.a) || (!known.b.empty() && !keys.Has(known.b))) continue;
    if (known.inner.empty() || TopKeys(keys.ValueOf(known.a)).Has(known.inner)) {
      return {std::string(known.what), known.holds_traces};
    }
  }
  const bool holds_traces =
      std::any_of(std::begin(kTraceWords), std::end(kTraceWords),
                  [head](std::string_view word) { return ContainsIgnoringCase(head, word); });
  if (keys.keys.empty()) {
    return {keys.is_array ? "a JSON array without objects" : "an empty JSON object", holds_traces};
  }
  std::string what =
      keys.is_array ? "a JSON array of objects with the keys " : "JSON with the keys ";
  for (std::size_t i = 0; i < std::min<std::size_t>(keys.keys.size(), 8); ++i) {
    what += (i > 0 ? ", " : "") + Quoted(keys.keys[i], 40);
  }
  return {std::move(what), holds_traces};
}

// What the SDKs of OpenTelemetry print on a console without being JSON.
struct KnownText {
  std::string_view a, b;
  std::string_view what;
};

constexpr KnownText kKnownTexts[] = {
    {"traceId: '", "duration:",
     "what OpenTelemetry's ConsoleSpanExporter for JavaScript prints, which is no JSON and leaves "
     "nested values out; export with OTLP, or write JSON.stringify(span) of each span"},
    {"traceId: \x1B[32m'", "duration:",
     "what OpenTelemetry's ConsoleSpanExporter for JavaScript prints, which is no JSON and leaves "
     "nested values out; export with OTLP, or write JSON.stringify(span) of each span"},
    {" | {", " |     \"",
     "what docker compose prints, with the name of the service before each line; write the log "
     "with --no-log-prefix"},
    {"Activity.TraceId:", "Activity.SpanId:",
     "what OpenTelemetry's console exporter for .NET prints; export with OTLP"},
};

// What is known of a text that may also begin with lines of a log, in JSON or not.
const KnownText* FindKnownText(std::string_view text) {
  for (const KnownText& known : kKnownTexts) {
    if (text.find(known.a) != text.npos && text.find(known.b) != text.npos) return &known;
  }
  return nullptr;
}

InputGuess DescribeText(std::string_view text) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (text[0] == '<') {
    return {ContainsIgnoringCase(text.substr(0, 512), "<html") ||
                    ContainsIgnoringCase(text.substr(0, 512), "<!doctype html")
                ? "an HTML page; perhaps a login or error page was saved instead of the export"
                : "XML",
            false};
  }
  if (std::count(line.begin(), line.end(), ',') >= 2) {
    return {"CSV text: " + Quoted(line, 80), false};
  }
  return {"plain text: " + Quoted(line, 80), false};
}

// Whether JSON can begin like this. Markdown and INI files begin with a bracket, templates with a
// brace.
bool BeginsJson(std::string_view text) {
  const std::string_view inner =
      text.substr(std::min(text.find_first_not_of(" \t\r\n", 1), text.size()));
  if (inner.empty()) return true;
  if (text[0] == '{') return inner[0] == '"' || inner[0] == '}';
  return std::string_view("{[]\"-0123456789").find(inner[0]) != std::string_view::npos ||
         inner.starts_with("true") || inner.starts_with("false") || inner.starts_with("null");
}

// The name of the first file in a ZIP archive.
std::string_view FirstInZip(std::string_view start) {
  constexpr std::size_t kHeader = 30, kNameSize = 26;
  if (start.size() < kHeader) return {};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(start[at]); };
  return start.substr(kHeader, byte(kNameSize) | byte(kNameSize + 1) << 8);
}

// An archive is never opened. The advice to unpack it is given only if that would help.
InputGuess DescribeArchive(std::string_view kind, std::string_view first) {
  if (first.starts_with("_journal/"))
    return {
        "an Inspect log in a ZIP archive, which is not read; `inspect log convert LOG.eval --to "
        "json "
        "--output-dir DIR` writes it as JSON, and jq '[.samples[].messages]' takes the messages of "
        "its samples, which can be read",
        true};
  std::string what(kind);
  if (!first.empty()) what += " that begins with " + Quoted(first, 60);
  if (!NamesTraces(first)) return {std::move(what), false};
  return {what + "; archives are not opened: unpack it, and what is accepted will be read", true};
}

// Describes UTF-16 text by its ASCII characters.
InputGuess DescribeUtf16(std::string_view start, std::string_view name) {
  std::string narrow;
  for (std::size_t i = start[0] == '\xFF' ? 2 : 3; i < start.size(); i += 2) {
    if (static_cast<unsigned char>(start[i]) < 0x80) narrow += start[i];
  }
  if (ChooseImporter(narrow, name)) return {"UTF-16 text; saved as UTF-8 it can be read", true};
  InputGuess inner = DescribeInput(narrow, name);
  return {"UTF-16 text: " + inner.what, inner.holds_traces};
}

}  // namespace

InputGuess DescribeInput(std::string_view start, std::string_view name) {
  const auto is = [&](const Magic& magic) {
    return start.size() > magic.at && start.substr(magic.at).starts_with(magic.bytes);
  };
  if (is({0, "PAR1"sv, {}})) {
    return {std::string(kParquet),
            ContainsIgnoringCase(name, "span") || ContainsIgnoringCase(name, "trace")};
  }
  for (const Magic& magic : kMagics) {
    if (is(magic)) return {std::string(magic.what), false};
  }
  for (const Magic& magic : kPacked) {
    if (!is(magic)) continue;
    return {std::string(magic.what) + "; only one layer of gzip or zstd is decompressed",
            NamesTraces(name)};
  }
  if (is({0, "PK\3\4"sv, {}})) return DescribeArchive("a ZIP archive", FirstInZip(start));
  if (is({257, "ustar"sv, {}})) {
    return DescribeArchive("a tar archive", start.substr(0, start.substr(0, 100).find('\0')));
  }
  if (start.starts_with("\xFF\xFE"sv) || start.starts_with("\xFE\xFF"sv)) {
    return DescribeUtf16(start, name);
  }
  if (IsBinary(start)) return {"binary data", false};
  const std::string_view text = SkipToText(start);
  if (text.empty()) return {"an empty file", false};
  if (const KnownText* known = FindKnownText(text)) return {std::string(known->what), true};
  if ((text[0] != '{' && text[0] != '[') || !BeginsJson(text)) return DescribeText(text);
  const std::string_view head = TrimJsonSpace(HeadOf(start).value);
  return DescribeJson(TopKeys(head), head);
}

}  // namespace halo
