// SPDX-License-Identifier: MIT
// The contract of every store.
#include <algorithm>
#include <array>
#include <random>
#include <set>

#include "engine/codec/block_codec.h"
#include "engine/codec/facts_codec.h"
#include "engine/codec/span_codec.h"
#include "tests/contract/store_fixture.h"
#include "tests/support/summary_bytes.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

TEST_CASE("an empty store answers with nothing") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  Question question;
  CHECK(Must(store->Overview(question)).traces == 0);
  CHECK(Must(store->Modes(question)).empty());
  CHECK(Must(store->Traces(question, TraceSort::kNewest, 10, {})).rows.empty());
  CHECK(Must(store->StaleTraces(10)).empty());
  const auto missing = store->LoadTrace({"", "abc"});
  REQUIRE(!missing);
  CHECK(missing.error().code == Code::kNotFound);
  CHECK(missing.error().message ==
        "no trace abc: the store holds no traces yet; `halo-mcp setup` says how to fill it");
}

TEST_CASE("what was appended is read back") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const TestTrace trace = VariedTrace(4);
  {
    const auto store = MustOpen(url);
    const AppendReceipt receipt = Must(store->Append(TestBatch().Add(trace).Build()));
    CHECK(receipt.new_traces == 1);
    CHECK(receipt.new_spans == static_cast<std::int64_t>(trace.spans.size()));
  }
  const auto store = MustOpen(url);
  const StoredTrace stored = Must(store->LoadTrace(trace.key));
  REQUIRE(stored.spans.size() == trace.spans.size());
  std::vector<PayloadRef> refs;
  for (const SpanFacts& span : stored.spans) refs.push_back(span.payload);
  const std::vector<std::string> payloads = Must(store->ReadPayloads(refs));
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const OwnedSpan span = Must(DecodeSpan(payloads[i]));
    CHECK(span.span().span_id == trace.spans[i].id);
    CHECK(span.span().span_id == (*stored.words)[stored.spans[i].span_id]);
    CHECK(ValueAt(span.span(), "attributes.output.value")->text == trace.spans[i].output);
  }
  const TraceSummary summary = Must(store->LoadSummary(trace.key));
  CHECK(SummaryBytes(summary) == SummaryBytes(SummaryOf(trace)));
  CHECK(Must(store->Info()).traces == 1);
  CHECK(Must(store->Info()).spans == static_cast<std::int64_t>(trace.spans.size()));
  CHECK(Must(store->Info()).payload_bytes > 0);
}

// With this many traces, several modes are aggregated on several threads, a single mode on one.
TEST_CASE("a mode among many is what it is alone") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestBatch batch;
  for (TestTrace trace : Population(5000)) {
    const std::size_t number = trace.key.trace_id.back();
    trace.findings.push_back({1, "tool " + std::to_string(number % 9), "slow", 5});
    batch.Add(trace);
  }
  Must(store->Append(batch.Build()));
  for (const Unit unit : {Unit::kTrace, Unit::kSession}) {
    const Question question{{}, nullptr, {unit, {}}, kLater};
    const auto [overview, modes] = Must(store->OverviewAndModes(question));
    CHECK(overview.traces == 5000);
    CHECK(overview.units == Must(store->Overview(question)).units);
    CHECK(modes.size() == 20);
    CHECK(ModesText(Must(store->Modes(question))) == ModesText(modes));
    for (const ModeStats& mode : modes) {
      CHECK(ModesText(Must(store->Modes(question, mode.id))) == ModesText({mode}));
      CHECK(ModesText(Must(store->OverviewAndModes(question, mode.id)).second) ==
            ModesText({mode}));
    }
  }
}

TEST_CASE("a repeated append changes nothing") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestBatch builder;
  for (const TestTrace& trace : Population(20)) builder.Add(trace);
  const Batch batch = builder.From("file:/a").Reject("invalid_json", 7).Build();
  const AppendReceipt first = Must(store->Append(batch));
  const std::string answers = AnswersText(*store, kLater);
  const StoreInfo info = Must(store->Info());
  const AppendReceipt second = Must(store->Append(batch));
  CHECK(second.new_spans == 0);
  CHECK(second.new_traces == 0);
  CHECK(second.grown_traces == 0);
  CHECK(second.repeated_spans == first.new_spans);
  CHECK(AnswersText(*store, kLater) == answers);
  CHECK(Must(store->Info()).payload_bytes == info.payload_bytes);
  CHECK(Must(store->Info()).spans == info.spans);
  CHECK(Must(store->Info()).stale_traces == 0);
  const std::vector<RejectCount> rejects = Must(store->Rejects());
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].count == 1);
  CHECK(rejects[0].source == "file:/a");
  CHECK(rejects[0].offset == 7);
}

