// SPDX-License-Identifier: MIT
#include "tools/common/reviewed_modes.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "engine/analysis/statistics.h"
#include "tools/answer/phrases.h"
#include "tools/common/calibration.h"
#include "tools/common/review_counts.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000, kExamples = 2, kExampleRuns = 5;
// No detector has this number.
constexpr std::uint8_t kNoDetector = 255;

// The settled noted runs of the question.
Result<std::map<TraceKey, TraceRow>> NotedRuns(Engine& engine, const ReviewBook& book,
                                               const Question& question) {
  std::set<TraceKey> noted;
  for (const auto& [key, run] : book.notes()) noted.insert(key);
  Question narrowed = question;
  narrowed.filter.among = std::make_shared<const std::set<TraceKey>>(std::move(noted));
  std::map<TraceKey, TraceRow> out;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(narrowed, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) {
      if (row.by_session ? row.run_settled : row.settled) out.emplace(row.key, std::move(row));
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return out;
}

Generality GeneralityOf(const ModeStats& stats) {
  const std::int64_t groups = stats.tasks > 0      ? stats.tasks
                              : stats.sessions > 0 ? stats.sessions
                                                   : stats.traces;
  if (stats.traces <= 1) return Generality::kOneOff;
  if (stats.traces < 3 && groups == 1) return Generality::kOneOff;
  return stats.traces >= 5 && groups >= 3 ? Generality::kSystemic : Generality::kRecurring;
}

class Ranker {
 public:
  Ranker(const ReviewBook& book, const OverviewStats& totals, std::span<const Triage> triages,
         std::int64_t now_ns)
      : book_(book), measure_(totals.typical_run), triages_(triages), now_ns_(now_ns) {}

  void Rank(const Category& category, std::int64_t read, ReviewedMode& out) const {
    RankedMode& mode = out.mode;
    mode.detector = mode.category = kReviewedDetector;
    mode.title = Say("Readers saw: ", TraceName(category.name));
    Count(category.id, read, out);
    mode.generality = GeneralityOf(mode.stats);
    mode.triage = StatusOf(category.id);
    if (out.row.share) mode.rate = {*out.row.share, *out.row.share_low, *out.row.share_high};
    mode.share = mode.rate;
    mode.waste_unit = measure_.unit();
    mode.waste = SeverityFloor(mode.severity) * measure_.typical();
    mode.score = mode.share.low * mode.waste;
  }

 private:
  void Count(ModeId id, std::int64_t read, ReviewedMode& out) const {
    ModeStats& stats = out.mode.stats;
    stats.id = id;
    stats.detector = kNoDetector;
    stats.traces = static_cast<std::int64_t>(out.runs.size());
    stats.units = out.row.of_random;
    stats.eligible_units = read;
    stats.waste = {kUnknownAmount, kUnknownAmount, kUnknownAmount};
    std::set<std::string> tasks, sessions;
    std::vector<Severity> severities;
    for (const TraceRow& run : out.runs) {
      if (!run.task.empty()) tasks.insert(run.task);
      if (!run.session.empty()) sessions.insert(run.session);
      if (stats.first_ns == 0 || run.start_ns < stats.first_ns) stats.first_ns = run.start_ns;
      stats.last_ns = std::max(stats.last_ns, run.start_ns);
      if (stats.examples.size() < kExampleRuns) stats.examples.push_back(run.key);
      const BookNote& note = *book_.NotesOf(run.key)->counting();
      for (std::size_t i = 0; i < note.categories.size(); ++i) {
        if (note.categories[i] != id) continue;
        ++stats.occurrences;
        severities.push_back(note.note.problems[i].severity);
      }
    }
    stats.tasks = static_cast<std::int64_t>(tasks.size());
    stats.sessions = static_cast<std::int64_t>(sessions.size());
    std::sort(severities.begin(), severities.end());
    if (!severities.empty()) out.mode.severity = severities[severities.size() / 2];
  }

  // The newest status in force of any id that leads to the category.
  Triage StatusOf(ModeId id) const {
    Triage out;
    out.mode = id;
    for (const Triage& triage : triages_) {
      if (triage.expires_ns != 0 && now_ns_ >= triage.expires_ns) continue;
      const Category* const of = book_.FindCategory(triage.mode);
      if (!of || of->id != id || triage.decided_ns < out.decided_ns) continue;
      out = triage;
      out.mode = id;
    }
    return out;
  }

  const ReviewBook& book_;
  const WasteMeasure measure_;
  const std::span<const Triage> triages_;
  const std::int64_t now_ns_;
};

}  // namespace

Result<std::vector<ReviewedMode>> ReadReviewedModes(Engine& engine,
                                                    const std::optional<wire::Filters>& filters,
                                                    const Question& question,
                                                    const OverviewStats& totals) {
  const auto book = engine.Reviews();
  if (!book) return book.error();
  std::vector<ReviewedMode> out;
  if ((*book)->notes().empty()) return out;
  const auto noted = NotedRuns(engine, **book, question);
  if (!noted) return noted.error();
  const Result<std::vector<Triage>> triages = engine.Triages();
  if (!triages) return triages.error();
  std::set<TraceKey> among;
  for (const auto& [key, row] : *noted) among.insert(key);
  const std::string review = ReviewOf(**book, engine, filters);
  const ReviewState* const state = (*book)->FindReview(review);
  const std::int64_t read = state ? (*book)->ShareOf(*state, 0).read : 0;
  const auto agreements = AgreementWithOutcomes(engine, **book);
  if (!agreements) return agreements.error();
  const Confidence sure =
      PeopleDoubtReaders(*agreements) ? Confidence::kCandidate : Confidence::kLikely;
  const Ranker ranker(**book, totals, *triages, question.now_ns);
  for (wire::ReviewedRow& row : CategoryRows(**book, review, kExamples, &among)) {
    const Category& category = *(*book)->FindCategory(ParseModeId(row.id.str()));
    ReviewedMode& added = out.emplace_back();
    for (const TraceKey& key : (*book)->RunsWith(category.id)) {
      if (const auto run = noted->find(key); run != noted->end()) added.runs.push_back(run->second);
    }
    added.row = std::move(row);
    ranker.Rank(category, read, added);
    added.mode.confidence = sure;
  }
  return out;
}

Result<ReviewedBeside> RankReviewed(Engine& engine, const std::optional<wire::Filters>& filters,
                                    const Question& question, std::size_t most,
                                    ModeRanking& ranking, std::optional<wire::Status> status) {
  auto reviewed = ReadReviewedModes(engine, filters, question, ranking.totals);
  if (!reviewed) return reviewed.error();
  ReviewedBeside out;
  for (ReviewedMode& one : *reviewed) {
    if (!one.row.share) {
      const bool listed = ToWire(one.mode.triage.status) == status.value_or(wire::Status::kOpen);
      if (listed && out.unranked.size() < most) out.unranked.push_back(std::move(one.row));
      continue;
    }
    out.rows.emplace(one.mode.stats.id, std::move(one.row));
    const auto place =
        std::find_if(ranking.modes.begin(), ranking.modes.end(), [&](const RankedMode& other) {
          const bool comes_last = other.refusal && other.link != OutcomeLink::kFailedMore;
          return comes_last || other.score < one.mode.score;
        });
    ranking.modes.insert(place, std::move(one.mode));
  }
  return out;
}

}  // namespace halo
