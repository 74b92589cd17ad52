// SPDX-License-Identifier: MIT
// The recording of silent defects, for the rules that read what a model says and how a run ends:
// each defect that one of them can find is one entry at its agent, in runs where it took effect,
// with evidence on a turn that the answer key names. Where all defects are fixed, and in an
// interrupt that is none, they find next to nothing.
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

namespace json = boost::json;
using Names = std::set<std::string>;

const Names kOurs = {"rejected_turn",     "stopped_early",     "announced_not_done",
                     "plan_not_followed", "unsupported_claim", "made_up_data",
                     "empty_final",       "unfinished"};

// A failure mode, with the spans of its evidence by trace.
struct Mode {
  std::string detector, agent, tool;
  Confidence confidence = Confidence::kCandidate;
  std::map<std::string, Names> traces;
};

// All modes that our detectors find in a recording, and the number of its runs.
std::vector<Mode> ModesOf(std::string_view recording, std::size_t& runs) {
  const test::ScratchFolder scratch;
  auto engine = Engine::Open({"sqlite:" + scratch / "halo.db", Config{}});
  REQUIRE(engine.has_value());
  const std::vector<std::string> paths = {
      (SourceDir() / "examples" / std::string(recording) / "traces").string()};
  REQUIRE((*engine)->IngestPaths(paths, {}).has_value());
  std::map<ModeId, Mode> modes;
  std::string cursor;
  do {
    const Result<TracePage> page = (*engine)->Traces({}, TraceSort::kNewest, 100, cursor);
    REQUIRE(page.has_value());
    for (const TraceRow& row : page->rows) {
      ++runs;
      const auto reading = (*engine)->ReadTrace(row.key);
      REQUIRE(reading.has_value());
      for (const StoredFinding& finding : reading->summary.findings) {
        const TraceDetector* const detector = FindTraceDetector(finding.detector);
        if (!kOurs.contains(std::string(detector->name))) continue;
        Mode& mode = modes[finding.mode];
        mode.detector = detector->name;
        mode.agent = finding.locus.agent;
        mode.tool = finding.locus.tool;
        mode.confidence = detector->confidence;
        Names& spans = mode.traces[row.key.trace_id];
        for (const StoredEvidence& one : finding.evidence) spans.insert(one.quote.span_id);
      }
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  std::vector<Mode> out;
  for (auto& [id, mode] : modes) out.push_back(std::move(mode));
  return out;
}

json::value AnswerKey(const char* recording) {
  std::ifstream in(SourceDir() / "examples" / recording / "planted.json");
  return json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
}

std::string Text(const json::value& value) { return std::string(value.as_string()); }

// The spans of the turns of a defect in one trace.
Names TurnSpans(const json::value& defect, const std::string& trace) {
  Names spans;
  const json::value* const turns = defect.at("turns").as_object().if_contains(trace);
  if (turns == nullptr) return spans;
  for (const auto& turn : turns->as_array()) {
    for (const auto& [role, span] : turn.as_object()) spans.insert(Text(span));
  }
  return spans;
}

// Whether the mode lies in runs of the defect only, in half of them, and each time on its turn.
bool Shows(const Mode& mode, const json::value& defect) {
  Names affected;
  for (const auto& id : defect.at("trace_ids").as_array()) affected.insert(Text(id));
  if (mode.agent != Text(defect.at("locus").at("agent"))) return false;
  if (2 * mode.traces.size() < affected.size()) return false;
  return std::all_of(mode.traces.begin(), mode.traces.end(), [&](const auto& found) {
    const Names turn = TurnSpans(defect, found.first);
    return std::any_of(found.second.begin(), found.second.end(),
                       [&](const std::string& span) { return turn.contains(span); });
  });
}

TEST_CASE("each silent defect that a rule of what is said can find is one entry on its turns") {
  std::size_t runs = 0;
  const std::vector<Mode> modes = ModesOf("silent", runs);
  const json::value key = AnswerKey("silent");
  int planted = 0;
  for (const auto& defect : key.at("planted").as_array()) {
    Names rules;
    for (const auto& name : defect.at("found_by").as_array()) {
      if (kOurs.contains(Text(name))) rules.insert(Text(name));
    }
    if (rules.empty()) continue;
    ++planted;
    INFO(Text(defect.at("defect")));
    std::vector<std::string> shown;
    for (const Mode& mode : modes) {
      if (rules.contains(mode.detector) && mode.agent == Text(defect.at("locus").at("agent"))) {
        INFO(mode.detector << " at " << mode.tool << " in " << mode.traces.size());
        if (Shows(mode, defect)) shown.push_back(mode.detector);
      }
    }
    CHECK(shown.size() == 1);
  }
  CHECK(planted >= 7);
}

TEST_CASE("a run that waits for an approval shows none of it") {
  std::size_t runs = 0;
  const std::vector<Mode> modes = ModesOf("silent", runs);
  const json::value key = AnswerKey("silent");
  for (const auto& harmless : key.at("harmless").as_array()) {
    for (const auto& id : harmless.at("trace_ids").as_array()) {
      for (const Mode& mode : modes) {
        INFO(mode.detector << " in " << Text(id));
        CHECK_FALSE(mode.traces.contains(Text(id)));
      }
    }
  }
}

TEST_CASE("clean runs show nothing that is sure, and at most one candidate in twenty") {
  for (const bool fixed : {true, false}) {
    std::size_t runs = 0;
    const std::vector<Mode> modes = ModesOf(fixed ? "silent-fixed" : "silent", runs);
    Names clean;
    if (!fixed) {
      const json::value key = AnswerKey("silent");
      for (const auto& id : key.at("clean").as_array()) clean.insert(Text(id));
      runs = clean.size();
    }
    std::size_t candidates = 0;
    for (const Mode& mode : modes) {
      for (const auto& [trace, spans] : mode.traces) {
        if (!fixed && !clean.contains(trace)) continue;
        INFO(mode.detector << " at " << mode.agent << " in " << trace);
        CHECK(mode.confidence == Confidence::kCandidate);
        ++candidates;
      }
    }
    CHECK(20 * candidates <= runs);
  }
}

}  // namespace
}  // namespace halo