TEST_CASE("spans that come again with new ones are dropped") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const TestTrace trace = VariedTrace(8);
  const std::size_t size = trace.spans.size();
  REQUIRE(size >= 4);
  Must(store->Append(TestBatch().AddSpans(trace, 0, size - 2).Build()));
  const AppendReceipt receipt = Must(store->Append(TestBatch().AddSpans(trace, 1, size).Build()));
  CHECK(receipt.new_spans == 2);
  CHECK(receipt.repeated_spans == static_cast<std::int64_t>(size) - 3);
  CHECK(receipt.grown_traces == 1);
  const StoredTrace stored = Must(store->LoadTrace(trace.key));
  std::set<std::string> ids;
  std::vector<PayloadRef> refs;
  for (const SpanFacts& span : stored.spans) {
    ids.emplace((*stored.words)[span.span_id]);
    refs.push_back(span.payload);
  }
  CHECK(stored.spans.size() == size);
  CHECK(ids.size() == size);
  const std::vector<std::string> payloads = Must(store->ReadPayloads(refs));
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    CHECK(Must(DecodeSpan(payloads[i])).span().span_id == (*stored.words)[stored.spans[i].span_id]);
  }
}

TEST_CASE("a span twice in one segment is one span") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace trace = VariedTrace(8);
  trace.spans.push_back(trace.spans[1]);
  const AppendReceipt receipt = Must(store->Append(TestBatch().Add(trace).Build()));
  CHECK(receipt.repeated_spans == 1);
  CHECK(Must(store->LoadTrace(trace.key)).spans.size() == trace.spans.size() - 1);
  CHECK(Must(store->Info()).stale_traces == 1);
}

TEST_CASE("answers do not depend on the order and split of batches") {
  const StoreKind kind = AnyStore();
  const std::vector<TestTrace> traces = Population(60);
  const ScratchFolder folder;
  TestBatch all;
  for (const TestTrace& trace : traces) all.Add(trace);
  std::string expected;
  {
    const auto store = MustOpen(kind.url(folder));
    Must(store->Append(all.From("file:/a").Build()));
    expected = AnswersText(*store, kLater);
  }
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const ScratchFolder other;
    const auto store = MustOpen(kind.url(other));
    // Spans in random order, a few per batch.
    std::vector<std::pair<std::size_t, std::size_t>> spans;
    for (std::size_t t = 0; t < traces.size(); ++t) {
      for (std::size_t s = 0; s < traces[t].spans.size(); ++s) spans.emplace_back(t, s);
    }
    std::mt19937 random(seed);
    std::shuffle(spans.begin(), spans.end(), random);
    std::size_t at = 0;
    std::vector<Batch> batches;  // for one append
    while (at < spans.size()) {
      const std::size_t end = std::min(at + 1 + random() % 40, spans.size());
      TestBatch builder;
      std::set<std::size_t> used;
      for (; at < end; ++at) {
        if (!used.insert(spans[at].first).second) break;
        builder.AddSpans(traces[spans[at].first], spans[at].second, spans[at].second + 1);
      }
      batches.push_back(builder.From("file:/a").Build());
      if (random() % 3 != 0 && at < spans.size()) continue;
      Must(store->Append(batches));
      batches.clear();
      if (random() % 4 == 0) AnalyseStale(*store, traces);
    }
    AnalyseStale(*store, traces);
    CHECK(AnswersText(*store, kLater) == expected);
    const auto reopened = MustOpen(kind.url(other));
    CHECK(AnswersText(*reopened, kLater) == expected);
  }
}

