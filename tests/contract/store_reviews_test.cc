// SPDX-License-Identifier: MIT
// Events of reviews: what every store must do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "engine/codec/review_codec.h"
#include "tests/contract/store_fixture.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

ReviewEvent NoteOf(const TraceKey& key, std::string who, std::string category) {
  ReviewEvent event;
  event.who = std::move(who);
  event.at_ns = 7;
  ReviewNote note{key, ReadVerdict::kBad, "slow", {}};
  note.problems.push_back({std::move(category), 3, "s1", "attributes.output.value", "a \"quote\"",
                           12, Severity::kHigh, "trace-2"});
  note.findings = {{0xabcdef012345, 7, true}, {3, 2, false}};
  event.what = std::move(note);
  return event;
}

ReviewEvent DrawOf(const TraceKey& key) {
  ReviewDraw draw{"rv_1", DrawWay::kDiverse, 240, {}, {}, {}};
  draw.runs.push_back({key, true, false, {}});
  draw.runs.back().sketch.fill(~0u);
  draw.sent.push_back({true, key, {~0ull, 2}});
  draw.examples = {{"p", "labelled"}};
  ReviewEvent event;
  event.who = "a";
  event.what = std::move(draw);
  return event;
}

}  // namespace

TEST_CASE("events of reviews are kept as they were given, in every process") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const TraceKey key{"p", "trace-1"};
  ReviewEvent edit, undo;
  edit.what = CategoryEdit{CategoryEdit::Kind::kSplit, {"x"}, "y", {key}};
  undo.what = ReviewUndo{2};
  const std::vector<ReviewEvent> events = {DrawOf(key), NoteOf(key, "a", "x"), edit, undo};
  std::vector<std::int64_t> ids;
  {
    const auto store = MustOpen(url), other = MustOpen(url);
    const std::int64_t sequence = Must(other->Sequence());
    ids = Must(store->AddReviewEvents(events, 0));
    CHECK(Must(other->Sequence()) > sequence);
  }
  const std::vector<ReviewEvent> kept = Must(MustOpen(url)->ReviewEvents());
  REQUIRE(kept.size() == 4);
  REQUIRE(ids.size() == 4);
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(kept[i].id == ids[i]);
  const auto& draw = std::get<ReviewDraw>(kept[0].what);
  CHECK(draw.review == "rv_1");
  CHECK(draw.way == DrawWay::kDiverse);
  CHECK(draw.population == 240);
  REQUIRE(draw.runs.size() == 1);
  CHECK(draw.runs[0].key == key);
  CHECK(draw.runs[0].again);
  CHECK_FALSE(draw.runs[0].noted);
  CHECK(draw.runs[0].sketch.back() == ~0u);
  REQUIRE(draw.sent.size() == 1);
  CHECK(draw.sent[0].tools);
  CHECK(draw.examples == std::vector<TraceKey>{{"p", "labelled"}});
  CHECK(draw.sent[0].lines == std::vector<std::uint64_t>{~0ull, 2});
  CHECK(kept[1].who == "a");
  CHECK(kept[1].at_ns == 7);
  const auto& note = std::get<ReviewNote>(kept[1].what);
  CHECK(note.verdict == ReadVerdict::kBad);
  CHECK(note.comment == "slow");
  REQUIRE(note.problems.size() == 1);
  CHECK(note.problems[0].quote == "a \"quote\"");
  CHECK(note.problems[0].turn == 3);
  CHECK(note.problems[0].offset == 12);
  CHECK(note.problems[0].trace_id == "trace-2");
  CHECK(note.findings == std::vector<FindingVerdict>{{0xabcdef012345, 7, true}, {3, 2, false}});
  CHECK(note.problems[0].severity == Severity::kHigh);
  CHECK(std::get<CategoryEdit>(kept[2].what).runs == std::vector{key});
  CHECK(std::get<ReviewUndo>(kept[3].what).event == 2);
}

TEST_CASE("events of versions that judged no findings are read") {
  ReviewEvent note = NoteOf({"p", "trace-1"}, "a", "x"), draw = DrawOf({"p", "trace-1"});
  std::get<ReviewNote>(note.what).findings.clear();
  std::get<ReviewNote>(note.what).problems[0].trace_id.clear();
  std::get<ReviewDraw>(draw.what).examples.clear();
  std::string bytes = EncodeReviewEvent(note);
  bytes.resize(bytes.size() - 3);  // no findings, no trace of the problem, no blind reading
  const ReviewEvent old_note = Must(DecodeReviewEvent(bytes));
  CHECK(std::get<ReviewNote>(old_note.what).problems[0].quote == "a \"quote\"");
  bytes = EncodeReviewEvent(draw);
  bytes.pop_back();  // no examples
  const ReviewEvent old_draw = Must(DecodeReviewEvent(bytes));
  CHECK(std::get<ReviewDraw>(old_draw.what).sent.size() == 1);
}

