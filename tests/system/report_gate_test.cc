// SPDX-License-Identifier: MIT
// `halo-mcp report --fail-on` as a build runs it.
#include <catch2/catch.hpp>

#include "tests/support/source_dir.h"
#include "tests/system/faults.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

bool Has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

}  // namespace

TEST_CASE("a build fails on failure modes that its baseline does not have") {
  const TempFolder folder;
  const std::string store = " --store " + folder.StoreUrl("a.db");
  const std::string traces = (SourceDir() / "examples" / "traces").string();
  const std::string report = folder.At("report.json");
  REQUIRE(RunProgram("ingest " + traces + "/2026-03-02.jsonl.gz" + store).first == 0);
  // Nothing is known of the day before.
  WriteFile(folder.At("empty.json"), R"({"entries":[]})");
  const std::string gate = "report --fail-on recurring --output " + folder.At("a.md");
  const auto [failed, said] =
      RunProgram(gate + " --baseline " + folder.At("empty.json") + store + " 2>&1");
  CHECK(failed == 3);
  CHECK(Has(said, "not in the baseline"));
  CHECK(RunProgram(gate + store).first == 3);
  // Against itself nothing is new.
  REQUIRE(RunProgram("report --json --output " + report + store).first == 0);
  CHECK(RunProgram(gate + " --baseline " + report + store).first == 0);
  CHECK(RunProgram(gate + R"( --filters '{"agent":"nobody"}')" + store).first == 0);

  CHECK(RunProgram(gate + " --baseline " + folder.At("none.json") + store).first == 1);
  CHECK(RunProgram(gate + " --baseline " + folder.At("a.md") + store).first == 2);
  CHECK(RunProgram("report --fail-on everything" + store).first == 2);
}

}  // namespace halo::system_test
