// SPDX-License-Identifier: MIT
#include "engine/draw_runs.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/hash.h"
#include "engine/session_runs.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kMostCompared = 1000;     // candidates for a diverse draw
constexpr std::uint64_t kAgain = 0x616761696e;  // another order for second readings

std::uint64_t OrderOf(std::uint64_t seed, const TraceKey& key) {
  return MixHash(MixHash(seed, Fnv1a(key.project)), Fnv1a(key.trace_id));
}

struct Candidate {
  std::uint64_t order = 0;
  TraceRow row;
};

// The settled runs of the question, in the order of the draw.
Result<std::vector<Candidate>> Candidates(Engine& engine, const DrawRequest& request) {
  std::vector<Candidate> out;
  std::vector<TraceRow> rows;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(request.question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) {
      if (row.by_session ? row.run_settled : row.settled) rows.push_back(std::move(row));
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  if (const Result<void> joined = JoinSessions(engine, rows); !joined) return joined.error();
  for (TraceRow& row : rows) {
    const std::uint64_t order = OrderOf(request.seed, row.key);
    out.push_back({order, std::move(row)});
  }
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.order != b.order ? a.order < b.order : a.row.key < b.row.key;
  });
  return out;
}

using Features = std::vector<std::uint64_t>;  // sorted

