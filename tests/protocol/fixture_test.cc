// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/support/fixture_tools.h"
#include "tests/support/source_dir.h"
#include "tests/support/transcript.h"
#include "tests/unit/tools/fake_engine.h"

namespace halo {

TEST_CASE("the protocol is kept in every transcript over every transport") {
  Engine engine;
  const Dispatcher dispatcher(FixtureCatalogue(engine), {std::chrono::milliseconds(0), {}});
  const auto transcripts = TranscriptsIn(SourceDir() / "tests/protocol/fixture");
  REQUIRE_FALSE(transcripts.empty());
  for (const auto& transcript : transcripts) {
    for (const WireKind& kind : AllWires()) {
      DYNAMIC_SECTION(transcript.stem().string() << " over " << kind.name) {
        CHECK(Play(transcript, *kind.open(dispatcher)) == "");
      }
    }
  }
}

}  // namespace halo