TEST_CASE("batches of one append are stored all or none") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const TestTrace first = VariedTrace(1), second = VariedTrace(2);
  const auto spans = static_cast<std::int64_t>(first.spans.size() + second.spans.size());
  std::vector<Batch> batches = {TestBatch().Add(first).From("file:/a").Build(),
                                TestBatch().Add(second).Add(first).From("file:/a").Build()};
  batches[1].segments[0].table = 7;
  const Result<AppendReceipt> refused = store->Append(batches);
  REQUIRE(!refused);
  CHECK(refused.error().code == Code::kInvalidArgument);
  CHECK(Must(store->Info()).traces == 0);
  CHECK(!Must(store->Source("file:/a")));

  batches[1].segments[0].table = 0;
  const AppendReceipt receipt = Must(store->Append(batches));
  CHECK(receipt.new_traces == 2);
  CHECK(receipt.new_spans == spans);
  CHECK(receipt.repeated_spans == static_cast<std::int64_t>(first.spans.size()));
  CHECK(Must(store->Info()).spans == spans);
  CHECK(SummaryBytes(Must(store->LoadSummary(second.key))) == SummaryBytes(SummaryOf(second)));
  const std::array<TraceKey, 3> keys = {second.key, {"", "absent"}, first.key};
  const auto summaries = Must(store->LoadSummaries(keys));
  REQUIRE(summaries.size() == 3);
  CHECK(SummaryBytes(Must(summaries[0])) == SummaryBytes(SummaryOf(second)));
  CHECK(summaries[1].error().code == Code::kNotFound);
  CHECK(SummaryBytes(Must(summaries[2])) == SummaryBytes(SummaryOf(first)));
}

TEST_CASE("a trace that grew keeps its analysis until the next one") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace trace = VariedTrace(8);
  TestTrace shorter = trace;
  shorter.spans.resize(3);
  Must(store->Append(TestBatch().Add(shorter).Build()));
  Question question;
  CHECK(Must(store->Overview(question)).spans == 3);
  CHECK_FALSE(Must(store->LoadTrace(trace.key)).stale);
  Must(store->Append(TestBatch().AddSpans(trace, 3, trace.spans.size()).Build()));
  CHECK(Must(store->Overview(question)).spans == 3);
  const std::vector<StaleTrace> stale = Must(store->StaleTraces(10));
  REQUIRE(stale.size() == 1);
  CHECK(stale[0].spans == static_cast<std::int64_t>(trace.spans.size()));
  CHECK(stale[0].analysed_spans == 3);
  CHECK(Must(store->LoadTrace(trace.key)).stale);
  AnalyseStale(*store, {trace});
  CHECK(Must(store->Overview(question)).spans == static_cast<std::int64_t>(trace.spans.size()));
  CHECK(Must(store->StaleTraces(10)).empty());
  CHECK_FALSE(Must(store->LoadTrace(trace.key)).stale);
}

TEST_CASE("an analysis of an older generation is ignored") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const TestTrace trace = VariedTrace(8);
  Must(store->Append(TestBatch().AddSpans(trace, 0, 2).Build()));
  AnalysedTrace analysis;
  analysis.key = trace.key;
  analysis.generation = Must(store->LoadTrace(trace.key)).generation;
  analysis.summary = SummaryOf(trace);
  analysis.spans = 2;
  Must(store->Append(TestBatch().AddSpans(trace, 2, 3).Build()));
  Must(store->PutAnalyses(std::span(&analysis, 1)));
  CHECK(Must(store->StaleTraces(10)).size() == 1);
  CHECK(Must(store->Overview({})).traces == 0);
  CHECK(!store->LoadSummary(trace.key));
}

TEST_CASE("facts given with an analysis take the place of all segments") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const TestTrace trace = VariedTrace(8);
  const std::size_t size = trace.spans.size();
  Must(store->Append(TestBatch().AddSpans(trace, 0, 2).Build()));
  Must(store->Append(TestBatch().AddSpans(trace, 2, size).Build()));
  StoredTrace stored = Must(store->LoadTrace(trace.key));
  CHECK(stored.segments == 2);
  // As if a merge had removed one span and rewritten another.
  stored.spans.pop_back();
  const std::string payload =
      Must(store->ReadPayloads(std::span(&stored.spans[0].payload, 1))).front();
  const std::vector<std::string> blocks = {CompressBlock(payload)};
  stored.spans[0].payload = {Must(store->AppendPayloads(blocks)), 0,
                             static_cast<std::uint32_t>(payload.size())};
  AnalysedTrace analysis;
  analysis.key = trace.key;
  analysis.generation = stored.generation;
  analysis.summary = SummaryOf(trace);
  analysis.spans = static_cast<std::int64_t>(size) - 1;
  analysis.facts = EncodeFacts(stored.spans, *stored.words);
  Must(store->PutAnalyses(std::span(&analysis, 1)));

  const StoredTrace after = Must(store->LoadTrace(trace.key));
  CHECK(after.segments == 1);
  REQUIRE(after.spans.size() == size - 1);
  CHECK(Must(store->ReadPayloads(std::span(&after.spans[0].payload, 1))).front() == payload);
  CHECK(Must(store->StaleTraces(10)).empty());
  CHECK(Must(store->Info()).spans == static_cast<std::int64_t>(size) - 1);
  // The removed version still counts as a duplicate.
  const AppendReceipt receipt = Must(store->Append(TestBatch().AddSpans(trace, 0, size).Build()));
  CHECK(receipt.new_spans == 0);
  CHECK(Must(store->StaleTraces(10)).empty());
}

