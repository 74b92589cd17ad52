// SPDX-License-Identifier: MIT
#include "tests/contract/store_fixture.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <iomanip>
#include <map>
#include <sstream>

#include "engine/analysis/operations.h"
#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "engine/store/open_store.h"

namespace halo::test {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "halo-store-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

const std::vector<StoreKind>& AllStores() {
  static const std::vector<StoreKind> kStores = {
      {"sqlite", [](const ScratchFolder& folder) { return "sqlite:" + folder / "halo.db"; }},
  };
  return kStores;
}

std::unique_ptr<Store> MustOpen(const std::string& url) {
  Result<std::unique_ptr<Store>> store = OpenStore(url);
  if (!store) FAIL(store.error().message);
  return std::move(*store);
}

TestTrace VariedTrace(int number) {
  const auto n = static_cast<std::uint32_t>(number);
  const std::uint32_t mixed = (n * 2654435761u) >> 7;
  TestTrace trace;
  std::ostringstream id;
  id << std::hex << std::setw(32) << std::setfill('0') << (std::uint64_t{n} * 0x9e3779b97f4a7c15);
  trace.key = {mixed % 5 == 0 ? "other" : "default", id.str()};
  trace.session = mixed % 4 == 0 ? "" : "session-" + std::to_string(mixed % 17);
  trace.task = mixed % 3 == 0 ? "" : "task-" + std::to_string(mixed % 7);
  trace.agent = mixed % 2 == 0 ? "planner" : "writer";
  trace.model = mixed % 6 == 0 ? "large" : "small";
  trace.version = std::to_string(mixed % 2 + 1);
  trace.outcome = static_cast<Outcome>(mixed % 3);
  trace.root_ended = mixed % 11 != 0;
  const std::int64_t start = 1'700'000'000'000'000'000 + std::int64_t{mixed % 1000} * 1'000'000'000;
  const std::uint32_t spans = 2 + mixed % 9;
  for (std::uint32_t i = 0; i < spans; ++i) {
    TestSpan span;
    std::ostringstream span_id;
    span_id << std::hex << std::setw(16) << std::setfill('0') << (n * 1000 + i);
    span.id = span_id.str();
    if (i > 0) span.parent = trace.spans.front().id;
    span.name = i == 0 ? "run" : i % 2 == 0 ? "search" : "chat";
    span.kind = i == 0 ? Kind::kAgent : i % 2 == 0 ? Kind::kTool : Kind::kLlm;
    span.start_ns = start + i * 1'000'000;
    span.end_ns = i == 0 && !trace.root_ended ? 0 : span.start_ns + 900'000 + mixed % 1000;
    span.output = "output " + std::to_string(n) + "/" + std::to_string(i);
    span.failed = (mixed + i) % 7 == 0;
    trace.spans.push_back(span);
  }
  if (mixed % 4 == 1) trace.findings.push_back({0, "search", "Timeout: <n> s", mixed % 500});
  if (mixed % 10 == 3) trace.findings.push_back({3, "", "truncated", 20});
  return trace;
}

std::vector<TestTrace> Population(int count) {
  std::vector<TestTrace> traces;
  for (int i = 0; i < count; ++i) traces.push_back(VariedTrace(i));
  return traces;
}

TraceSummary SummaryOf(const TestTrace& trace) {
  TraceSummary s;
  s.project = trace.key.project;
  s.trace_id = trace.key.trace_id;
  s.name = trace.spans.front().name;
  s.service = trace.service;
  s.version = trace.version;
  s.session = trace.session;
  s.task = trace.task;
  if (!trace.agent.empty()) s.agents = {trace.agent};
  if (!trace.dialect.empty()) {
    s.dialects = {{trace.dialect, static_cast<std::int32_t>(trace.spans.size())}};
  }
  s.models = {trace.model};
  s.tools = {"search"};
  s.root_ended = trace.root_ended;
  s.outcome = trace.outcome;
  s.outcome_rule =
      trace.outcome == Outcome::kUnknown ? OutcomeRule::kNone : OutcomeRule::kAttribute;
  s.eligible = 0b1001;
  s.start_ns = INT64_MAX;
  std::map<Kind, OperationRollup> operations;
  std::map<Kind, std::map<std::int64_t, std::int32_t>> durations_ns;
  for (const TestSpan& span : trace.spans) {
    s.start_ns = std::min(s.start_ns, span.start_ns);
    s.end_ns = std::max(s.end_ns, span.end_ns);
    ++s.span_count;
    s.failed_spans += span.failed;
    s.llm_calls += span.kind == Kind::kLlm;
    s.tool_calls += span.kind == Kind::kTool;
    s.steps += span.kind == Kind::kLlm || span.kind == Kind::kTool;
    OperationRollup& operation = operations[span.kind];
    operation.kind = span.kind;
    operation.agent = trace.agent;
    operation.name = span.name;
    if (span.kind == Kind::kLlm) {
      operation.model = trace.model;
      operation.usage.input += 100;
      operation.usage.output += 10;
      operation.nano_usd += 700;
      s.usage.input += 100;
      s.usage.output += 10;
      s.nano_usd += 700;
    }
    const std::int64_t duration = span.end_ns == 0 ? 0 : span.end_ns - span.start_ns;
    ++operation.count;
    operation.errors += span.failed;
    operation.duration_ns += duration;
    durations_ns[span.kind][ExactDuration(duration)]++;
    operation.max_ns = std::max(operation.max_ns, duration);
  }
  for (auto& [kind, operation] : operations) {
    for (const auto& [entry, count] : durations_ns[kind]) {
      operation.durations.emplace_back(entry, count);
    }
    s.operations.push_back(operation);
  }
  for (const TestFinding& finding : trace.findings) {
    StoredFinding stored;
    stored.detector = finding.detector;
    stored.locus = {trace.agent, finding.tool, ""};
    stored.signature = finding.signature;
    // Any stable number will do; the product uses MakeModeId.
    stored.mode = ContentHash(trace.agent + "|" + finding.tool + "|" + finding.signature) >> 16;
    stored.span_ids = {trace.spans.front().id};
    stored.evidence = {
        {EvidenceRole::kResult, {trace.spans.front().id, "attributes.output.value", 0, 6}}};
    stored.waste = {finding.nano_usd / 2, finding.nano_usd, finding.nano_usd * 3};
    s.findings.push_back(stored);
  }
  return s;
}

void TestBatch::AddSegment(const TestTrace& trace, std::size_t begin, std::size_t end,
                           bool analysed) {
  Segment segment;
  segment.key = trace.key;
  segment.span_count = static_cast<std::int32_t>(end - begin);
  segment.first_row = static_cast<std::int64_t>(rows_.size());
  for (std::size_t i = begin; i < end; ++i) {
    const TestSpan& from = trace.spans[i];
    Resource resource;
    resource.attributes = {{"service.name", Value::Text(trace.service)}};
    Span span;
    span.trace_id = trace.key.trace_id;
    span.span_id = from.id;
    span.parent_id = from.parent;
    span.name = from.name;
    span.start_ns = from.start_ns;
    span.end_ns = from.end_ns;
    span.status = from.failed ? StatusCode::kError : StatusCode::kUnset;
    span.attributes = {{"output.value", Value::Text(from.output)}};
    span.resource = &resource;
    const std::size_t offset = block_.size();
    EncodeSpan(span, block_);

    SpanFacts f;
    f.span_id = words_.Intern(from.id);
    f.parent_id = words_.Intern(from.parent);
    f.name = words_.Intern(from.name);
    f.operation = f.name;
    f.kind = from.kind;
    f.start_ns = from.start_ns;
    f.end_ns = from.end_ns;
    f.failed = from.failed;
    f.agent = words_.Intern(trace.agent);
    f.content_hash = ContentHash(std::string_view(block_).substr(offset));
    f.payload = {0, static_cast<std::uint32_t>(offset),
                 static_cast<std::uint32_t>(block_.size() - offset)};
    rows_.push_back(f);
    segment.versions.emplace_back(ContentHash(from.id), f.content_hash);
  }
  if (analysed) segment.summary = SummaryOf(trace);
  batch_.segments.push_back(std::move(segment));
}

TestBatch& TestBatch::Add(const TestTrace& trace, bool analysed) {
  AddSegment(trace, 0, trace.spans.size(), analysed);
  return *this;
}

TestBatch& TestBatch::AddSpans(const TestTrace& trace, std::size_t begin, std::size_t end) {
  AddSegment(trace, begin, end, false);
  return *this;
}

TestBatch& TestBatch::From(std::string source, bool complete) {
  batch_.source.emplace();
  batch_.source->key = std::move(source);
  batch_.source->offset = 100;
  batch_.source->complete = complete;
  return *this;
}

TestBatch& TestBatch::Reject(std::string reason, std::uint64_t offset) {
  batch_.rejects.push_back({std::move(reason), offset, "detail"});
  return *this;
}

Batch TestBatch::Build(std::int64_t arrived_ns) {
  batch_.arrived_ns = arrived_ns;
  if (!block_.empty()) batch_.payloads = {CompressBlock(block_)};
  batch_.facts = {CompressBlock(EncodeFacts(rows_, words_))};
  return batch_;
}

namespace {

std::ostream& operator<<(std::ostream& out, const TokenUsage& usage) {
  return out << usage.input << ',' << usage.output << ',' << usage.cache_read;
}

std::ostream& operator<<(std::ostream& out, const TraceKey& key) {
  return out << key.project << '/' << key.trace_id;
}

std::ostream& operator<<(std::ostream& out, const Waste& waste) {
  return out << waste.tokens << ',' << waste.nano_usd << ',' << waste.critical_ns;
}

void Print(std::ostream& out, const OverviewStats& stats) {
  out << "traces " << stats.traces << " open " << stats.open_traces << " units " << stats.units
      << " spans " << stats.spans << " sessions " << stats.sessions << " llm " << stats.llm_calls
      << " tools " << stats.tool_calls << " failed " << stats.failed_spans << " from "
      << stats.first_ns << " to " << stats.last_ns << " usage " << stats.usage << " usd "
      << stats.nano_usd << '\n';
  for (const std::int64_t count : stats.outcomes) out << "outcome " << count << '\n';
  for (const std::int64_t count : stats.outcome_rules) out << "rule " << count << '\n';
  for (const auto* names : {&stats.agents, &stats.models, &stats.tools, &stats.services}) {
    for (const NamedCount& count : *names) {
      out << count.name << ' ' << count.traces << ' ' << count.spans << '\n';
    }
  }
}

void Print(std::ostream& out, const ModeStats& mode) {
  out << ModeId{mode.id} << ' ' << int{mode.detector} << ' ' << mode.locus.agent << '|'
      << mode.locus.tool << '|' << mode.signature << " units " << mode.units << '/'
      << mode.eligible_units << " traces " << mode.traces << " occurrences " << mode.occurrences
      << " waste " << mode.waste << " median " << mode.median << " distinct " << mode.tasks << ' '
      << mode.sessions << ' ' << mode.agents << ' ' << mode.versions << " from " << mode.first_ns
      << " to " << mode.last_ns << '\n';
  for (const auto& [model, count] : mode.models) out << "  model " << model << ' ' << count << '\n';
  for (std::size_t i = 0; i < mode.trend.size(); ++i) {
    out << "  " << mode.trend[i] << '/' << mode.trend_all[i];
  }
  out << '\n';
  for (const OutcomeTable& table : mode.outcomes) {
    out << "  stratum " << table.mode_failure << ' ' << table.mode_success << ' '
        << table.other_failure << ' ' << table.other_success << '\n';
  }
  for (const TraceKey& key : mode.examples) out << "  example " << key << '\n';
}

void Print(std::ostream& out, const OperationStats& operation) {
  out << int(operation.kind) << ' ' << operation.agent << '|' << operation.name << '|'
      << operation.model << " traces " << operation.traces << " count " << operation.count
      << " errors " << operation.errors << " usage " << operation.usage << " usd "
      << operation.nano_usd << " ns " << operation.duration_ns << ' ' << operation.max_ns << ' '
      << operation.p50_ns << ' ' << operation.p95_ns << " slowest " << operation.slowest << '\n';
}

void Print(std::ostream& out, const TraceRow& row) {
  out << row.key << ' ' << row.name << ' ' << row.agent << ' ' << row.session << ' ' << row.task
      << ' ' << row.start_ns << ' ' << row.end_ns << ' ' << row.span_count << ' ' << row.tokens
      << ' ' << row.nano_usd << ' ' << row.wasted_nano_usd << ' ' << int(row.outcome) << ' '
      << int(row.outcome_rule) << ' ' << row.settled;
  for (const ModeId mode : row.modes) out << ' ' << mode;
  out << '\n';
}

}  // namespace

std::string ModesText(const std::vector<ModeStats>& modes) {
  std::ostringstream out;
  for (const ModeStats& mode : modes) Print(out, mode);
  return out.str();
}

std::string AnswersText(Store& store, std::int64_t now_ns) {
  std::ostringstream out;
  for (const Unit unit : {Unit::kTrace, Unit::kSession}) {
    Question question;
    question.units.unit = unit;
    question.now_ns = now_ns;
    const auto [overview, modes] = Must(store.OverviewAndModes(question));
    Print(out, overview);
    for (const ModeStats& mode : modes) Print(out, mode);
    question.filter.agent = "planner";
    for (const ModeStats& mode : Must(store.Modes(question))) Print(out, mode);
  }
  Question question;
  question.now_ns = now_ns;
  for (const OperationGroup group : {OperationGroup::kOperation, OperationGroup::kModel,
                                     OperationGroup::kTool, OperationGroup::kAgent}) {
    for (const OperationStats& operation : Must(store.Operations(question, group))) {
      Print(out, operation);
    }
  }
  for (const TraceSort sort : {TraceSort::kNewest, TraceSort::kCost, TraceSort::kWaste}) {
    std::string cursor;
    do {
      const TracePage page = Must(store.Traces(question, sort, 7, cursor));
      for (const TraceRow& row : page.rows) Print(out, row);
      cursor = page.next_cursor;
    } while (!cursor.empty());
  }
  return out.str();
}

void AnalyseStale(Store& store, const std::vector<TestTrace>& traces) {
  std::vector<AnalysedTrace> analyses;
  for (const StaleTrace& stale : Must(store.StaleTraces(1'000'000))) {
    const auto trace = std::find_if(traces.begin(), traces.end(),
                                    [&](const TestTrace& each) { return each.key == stale.key; });
    REQUIRE(trace != traces.end());
    const StoredTrace stored = Must(store.LoadTrace(stale.key));
    AnalysedTrace analysis;
    analysis.key = stale.key;
    analysis.generation = stored.generation;
    analysis.summary = SummaryOf(*trace);
    analysis.spans = static_cast<std::int64_t>(stored.spans.size());
    analyses.push_back(std::move(analysis));
  }
  if (const auto put = store.PutAnalyses(analyses); !put) FAIL(put.error().message);
}

}  // namespace halo::test
