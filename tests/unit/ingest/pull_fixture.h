// SPDX-License-Identifier: MIT
// An engine with a store of its own, and pulls from a server on this machine.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <string>

#include "engine/engine.h"
#include "engine/ingest/importing.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {

class PullFixture : public TempFolder {
 public:
  explicit PullFixture(std::map<std::string, std::string> environment)
      : environment_(std::move(environment)) {
    Result<std::unique_ptr<Engine>> engine = Engine::Open({"sqlite:" + Path("store/x.db"), {}, 1});
    REQUIRE(engine.has_value());
    engine_ = std::move(*engine);
  }

  PullOptions Options() const {
    PullOptions options;
    options.pace.first_backoff = std::chrono::milliseconds(1);
    options.pace.longest_backoff = std::chrono::milliseconds(2);
    options.environment = [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::string() : found->second;
    };
    return options;
  }

  Result<PullReport> TryPull(const ServiceConnection& connection, const PullOptions& options) {
    return engine_->importing().Pull(connection, options);
  }
  PullReport Pull(const ServiceConnection& connection, const PullOptions& options) {
    const Result<PullReport> report = TryPull(connection, options);
    if (!report) FAIL(report.error().message);
    return *report;
  }
  PullReport Pull(const ServiceConnection& connection) { return Pull(connection, Options()); }

  OverviewStats Overview() {
    const Result<OverviewStats> overview = engine_->Overview(Question());
    if (!overview) FAIL(overview.error().message);
    return *overview;
  }
  Engine& engine() { return *engine_; }

  // Whether any file of the store has these bytes.
  bool StoreHolds(std::string_view bytes) const {
    for (const auto& entry : std::filesystem::directory_iterator(Path("store"))) {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      if (content.find(bytes) != content.npos) return true;
    }
    return false;
  }

 private:
  const std::map<std::string, std::string> environment_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace halo
