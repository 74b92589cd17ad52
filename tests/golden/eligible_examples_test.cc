// SPDX-License-Identifier: MIT
// In every recording of an example agent, the runs that show an entry are among those that could
// show it, which the detectors declare whatever the run did.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tests/contract/store_fixture.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

TEST_CASE("runs that show an entry are eligible for it, in every recording") {
  std::size_t entries = 0;
  for (const char* recording :
       {"examples/emitters", "examples/silent", "examples/silent-fixed", "examples/traces"}) {
    const std::filesystem::path path = SourceDir() / recording;
    if (!std::filesystem::exists(path)) continue;
    const test::ScratchFolder scratch;
    auto engine = Engine::Open({"sqlite:" + scratch / "halo.db", Config{}});
    REQUIRE(engine.has_value());
    const std::vector<std::string> paths = {path.string()};
    REQUIRE((*engine)->IngestPaths(paths, {}).has_value());
    const Result<ModeRanking> ranking = (*engine)->RankedModes({});
    REQUIRE(ranking.has_value());
    for (const RankedMode& mode : ranking->modes) {
      INFO(recording << ": " << mode.detector << " at " << mode.stats.locus.agent << "/"
                     << mode.stats.locus.tool << "/" << mode.stats.locus.span_name << ": "
                     << mode.stats.signature);
      CHECK(mode.stats.ineligible_units == 0);
      CHECK(mode.stats.units <= mode.stats.eligible_units);
      ++entries;
    }
  }
  CHECK(entries > 30);
}

}  // namespace
}  // namespace halo
