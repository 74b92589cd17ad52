// SPDX-License-Identifier: MIT
// Search over the values of any store.
#include <algorithm>
#include <set>

#include "tests/contract/store_fixture.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

SearchPage Find(Store& store, const TextPattern& pattern, std::size_t limit = 100,
                std::string_view cursor = {}, const TraceFilter& filter = {}) {
  Question question;
  question.filter = filter;
  question.now_ns = kLater;
  return Must(store.Search(question, pattern, limit, cursor, {}, nullptr));
}

TEST_CASE("a literal is found in values, names and messages, newest trace first") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  std::vector<TestTrace> traces = Population(40);
  traces[7].spans[1].output = "the needle is here";
  traces[9].spans[0].name = "find the needle";
  traces[9].spans[1].output = "needle needle";
  TestBatch batch;
  for (const TestTrace& trace : traces) batch.Add(trace);
  Must(store->Append(batch.Build()));

  const SearchPage page = Find(*store, {"needle", false, false});
  CHECK(page.complete);
  CHECK(page.next_cursor.empty());
  CHECK(page.scanned_traces == 40);
  CHECK(page.matched_by_filter == 40);
  REQUIRE(page.hits.size() == 2);
  CHECK(page.hits[0].trace.start_ns >= page.hits[1].trace.start_ns);
  for (const SearchHit& hit : page.hits) {
    CHECK(hit.first.length == 6);
    if (hit.trace.key == traces[7].key) {
      CHECK(hit.matches == 1);
      CHECK(hit.first.span_id == traces[7].spans[1].id);
      CHECK(hit.first.path == "attributes.output.value");
      CHECK(hit.first.offset == 4);
      CHECK(hit.first.excerpt == "the needle is here");
    } else {
      CHECK(hit.trace.key == traces[9].key);
      CHECK(hit.matches == 2);
      CHECK(hit.first.path == "name");
      CHECK(hit.first.offset == 9);
    }
  }
  CHECK(Find(*store, {"NEEDLE", false, false}).hits.empty());
  CHECK(Find(*store, {"NEEDLE", false, true}).hits.size() == 2);
  CHECK(Find(*store, {"n.edle (is|was)", true, false}).hits.size() == 1);
  CHECK(Find(*store, {"^needle", true, false}).hits.size() == 1);
  CHECK(Find(*store, {"(?i)^NEEDLE|xyz", true, false}).hits.size() == 1);
  CHECK(Find(*store, {"e$", true, false}).hits.size() >= 1);
  // Resources are not searched: each belongs to many spans.
  CHECK(Find(*store, {"svc", false, false}).hits.empty());
}

TEST_CASE("pages of a search join without gap or repeat") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  TestBatch batch;
  for (const TestTrace& trace : Population(300)) batch.Add(trace);
  Must(store->Append(batch.Build()));
  std::vector<TraceKey> all;
  for (const SearchHit& hit : Find(*store, {"output", false, false}, 1000).hits) {
    all.push_back(hit.trace.key);
  }
  CHECK(all.size() == 300);
  std::vector<TraceKey> paged;
  std::string cursor;
  do {
    const SearchPage page = Find(*store, {"output", false, false}, 7, cursor);
    for (const SearchHit& hit : page.hits) paged.push_back(hit.trace.key);
    CHECK(page.complete == page.next_cursor.empty());
    cursor = page.next_cursor;
  } while (!cursor.empty());
  CHECK(paged == all);
  TraceFilter filter;
  filter.agent = "writer";
  const SearchPage filtered = Find(*store, {"output", false, false}, 1000, {}, filter);
  CHECK(filtered.hits.size() < all.size());
  CHECK(std::all_of(filtered.hits.begin(), filtered.hits.end(),
                    [](const SearchHit& hit) { return hit.trace.agent == "writer"; }));
}

TEST_CASE("a search that cannot be made says why") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  const auto error = [&](const TextPattern& pattern, std::string_view cursor = {}) {
    const auto page = store->Search({}, pattern, 10, cursor, {}, nullptr);
    REQUIRE(!page.has_value());
    CHECK(page.error().code == Code::kInvalidArgument);
    return page.error().message;
  };
  CHECK(error({"", false, false}) == "the text to look for is empty");
  CHECK(error({"a(", true, false}) == "not a pattern in RE2 syntax: missing ): a(");
  CHECK_FALSE(error({"a", false, false}, "nonsense").empty());
}

TEST_CASE("a search stops when asked to") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  Must(store->Append(TestBatch().Add(VariedTrace(1)).Build()));
  std::stop_source stop;
  stop.request_stop();
  const auto page = store->Search({}, {"output", false, false}, 10, {}, stop.get_token(), nullptr);
  REQUIRE(!page.has_value());
  CHECK(page.error().code == Code::kCancelled);
}

}  // namespace
}  // namespace halo::test