TEST_CASE("blind readings are kept as they were given") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const TraceKey key{"p", "trace-1"};
  BlindReading reading;
  reading.name = "blind_01234567";
  reading.fix = "fix_1";
  reading.sides = {"before", "after"};
  reading.filters = R"({"service":"s"})";
  reading.populations = {7, 9};
  reading.seed = 3;
  reading.runs = {key, {"p", "trace-2"}};
  reading.side_of = {1, 0};
  reading.hidden_lines = {~0ull};
  reading.texts.push_back({true, key, {4}});
  ReviewEvent begun, ended, note = NoteOf(key, "a", "x");
  begun.what = reading;
  ended.what = BlindEnd{reading.name};
  std::get<ReviewNote>(note.what).blind = reading.name;
  const std::vector<ReviewEvent> events = {begun, note, ended};
  Must(MustOpen(url)->AddReviewEvents(events, 0));
  const std::vector<ReviewEvent> kept = Must(MustOpen(url)->ReviewEvents());
  REQUIRE(kept.size() == 3);
  const auto& is = std::get<BlindReading>(kept[0].what);
  CHECK(is.name == reading.name);
  CHECK(is.fix == reading.fix);
  CHECK(is.sides == reading.sides);
  CHECK(is.filters == reading.filters);
  CHECK(is.populations == reading.populations);
  CHECK(is.seed == 3);
  CHECK(is.runs == reading.runs);
  CHECK(is.side_of == reading.side_of);
  CHECK(is.hidden_lines == reading.hidden_lines);
  REQUIRE(is.texts.size() == 1);
  CHECK(is.texts[0].lines == std::vector<std::uint64_t>{4});
  CHECK(std::get<ReviewNote>(kept[1].what).blind == reading.name);
  CHECK(std::get<BlindEnd>(kept[2].what).name == reading.name);
}

TEST_CASE("events after a given one are only added if it is the last") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const std::vector<ReviewEvent> one = {DrawOf({"p", "t"})};
  const std::vector<std::int64_t> first = Must(store->AddReviewEvents(one, 0));
  REQUIRE(first.size() == 1);
  CHECK(Must(store->AddReviewEvents(one, 0)).empty());
  CHECK(Must(store->AddReviewEvents(one, first[0])).size() == 1);
  CHECK(Must(store->AddReviewEvents(one, first[0])).empty());
  CHECK(Must(store->AddReviewEvents(one, std::nullopt)).size() == 1);
  CHECK(Must(store->AddReviewEvents({}, std::nullopt)).empty());
  CHECK(Must(store->ReviewEvents()).size() == 3);
}

TEST_CASE("two readers that note at once lose nothing") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto first = MustOpen(url), second = MustOpen(url);
  constexpr int kNotes = 20;
  const auto read = [](Store& store, const std::string& who) {
    for (int i = 0; i < kNotes; ++i) {
      const std::vector<ReviewEvent> note = {NoteOf({"p", "t" + std::to_string(i)}, who, "x")};
      (void)store.AddReviewEvents(note, std::nullopt);
    }
  };
  std::thread a([&] { read(*first, "a"); }), b([&] { read(*second, "b"); });
  a.join();
  b.join();
  const std::vector<ReviewEvent> kept = Must(MustOpen(url)->ReviewEvents());
  CHECK(kept.size() == 2 * kNotes);
  const auto of_a = std::count_if(kept.begin(), kept.end(),
                                  [](const ReviewEvent& event) { return event.who == "a"; });
  CHECK(of_a == kNotes);
}

TEST_CASE("notes survive the removal of other runs, and a repair") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const TestTrace gone = VariedTrace(1), stays = VariedTrace(2);
  {
    const auto store = MustOpen(url);
    Must(store->Append(TestBatch().Add(gone).Add(stays).Build()));
    const std::vector<ReviewEvent> notes = {NoteOf(gone.key, "a", "x"), NoteOf(stays.key, "a", "x"),
                                            DrawOf(gone.key)};
    Must(store->AddReviewEvents(notes, std::nullopt));
    Must(store->MarkAllStale());
    AnalyseStale(*store, {gone, stays});
    CHECK(Must(store->ReviewEvents()).size() == 3);
    const AgedTrace aged{gone.key, 0, 1'000, 0};
    REQUIRE(Must(store->RemoveTraces({&aged, 1})).traces == 1);
    const std::vector<ReviewEvent> left = Must(store->ReviewEvents());
    REQUIRE(left.size() == 2);
    CHECK(std::get<ReviewNote>(left[0].what).key == stays.key);
    // Numbers are not used again.
    CHECK(Must(store->AddReviewEvents(notes, std::nullopt)).front() > left.back().id);
    Must(store->Append(TestBatch().Add(stays).Build(9'000)));
    CHECK(Must(store->ReviewEvents()).size() == 5);
  }
  Must(RepairStore(url));
  CHECK(Must(MustOpen(url)->ReviewEvents()).size() == 5);
}

}  // namespace halo::test