TEST_CASE("marking all stale keeps answers until traces are analysed again") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  std::vector<TestTrace> traces = Population(30);
  TestBatch builder;
  for (const TestTrace& trace : traces) builder.Add(trace);
  Must(store->Append(builder.From("file:/a").Build()));
  const std::string before = AnswersText(*store, kLater);
  Must(store->MarkAllStale());
  CHECK(Must(store->StaleTraces(1000)).size() == traces.size());
  CHECK(AnswersText(*store, kLater) == before);
  for (TestTrace& trace : traces) trace.findings.clear();
  AnalyseStale(*store, traces);
  CHECK(Must(store->Modes({})).empty());
  for (const TestTrace& trace : traces) {
    CHECK(Must(store->LoadSummary(trace.key)).findings.empty());
  }
}

TEST_CASE("a trace fed one span at a time is whole and stays in few pieces") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace trace = VariedTrace(1);
  trace.spans.clear();
  for (int i = 0; i < 700; ++i) {
    TestSpan span;
    span.id = "span-" + std::to_string(i);
    span.start_ns = i + 1;
    span.end_ns = i + 2;
    span.output = "value " + std::to_string(i);
    trace.spans.push_back(span);
  }
  for (std::size_t i = 0; i < trace.spans.size(); ++i) {
    const AppendReceipt receipt =
        Must(store->Append(TestBatch().AddSpans(trace, i, i + 1).Build()));
    REQUIRE(receipt.new_spans == 1);
    if (i % 50 == 0) {
      const AppendReceipt again =
          Must(store->Append(TestBatch().AddSpans(trace, i / 2, i + 1).Build()));
      REQUIRE(again.new_spans == 0);
    }
  }
  const StoredTrace stored = Must(store->LoadTrace(trace.key));
  CHECK(stored.segments < 64);
  REQUIRE(stored.spans.size() == trace.spans.size());
  std::vector<PayloadRef> refs;
  for (const SpanFacts& span : stored.spans) refs.push_back(span.payload);
  const std::vector<std::string> payloads = Must(store->ReadPayloads(refs));
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const OwnedSpan span = Must(DecodeSpan(payloads[i]));
    CHECK(span.span().span_id == (*stored.words)[stored.spans[i].span_id]);
    ids.insert((*stored.words)[stored.spans[i].span_id]);
  }
  CHECK(ids.size() == trace.spans.size());
}

TEST_CASE("a trace settles when its source is complete or its root ended a while ago") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace ended = VariedTrace(1), open = VariedTrace(2), from_file = VariedTrace(3);
  ended.root_ended = true;
  open.root_ended = from_file.root_ended = false;
  const std::int64_t arrived = 5'000'000'000;
  Must(store->Append(TestBatch().Add(ended).Add(open).Build(arrived)));
  Must(store->Append(TestBatch().Add(from_file).From("file:/a", false).Build(arrived)));
  Question question;
  question.now_ns = arrived + kSettleNs - 1;
  CHECK(Must(store->Overview(question)).open_traces == 3);
  question.now_ns = arrived + kSettleNs;
  CHECK(Must(store->Overview(question)).open_traces == 2);
  Must(store->Append(TestBatch().From("file:/a", true).Build(arrived)));
  CHECK(Must(store->Overview(question)).open_traces == 1);
  // A span of that trace arrives from a source that may still grow.
  Must(store->Append(
      TestBatch().AddSpans(VariedTrace(3), 0, 1).From("file:/b", false).Build(arrived)));
  Must(store->Append(TestBatch().From("file:/a", true).Build(arrived)));
  CHECK(Must(store->Overview(question)).open_traces == 1);
}

