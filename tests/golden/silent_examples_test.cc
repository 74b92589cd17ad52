// SPDX-License-Identifier: MIT
// The recording of defects that carry no error status, against its answer key: a defect that a
// detector of ours can find is one entry, in runs where it took effect; in the recording in which
// all are fixed these detectors find nothing.
#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/detectors/all_detectors.h"
#include "engine/engine.h"
#include "tests/contract/store_fixture.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

using TraceIds = std::set<std::string>;

// Detectors that look for what carries no error status.
constexpr std::string_view kSilent[] = {
    "error_as_success",    "user_corrects", "no_tool_use", "stall",
    "same_answer_for_all", "lost_result",   "cut_result",  "ungrounded_argument",
    "echoed_action",
};

bool IsSilent(std::string_view detector) {
  return std::find(std::begin(kSilent), std::end(kSilent), detector) != std::end(kSilent);
}

struct Entry {
  ModeId id = 0;
  std::string detector, agent, tool;
  Confidence confidence = Confidence::kCandidate;
  bool is_one_off = false;
  TraceIds traces;
  std::set<std::string> effects;  // detectors of the modes that lie in its turns
};

// A recording in a store of its own.
class Recording {
 public:
  explicit Recording(std::string_view name) {
    Result<std::unique_ptr<Engine>> opened =
        Engine::Open({"sqlite:" + scratch_ / "halo.db", Config{}});
    REQUIRE(opened.has_value());
    engine_ = std::move(*opened);
    const std::vector<std::string> paths = {
        (SourceDir() / "examples" / std::string(name) / "traces").string()};
    REQUIRE(engine_->IngestPaths(paths, {}).has_value());
  }

  Engine& engine() { return *engine_; }

  std::vector<Entry> Entries() {
    const Result<ModeRanking> ranking = engine_->RankedModes({});
    REQUIRE(ranking.has_value());
    std::map<ModeId, TraceIds> traces;
    std::string cursor;
    do {
      const Result<TracePage> page = engine_->Traces({}, TraceSort::kNewest, 100, cursor);
      REQUIRE(page.has_value());
      for (const TraceRow& row : page->rows) {
        ++runs_;
        for (const ModeId mode : row.modes) traces[mode].insert(row.key.trace_id);
      }
      cursor = page->next_cursor;
    } while (!cursor.empty());
    std::vector<Entry> entries;
    for (const RankedMode& mode : ranking->modes) {
      const Locus& locus = mode.stats.locus;
      entries.push_back({mode.stats.id,
                         std::string(mode.detector),
                         locus.agent,
                         locus.tool,
                         mode.confidence,
                         mode.generality == Generality::kOneOff,
                         traces[mode.stats.id],
                         {}});
      for (const ModeMember& effect : mode.stats.effects) {
        entries.back().effects.insert(std::string(FindTraceDetector(effect.detector)->name));
      }
    }
    return entries;
  }

  // Spans on which the findings of a detector in a trace rest.
  std::set<std::string> SpansOf(const std::string& trace, std::string_view detector) {
    const Result<TraceReading> reading = engine_->ReadTrace({"", trace});
    REQUIRE(reading.has_value());
    std::set<std::string> spans;
    for (const StoredFinding& finding : reading->summary.findings) {
      if (FindTraceDetector(finding.detector)->name != detector) continue;
      spans.insert(finding.span_ids.begin(), finding.span_ids.end());
      for (const StoredEvidence& each : finding.evidence) spans.insert(each.quote.span_id);
    }
    return spans;
  }

  int runs() const { return runs_; }

 private:
  test::ScratchFolder scratch_;
  std::unique_ptr<Engine> engine_;
  int runs_ = 0;
};

std::string TextOf(const boost::json::value& value) { return std::string(value.as_string()); }

// Whether one of the spans belongs to one of the turns of the answer key.
bool IsOnTurn(const std::set<std::string>& spans, const boost::json::array& turns) {
  for (const auto& turn : turns) {
    for (const auto& [role, span] : turn.as_object()) {
      if (spans.contains(TextOf(span))) return true;
    }
  }
  return false;
}

TEST_CASE("a planted silent defect is one entry, in runs where it took effect, at its turn") {
  std::ifstream in(SourceDir() / "examples/silent/planted.json");
  const boost::json::value key =
      boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  Recording recording("silent");
  const std::vector<Entry> entries = recording.Entries();
  int planted = 0;
  for (const auto& defect : key.at("planted").as_array()) {
    const auto& names = defect.at("found_by").as_array();
    // Where several rules may find it, it is left to the tests of those that read words.
    if (names.size() != 1 || !IsSilent(TextOf(names[0]))) continue;
    ++planted;
    const std::string detector = TextOf(names[0]);
    INFO(TextOf(defect.at("defect")) << " by " << detector);
    TraceIds affected;
    for (const auto& id : defect.at("trace_ids").as_array()) affected.insert(TextOf(id));
    std::vector<const Entry*> found;
    for (const Entry& entry : entries) {
      // A candidate never hides what is sure, so it may be an effect of it.
      if (entry.detector == detector || entry.effects.contains(detector)) found.push_back(&entry);
    }
    REQUIRE(found.size() == 1);
    const Entry& entry = *found[0];
    const auto& locus = defect.at("locus").as_object();
    CHECK(entry.agent == TextOf(locus.at("agent")));
    if (locus.contains("tool")) CHECK(entry.tool == TextOf(locus.at("tool")));
    // Of corrections only those in plain words are found.
    if (detector != "user_corrects") {
      CHECK_FALSE(entry.is_one_off);
      CHECK(2 * entry.traces.size() >= affected.size());
    }
    for (const std::string& trace : entry.traces) {
      INFO(trace);
      CHECK(affected.contains(trace));
      if (!affected.contains(trace)) continue;
      CHECK(IsOnTurn(recording.SpansOf(trace, entry.detector),
                     defect.at("turns").at(trace).as_array()));
    }
  }
  CHECK(planted >= 6);
}

TEST_CASE("where all silent defects are fixed, hardly anything is found") {
  Recording recording("silent-fixed");
  TraceIds with_candidate;
  for (const Entry& entry : recording.Entries()) {
    INFO(entry.detector << " at " << entry.agent << "/" << entry.tool);
    CHECK(entry.confidence == Confidence::kCandidate);
    with_candidate.insert(entry.traces.begin(), entry.traces.end());
  }
  CHECK(20 * static_cast<int>(with_candidate.size()) <= recording.runs());
}

TEST_CASE("findings that depend on other runs are the same in every answer") {
  Recording recording("silent");
  int seen = 0;
  for (const Entry& entry : recording.Entries()) {
    const bool depends = entry.detector == "stall" || entry.detector == "same_answer_for_all" ||
                         entry.effects.contains("same_answer_for_all");
    if (!depends) continue;
    ++seen;
    Question question;
    question.filter.failure_mode = entry.id;
    const Result<TracePage> page = recording.engine().Traces(question, TraceSort::kNewest, 100, {});
    REQUIRE(page.has_value());
    CHECK(page->rows.size() == entry.traces.size());
    const Result<RankedMode> mode = recording.engine().Mode({}, entry.id);
    REQUIRE(mode.has_value());
    CHECK(static_cast<std::size_t>(mode->stats.units) == entry.traces.size());
    for (const TraceRow& row : page->rows) {
      CHECK_FALSE(recording.SpansOf(row.key.trace_id, entry.detector).empty());
    }
  }
  CHECK(seen >= 1);
}

}  // namespace
}  // namespace halo
