// SPDX-License-Identifier: MIT
// The cost of the store alone, without reading and analysis: store_bench [traces]. Prints CPU time
// next to wall time, because other work on the machine does not affect it.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/store/open_store.h"
#include "engine/store/store.h"
#include "tests/bench/measure.h"

namespace halo::bench {
namespace {

constexpr int kSpans = 20;           // per trace
constexpr int kTracesOfBatch = 200;  // about 4 MB of input
constexpr std::int64_t kStart = 1'760'000'000'000'000'000;

double ProcessSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint64_t operator()() {
    state_ += 0x9e3779b97f4a7c15ULL;  // splitmix64
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  std::uint64_t Below(std::uint64_t limit) { return (*this)() % limit; }

 private:
  std::uint64_t state_;
};

std::string Hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(number));
  return text;
}

template <class T>
T Must(Result<T> result) {
  if (!result) Fail(result.error().message);
  return std::move(*result);
}

// Traces of an agent with a dozen operations; some fail in one of 60 ways.
class Traces {
 public:
  explicit Traces(std::uint64_t seed) : random_(seed) {}

  Batch MakeBatch(int first, int count) {
    Batch batch;
    batch.arrived_ns = kStart;
    batch.source.emplace();
    batch.source->key = "file:/bench";
    batch.source->complete = true;
    StringPool words;
    std::string block;
    std::vector<SpanFacts> rows;
    for (int i = first; i < first + count; ++i) {
      batch.segments.push_back(MakeSegment(i, words, block, batch.payloads, rows));
    }
    batch.payloads.push_back(CompressBlock(block));
    batch.facts.push_back(CompressBlock(EncodeFacts(rows, words)));
    return batch;
  }

 private:
  std::string Text(std::size_t bytes) {
    std::string text;
    while (text.size() < bytes) {
      const std::uint64_t word = random_.Below(64) * random_.Below(64);
      text += "w" + std::to_string(word) + (random_.Below(4) == 0 ? "s of " : " ");
    }
    return text;
  }

