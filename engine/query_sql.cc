// SPDX-License-Identifier: MIT
#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <unordered_map>
#include <utility>

#include "engine/engine_impl.h"
#include "engine/sql/run_sql.h"
#include "engine/sql_view_rows.h"
#include "engine/sql_views.h"

namespace halo {
namespace {

constexpr std::size_t kRunsAtOnce = 512;
constexpr std::size_t kChunksKept = 8, kTracesKept = 8;

// The message is that of RunSql.
Error Over() { return {Code::kUnavailable, ""}; }

// What the tables of one query are made of. Keeps the parts that were read last.
class QueryData {
 public:
  QueryData(Store& store, Refresher& refresher, std::vector<TraceStart> runs)
      : store_(store), refresher_(refresher), runs_(std::move(runs)) {
    for (std::size_t i = 0; i < runs_.size(); ++i) places_.emplace(runs_[i].key.trace_id, i);
  }

  std::size_t runs() const { return runs_.size(); }
  // The positions of the runs with a trace id: one in each project that has it.
  std::vector<std::size_t> Find(const std::string& trace_id) const {
    std::vector<std::size_t> found;
    const auto [begin, end] = places_.equal_range(trace_id);
    for (auto place = begin; place != end; ++place) found.push_back(place->second);
    std::sort(found.begin(), found.end());
    return found;
  }

  // Null if the run cannot be read: removed meanwhile, or damaged.
  Result<std::shared_ptr<const TraceSummary>> Summary(std::size_t run) {
    const std::size_t number = run / kRunsAtOnce;
    for (const auto& [kept, chunk] : chunks_) {
      if (kept == number) return (*chunk)[run % kRunsAtOnce];
    }
    if (SqlIsOver()) return Over();
    std::vector<TraceKey> keys;
    const std::size_t end = std::min(runs_.size(), (number + 1) * kRunsAtOnce);
    for (std::size_t i = number * kRunsAtOnce; i < end; ++i) keys.push_back(runs_[i].key);
    Result<std::vector<Result<TraceSummary>>> read = store_.LoadSummaries(keys);
    if (!read) return read.error();
    auto chunk = std::make_shared<Chunk>();
    for (Result<TraceSummary>& summary : *read) {
      chunk->push_back(summary ? std::make_shared<const TraceSummary>(std::move(*summary))
                               : nullptr);
    }
    if (chunks_.size() == kChunksKept) chunks_.pop_front();
    chunks_.emplace_back(number, chunk);
    return (*chunk)[run % kRunsAtOnce];
  }

  Result<std::shared_ptr<const LoadedTrace>> Loaded(std::size_t run) {
    for (const auto& [kept, trace] : traces_) {
      if (kept == run) return trace;
    }
    if (SqlIsOver()) return Over();
    std::shared_ptr<LoadedTrace> loaded;
    if (Result<StoredTrace> stored = refresher_.LoadMerged(runs_[run].key)) {
      loaded = std::make_shared<LoadedTrace>();
      loaded->stored = std::move(*stored);
      loaded->trace = BuildTrace(loaded->stored.key.project, loaded->stored.key.trace_id,
                                 *loaded->stored.words, std::exchange(loaded->stored.spans, {}));
      loaded->purposes = FindCallPurposes(loaded->trace);
    }
    if (traces_.size() == kTracesKept) traces_.pop_front();
    traces_.emplace_back(run, loaded);
    return std::shared_ptr<const LoadedTrace>(loaded);
  }

 private:
  using Chunk = std::vector<std::shared_ptr<const TraceSummary>>;
  Store& store_;
  Refresher& refresher_;
  const std::vector<TraceStart> runs_;
  std::unordered_multimap<std::string, std::size_t> places_;
  std::deque<std::pair<std::size_t, std::shared_ptr<const Chunk>>> chunks_;
  std::deque<std::pair<std::size_t, std::shared_ptr<const LoadedTrace>>> traces_;
};

// The entries, read when a query first needs them.
class EntryData {
 public:
  using Read = std::function<Result<ModeRanking>()>;
  explicit EntryData(Read read) : read_(std::move(read)) {}

  Result<void> Load() {
    if (ranking_) return {};
    Result<ModeRanking> ranking = read_();
    if (!ranking) return ranking.error();
    ranking_ = std::move(*ranking);
    for (const RankedMode& mode : ranking_->modes) {
      entry_of_[mode.stats.id] = mode.stats.id;
      for (const auto* members : {&mode.stats.variants, &mode.stats.effects}) {
        for (const ModeMember& member : *members) entry_of_.emplace(member.id, mode.stats.id);
      }
    }
    return {};
  }
  const std::vector<RankedMode>& modes() const { return ranking_->modes; }
  ModeId EntryOf(ModeId mode) const {
    const auto found = entry_of_.find(mode);
    return found == entry_of_.end() ? 0 : found->second;
  }

 private:
  const Read read_;
  std::optional<ModeRanking> ranking_;
  std::unordered_map<ModeId, ModeId> entry_of_;
};

// The rows of a table, those of one run after the other.
template <class Row>
class RowsOfRuns final : public SqlRows {
 public:
  // Appends the rows of the run at a position.
  using Fill = std::function<Result<void>(std::size_t run, std::vector<Row>& rows)>;

