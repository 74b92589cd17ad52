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
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "tests/contract/store_fixture.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

using TraceIds = std::set<std::string>;

// Detectors whose findings in these recordings must all be true.
constexpr std::string_view kSilent[] = {"error_as_success", "user_corrects"};

bool IsSilent(std::string_view detector) {
  return std::find(std::begin(kSilent), std::end(kSilent), detector) != std::end(kSilent);
}

struct Entry {
  std::string detector, agent, tool;
  TraceIds traces;
};

std::vector<Entry> EntriesOf(std::string_view recording) {
  const test::ScratchFolder scratch;
  auto engine = Engine::Open({"sqlite:" + scratch / "halo.db", Config{}});
  REQUIRE(engine.has_value());
  const std::vector<std::string> paths = {
      (SourceDir() / "examples" / std::string(recording) / "traces").string()};
  REQUIRE((*engine)->IngestPaths(paths, {}).has_value());
  const Result<ModeRanking> ranking = (*engine)->RankedModes({});
  REQUIRE(ranking.has_value());
  std::map<ModeId, TraceIds> traces;
  std::string cursor;
  do {
    const Result<TracePage> page = (*engine)->Traces({}, TraceSort::kNewest, 100, cursor);
    REQUIRE(page.has_value());
    for (const TraceRow& row : page->rows) {
      for (const ModeId mode : row.modes) traces[mode].insert(row.key.trace_id);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  std::vector<Entry> entries;
  for (const RankedMode& mode : ranking->modes) {
    const Locus& locus = mode.stats.locus;
    entries.push_back({std::string(mode.detector), locus.agent, locus.tool, traces[mode.stats.id]});
  }
  return entries;
}

TEST_CASE("a planted log-in page is one entry, in runs where it was returned") {
  std::ifstream in(SourceDir() / "examples/silent/planted.json");
  const boost::json::value key =
      boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  const std::vector<Entry> entries = EntriesOf("silent");
  int planted = 0;
  for (const auto& defect : key.at("planted").as_array()) {
    const auto& names = defect.at("found_by").as_array();
    const bool is_ours = std::any_of(names.begin(), names.end(), [](const auto& name) {
      return name.as_string() == "error_as_success";
    });
    if (!is_ours) continue;
    ++planted;
    INFO(defect.at("defect").as_string());
    TraceIds affected;
    for (const auto& id : defect.at("trace_ids").as_array()) {
      affected.insert(std::string(id.as_string()));
    }
    std::vector<const Entry*> found;
    for (const Entry& entry : entries) {
      if (entry.detector == "error_as_success") found.push_back(&entry);
    }
    REQUIRE(found.size() == 1);
    CHECK(found[0]->agent == defect.at("locus").at("agent").as_string());
    CHECK(found[0]->tool == defect.at("locus").at("tool").as_string());
    CHECK(2 * found[0]->traces.size() >= affected.size());
    for (const std::string& trace : found[0]->traces) CHECK(affected.contains(trace));
  }
  CHECK(planted > 0);
}

TEST_CASE("where all silent defects are fixed, their detectors find nothing") {
  for (const Entry& entry : EntriesOf("silent-fixed")) {
    INFO(entry.detector << " at " << entry.agent << "/" << entry.tool);
    CHECK_FALSE(IsSilent(entry.detector));
  }
}

}  // namespace
}  // namespace halo
