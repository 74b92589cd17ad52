// SPDX-License-Identifier: MIT
#include "engine/search_runs.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/engine_impl.h"

namespace halo {
namespace {

std::string_view GroupName(const Trace& trace, SpanIndex i, SearchGroup group) {
  switch (group) {
    case SearchGroup::kTool:
      return trace.Text(trace.spans[i].tool);
    case SearchGroup::kAgent:
      return trace.Text(trace.agent[i]);
    case SearchGroup::kOperation:
      break;
  }
  return trace.Text(trace.spans[i].operation);
}

class Groups {
  struct Counted : MatchGroup {
    TraceKey last;  // runs come one after the other
  };

 public:
  explicit Groups(SearchGroup by) : by_(by) {}

  void Count(const TraceKey& key, const Trace& trace, SpanIndex i, const SpanMatch& match) {
    Counted& group = groups_[std::string(GroupName(trace, i, by_))];
    ++group.spans;
    group.values += match.values;
    if (group.last == key) return;
    group.last = key;
    if (group.runs++ > 0) return;
    group.key = key;
    group.first = match;
  }

  std::vector<MatchGroup> Take() && {
    std::vector<MatchGroup> out;
    for (auto& [name, group] : groups_) {
      group.name = name;
      out.push_back(std::move(group));
    }
    std::stable_sort(out.begin(), out.end(), [](const MatchGroup& a, const MatchGroup& b) {
      return std::tie(a.runs, a.spans) > std::tie(b.runs, b.spans);
    });
    return out;
  }

 private:
  const SearchGroup by_;
  std::map<std::string, Counted> groups_;
};

}  // namespace

Result<RunSearch> Engine::SearchRuns(const Question& question, const SearchQuery& query,
                                     std::size_t limit, std::string_view cursor,
                                     const Progress& progress) {
  TextPattern pattern = query.pattern;
  pattern.where = MakeValueTest(query.in);
  std::optional<Groups> groups;
  if (query.group) groups.emplace(*query.group);
  if (groups || !IsEmpty(query.spans)) {
    pattern.keep = [&](const TraceKey& key, std::vector<SpanMatch>& spans) {
      Result<StoredTrace> stored = impl_->refresher->LoadMerged(key);
      if (!stored) return spans.clear();
      const Trace trace = BuildTrace(stored->key.project, stored->key.trace_id, *stored->words,
                                     std::move(stored->spans));
      std::unordered_map<std::string_view, SpanIndex> known;
      for (std::size_t i = 0; i < trace.spans.size(); ++i) {
        known.emplace(trace.Text(trace.spans[i].span_id), static_cast<SpanIndex>(i));
      }
      std::erase_if(spans, [&](const SpanMatch& span) {
        const auto found = known.find(span.span_id);
        return found == known.end() || !Passes(trace, found->second, query.spans);
      });
      if (!groups) return;
      for (const SpanMatch& span : spans) groups->Count(key, trace, known[span.span_id], span);
    };
  }
  pattern.count_all = query.pattern.count_all || groups.has_value();
  Result<SearchPage> page = Search(question, pattern, limit, cursor, question.stop, progress);
  if (!page) return page.error();
  RunSearch found{std::move(*page), {}};
  if (groups) found.groups = std::move(*groups).Take();
  return found;
}

}  // namespace halo
