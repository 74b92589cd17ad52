// SPDX-License-Identifier: MIT
// Compares the findings for the example agent with the answer key of the recording: each planted
// defect is one failure mode, in exactly the traces where it took effect; everything else is a
// one-off. HALO_EXAMPLE selects another recording instead of the bundled one, and prints its
// scores.
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
using TraceIds = std::set<std::string>;

// A detector at a place. If `tool` is absent, any tool fits.
struct Symptom {
  std::string detector, agent;
  std::optional<std::string> tool;

  bool Fits(const RankedMode& mode) const {
    const Locus& locus = mode.stats.locus;
    return mode.detector == detector && locus.agent == agent && (!tool || locus.tool == *tool);
  }
};

struct Planted {
  std::string defect;
  bool later = false;
  Symptom symptom;
  std::vector<Symptom> also;
  TraceIds traces;
};

struct AnswerKey {
  std::int64_t runs = 0;
  std::vector<Planted> planted;
  TraceIds clean;
};

template <class T>
T Must(Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  return std::move(*result);
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Unzip(const fs::path& path) {
  const gzFile in = gzopen(path.c_str(), "rb");
  REQUIRE(in);
  std::string out;
  std::array<char, 1 << 16> part;
  for (int count; (count = gzread(in, part.data(), part.size())) > 0;) {
    out.append(part.data(), static_cast<std::size_t>(count));
  }
  gzclose(in);
  return out;
}

Symptom ReadSymptom(std::string_view detector, const boost::json::object& locus) {
  Symptom symptom{std::string(detector), std::string(locus.at("agent").as_string()), {}};
  if (const auto* tool = locus.if_contains("tool")) symptom.tool = std::string(tool->as_string());
  return symptom;
}

TraceIds ReadIds(const boost::json::value& ids) {
  TraceIds out;
  for (const auto& id : ids.as_array()) out.emplace(id.as_string());
  return out;
}

AnswerKey ReadAnswerKey(const fs::path& path) {
  const boost::json::value json = boost::json::parse(ReadAll(path));
  AnswerKey key{json.at("runs").as_int64(), {}, ReadIds(json.at("clean"))};
  for (const auto& item : json.at("planted").as_array()) {
    Planted planted{std::string(item.at("defect").as_string()),
                    item.at("later").as_bool(),
                    ReadSymptom(item.at("detector").as_string(), item.at("locus").as_object()),
                    {},
                    ReadIds(item.at("trace_ids"))};
    for (const auto& also : item.at("also").as_array()) {
      planted.also.push_back(ReadSymptom(also.at("detector").as_string(), also.as_object()));
    }
    key.planted.push_back(std::move(planted));
  }
  return key;
}

std::vector<Label> ReadLabels(const fs::path& path) {
  std::ifstream in(path);
  REQUIRE(in);
  std::vector<Label> labels;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t comma = line.find(',');
    const bool success = line.substr(comma + 1) == "success";
    labels.push_back(
        {{"", line.substr(0, comma)}, success ? Outcome::kSuccess : Outcome::kFailure});
  }
  return labels;
}

// A recording, read and analysed by the product.
class Recording {
 public:
  Recording() {
    const char* other = std::getenv("HALO_EXAMPLE");
    is_bundled = !other || !*other;
    folder = is_bundled ? SourceDir() / "examples" : fs::path(other);
    key = ReadAnswerKey(folder / "planted.json");

    std::string pattern = (fs::temp_directory_path() / "halo-examples-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    scratch_ = pattern;
    const auto engine = Must(Engine::Open({"sqlite:" + (scratch_ / "halo.db").string(), Config{}}));
    const std::vector<std::string> paths = {(folder / "traces").string()};
    rejects = Must(engine->IngestPaths(paths, {})).rejects;
    Must(engine->PutLabels(ReadLabels(folder / "labels.csv")));

    ranking = Must(engine->RankedModes({}));
    for (std::string cursor;;) {
      const TracePage page = Must(engine->Traces({}, TraceSort::kNewest, 100, cursor));
      for (const TraceRow& row : page.rows) {
        for (const ModeId mode : row.modes) traces_of[mode].insert(row.key.trace_id);
      }
      cursor = page.next_cursor;
      if (cursor.empty()) break;
    }
  }
  ~Recording() {
    std::error_code ignored;
    fs::remove_all(scratch_, ignored);
  }

  bool is_bundled = true;
  fs::path folder;
  AnswerKey key;
  std::map<std::string, std::int64_t> rejects;
  ModeRanking ranking;
  std::map<ModeId, TraceIds> traces_of;

 private:
  fs::path scratch_;
};

const Recording& TheRecording() {
  static const auto recording = std::make_unique<Recording>();
  return *recording;
}

std::int64_t Common(const TraceIds& a, const TraceIds& b) {
  return std::count_if(a.begin(), a.end(), [&](const auto& id) { return b.count(id) > 0; });
}

std::string Describe(const RankedMode& mode) {
  const Locus& locus = mode.stats.locus;
  return std::string(mode.detector) + " at " + locus.agent + "/" + locus.tool + "/" +
         locus.span_name + ", " + std::to_string(mode.stats.traces) + " traces, " +
         std::string(GeneralityName(mode.generality)) + ": " + mode.stats.signature;
}

// Of the modes that fit the symptom, the one with most of the traces in which the defect took
// effect; null if there is none.
const RankedMode* BestMode(const Recording& recording, const Planted& planted) {
  const RankedMode* best = nullptr;
  std::int64_t most = 0;
  for (const RankedMode& mode : recording.ranking.modes) {
    if (!planted.symptom.Fits(mode)) continue;
    const std::int64_t hits = Common(recording.traces_of.at(mode.stats.id), planted.traces);
    if (hits > most) {
      best = &mode;
      most = hits;
    }
  }
  return best;
}

// Whether the answer key accounts for the mode: it fits a defect, and the defect took effect in at
// least half of its traces.
bool IsExplained(const Recording& recording, const RankedMode& mode) {
  const TraceIds& traces = recording.traces_of.at(mode.stats.id);
  const auto explains = [&](const Planted& planted) {
    const bool fits = planted.symptom.Fits(mode) ||
                      std::any_of(planted.also.begin(), planted.also.end(),
                                  [&](const Symptom& symptom) { return symptom.Fits(mode); });
    return fits && 2 * Common(traces, planted.traces) >= static_cast<std::int64_t>(traces.size());
  };
  return std::any_of(recording.key.planted.begin(), recording.key.planted.end(), explains);
}

}  // namespace