TEST_CASE("runs are open, settled or abandoned, and open ones are summed up apart") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace ended = VariedTrace(1), endless = VariedTrace(2);
  ended.root_ended = true;
  endless.root_ended = false;
  const std::int64_t arrived = 5'000'000'000, second = 1'000'000'000;
  Must(store->Append(TestBatch().Add(ended).Add(endless).Build(arrived)));
  const struct {
    std::int64_t after;
    std::int64_t open, abandoned, units;
  } rows[] = {
      {0, 2, 0, 0},
      {14 * second, 2, 0, 0},
      {15 * second, 1, 0, 1},
      {899 * second, 1, 0, 1},
      {900 * second, 0, 1, 2},
  };
  for (const auto& row : rows) {
    INFO(row.after);
    Question question;
    question.now_ns = arrived + row.after;
    const OverviewStats stats = Must(store->Overview(question));
    CHECK(stats.traces == 2);
    CHECK(stats.open_traces == row.open);
    CHECK(stats.abandoned_traces == row.abandoned);
    CHECK(stats.units == row.units);
    const TraceSummary open_one = SummaryOf(endless), other = SummaryOf(ended);
    CHECK(stats.nano_usd == open_one.nano_usd + other.nano_usd);
    CHECK(stats.open_nano_usd ==
          (row.open > 0 ? open_one.nano_usd : 0) + (row.open > 1 ? other.nano_usd : 0));
    CHECK(stats.open_usage.total() ==
          (row.open > 0 ? open_one.usage.total() : 0) + (row.open > 1 ? other.usage.total() : 0));
  }
  // A late span makes it open again.
  TestTrace longer = endless;
  longer.spans.push_back(endless.spans.back());
  longer.spans.back().id = "00000000000000ff";
  const std::size_t late = endless.spans.size();
  Must(store->Append(TestBatch().AddSpans(longer, late, late + 1).Build(arrived + 1000 * second)));
  Question question;
  question.now_ns = arrived + 1000 * second;
  CHECK(Must(store->Overview(question)).open_traces == 1);
  question.settle.abandoned_ns = 0;
  CHECK(Must(store->Overview(question)).abandoned_traces == 1);
}

TEST_CASE("a session settles when its traces have and a while has passed") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace first = VariedTrace(1), second_run = VariedTrace(2), lone = VariedTrace(3);
  first.root_ended = second_run.root_ended = lone.root_ended = true;
  first.session = second_run.session = "s";
  lone.session.clear();
  first.key.project = second_run.key.project = lone.key.project = "p";
  const std::int64_t arrived = 5'000'000'000, second = 1'000'000'000;
  Must(store->Append(TestBatch().Add(first).Add(lone).Build(arrived)));
  Must(store->Append(TestBatch().Add(second_run).Build(arrived + 600 * second)));
  Question question;
  question.units.unit = Unit::kSession;
  const auto units = [&](std::int64_t after, std::int64_t expected) {
    INFO(after);
    question.now_ns = arrived + after;
    CHECK(Must(store->Overview(question)).units == expected);
  };
  units(14 * second, 0);
  units(15 * second, 1);   // the run without a session has settled
  units(900 * second, 1);  // 15 minutes after the first trace of the session, 5 after the second
  units(1500 * second, 2);
  question.units.unit = Unit::kTrace;
  units(900 * second, 3);
  question.units.projects = {{"p", Unit::kSession}};
  units(1500 * second, 2);
  question.units = {Unit::kSession, {{"p", Unit::kTrace}}};
  units(1500 * second, 3);

  // A trace of the emitter's own work belongs to no run of a session.
  TestTrace work = VariedTrace(4);
  work.session.clear();
  for (TestSpan& span : work.spans) span.kind = Kind::kSpan;
  Must(store->Append(TestBatch().Add(work).Build(arrived)));
  units(1500 * second, 3);
  question.units = {Unit::kTrace, {}};
  units(1500 * second, 4);
}