  RowsOfRuns(std::span<const ViewColumn<Row>> columns, std::size_t runs, const std::string* key,
             const QueryData& data, Fill fill)
      : columns_(columns), all_(key == nullptr), fill_(std::move(fill)) {
    if (key) found_ = data.Find(*key);
    end_ = all_ ? runs : found_.size();
  }

  Result<bool> Next() override {
    ++at_;
    while (at_ >= rows_.size()) {
      if (next_ == end_) return false;
      rows_.clear();
      at_ = 0;
      const std::size_t run = all_ ? next_ : found_[next_];
      ++next_;
      if (const Result<void> filled = fill_(run, rows_); !filled) return filled.error();
    }
    return true;
  }
  SqlCell Cell(int column) const override {
    return columns_[static_cast<std::size_t>(column)].get(rows_[at_]);
  }

 private:
  const std::span<const ViewColumn<Row>> columns_;
  const bool all_;
  const Fill fill_;
  std::vector<std::size_t> found_;
  std::size_t next_ = 0, end_ = 0;
  std::vector<Row> rows_;
  std::size_t at_ = static_cast<std::size_t>(-1);
};

class EntryRows final : public SqlRows {
 public:
  EntryRows(const std::vector<RankedMode>& modes, const std::string* id) {
    for (const RankedMode& mode : modes) {
      if (!id || ModeIdText(mode.stats.id) == *id) rows_.push_back(&mode);
    }
  }
  Result<bool> Next() override { return ++at_ < rows_.size(); }
  SqlCell Cell(int column) const override {
    return EntryColumns()[static_cast<std::size_t>(column)].get(rows_[at_]);
  }

 private:
  std::vector<EntryRow> rows_;
  std::size_t at_ = static_cast<std::size_t>(-1);
};

// Opens the tables over the data of one query.
class Tables {
 public:
  Tables(QueryData& data, EntryData& entries) : data_(data), entries_(entries) {}

  Result<std::unique_ptr<SqlRows>> Open(View view, const std::string* key) {
    switch (view) {
      case View::kRuns:
        return OfSummaries<RunRow>(RunColumns(), key,
                                   [](const RunRow& run, auto& rows) { rows.push_back(run); });
      case View::kOperations:
        return OfSummaries<OperationRow>(OperationColumnsOfView(), key,
                                         [](const RunRow& run, auto& rows) {
                                           for (const OperationRollup& each : run->operations)
                                             rows.push_back({run, &each});
                                         });
      case View::kSpans:
        return OfTraces<SpanRow>(SpanColumns(), key, [](const auto& of, auto& rows) {
          for (std::size_t i = 0; i < of->trace.spans.size(); ++i) {
            rows.push_back({of, static_cast<SpanIndex>(i)});
          }
        });
      case View::kCalls:
        return OfTraces<CallRow>(CallColumns(), key, [](const auto& of, auto& rows) {
          for (std::size_t i = 0; i < of->trace.turns.all.size(); ++i) rows.push_back({of, i});
        });
      case View::kFindings:
      case View::kEntries:
        break;
    }
    if (const Result<void> loaded = entries_.Load(); !loaded) return loaded.error();
    if (view == View::kEntries) {
      return std::unique_ptr<SqlRows>(std::make_unique<EntryRows>(entries_.modes(), key));
    }
    return OfSummaries<FindingRow>(FindingColumnsOfView(), key,
                                   [this](const RunRow& run, auto& rows) {
                                     for (const StoredFinding& each : run->findings) {
                                       rows.push_back({run, &each, entries_.EntryOf(each.mode)});
                                     }
                                   });
  }

 private:
  template <class Row, class Add>
  std::unique_ptr<SqlRows> OfSummaries(std::span<const ViewColumn<Row>> columns,
                                       const std::string* key, Add add) {
    const auto fill = [this, add](std::size_t run, std::vector<Row>& rows) -> Result<void> {
      const auto summary = data_.Summary(run);
      if (!summary) return summary.error();
      if (*summary) add(*summary, rows);
      return {};
    };
    return std::make_unique<RowsOfRuns<Row>>(columns, data_.runs(), key, data_, fill);
  }

  template <class Row, class Add>
  std::unique_ptr<SqlRows> OfTraces(std::span<const ViewColumn<Row>> columns,
                                    const std::string* key, Add add) {
    const auto fill = [this, add](std::size_t run, std::vector<Row>& rows) -> Result<void> {
      const auto loaded = data_.Loaded(run);
      if (!loaded) return loaded.error();
      if (*loaded) add(*loaded, rows);
      return {};
    };
    return std::make_unique<RowsOfRuns<Row>>(columns, data_.runs(), key, data_, fill);
  }

  QueryData& data_;
  EntryData& entries_;
};

}  // namespace

Result<SqlAnswer> Engine::QuerySql(const Question& question, std::string_view sql,
                                   const SqlLimits& limits) {
  const Result<Question> prepared = impl_->Prepare(question);
  if (!prepared) return prepared.error();
  Result<std::vector<TraceStart>> runs = impl_->store->TraceStarts(*prepared);
  if (!runs) return runs.error();
  QueryData data(*impl_->store, *impl_->refresher, std::move(*runs));
  EntryData entries([&] { return RankedModes(*prepared); });
  Tables tables(data, entries);
  return RunSql(
      sql, SqlViews(),
      [&](std::size_t table, const std::string* key) {
        return tables.Open(static_cast<View>(table), key);
      },
      limits);
}

}  // namespace halo
