// SPDX-License-Identifier: MIT
#include "tools/story/category_patterns.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/analysis/apply_rules.h"
#include "engine/model/behaviour_name.h"
#include "tools/answer/phrases.h"
#include "tools/story/behaviour_text.h"

namespace halo {
namespace {

constexpr std::size_t kPage = 1000, kShown = 3;

// The noted runs of the question, with the entries that they show in the place of their findings.
struct NotedRuns {
  std::vector<TraceSummary> summaries;
  std::vector<LabelledSummary> labelled;  // refers to them
};

Result<std::map<TraceKey, std::vector<ModeId>>> NotedRows(Engine& engine, const ReviewBook& book,
                                                          const Question& question) {
  std::map<TraceKey, std::vector<ModeId>> out;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) {
      const RunNotes* const notes = book.NotesOf(row.key);
      if (!notes || notes->counting()->note.verdict == ReadVerdict::kUnsure) continue;
      out.emplace(std::move(row.key), std::move(row.modes));
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return out;
}

Result<NotedRuns> ReadNoted(Engine& engine, const ReviewBook& book, const Category& category,
                            const Question& question) {
  const auto rows = NotedRows(engine, book, question);
  if (!rows) return rows.error();
  std::vector<TraceKey> keys;
  for (const auto& [key, modes] : *rows) keys.push_back(key);
  auto summaries = engine.Summaries(keys);
  if (!summaries) return summaries.error();
  std::set<ModeId> rules;
  for (const Rule& rule : engine.config().rules) rules.insert(ModeOfRule(rule));
  NotedRuns out;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!(*summaries)[i]) continue;
    TraceSummary& summary = out.summaries.emplace_back(std::move(*(*summaries)[i]));
    summary.findings.clear();
    for (const ModeId mode : rows->at(keys[i])) {
      // A rule was made of a pattern.
      if (!rules.contains(mode)) summary.findings.emplace_back().mode = mode;
    }
  }
  const std::vector<TraceKey> with = book.RunsWith(category.id);
  const std::set<TraceKey> has(with.begin(), with.end());
  for (const TraceSummary& summary : out.summaries) {
    out.labelled.push_back({&summary, has.contains({summary.project, summary.trace_id})});
  }
  return out;
}

Result<std::int64_t> CountUnread(Engine& engine, const ReviewBook& book, const Pattern& pattern,
                                 Question question) {
  SelectPattern(pattern, question);
  std::int64_t unread = 0;
  std::string cursor;
  do {
    const Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (const TraceRow& row : page->rows) unread += row.settled && !book.IsNoted(row.key);
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return unread;
}

Prose Describe(Engine& engine, const Question& question, const Pattern& pattern) {
  Prose out;
  for (const std::string& text : pattern.behaviours) {
    const std::optional<Behaviour> behaviour = ParseBehaviour(text);
    if (!out.empty()) out.Add(" and ");
    if (behaviour) out.Add(BehaviourProse(*behaviour));
  }
  if (pattern.mode == 0) return out;
  const Result<RankedMode> mode = engine.Mode(question, pattern.mode);
  if (!out.empty()) out.Add(" and ");
  return out.Add("shows ", ModeIdText(pattern.mode), mode ? ": " : "",
                 mode ? mode->title : Prose());
}

// The pattern as filters: of JSON with ":" between name and value, of TOML with " =". Empty if
// models must not copy a name in it.
std::string FiltersText(const Pattern& pattern, std::string_view between) {
  const auto plain = [](const std::string& name) { return name.empty() || IsPlainName(name); };
  std::string names;
  for (const std::string& text : pattern.behaviours) {
    const std::optional<Behaviour> behaviour = ParseBehaviour(text);
    if (!behaviour || !plain(behaviour->a) || !plain(behaviour->b)) return {};
    names += Cat(names.empty() ? "" : ",", "\"", BehaviourName(*behaviour), "\"");
  }
  std::string out = names.empty() ? "" : Cat("behaviours", between, "[", names, "]");
  if (pattern.mode != 0) {
    out +=
        Cat(out.empty() ? "" : ",", "failure_mode", between, "\"", ModeIdText(pattern.mode), "\"");
  }
  return out;
}

std::string FiltersJson(const Pattern& pattern) {
  std::string out = FiltersText(pattern, "\x01");
  if (out.empty()) return out;
  for (const std::string_view key : {"behaviours", "failure_mode"}) {
    const std::string written = Cat(key, "\x01");
    const std::size_t at = out.find(written);
    if (at != out.npos) out.replace(at, written.size(), Cat("\"", key, "\":"));
  }
  return Cat("{", out, "}");
}

void AddAdvice(const Category& category, CategoryPatternSearch& out) {
  out.notes.push_back(
      "A pattern says which runs are alike, not why. Precision and recall are of the whole search, "
      "on noted runs that it did not see; note the runs below to confirm it.");
  const std::string filter = FiltersText(*out.best, " = ");
  if (filter.empty()) return;
  const std::string name = IsPlainName(category.name) ? category.name : ModeIdText(category.id);
  out.notes.push_back(Cat("To keep a confirmed one, add to halo.toml: [[rule]] name = \"", name,
                          "\", category = \"", name, "\", filter = { ", filter,
                          " }; then run halo-mcp reanalyse --config halo.toml."));
}

}  // namespace