TEST_CASE("what a run is, where it is not set, is what the traces say") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  int next = 1;
  const auto add = [&](std::string_view service, std::string_view session,
                       const std::vector<Kind>& kinds, std::string_view dialect = {}) {
    TestTrace trace = VariedTrace(next++);
    trace.key.project = "p";
    trace.service = service;
    trace.session = session;
    trace.dialect = dialect;
    trace.root_ended = true;
    trace.spans.resize(kinds.size(), trace.spans.front());
    bool has_agent = false;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
      trace.spans[i].id = "span-" + std::to_string(i);
      trace.spans[i].kind = kinds[i];
      has_agent = has_agent || kinds[i] == Kind::kAgent;
    }
    if (!has_agent) trace.agent.clear();
    Must(store->Append(TestBatch().Add(trace).Build()));
  };
  Question question;
  question.now_ns = kLater;
  using Found = std::vector<std::pair<std::string, Unit>>;
  const auto check = [&](std::int64_t units, Unit unit, const Found& found) {
    const OverviewStats stats = Must(store->Overview(question));
    CHECK(stats.units == units);
    CHECK(stats.unit == unit);
    CHECK(stats.found_units == found);
  };
  check(0, Unit::kTrace, {});

  // An agent a trace: sessions are conversations.
  add("agents", "a", {Kind::kAgent, Kind::kLlm});
  add("agents", "a", {Kind::kAgent, Kind::kLlm});
  check(2, Unit::kTrace, {});
  // Several calls a trace.
  add("turns", "t", {Kind::kLlm, Kind::kTool, Kind::kLlm});
  add("turns", "t", {Kind::kLlm, Kind::kTool, Kind::kLlm});
  check(4, Unit::kTrace, {});
  // A call a trace, once for a session: nothing to join.
  add("calls", "c", {Kind::kLlm});
  check(5, Unit::kTrace, {});
  add("calls", "c", {Kind::kTool});
  add("calls", "c", {Kind::kLlm});
  check(5, Unit::kAuto, {{"calls", Unit::kSession}});
  // The filter does not change what a run is.
  question.filter.session = "c";
  check(1, Unit::kSession, {{"calls", Unit::kSession}});
  question.filter = {};

  // Traces of an emitter's own work are no runs, whether or not they have a session.
  add("codex_exec", "x", {Kind::kAgent, Kind::kLlm, Kind::kTool}, "codex");
  add("codex_exec", "x", {Kind::kAgent, Kind::kSpan}, "codex");
  add("codex_exec", "x", {Kind::kSpan});
  add("codex_exec", "", {Kind::kSpan});
  add("web", "", {Kind::kSpan});
  check(8, Unit::kAuto, {{"calls", Unit::kSession}, {"codex_exec", Unit::kTurn}});

  // What is set wins.
  question.units = {Unit::kTrace, {}};
  check(next - 1, Unit::kTrace, {});
  question.units = {Unit::kAuto, {{"p", Unit::kTrace}}};
  check(next - 1, Unit::kTrace, {});
  question.units = {Unit::kTurn, {}};
  check(next - 4, Unit::kTurn, {});
}

TEST_CASE("percentiles of few calls are calls, of many they are near") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  int next = 100;
  const auto add = [&](const std::string& agent, const std::vector<std::int64_t>& durations_ns) {
    for (const std::int64_t ns : durations_ns) {
      TestTrace trace = VariedTrace(next++);
      trace.agent = agent;
      trace.findings.clear();
      trace.spans.resize(1);
      trace.spans[0].kind = Kind::kTool;
      trace.spans[0].name = agent;
      trace.spans[0].end_ns = trace.spans[0].start_ns + ns;
      Must(store->Append(TestBatch().Add(trace).From("file:/x").Build()));
    }
  };
  const std::int64_t ms = 1'000'000;
  add("one", {1234 * ms + 567});
  add("two", {100 * ms, 900 * ms});
  add("five", {50 * ms, 40 * ms, 30 * ms, 20 * ms, 10 * ms});
  Question question;
  question.now_ns = kLater;
  const std::vector<OperationStats> all = Must(store->Operations(question, OperationGroup::kTool));
  const auto find = [&](std::string_view name) -> const OperationStats& {
    for (const OperationStats& stats : all) {
      if (stats.name == name) return stats;
    }
    FAIL("no such tool");
    return all.front();
  };
  CHECK(find("one").p50_ns == 1234 * ms + 567);
  CHECK(find("one").p95_ns == 1234 * ms + 567);
  CHECK(find("two").p50_ns == 100 * ms);
  CHECK(find("two").p95_ns == 900 * ms);
  CHECK(find("five").p50_ns == 30 * ms);
  CHECK(find("five").p95_ns == 50 * ms);
}

