// SPDX-License-Identifier: MIT
// Removing traces: what every store must do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/codec/facts_codec.h"
#include "tests/contract/store_fixture.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

Question Later() {
  Question question;
  question.now_ns = kLater;
  return question;
}

std::vector<AgedTrace> Oldest(Store& store, std::size_t limit) {
  return Must(store.OldestTraces(Later(), limit));
}

std::set<TraceKey> Keys(Store& store) {
  std::set<TraceKey> keys;
  for (const TraceRow& row : Must(store.Traces({}, TraceSort::kNewest, 10'000, {})).rows) {
    keys.insert(row.key);
  }
  return keys;
}

// Every payload of every trace, by trace.
std::map<TraceKey, std::vector<std::string>> AllPayloads(Store& store) {
  std::map<TraceKey, std::vector<std::string>> all;
  for (const TraceKey& key : Keys(store)) {
    const StoredTrace trace = Must(store.LoadTrace(key));
    std::vector<PayloadRef> refs;
    for (const SpanFacts& span : trace.spans) refs.push_back(span.payload);
    std::vector<std::string> payloads = Must(store.ReadPayloads(refs));
    std::sort(payloads.begin(), payloads.end());
    all.emplace(key, std::move(payloads));
  }
  return all;
}

void CheckSound(const std::string& url) {
  const auto damage = VerifyStore(url);
  REQUIRE(damage.has_value());
  for (const StoreDamage& each : *damage) INFO(each.part << " " << each.detail);
  CHECK(damage->empty());
}

}  // namespace

TEST_CASE("removed traces are gone from every answer, in every process") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder), fewer_url = url + "2";
  const auto store = MustOpen(url), other = MustOpen(url), fewer = MustOpen(fewer_url);
  const std::vector<TestTrace> traces = Population(120);
  // Batches of traces of all ages, so that blocks hold some of each.
  for (std::size_t begin = 0; begin < traces.size(); begin += 20) {
    TestBatch batch;
    for (std::size_t i = begin; i < begin + 20; ++i) batch.Add(traces[i]);
    Must(store->Append(batch.From("file:/a").Build()));
  }
  CHECK(Keys(*other).size() == traces.size());
  const auto before = AllPayloads(*store);

  const std::vector<AgedTrace> oldest = Oldest(*store, 50);
  REQUIRE(oldest.size() == 50);
  for (std::size_t i = 1; i < oldest.size(); ++i) {
    CHECK(oldest[i - 1].start_ns <= oldest[i].start_ns);
  }
  const RemovalReceipt receipt = Must(store->RemoveTraces(oldest));
  CHECK(receipt.traces == 50);
  std::set<TraceKey> removed;
  for (const AgedTrace& trace : oldest) removed.insert(trace.key);
  TestBatch rest;
  for (const TestTrace& trace : traces) {
    if (!removed.contains(trace.key)) rest.Add(trace);
  }
  Must(fewer->Append(rest.From("file:/a").Build()));

  for (const bool reclaimed : {false, true}) {
    INFO(reclaimed);
    if (reclaimed) Must(store->ReclaimSpace({}));
    for (Store* const each : {store.get(), other.get()}) {
      CHECK(Keys(*each) == Keys(*fewer));
      const OverviewStats one = Must(each->Overview(Later())), two = Must(fewer->Overview(Later()));
      CHECK(one.traces == two.traces);
      CHECK(one.spans == two.spans);
      CHECK(one.outcomes == two.outcomes);
      CHECK(Must(each->Modes(Later())).size() == Must(fewer->Modes(Later())).size());
      for (const TraceKey& key : removed) CHECK(!each->LoadTrace(key));
      for (const auto& [key, payloads] : AllPayloads(*each)) CHECK(payloads == before.at(key));
    }
    CHECK(Must(store->Info()).spans == Must(fewer->Info()).spans);
    CHECK(other->Damage().empty());
    CheckSound(url);
  }
  // Nothing that is left refers to the old summaries.
  const auto fresh = MustOpen(url);
  CHECK(Keys(*fresh) == Keys(*fewer));
}

