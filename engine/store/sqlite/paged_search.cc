// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/paged_search.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/store/sqlite/text_search.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/store/text_matcher.h"
#include "engine/summaries/aggregates.h"
#include "engine/summaries/selection.h"
#include "engine/summaries/trace_order.h"

namespace halo {
namespace {

// A search returns a page at the first pause after this time; one that counts all, after that.
constexpr std::chrono::milliseconds kSearchTime{2000}, kCountTime{20'000};
constexpr std::size_t kFirstWave = 64;  // traces
constexpr std::size_t kLargestWave = 1 << 14;
constexpr std::size_t kLargestWaveOfSpans = 1 << 10;  // where all matching spans are kept
// Up to this many traces are counted to the end, even if the page is full before.
constexpr std::size_t kAlwaysCounted = 1000;

// A trace to search, with the cursor after it.
struct SearchStop {
  std::int64_t trace;
  std::int64_t start_ns;
  std::string project, trace_id;

  std::string cursor() const {
    return MakeCursor({start_ns, start_ns, project, trace_id, 0}, TraceSort::kNewest);
  }
};

std::vector<SearchStop> PlanSearch(const SummaryTable& table, const Question& question,
                                   std::string_view cursor, SearchPage& page) {
  const std::vector<SummaryTable::Row> rows = MatchingRows(table, question);
  page.matched_by_filter = static_cast<std::int64_t>(rows.size());
  std::vector<ListPlace> places =
      ValueOrThrow(PlacesAfter(table, rows, Doubts(table, question), TraceSort::kNewest, cursor));
  std::sort(places.begin(), places.end());
  std::vector<SearchStop> traces;
  traces.reserve(places.size());
  for (const ListPlace& place : places) {
    traces.push_back({table.columns().trace_row[place.row], place.start_ns,
                      std::string(place.project), std::string(place.trace_id)});
  }
  return traces;
}

SearchHit HitOf(const SummaryTable& table, TraceMatch match, std::int64_t trace,
                const Question& question) {
  SearchHit hit;
  hit.trace = RowOf(table, table.RowOfTrace(trace), question);
  hit.matches = match.spans;
  hit.values = match.values;
  hit.first = std::move(match.first.front());
  return hit;
}

// Applies pattern.keep; false if nothing of the trace is left.
bool Keep(const TextPattern& pattern, const SearchStop& trace, TraceMatch& match) {
  if (!pattern.keep) return true;
  pattern.keep({trace.project, trace.trace_id}, match.first);
  match.spans = static_cast<std::int64_t>(match.first.size());
  match.values = 0;
  for (const SpanMatch& span : match.first) match.values += span.values;
  return match.spans > 0;
}

}  // namespace

Result<SearchPage> PagedSearch::FindPage(const Question& question, const TextPattern& pattern,
                                         std::size_t limit, std::string_view cursor,
                                         std::stop_token stop,
                                         const std::function<void(double, double)>& progress) {
  const TextMatcher matcher = ValueOrThrow(TextMatcher::Make(pattern));
  SearchPage page;
  // Only planning takes the table's lock, since a search is long.
  const std::vector<SearchStop> traces = table_.View(
      [&](const SummaryTable& table) { return PlanSearch(table, question, cursor, page); });
  const bool count_all = pattern.count_all || traces.size() <= kAlwaysCounted;
  const auto start = std::chrono::steady_clock::now();
  const auto deadline = start + (pattern.count_all ? kCountTime : kSearchTime);
  const MatchDetail detail = pattern.keep ? MatchDetail::kAllSpans : MatchDetail::kFirstSpan;
  const std::size_t largest = pattern.keep ? kLargestWaveOfSpans : kLargestWave;
  std::size_t wave = kFirstWave;
  std::size_t done = 0;   // traces that were searched
  std::size_t shown = 0;  // those of them that the page covers
  std::vector<std::int64_t> ids, found;
  while (done < traces.size() && (page.hits.size() < limit || count_all) &&
         (done == 0 || std::chrono::steady_clock::now() < deadline)) {
    const std::size_t end = std::min(done + wave, traces.size());
    ids.clear();
    for (std::size_t i = done; i < end; ++i) ids.push_back(traces[i].trace);
    std::vector<TraceMatch> matches =
        SearchTraces(readers_, facts_, ids, matcher, pattern, detail, stop, damage_);
    if (stop.stop_requested()) return Error{Code::kCancelled, "the search was cancelled"};
    if (page.hits.size() < limit) shown = end;
    page.counted_traces = static_cast<std::int64_t>(end);
    for (TraceMatch& match : matches) {
      const std::size_t at = done + match.index;
      if (!Keep(pattern, traces[at], match)) continue;
      const bool full = page.hits.size() == limit;
      if (full && !count_all) break;
      ++page.runs;
      page.spans += match.spans;
      page.values += match.values;
      if (full) continue;
      if (page.hits.size() + 1 == limit) {
        shown = at + 1;
        if (!count_all) page.counted_traces = static_cast<std::int64_t>(shown);
      }
      page.hits.push_back(table_.View([&](const SummaryTable& table) {
        return HitOf(table, std::move(match), traces[at].trace, question);
      }));
      found.push_back(traces[at].trace);
    }
    done = count_all || page.hits.size() < limit ? end : shown;
    // Starts with few traces, so that a common text is found at once. Later takes more at a
    // time, so that a block with spans of many traces is read once.
    wave = std::min(wave * 4, largest);
    if (progress) progress(static_cast<double>(done), static_cast<double>(traces.size()));
  }
  table_.View([&](const SummaryTable& table) { NameEntries(table, question, found, page); });
  page.counted_all = page.counted_traces == static_cast<std::int64_t>(traces.size());
  page.scanned_traces = static_cast<std::int64_t>(shown);
  page.complete = shown == traces.size();
  if (!page.complete && shown > 0) page.next_cursor = traces[shown - 1].cursor();
  return page;
}

}  // namespace halo