TEST_CASE("every run of the example is read, with its outcome from the label") {
  const Recording& recording = TheRecording();
  const OverviewStats& totals = recording.ranking.totals;
  CHECK(recording.rejects.empty());
  CHECK(totals.traces == recording.key.runs);
  CHECK(totals.open_traces == 0);
  CHECK(totals.outcome_rules[static_cast<std::size_t>(OutcomeRule::kLabel)] == totals.units);
  CHECK(totals.unpriced_calls == 0);
  CHECK(totals.health.unknown_convention == 0);
  CHECK(totals.health.missing_parents == 0);
  CHECK(totals.health.outside_parent == 0);
}

TEST_CASE(
    "each planted defect of the example is found as one mode, in the runs where it took effect") {
  const Recording& recording = TheRecording();
  if (!recording.is_bundled) {
    std::printf("%-18s %-18s %5s %9s %6s %s\n", "defect", "detector", "runs", "precision", "recall",
                "rank");
  }
  for (const Planted& planted : recording.key.planted) {
    if (planted.later) continue;
    INFO(planted.defect << " must be found by " << planted.symptom.detector);
    const RankedMode* mode = BestMode(recording, planted);
    CHECK(mode);
    if (!mode) continue;
    INFO(Describe(*mode));
    const TraceIds& found = recording.traces_of.at(mode->stats.id);
    const double hits = static_cast<double>(Common(found, planted.traces));
    const double precision = hits / static_cast<double>(found.size());
    const double recall = hits / static_cast<double>(planted.traces.size());
    if (!recording.is_bundled) {
      std::printf("%-18s %-18s %5zu %9.2f %6.2f %td\n", planted.defect.c_str(),
                  planted.symptom.detector.c_str(), planted.traces.size(), precision, recall,
                  mode - recording.ranking.modes.data() + 1);
    }
    CHECK(precision >= 0.9);
    CHECK(recall >= 0.9);
    CHECK(mode->generality != Generality::kOneOff);
    for (const RankedMode& other : recording.ranking.modes) {
      if (&other == mode || !planted.symptom.Fits(other)) continue;
      INFO("also " << Describe(other));
      CHECK(2 * Common(recording.traces_of.at(other.stats.id), planted.traces) < hits);
    }
  }
}

TEST_CASE("failures that were not planted are one-offs, which are not listed by default") {
  const Recording& recording = TheRecording();
  for (const RankedMode& mode : recording.ranking.modes) {
    if (IsExplained(recording, mode)) continue;
    INFO(Describe(mode));
    CHECK(mode.generality == Generality::kOneOff);
  }
}

TEST_CASE("runs of the example without a failure have no findings") {
  const Recording& recording = TheRecording();
  CHECK(recording.key.clean.size() * 4 > static_cast<std::size_t>(recording.key.runs));
  for (const RankedMode& mode : recording.ranking.modes) {
    INFO(Describe(mode));
    CHECK(Common(recording.traces_of.at(mode.stats.id), recording.key.clean) == 0);
  }
}

TEST_CASE("no trace of the example names its defect") {
  const Recording& recording = TheRecording();
  for (const auto& entry : fs::directory_iterator(recording.folder / "traces")) {
    const std::string text = Unzip(entry.path());
    CHECK_FALSE(text.empty());
    for (const Planted& planted : recording.key.planted) {
      INFO(entry.path() << ": " << planted.defect);
      CHECK(text.find(planted.defect) == text.npos);
    }
  }
}

}  // namespace halo