TEST_CASE("spans of removed traces are dropped until they are asked for again") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url), other = MustOpen(url);
  const TestTrace old = VariedTrace(1), kept = VariedTrace(2);
  const Batch batch = TestBatch().Add(old).Add(kept).From("file:/a").Build();
  Must(store->Append(batch));
  AgedTrace aged{old.key, 0, 1'000, 0};
  CHECK(Must(store->RemoveTraces({&aged, 1})).traces == 1);
  const AppendReceipt again = Must(other->Append(batch));
  CHECK(again.new_spans == 0);
  CHECK(again.removed_spans == static_cast<std::int64_t>(old.spans.size()));
  CHECK(again.repeated_spans == static_cast<std::int64_t>(kept.spans.size()));
  CHECK(Keys(*store) == std::set<TraceKey>{kept.key});
  CheckSound(url);
  CHECK(Must(other->ForgetRemovals()) == 1);
  CHECK(Must(store->Source("file:/a"))->offset == 0);
  CHECK(Must(store->Append(batch)).new_traces == 1);
  CHECK(Keys(*other) == std::set<TraceKey>{old.key, kept.key});
  CHECK(Must(store->ForgetRemovals()) == 0);
  CheckSound(url);
}

TEST_CASE("a trace that grew after it was listed is not removed") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace trace = VariedTrace(3);
  while (trace.spans.size() < 2) trace.spans.push_back(trace.spans.front());
  Must(store->Append(TestBatch().Add(VariedTrace(4)).Build()));
  Must(store->Append(TestBatch().Add(trace).Build(1'000)));
  const std::vector<AgedTrace> listed = Oldest(*store, 10);
  TestTrace more = trace;
  more.spans = VariedTrace(5).spans;
  Must(store->Append(TestBatch().AddSpans(more, 0, 1).Build(2'000)));
  const RemovalReceipt receipt = Must(store->RemoveTraces(listed));
  CHECK(receipt.traces == 1);
  CHECK(Must(store->LoadTrace(trace.key)).key == trace.key);
}

TEST_CASE("labels of removed traces go with them, and only those") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestTrace here = VariedTrace(1), there = VariedTrace(2);
  here.key = {"here", "same-id-1"};
  there.key = {"there", "same-id-1"};
  Must(store->Append(TestBatch().Add(here).Add(there).Build()));
  Must(store->PutLabels(std::vector<Label>{{here.key, Outcome::kSuccess, "a"},
                                           {there.key, Outcome::kFailure, "b"},
                                           {{"", "same-id-1"}, Outcome::kSuccess, "c"}}));
  const auto remove = [&](const TraceKey& key) {
    const AgedTrace aged{key, 0, 1'000, 0};
    return Must(store->RemoveTraces({&aged, 1})).traces;
  };
  CHECK(remove(here.key) == 1);
  CHECK(remove(here.key) == 0);
  CHECK(Must(store->LoadTrace(there.key)).labels.size() == 2);
  CHECK(remove(there.key) == 1);
  Must(store->ForgetRemovals());
  Must(store->Append(TestBatch().Add(here).Add(there).Build()));
  CHECK(Must(store->LoadTrace(here.key)).labels.empty());
  CHECK(Must(store->LoadTrace(there.key)).labels.empty());
}

TEST_CASE("an analysis that read a trace before its payloads moved is not stored") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  TestBatch batch;
  for (int i = 0; i < 40; ++i) batch.Add(VariedTrace(i));
  Must(store->Append(batch.Build()));
  const TestTrace kept = VariedTrace(39);
  const StoredTrace read = Must(store->LoadTrace(kept.key));
  std::vector<AgedTrace> all = Oldest(*store, 100);
  std::erase_if(all, [&](const AgedTrace& trace) { return trace.key == kept.key; });
  CHECK(Must(store->RemoveTraces(all)).traces == 39);
  Must(store->ReclaimSpace({}));
  AnalysedTrace late;
  late.key = kept.key;
  late.generation = read.generation;
  late.summary = SummaryOf(kept);
  late.spans = static_cast<std::int64_t>(read.spans.size());
  late.facts = EncodeFacts(read.spans, *read.words);
  Must(store->PutAnalyses({&late, 1}));
  CHECK(AllPayloads(*store).at(kept.key).size() == read.spans.size());
  CheckSound(url);
}

}  // namespace halo::test
