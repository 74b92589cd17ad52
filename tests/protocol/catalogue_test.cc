// SPDX-License-Identifier: MIT
// Resources, prompts, completion, subscriptions, tasks and questions to the client, on the
// catalogue of the conformance suite.
#include <catch2/catch.hpp>
#include <chrono>

#include "tests/conformance/fixture_catalogue.h"
#include "tests/support/source_dir.h"
#include "tests/support/transcript.h"

namespace halo {

TEST_CASE("all that a catalogue may hold is served in every transcript over every transport") {
  using std::chrono::milliseconds;
  const auto transcripts = TranscriptsIn(SourceDir() / "tests/protocol/catalogue");
  REQUIRE_FALSE(transcripts.empty());
  for (const auto& transcript : transcripts) {
    const bool pushed = transcript.stem().string().ends_with("_pushed");
    for (const WireKind& kind : AllWires()) {
      if (pushed && !kind.pushes) continue;
      DYNAMIC_SECTION(transcript.stem().string() << " over " << kind.name) {
        const Dispatcher dispatcher(ConformanceCatalogue(),
                                    {milliseconds(0), {milliseconds(5), 10}});
        CHECK(Play(transcript, *kind.open(dispatcher)) == "");
      }
    }
  }
}

}  // namespace halo