Features FeaturesOf(const TraceSummary& summary) {
  Features out;
  for (const OperationRollup& operation : summary.operations) {
    const std::uint64_t name =
        MixHash(static_cast<std::uint64_t>(operation.kind), Fnv1a(operation.name));
    out.push_back(name);
    // 1, 2 to 3, 4 to 7, ... calls
    const int power = std::bit_width(static_cast<std::uint32_t>(std::max(operation.count, 1)));
    out.push_back(MixHash(name, static_cast<std::uint64_t>(power)));
    if (operation.errors > 0) out.push_back(MixHash(name, 1000));
  }
  for (const StoredFinding& finding : summary.findings) out.push_back(finding.mode);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// The Jaccard distance.
double Distance(const Features& a, const Features& b) {
  Features both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const std::size_t either = a.size() + b.size() - both.size();
  return either == 0 ? 0 : 1 - static_cast<double>(both.size()) / static_cast<double>(either);
}

class Drawer {
 public:
  Drawer(Engine& engine, const ReviewBook& book, const DrawRequest& request)
      : engine_(engine), book_(book), request_(request) {
    if (const ReviewState* const review = book.FindReview(request.review)) review_ = review;
  }

  Result<DrawPlan> Run() {
    Result<std::vector<Candidate>> candidates = Candidates(engine_, request_);
    if (!candidates) return candidates.error();
    candidates_ = std::move(*candidates);
    plan_.population = static_cast<std::int64_t>(candidates_.size());
    if (!request_.checks_category) AddSecondReadings();
    switch (request_.way) {
      case DrawWay::kRandom:
        DrawRandom();
        break;
      case DrawWay::kDiverse:
        if (const Result<void> drawn = DrawDiverse(); !drawn) return drawn.error();
        break;
      case DrawWay::kPairs:
        DrawPairs();
        break;
      case DrawWay::kUncovered:
        if (const Result<void> drawn = DrawUncovered(); !drawn) return drawn.error();
        break;
      case DrawWay::kEntry:
        if (request_.checks_category) {
          DrawToCheck();
        } else {
          DrawWhere([](const TraceRow&) { return true; });
        }
        break;
    }
    return std::move(plan_);
  }

 private:
  bool IsDrawn(const TraceKey& key) const {
    return review_->drawn.contains(key) || book_.IsNoted(key);
  }
  bool IsFull() const { return sent_ >= request_.count; }
  void Send(const TraceKey& key) {
    plan_.runs.push_back({.key = key});
    ++sent_;
  }

  // A tenth of the runs that were noted, each once, and at most a fifth of a draw.
  void AddSecondReadings() {
    std::vector<std::pair<std::uint64_t, TraceKey>> noted;
    std::size_t count = 0;
    for (const SentRun& sent : review_->sent) {
      const TraceKey& key = sent.run.key;
      if (sent.run.again || !book_.IsNoted(key)) continue;
      ++count;
      if (review_->twice.contains(key)) continue;
      noted.emplace_back(OrderOf(request_.seed ^ kAgain, key), key);
    }
    std::sort(noted.begin(), noted.end());
    const std::size_t due = count / 10 - std::min(count / 10, review_->twice.size());
    const std::size_t most = std::min(due, request_.count / 5 + (request_.count >= 3 ? 1 : 0));
    for (std::size_t i = 0; i < std::min({most, noted.size(), request_.count - 1}); ++i) {
      plan_.runs.push_back({.key = noted[i].second, .again = true});
      ++sent_;
    }
  }

  void DrawRandom() {
    const std::set<TraceKey> before(review_->random.begin(), review_->random.end());
    plan_.matching = plan_.population;
    for (const Candidate& candidate : candidates_) {
      const TraceKey& key = candidate.row.key;
      if (before.contains(key)) continue;
      ++plan_.left;
      if (IsFull()) continue;
      if (IsDrawn(key)) {
        plan_.runs.push_back({.key = key, .noted = true});
      } else {
        Send(key);
      }
    }
  }

  template <class Wanted>
  void DrawWhere(Wanted&& wanted) {
    for (const Candidate& candidate : candidates_) {
      if (!wanted(candidate.row)) continue;
      ++plan_.matching;
      if (IsDrawn(candidate.row.key)) continue;
      ++plan_.left;
      if (!IsFull()) Send(candidate.row.key);
    }
  }

  Result<void> DrawUncovered() {
    DrawRequest uncovered = request_;
    TraceFilter& filter = uncovered.question.filter;
    if (filter.outcome.value_or(Outcome::kFailure) != Outcome::kFailure) return {};
    filter.outcome = Outcome::kFailure;
    filter.no_mode = true;
    const Result<std::vector<Candidate>> found = Candidates(engine_, uncovered);
    if (!found) return found.error();
    std::set<TraceKey> keys;
    for (const Candidate& one : *found) keys.insert(one.row.key);
    DrawWhere([&](const TraceRow& row) { return keys.contains(row.key); });
    return {};
  }

  void DrawToCheck() {
    for (const Candidate& candidate : candidates_) {
      const RunNotes* const run = book_.NotesOf(candidate.row.key);
      const bool own = run && std::any_of(run->notes.begin(), run->notes.end(),
                                          [&](const BookNote& n) { return n.who == request_.who; });
      ++plan_.matching;
      if (own) continue;
      ++plan_.left;
      if (IsFull()) continue;
      Send(candidate.row.key);
      plan_.runs.back().again = true;
    }
  }

  void DrawPairs() {
    struct Pair {
      std::optional<TraceKey> failed, passed;
    };
    std::map<std::string, Pair> tasks;
    std::vector<std::string> order;
    for (const Candidate& candidate : candidates_) {
      const TraceRow& row = candidate.row;
      if (row.task.empty() || row.outcome == Outcome::kUnknown) continue;
      Pair& pair = tasks[row.task];
      if (!pair.failed && !pair.passed) order.push_back(row.task);
      std::optional<TraceKey>& side = row.outcome == Outcome::kFailure ? pair.failed : pair.passed;
      // A run that was not drawn yet is better.
      if (!side || (IsDrawn(*side) && !IsDrawn(row.key))) side = row.key;
    }
    for (const std::string& task : order) {
      const Pair& pair = tasks[task];
      if (!pair.failed || !pair.passed) continue;
      ++plan_.matching;
      if (IsDrawn(*pair.failed) || IsDrawn(*pair.passed)) continue;
      ++plan_.left;
      if (sent_ > 0 && sent_ + 2 > request_.count) continue;
      Send(*pair.failed);
      Send(*pair.passed);
    }
  }

  Result<void> DrawDiverse() {
    std::vector<TraceKey> open, read;
    plan_.matching = plan_.population;
    for (const Candidate& candidate : candidates_) {
      const bool drawn = IsDrawn(candidate.row.key);
      plan_.left += drawn ? 0 : 1;
      std::vector<TraceKey>& side = drawn ? read : open;
      if (side.size() < kMostCompared) side.push_back(candidate.row.key);
    }
    const auto features_of = [&](const std::vector<TraceKey>& keys) {
      std::vector<Features> out;
      const auto summaries = engine_.Summaries(keys);
      if (!summaries) return out;
      for (const Result<TraceSummary>& summary : *summaries) {
        out.push_back(summary ? FeaturesOf(*summary) : Features());
      }
      return out;
    };
    const std::vector<Features> near = features_of(read), far = features_of(open);
    if (far.size() != open.size()) return Error{Code::kUnavailable, "the runs cannot be read"};
    std::vector<double> distance(open.size(), 2);
    const auto move_to = [&](const Features& taken) {
      for (std::size_t i = 0; i < open.size(); ++i) {
        distance[i] = std::min(distance[i], Distance(far[i], taken));
      }
    };
    for (const Features& one : near) move_to(one);
    while (!IsFull() && !open.empty()) {
      const auto furthest = std::max_element(distance.begin(), distance.end());
      if (furthest == distance.end() || *furthest < 0) break;
      const auto at = static_cast<std::size_t>(furthest - distance.begin());
      Send(open[at]);
      move_to(far[at]);
      distance[at] = -1;
    }
    return {};
  }

  Engine& engine_;
  const ReviewBook& book_;
  const DrawRequest& request_;
  const ReviewState empty_{};
  const ReviewState* review_ = &empty_;
  std::vector<Candidate> candidates_;
  DrawPlan plan_;
  std::size_t sent_ = 0;
};

}  // namespace

Result<DrawPlan> PlanDraw(Engine& engine, const ReviewBook& book, const DrawRequest& request) {
  return Drawer(engine, book, request).Run();
}

}  // namespace halo