TEST_CASE("labels decide outcomes, whenever they come") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  const TestTrace early = VariedTrace(1), late = VariedTrace(2);
  const auto outcome = [&](const TestTrace& trace) {
    for (const TraceRow& row : Must(store->Traces({}, TraceSort::kNewest, 100, {})).rows) {
      if (row.key == trace.key) return std::pair(row.outcome, row.outcome_rule);
    }
    FAIL("trace not listed");
    return std::pair(Outcome::kUnknown, OutcomeRule::kNone);
  };
  const std::vector<Label> labels = {{{"", early.key.trace_id}, Outcome::kFailure},
                                     {late.key, Outcome::kSuccess}};
  Must(store->Append(TestBatch().Add(early).Build()));
  CHECK(Must(store->PutLabels(labels)) == 1);
  Must(store->Append(TestBatch().Add(late).Build()));
  CHECK(outcome(early) == std::pair(Outcome::kFailure, OutcomeRule::kLabel));
  CHECK(outcome(late) == std::pair(Outcome::kSuccess, OutcomeRule::kLabel));
  CHECK(Must(store->LoadSummary(early.key)).outcome == Outcome::kFailure);
  CHECK(Must(store->LoadSummary(late.key)).outcome_rule == OutcomeRule::kLabel);
  // The last label counts; an unknown outcome takes it back.
  const std::vector<Label> more = {{early.key, Outcome::kSuccess}, {late.key, Outcome::kUnknown}};
  CHECK(Must(store->PutLabels(more)) == 2);
  CHECK(outcome(early) == std::pair(Outcome::kSuccess, OutcomeRule::kLabel));
  CHECK(outcome(late).first == late.outcome);
  Question failed;
  failed.filter.outcome = Outcome::kSuccess;
  const TracePage page = Must(store->Traces(failed, TraceSort::kNewest, 10, {}));
  CHECK(std::any_of(page.rows.begin(), page.rows.end(),
                    [&](const TraceRow& row) { return row.key == early.key; }));
}

TEST_CASE("of the labels of a trace the last one counts, and all are kept") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const TestTrace trace = VariedTrace(1), other = VariedTrace(2);
  const auto store = MustOpen(url);
  const auto reader = MustOpen(url);
  Must(store->Append(TestBatch().Add(trace).Add(other).Build()));
  const TraceKey anywhere{"", trace.key.trace_id}, elsewhere{"elsewhere", trace.key.trace_id};
  const auto put = [&](const TraceKey& key, Outcome outcome, const char* who, const char* why,
                       std::int64_t at_ns) {
    return Must(store->PutLabels(std::vector<Label>{{key, outcome, who, why, at_ns}}));
  };
  // As listed, as loaded, and as told by the history.
  const auto outcome = [&] {
    const TracePage page = Must(reader->Traces({}, TraceSort::kNewest, 10, {}));
    const auto row = std::find_if(page.rows.begin(), page.rows.end(),
                                  [&](const TraceRow& r) { return r.key == trace.key; });
    REQUIRE(row != page.rows.end());
    const TraceSummary summary = Must(reader->LoadSummary(trace.key));
    CHECK(summary.outcome == row->outcome);
    CHECK(summary.outcome_rule == row->outcome_rule);
    const StoredTrace stored = Must(reader->LoadTrace(trace.key));
    const Label* const label = LabelThatCounts(stored.labels);
    CHECK((label != nullptr) == (row->outcome_rule == OutcomeRule::kLabel));
    const auto found = Must(reader->FindTraces(std::vector<TraceKey>{anywhere}));
    CHECK(found.front()->key == trace.key);
    CHECK(found.front()->label.has_value() == (label != nullptr));
    if (label != nullptr) CHECK(found.front()->label->who == label->who);
    return row->outcome;
  };
  CHECK(put(trace.key, Outcome::kSuccess, "ann", "tests pass", 10) == 1);
  CHECK(outcome() == Outcome::kSuccess);
  CHECK(put(anywhere, Outcome::kFailure, "bob", "no refund", 20) == 1);
  CHECK(outcome() == Outcome::kFailure);
  CHECK(put(elsewhere, Outcome::kSuccess, "eve", "", 25) == 0);
  CHECK(outcome() == Outcome::kFailure);
  put(trace.key, Outcome::kUnknown, "ann", "asked again", 30);
  CHECK(outcome() == trace.outcome);
  put(trace.key, Outcome::kUnknown, "ann", "asked again", 40);  // nothing is left to take back
  put(trace.key, Outcome::kSuccess, "ann", "", 50);
  put(trace.key, Outcome::kSuccess, "ann", "", 60);  // says nothing new
  CHECK(outcome() == Outcome::kSuccess);
  const std::vector<Label> history = Must(reader->LoadTrace(trace.key)).labels;
  std::vector<std::int64_t> times;
  for (const Label& label : history) times.push_back(label.at_ns);
  CHECK(times == std::vector<std::int64_t>{10, 20, 30, 50});
  CHECK(history[1].key == anywhere);
  CHECK(history[1].who == "bob");
  CHECK(history[1].why == "no refund");
  CHECK(Must(reader->LoadTrace(other.key)).labels.empty());
}

