// SPDX-License-Identifier: MIT
// Stored data survives kill -9 and several processes at once.
#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

#include "tests/system/support.h"

namespace halo::system_test {

TEST_CASE("an import killed at any point resumes and gives the same answers") {
  const TempFolder folder;
  WriteFile(folder.At("a.jsonl"), Join(SpanLines(600, 5)));
  const auto whole = Open(folder.StoreUrl("whole.db"));
  Ingest(*whole, {folder.At("a.jsonl")});
  const std::string expected = Answers(*whole);

  std::mt19937 random(11);
  int killed = 0;
  for (int round = 0; round < 6; ++round) {
    const std::string store = folder.StoreUrl("killed" + std::to_string(round) + ".db");
    // Several kills with one store, at random times during the import.
    for (int attempt = 0; attempt < 3; ++attempt) {
      const pid_t child = StartProgram({"ingest", folder.At("a.jsonl"), "--store", store});
      std::this_thread::sleep_for(std::chrono::milliseconds(random() % 120));
      kill(child, SIGKILL);
      killed += WaitFor(child) == 128 + SIGKILL;
      // Whatever was stored can be queried.
      const auto engine = Open(store);
      REQUIRE(engine->Overview({}).has_value());
    }
    const auto engine = Open(store);
    Ingest(*engine, {folder.At("a.jsonl")});
    CHECK(FirstDifference(Answers(*engine), expected) == "");
  }
  CHECK(killed > 0);
}

TEST_CASE("two processes can write to one store") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(300, 6);
  const std::size_t third = lines.size() / 3;
  const auto slice = [&](std::size_t from, std::size_t to) {
    return Join({lines.begin() + static_cast<long>(from), lines.begin() + static_cast<long>(to)});
  };
  WriteFile(folder.At("whole"), Join(lines));
  const auto whole = Open(folder.StoreUrl("whole.db"));
  Ingest(*whole, {folder.At("whole")});

  // Both files contain the middle third, which begins and ends within a trace.
  WriteFile(folder.At("one"), slice(0, 2 * third));
  WriteFile(folder.At("two"), slice(third, lines.size()));
  const std::string store = folder.StoreUrl("shared.db");
  const pid_t one = StartProgram({"ingest", folder.At("one"), "--store", store});
  const pid_t two = StartProgram({"ingest", folder.At("two"), "--store", store});
  CHECK(WaitFor(one) == 0);
  CHECK(WaitFor(two) == 0);
  const auto engine = Open(store);
  CHECK(engine->Overview({})->spans == static_cast<std::int64_t>(lines.size()));
  CHECK(FirstDifference(Answers(*engine), Answers(*whole)) == "");
}

}  // namespace halo::system_test