void AddPatternCall(const ReviewBook& book, std::vector<Words>& calls) {
  const Category* most = nullptr;
  std::size_t runs = kFewestWith - 1;
  for (const Category& category : book.categories()) {
    const std::size_t with = book.RunsWith(category.id).size();
    if (with <= runs || book.notes().size() < with + kFewestWithout) continue;
    runs = with;
    most = &category;
  }
  if (!most) return;
  calls.push_back(Cat(R"(review_runs {"draw":"entry","entry":")", ModeIdText(most->id), "\"}"));
}

void SelectPattern(const Pattern& pattern, Question& question) {
  std::vector<std::string>& did = question.filter.behaviours;
  did.insert(did.end(), pattern.behaviours.begin(), pattern.behaviours.end());
  if (pattern.mode != 0) question.filter.failure_mode = pattern.mode;
}

Result<CategoryPatternSearch> SearchPatterns(Engine& engine, const ReviewBook& book,
                                             const Category& category, const Question& question) {
  const Result<NotedRuns> noted = ReadNoted(engine, book, category, question);
  if (!noted) return noted.error();
  CategoryPatternSearch out;
  for (const LabelledSummary& run : noted->labelled) {
    ++(run.has ? out.report.with : out.report.without);
  }
  const std::vector<FoundPattern> found = FindPatterns(noted->labelled, kShown);
  if (found.empty()) {
    const bool few = out.report.with < static_cast<std::int64_t>(kFewestWith) ||
                     out.report.without < static_cast<std::int64_t>(kFewestWithout);
    out.notes.push_back(
        few ? Prose(Cat("A pattern needs ", kFewestWith, " noted runs with the category and ",
                        kFewestWithout, " without it; there are ", out.report.with, " and ",
                        out.report.without, ". Note more runs: review_runs {}."))
            : Prose(
                  "No behaviour or failure mode, nor two of them, separates the noted runs better "
                  "than chance: what is wrong lies in what the runs say. More notes may help."));
    return out;
  }
  const FoundPattern& best = found.front();
  const auto share = [](std::int64_t part, std::int64_t all) {
    return all == 0 ? 0 : static_cast<double>(part) / static_cast<double>(all);
  };
  out.best = best.pattern;
  out.report.precision = share(best.hits, best.said);
  out.report.precision_low = best.precision.low;
  out.report.recall = share(best.hits, best.shown);
  out.report.recall_low = best.recall.low;
  for (const FoundPattern& one : found) {
    const Result<std::int64_t> unread = CountUnread(engine, book, one.pattern, question);
    if (!unread) return unread.error();
    out.report.rows.push_back({Describe(engine, question, one.pattern),
                               Words(FiltersJson(one.pattern)), one.with, one.without, *unread});
  }
  AddAdvice(category, out);
  return out;
}

}  // namespace halo