TEST_CASE("sources, settings and triage are kept") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  {
    const auto store = MustOpen(url);
    Batch batch;
    batch.source = SourcePosition{"file:/x", 10, 20, 30, ~0ull, 50, true, false};
    batch.rejects = {{"bad", 5, "a"}, {"bad", 8, "b"}, {"worse", 9, "c"}};
    Must(store->Append(batch));
    Must(store->PutSetting("config", "unit = \"trace\""));
    Must(store->PutSetting("config", "unit = \"session\""));
    Must(store->PutTriage({7, TriageStatus::kAccepted, "by design", 1, 2}));
    Must(store->PutTriage({7, TriageStatus::kIgnored, "noise", 3, 0}));
  }
  const auto store = MustOpen(url);
  const std::optional<SourcePosition> source = Must(store->Source("file:/x"));
  REQUIRE(source);
  CHECK(source->offset == 10);
  CHECK(source->size == 20);
  CHECK(source->mtime_ns == 30);
  CHECK(source->head_hash == ~0ull);
  CHECK(source->tail_hash == 50);
  CHECK(source->resumable);
  CHECK(!source->complete);
  CHECK(!Must(store->Source("file:/y")));
  CHECK(Must(store->Setting("config")) == "unit = \"session\"");
  CHECK(!Must(store->Setting("other")));
  const std::vector<Triage> triages = Must(store->Triages());
  REQUIRE(triages.size() == 1);
  CHECK(triages[0].status == TriageStatus::kIgnored);
  CHECK(triages[0].reason == "noise");
  CHECK(Must(store->Rejects()).size() == 2);
  Batch again;
  again.source = *source;
  again.source->clear_rejects_from = 8;
  Must(store->Append(again));
  const std::vector<RejectCount> rejects = Must(store->Rejects());
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].reason == "bad");
  CHECK(rejects[0].count == 1);
}

TEST_CASE("a trace is found by a prefix, and a wrong id names the nearest") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace one = VariedTrace(1), two = VariedTrace(2);
  one.key = {"p", "aaaaaabbbb01"};
  two.key = {"q", "aaaaaacccc02"};
  Must(store->Append(TestBatch().Add(one).Add(two).Build()));
  CHECK(Must(store->LoadTrace({"", "aaaaaabb"})).key == one.key);
  CHECK(Must(store->LoadTrace({"p", "aaaaaa"})).key == one.key);
  CHECK(!store->LoadTrace({"", "aaaaa"}));
  CHECK(store->LoadTrace({"", "aaaaaa"}).error().message ==
        "several traces begin with aaaaaa, such as aaaaaabbbb01 and aaaaaacccc02");
  CHECK(store->LoadTrace({"q", "aaaaaabbbb01"}).error().message ==
        "no trace aaaaaabbbb01 in project q; it is in project p");
  CHECK(store->LoadSummary({"", "aaaaaabbbb02"}).error().message ==
        "no trace aaaaaabbbb02; did you mean aaaaaabbbb01?");
}

TEST_CASE("the sequence moves with every write that may change an answer, and only then") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  const auto other = MustOpen(url);
  std::int64_t last = Must(store->Sequence());
  const auto moved = [&] {
    CHECK(Must(other->Sequence()) == Must(store->Sequence()));
    return std::exchange(last, Must(store->Sequence())) != last;
  };
  CHECK_FALSE(moved());
  const TestTrace trace = VariedTrace(4);
  Must(other->Append(TestBatch().Add(trace).Build()));
  CHECK(moved());
  Must(store->PutLabels(std::vector<Label>{{trace.key, Outcome::kSuccess}}));
  CHECK(moved());
  Must(other->PutTriage({7, TriageStatus::kAccepted, "by design", 1, 2}));
  CHECK(moved());
  Must(store->Info());
  Must(other->Overview({{}, nullptr, {}, kLater}));
  CHECK_FALSE(moved());
}

TEST_CASE("two stores on the same data see each other's writes") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto one = MustOpen(url);
  const auto two = MustOpen(url);
  const std::vector<TestTrace> traces = Population(200);
  for (std::size_t i = 0; i < traces.size(); ++i) {
    Store& writer = i % 3 == 0 ? *one : *two;
    Must(writer.Append(TestBatch().Add(traces[i]).From("file:/a").Build()));
    if (i % 25 == 0) {
      CHECK(Must(one->Overview({})).traces == static_cast<std::int64_t>(i) + 1);
      CHECK(Must(two->Overview({})).traces == static_cast<std::int64_t>(i) + 1);
    }
  }
  CHECK(AnswersText(*one, kLater) == AnswersText(*two, kLater));
  const auto fresh = MustOpen(url);
  CHECK(AnswersText(*fresh, kLater) == AnswersText(*one, kLater));
}

}  // namespace
}  // namespace halo::test
