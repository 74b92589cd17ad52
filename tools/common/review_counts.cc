// SPDX-License-Identifier: MIT
#include "tools/common/review_counts.h"

#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "schemas/json.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kQuoteBytes = 160;

std::string FiltersHash(const Engine& engine, const std::optional<wire::Filters>& filters) {
  std::uint64_t hash = Fnv1a(filters ? Serialise(Write(*filters)) : "{}");
  const bool by_default = !filters || (!filters->project && !filters->service);
  if (by_default) {
    for (const std::string& project : engine.workspace().projects)
      hash = MixHash(hash, Fnv1a(project));
    for (const std::string& service : engine.workspace().services) {
      hash = MixHash(hash, ~Fnv1a(service));
    }
  }
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "rv_";
  for (int i = 0; i < 8; ++i) out += kDigits[hash >> (4 * i) & 15];
  return out;
}

std::size_t RandomRead(const ReviewBook& book, const ReviewState& review) {
  return static_cast<std::size_t>(
      std::count_if(review.random.begin(), review.random.end(),
                    [&](const TraceKey& key) { return book.IsNoted(key); }));
}

wire::ReadingAgreement ToWire(const ReadTwice& readings) {
  wire::ReadingAgreement out;
  out.runs = readings.runs();
  out.alike = readings.both + readings.neither;
  if (const Kappa kappa = IntraclassKappa(readings); kappa.known) {
    out.kappa = kappa.value;
    out.kappa_low = kappa.low;
    out.kappa_high = kappa.high;
  }
  return out;
}

std::optional<wire::Quote> QuoteOf(const TraceKey& key, const BookNote& note, ModeId category) {
  for (std::size_t i = 0; i < note.categories.size(); ++i) {
    const Problem& problem = note.note.problems[i];
    if (note.categories[i] != category || problem.quote.empty()) continue;
    return wire::Quote{TraceId(problem.trace_id.empty() ? key.trace_id : problem.trace_id),
                       TraceId(problem.span_id), TraceId(problem.path),
                       TraceText(problem.quote, kQuoteBytes), problem.offset};
  }
  return std::nullopt;
}

}  // namespace

std::string ReviewId(const Engine& engine, const std::optional<wire::Filters>& filters,
                     std::int64_t seed) {
  return Cat(FiltersHash(engine, filters), "_", seed);
}

std::string ReviewOf(const ReviewBook& book, const Engine& engine,
                     const std::optional<wire::Filters>& filters) {
  const std::string prefix = FiltersHash(engine, filters) + "_";
  std::string best;
  std::size_t most = 0;
  for (const auto& [name, review] : book.reviews()) {
    const std::size_t read = RandomRead(book, review) + 1;
    if (!name.starts_with(prefix) || read <= most) continue;
    most = read;
    best = name;
  }
  return best;
}

std::string LargestReview(const ReviewBook& book) {
  std::string best;
  std::size_t most = 0;
  for (const auto& [name, review] : book.reviews()) {
    const std::size_t read = RandomRead(book, review) + 1;
    if (read <= most) continue;
    most = read;
    best = name;
  }
  return best;
}

wire::ReviewProgress ProgressOf(const ReviewBook& book, std::string_view review) {
  wire::ReviewProgress out;
  out.review = Words(review);
  for (const auto& [key, run] : book.notes()) {
    ++out.read;
    out.bad += run.counting()->note.verdict == ReadVerdict::kBad;
  }
  if (const ReviewState* const state = book.FindReview(review)) {
    const ReviewShare bad = book.ShareOf(*state, 0);
    out.random_read = static_cast<std::int64_t>(RandomRead(book, *state));
    out.random_bad = bad.hits;
    out.population = bad.population;
    if (bad.read > 0) {
      out.bad_share = static_cast<double>(bad.hits) / static_cast<double>(bad.read);
      out.bad_low = bad.interval.low;
      out.bad_high = bad.interval.high;
      const NewCategoryChance chance = book.ChanceOfNew(*state);
      const bool all_read = out.random_read >= bad.population;
      out.new_category_chance = all_read ? 0 : chance.chance;
      out.new_category_at_most = all_read ? 0 : chance.at_most;
    }
    out.unread = std::count_if(state->sent.begin(), state->sent.end(),
                               [](const SentRun& sent) { return sent.open; });
  }
  if (const ReadTwice same = book.SameReader(); same.runs() > 0) out.same_reader = ToWire(same);
  if (const ReadTwice other = book.OtherReaders(); other.runs() > 0) {
    out.other_readers = ToWire(other);
  }
  return out;
}

std::vector<wire::ReviewedRow> CategoryRows(const ReviewBook& book, std::string_view review,
                                            std::size_t runs, const std::set<TraceKey>* among) {
  const ReviewState* const state = book.FindReview(review);
  std::vector<wire::ReviewedRow> out;
  for (const Category& category : book.categories()) {
    std::vector<TraceKey> with = book.RunsWith(category.id);
    if (among) std::erase_if(with, [&](const TraceKey& key) { return !among->contains(key); });
    if (with.empty()) continue;
    wire::ReviewedRow& row = out.emplace_back();
    row.id = ModeIdText(category.id);
    row.name = TraceName(category.name);
    row.seen_in = static_cast<std::int64_t>(with.size());
    if (state) {
      const ReviewShare share = book.ShareOf(*state, category.id);
      row.of_random = share.hits;
      if (share.read > 0) {
        row.share = static_cast<double>(share.hits) / static_cast<double>(share.read);
        row.share_low = share.interval.low;
        row.share_high = share.interval.high;
      }
    }
    for (const TraceKey& key : with) {
      if (!row.quote) row.quote = QuoteOf(key, *book.NotesOf(key)->counting(), category.id);
      if (row.runs.size() < runs) row.runs.emplace_back(key.trace_id);
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const wire::ReviewedRow& a, const wire::ReviewedRow& b) {
                     return std::pair(a.of_random, a.seen_in) > std::pair(b.of_random, b.seen_in);
                   });
  return out;
}

}  // namespace halo