  Segment MakeSegment(int number, StringPool& words, std::string& block,
                      std::vector<std::string>& payloads, std::vector<SpanFacts>& rows) {
    TraceSummary summary;
    summary.project = "default";
    summary.trace_id = Hex(random_()) + Hex(random_());
    summary.name = "order agent";
    summary.service = "service-" + std::to_string(number % 3);
    summary.version = "1." + std::to_string(number / 10'000);
    summary.environment = "production";
    summary.session = "session-" + std::to_string(number / 4);
    summary.user = "user-" + std::to_string(number % 997);
    summary.task = "task-" + std::to_string(random_.Below(500));
    const std::string agent = number % 3 == 0 ? "refunds" : "orders";
    const std::string model = "model-" + std::to_string(number % 4);
    summary.agents = {agent};
    summary.models = {model};
    summary.start_ns = kStart + std::int64_t{number} * 1'700'000'000;
    summary.end_ns = summary.start_ns + 30'000'000'000;
    summary.span_count = kSpans;
    summary.llm_calls = summary.tool_calls = kSpans / 2;
    summary.steps = kSpans - 4 + static_cast<int>(random_.Below(8));
    summary.root_ended = true;
    summary.usage = {static_cast<std::int64_t>(random_.Below(40'000)),
                     static_cast<std::int64_t>(random_.Below(4'000)), 0, 0, 0};
    summary.nano_usd = summary.usage.total() * 900;
    summary.outcome = static_cast<Outcome>(random_.Below(3));
    summary.outcome_rule = OutcomeRule::kAttribute;
    summary.eligible = 0xfff;
    for (int o = 0; o < 7; ++o) {
      OperationRollup operation;
      operation.kind = o == 0 ? Kind::kAgent : o == 1 ? Kind::kLlm : Kind::kTool;
      operation.agent = agent;
      operation.name = o == 0 ? agent : o == 1 ? "ChatCompletion" : "tool_" + std::to_string(o);
      if (o == 1) operation.model = model;
      if (o > 1) summary.tools.push_back(operation.name);
      operation.count = o == 1 ? kSpans / 2 : 2;
      operation.usage = o == 1 ? summary.usage : TokenUsage{};
      operation.nano_usd = o == 1 ? summary.nano_usd : 0;
      for (int b = 0; b < operation.count; ++b) {
        const auto bucket = static_cast<std::int16_t>(250 + 3 * b + random_.Below(3));
        operation.durations.emplace_back(bucket, 1);
      }
      operation.duration_ns = static_cast<std::int64_t>(random_.Below(4'000'000'000));
      operation.max_ns = operation.duration_ns / 2;
      operation.critical_ns = operation.duration_ns;
      summary.operations.push_back(operation);
    }

    Segment segment;
    segment.key = {summary.project, summary.trace_id};
    segment.span_count = kSpans;
    Resource resource;
    resource.attributes = {{"service.name", Value::Text(summary.service)},
                           {"service.version", Value::Text(summary.version)}};
    std::vector<SpanFacts> spans;
    const StringId root = words.Intern(Hex(random_()));
    for (int i = 0; i < kSpans; ++i) {
      const std::string input = Text(150), output = Text(350);
      SpanFacts f;
      f.span_id = i == 0 ? root : words.Intern(Hex(random_()));
      f.parent_id = i == 0 ? 0 : root;
      const OperationRollup& operation = summary.operations[static_cast<std::size_t>(i % 7)];
      f.kind = operation.kind;
      f.name = f.operation = words.Intern(operation.name);
      f.start_ns = summary.start_ns + i * 1'500'000'000LL + static_cast<int>(random_.Below(1000));
      f.end_ns = f.start_ns + static_cast<std::int64_t>(random_.Below(1'000'000'000));
      f.service = words.Intern(summary.service);
      f.version = words.Intern(summary.version);
      f.agent = words.Intern(agent);
      f.session = words.Intern(summary.session);
      f.task = words.Intern(summary.task);
      if (f.kind == Kind::kLlm) {
        f.model = words.Intern(model);
        f.has_usage = true;
        f.usage = {static_cast<std::int64_t>(random_.Below(4000)),
                   static_cast<std::int64_t>(random_.Below(300)), 0, 0, 0};
        f.calls_hash = random_();
      } else {
        f.tool = f.name;
        f.arguments_hash = random_();
        f.result_hash = random_();
      }
      f.output_quote = {words.Intern("attributes.output.value"), 0,
                        static_cast<std::uint32_t>(output.size())};
      f.result_bytes = f.output_quote.length;

      Span span;
      span.trace_id = summary.trace_id;
      span.span_id = words[f.span_id];
      span.parent_id = words[f.parent_id];
      span.name = words[f.name];
      span.start_ns = f.start_ns;
      span.end_ns = f.end_ns;
      span.resource = &resource;
      span.attributes = {{"openinference.span.kind", Value::Text(KindText(f.kind))},
                         {"session.id", Value::Text(summary.session)},
                         {"input.value", Value::Text(input)},
                         {"output.value", Value::Text(output)}};
      const std::size_t offset = block.size();
      EncodeSpan(span, block);
      f.payload = {static_cast<std::int64_t>(payloads.size()), static_cast<std::uint32_t>(offset),
                   static_cast<std::uint32_t>(block.size() - offset)};
      f.payload_bytes = f.payload.length;
      f.content_hash = ContentHash(std::string_view(block).substr(offset));
      segment.versions.emplace_back(ContentHash(span.span_id), f.content_hash);
      if (block.size() > (512 << 10)) {
        payloads.push_back(CompressBlock(block));
        block.clear();
      }
      spans.push_back(f);
    }
    AddFindings(number, words, spans, summary);
    segment.first_row = static_cast<std::int64_t>(rows.size());
    rows.insert(rows.end(), spans.begin(), spans.end());
    segment.summary = std::move(summary);
    return segment;
  }

  static std::string_view KindText(Kind kind) {
    return kind == Kind::kLlm ? "LLM" : kind == Kind::kAgent ? "AGENT" : "TOOL";
  }

  void AddFindings(int number, const StringPool& words, const std::vector<SpanFacts>& spans,
                   TraceSummary& summary) {
    for (std::uint64_t i = random_.Below(4); i > 0; --i) {
      StoredFinding finding;
      const std::uint64_t mode = random_.Below(8) * random_.Below(8);
      finding.mode = 1 + mode;
      finding.detector = static_cast<std::uint8_t>(mode % 12);
      finding.locus = {number % 3 == 0 ? "refunds" : "orders", "tool_" + std::to_string(mode % 7),
                       ""};
      finding.signature = "TimeoutError: upstream <n> of mode " + std::to_string(mode);
      for (const SpanFacts& span : spans) {
        if (random_.Below(6) == 0) finding.span_ids.emplace_back(words[span.span_id]);
      }
      finding.evidence = {
          {EvidenceRole::kResult,
           {std::string(words[spans[1].span_id]), "attributes.output.value", 3, 40}}};
      finding.waste = {static_cast<std::int64_t>(random_.Below(4000)),
                       static_cast<std::int64_t>(random_.Below(4'000'000)),
                       static_cast<std::int64_t>(random_.Below(4'000'000'000))};
      if (summary.findings.empty() || summary.findings.back().mode != finding.mode) {
        summary.findings.push_back(std::move(finding));
      }
    }
  }

  Random random_;
};

void Line(const char* what, double wall, double cpu) {
  std::printf("%-44s %10.2f ms %10.2f ms cpu\n", what, wall * 1e3, cpu * 1e3);
  std::fflush(stdout);
}

void Time(const char* what, int times, const std::function<void()>& work) {
  std::vector<double> wall, cpu;
  for (int i = 0; i < times; ++i) {
    const double wall_before = WallSeconds(), cpu_before = ProcessSeconds();
    work();
    wall.push_back(WallSeconds() - wall_before);
    cpu.push_back(ProcessSeconds() - cpu_before);
  }
  Line(what, Percentile(wall, 0.5), Percentile(cpu, 0.5));
}

int Main(int traces) {
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("store-bench-" + std::to_string(getpid()));
  const std::string url = "sqlite:" + (folder / "halo.db").string();
  std::printf("%d traces of %d spans; median wall and processor time\n", traces, kSpans);
  {
    const auto store = Must(OpenStore(url));
    Traces made(1);
    double wall = 0, cpu = 0;
    for (int first = 0; first < traces; first += kTracesOfBatch) {
      const Batch batch = made.MakeBatch(first, std::min(kTracesOfBatch, traces - first));
      const double wall_before = WallSeconds(), cpu_before = ProcessSeconds();
      Must(store->Append(batch));
      wall += WallSeconds() - wall_before;
      cpu += ProcessSeconds() - cpu_before;
    }
    Line("append all", wall, cpu);
    std::printf("%-44s %10.2f us cpu\n", "append a span", cpu * 1e6 / traces / kSpans);
    const Batch again = Traces(1).MakeBatch(0, kTracesOfBatch);
    Time("append a batch again", 3, [&] { Must(store->Append(again)); });
  }
  Question all;
  all.now_ns = kStart * 2;
  std::unique_ptr<Store> store;
  Time("open, first overview", 5, [&] {
    store = Must(OpenStore(url));
    Must(store->Overview(all));
  });
  const StoreInfo info = Must(store->Info());
  std::printf("%-44s %10.1f bytes a span; payloads %.1f decoded\n", "store size",
              static_cast<double>(info.bytes) / static_cast<double>(info.spans),
              static_cast<double>(info.payload_bytes) / static_cast<double>(info.spans));
  Question by_tool = all, by_session = all, by_agent = all, by_mode = all, sessions = all;
  by_tool.filter.tool = "tool_3";
  by_agent.filter.agent = "refunds";
  by_agent.filter.min_nano_usd = 1'000'000;
  by_session.filter.session = "session-77";
  by_mode.filter.failure_mode = 7;
  sessions.units.unit = Unit::kSession;
  Time("overview", 15, [&] { Must(store->Overview(all)); });
  Time("overview, sessions as units", 15, [&] { Must(store->Overview(sessions)); });
  Time("overview of an agent, by cost", 15, [&] { Must(store->Overview(by_agent)); });
  Time("modes", 15, [&] { Must(store->Modes(all)); });
  Time("modes, sessions as units", 15, [&] { Must(store->Modes(sessions)); });
  Time("modes of a tool", 15, [&] { Must(store->Modes(by_tool)); });
  Time("modes of an agent, by cost", 15, [&] { Must(store->Modes(by_agent)); });
  Time("modes beside a mode", 15, [&] { Must(store->Modes(by_mode)); });
  Time("modes of a session", 15, [&] { Must(store->Modes(by_session)); });
  Time("one mode", 15, [&] { Must(store->Modes(all, 7)); });
  Time("operations", 15, [&] { Must(store->Operations(all, OperationGroup::kOperation)); });
  Time("traces, newest", 15, [&] { Must(store->Traces(all, TraceSort::kNewest, 20, {})); });
  Time("traces, most waste", 15, [&] { Must(store->Traces(all, TraceSort::kWaste, 20, {})); });
  int number = traces;
  Traces more(2);
  Time("append a trace, overview", 15, [&] {
    Must(store->Append(more.MakeBatch(number++, 1)));
    Must(store->Overview(all));
  });
  const TracePage page = Must(store->Traces(all, TraceSort::kCost, 20, {}));
  std::size_t at = 0;
  Time("load a trace", 15, [&] { Must(store->LoadTrace(page.rows[at++].key)); });
  at = 0;
  Time("load a summary", 15, [&] { Must(store->LoadSummary(page.rows[at++].key)); });
  const auto search = [&](const char* what, const TextPattern& pattern) {
    Time(what, 3, [&] {
      std::string cursor;
      do {
        const SearchPage found = Must(store->Search(all, pattern, 20, cursor, {}, nullptr));
        cursor = found.hits.size() < 20 ? found.next_cursor : "";
      } while (!cursor.empty());
    });
  };
  search("search, absent", {"absent needle", false, false});
  search("search, common", {"w12 ", false, false});
  search("search, (?i) alternation", {"(?i)absent needle|nowhere seen", true, false});
  store.reset();
  std::filesystem::remove_all(folder);
  return 0;
}

}  // namespace
}  // namespace halo::bench

int main(int argc, char** argv) {
  return halo::bench::Main(argc > 1 ? std::atoi(argv[1]) : 50'000);
}
