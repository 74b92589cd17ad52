// SPDX-License-Identifier: MIT
#include "engine/session_runs.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace halo {
namespace {

constexpr std::size_t kPage = 1000;

Question Everything(const Engine& engine) {
  Question question;
  question.units = engine.config().units;
  return question;
}

Result<std::vector<TraceRow>> AllRows(Engine& engine, const Question& question) {
  std::vector<TraceRow> out;
  std::string cursor;
  do {
    Result<TracePage> page = engine.Traces(question, TraceSort::kNewest, kPage, cursor);
    if (!page) return page.error();
    for (TraceRow& row : page->rows) out.push_back(std::move(row));
    cursor = page->next_cursor;
  } while (!cursor.empty());
  return out;
}

bool StartsBefore(const TraceRow& a, const TraceRow& b) {
  return std::tie(a.start_ns, a.key) < std::tie(b.start_ns, b.key);
}

}  // namespace

Result<std::vector<TraceKey>> TracesOfRun(Engine& engine, const TraceKey& trace) {
  Question one = Everything(engine);
  one.filter.among = std::make_shared<const std::set<TraceKey>>(std::set<TraceKey>{trace});
  const Result<std::vector<TraceRow>> found = AllRows(engine, one);
  if (!found) return found.error();
  if (found->empty() || !found->front().by_session) return std::vector<TraceKey>{trace};
  Question session = Everything(engine);
  session.filter.project = trace.project;
  session.filter.session = found->front().session;
  Result<std::vector<TraceRow>> rows = AllRows(engine, session);
  if (!rows) return rows.error();
  std::sort(rows->begin(), rows->end(), StartsBefore);
  std::vector<TraceKey> out;
  for (const TraceRow& row : *rows) {
    if (row.by_session) out.push_back(row.key);
  }
  return out;
}

Result<void> JoinSessions(Engine& engine, std::vector<TraceRow>& rows) {
  const bool any =
      std::any_of(rows.begin(), rows.end(), [](const TraceRow& row) { return row.by_session; });
  if (!any) return {};
  // The first trace of a session need not be among the rows.
  const Result<std::vector<TraceRow>> all = AllRows(engine, Everything(engine));
  if (!all) return all.error();
  using Session = std::pair<std::string, std::string>;  // project and id
  std::map<Session, const TraceRow*> first;
  for (const TraceRow& row : *all) {
    if (!row.by_session) continue;
    const TraceRow*& known = first[{row.key.project, row.session}];
    if (!known || StartsBefore(row, *known)) known = &row;
  }
  std::set<Session> seen;
  std::vector<TraceRow> joined;
  for (TraceRow& row : rows) {
    if (!row.by_session) {
      joined.push_back(std::move(row));
      continue;
    }
    const Session session{row.key.project, row.session};
    if (!seen.insert(session).second) continue;
    const auto known = first.find(session);
    if (known != first.end()) row.key = known->second->key;
    joined.push_back(std::move(row));
  }
  rows = std::move(joined);
  return {};
}

}  // namespace halo
