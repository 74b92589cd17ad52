// SPDX-License-Identifier: MIT
#include "server/commands/report_gate.h"

#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

namespace halo {
namespace {

GateEntry EntryOf(std::string id, std::string generality, std::int64_t runs,
                  std::int64_t eligible_runs, std::vector<std::string> members = {}) {
  return {std::move(id), std::move(members), "error_cluster", std::move(generality),
          runs,          eligible_runs};
}

std::vector<std::string> IdsOf(const std::vector<GateHit>& hits) {
  std::vector<std::string> ids;
  for (const GateHit& hit : hits) {
    ids.push_back(hit.entry->id + (hit.before != nullptr ? " worse" : ""));
  }
  return ids;
}

using Ids = std::vector<std::string>;

std::string ReportWith(std::span<const GateEntry> entries) {
  return boost::json::serialize(boost::json::object{{"entries", WriteEntries(entries)}});
}

}  // namespace

TEST_CASE("entries fail a build from their level on") {
  const std::vector<GateEntry> entries = {EntryOf("fm_a", "systemic", 9, 40),
                                          EntryOf("fm_b", "one_off", 1, 40),
                                          EntryOf("fm_c", "recurring", 3, 40)};
  CHECK(IdsOf(FindHits(entries, Generality::kSystemic, std::nullopt)) == Ids{"fm_a"});
  CHECK(IdsOf(FindHits(entries, Generality::kRecurring, std::nullopt)) == Ids{"fm_a", "fm_c"});
  CHECK(IdsOf(FindHits(entries, Generality::kOneOff, std::nullopt)) == Ids{"fm_a", "fm_b", "fm_c"});
  CHECK(FindHits({}, Generality::kOneOff, std::nullopt).empty());
}

TEST_CASE("with a baseline only new and more frequent entries fail a build") {
  const std::vector<GateEntry> before = {
      EntryOf("fm_same", "systemic", 10, 40), EntryOf("fm_worse", "systemic", 10, 40),
      EntryOf("fm_old", "systemic", 10, 40, {"fm_variant"}), EntryOf("fm_gone", "systemic", 9, 40)};
  const Result<std::vector<GateEntry>> baseline = ReadBaseline(ReportWith(before));
  REQUIRE(baseline.has_value());
  const std::vector<GateEntry> now = {
      EntryOf("fm_same", "systemic", 14, 40),  // not significantly more
      EntryOf("fm_worse", "systemic", 30, 40), EntryOf("fm_new", "systemic", 5, 40),
      EntryOf("fm_variant", "systemic", 10, 40, {"fm_old"})};  // named after another member
  CHECK(IdsOf(FindHits(now, Generality::kSystemic, *baseline)) == Ids{"fm_worse worse", "fm_new"});
  CHECK(IdsOf(FindHits(now, Generality::kSystemic, std::vector<GateEntry>())).size() == 4);
}

TEST_CASE("what is no report is no baseline") {
  for (const char* text :
       {"", "[]", "{}", R"({"entries":{}})", R"({"entries":[1]})", R"({"entries":[{"id":"fm_1"}]})",
        R"({"entries":[{"id":"fm_1","runs":3,"eligible_runs":2}]})",
        R"({"entries":[{"id":"x","runs":1,"eligible_runs":2}]})",
        R"({"entries":[{"id":"fm_1","runs":1,"eligible_runs":2,"members":"fm_2"}]})"}) {
    INFO(text);
    const Result<std::vector<GateEntry>> read = ReadBaseline(text);
    REQUIRE(!read.has_value());
    CHECK(read.error().message.find("report --json") != std::string::npos);
  }
  CHECK(ReadBaseline(R"({"entries":[]})")->empty());
}

}  // namespace halo
