// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>

#include "engine/engine.h"
#include "schemas/json_text.h"
#include "server/server_info.h"
#include "server/tool_listing.h"
#include "tests/support/transcript.h"

namespace halo {
namespace {

const std::filesystem::path kSource = HALO_SOURCE_DIR;

// A store with a day of the example agent.
class ExampleStore {
 public:
  ExampleStore() : folder_(std::filesystem::temp_directory_path() / Name()) {
    std::filesystem::create_directory(folder_);
    auto engine = Engine::Open({"sqlite:" + (folder_ / "store.db").string(), {}, 0});
    REQUIRE(engine.has_value());
    engine_ = std::move(*engine);
    const std::string day = (kSource / "examples/traces/2026-03-02.jsonl.gz").string();
    REQUIRE(engine_->IngestPaths({&day, 1}, {}).has_value());
  }
  ~ExampleStore() {
    engine_.reset();
    std::filesystem::remove_all(folder_);
  }
  Engine& engine() { return *engine_; }

 private:
  static std::string Name() { return "halo_protocol_" + std::to_string(::getpid()); }

  const std::filesystem::path folder_;
  std::unique_ptr<Engine> engine_;
};

// The words of the instructions that look like names of tools.
std::set<std::string> ToolWords(const std::string& text) {
  std::set<std::string> words;
  const auto in_name = [](char c) { return c == '_' || (c >= 'a' && c <= 'z'); };
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), in_name);
    at = std::find_if_not(begin, text.end(), in_name);
    const std::string word(begin, at);
    if (word.find('_') != std::string::npos && word != "micro_usd") words.insert(word);
  }
  return words;
}

}  // namespace

TEST_CASE("the product's tools answer in every transcript over every transport") {
  ExampleStore store;
  const Dispatcher dispatcher(store.engine(), AllTools(), HaloServer());
  for (const auto& transcript : TranscriptsIn(kSource / "tests/protocol/product")) {
    for (const WireKind& kind : AllWires()) {
      INFO(transcript.stem().string() << " over " << kind.name);
      CHECK(Play(transcript, *kind.open(dispatcher)) == "");
    }
  }
}

TEST_CASE("the instructions name only tools that there are") {
  std::set<std::string> tools;
  for (const Tool& tool : AllTools()) tools.insert(tool.info.name);
  const std::set<std::string> words = ToolWords(HaloServer().instructions);
  CHECK(words.size() >= 6);
  for (const std::string& word : words) CHECK(tools.contains(word));
}

}  // namespace halo
