// SPDX-License-Identifier: MIT
// Pulls from a server that answers as Arize Phoenix does, with faults.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "tests/support/fake_phoenix.h"
#include "tests/support/scripted_server.h"
#include "tests/unit/ingest/pull_fixture.h"

namespace halo {
namespace {

struct Project {
  explicit Project(int count) : server([this](const ServedRequest& r) { return fake.Answer(r); }) {
    for (int i = 0; i < count; ++i) fake.traces.push_back(MakeFakePhoenixTrace(i, 1 + i % 5));
    connection.service = Service::kPhoenix;
    connection.source_project = "my project";
    connection.url = server.url();
  }
  std::int64_t spans() const {
    std::int64_t count = 0;
    for (const FakePhoenixTrace& trace : fake.traces) count += trace.spans;
    return count;
  }

  FakePhoenix fake;
  ServiceConnection connection;
  ScriptedServer server;
};

std::map<std::string, std::string> Key() { return {{"PHOENIX_API_KEY", FakePhoenix::kSecret}}; }

void CheckWhole(PullFixture& store, const Project& project) {
  const OverviewStats overview = store.Overview();
  CHECK(overview.traces == static_cast<std::int64_t>(project.fake.traces.size()));
  CHECK(overview.spans == project.spans());
}

TEST_CASE("a pull from Phoenix stores every span") {
  for (const bool lists_traces : {true, false}) {
    INFO("the server " << (lists_traces ? "lists" : "does not list") << " traces");
    Project project(230);
    if (!lists_traces) project.fake.missing = {"traces"};
    project.fake.page_size = 40;
    PullFixture store(Key());
    const PullReport report = store.Pull(project.connection);
    CHECK(report.stored.new_traces == 230);
    CHECK(report.stored.new_spans == project.spans());
    CHECK(report.rejects.empty());
    CHECK(report.notes.empty());
    CheckWhole(store, project);
    CHECK(store.Overview().llm_calls > 0);
    CHECK_FALSE(store.StoreHolds(FakePhoenix::kSecret));
    const PullReport again = store.Pull(project.connection);
    CHECK(again.resumed);
    CHECK(again.stored.new_spans == 0);
  }
}

TEST_CASE("annotations of Phoenix become outcomes, also those that come late") {
  Project project(8);
  project.fake.traces[0].label = "correct";
  project.fake.traces[1].label = "incorrect";
  project.fake.traces[2].trace_label = "incorrect";
  PullFixture store(Key());
  const auto outcomes = [&store](Outcome outcome) {
    return store.Overview().outcomes[static_cast<std::size_t>(outcome)];
  };
  store.Pull(project.connection);
  CHECK(outcomes(Outcome::kSuccess) == 1);
  CHECK(outcomes(Outcome::kFailure) == 2);
  project.fake.traces[3].label = "incorrect";
  project.fake.traces[4].label = "correct";
  PullOptions options = store.Options();
  options.overlap = std::chrono::hours(24 * 365 * 100);
  store.Pull(project.connection, options);
  CHECK(outcomes(Outcome::kSuccess) == 2);
  CHECK(outcomes(Outcome::kFailure) == 3);
  CheckWhole(store, project);

  // Servers without annotations of traces, or without any.
  Project old(3);
  old.fake.missing = {"trace_annotations"};
  PullFixture second(Key());
  CHECK(second.Pull(old.connection).notes.empty());
  Project older(3);
  older.fake.missing = {"trace_annotations", "span_annotations"};
  PullFixture third(Key());
  CHECK(third.Pull(older.connection).notes.size() == 1);
  CheckWhole(third, older);
}

TEST_CASE("a pull from Phoenix that is interrupted goes on without loss or repetition") {
  for (const std::size_t allowed : {1U, 3U, 6U, 9U, 12U}) {
    for (const bool lists_traces : {true, false}) {
      INFO("after " << allowed << " requests");
      Project project(220);
      if (!lists_traces) project.fake.missing = {"traces"};
      project.fake.page_size = 60;
      PullFixture store(Key());
      project.fake.before = [&](const ServedRequest&) -> std::optional<ServedAnswer> {
        if (project.server.requests().size() <= allowed) return std::nullopt;
        return ServedAnswer{200, std::string(1000, ' '), {}, 0.5};
      };
      PullOptions options = store.Options();
      options.pace.attempts = 2;
      const Result<PullReport> broken = store.TryPull(project.connection, options);
      const std::int64_t first = broken ? broken->stored.new_spans : 0;
      project.fake.before = nullptr;
      const PullReport rest = store.Pull(project.connection);
      CHECK(first + rest.stored.new_spans == project.spans());
      CheckWhole(store, project);
    }
  }
}

TEST_CASE("a dry run of Phoenix counts, and a wrong key or project is said") {
  Project project(20);
  PullFixture store(Key());
  PullOptions options = store.Options();
  options.dry_run = true;
  const PullReport report = store.Pull(project.connection, options);
  CHECK(report.found.traces == 20);
  CHECK(report.found.spans == project.spans());
  CHECK(store.Overview().traces == 0);

  PullFixture wrong(std::map<std::string, std::string>{{"PHOENIX_API_KEY", "other-secret-key"}});
  const Result<PullReport> refused = wrong.TryPull(project.connection, wrong.Options());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().message.find("HTTP 401") != std::string::npos);
  CHECK(refused.error().message.find("other-secret-key") == std::string::npos);
  ServiceConnection unknown = project.connection;
  unknown.source_project = "absent";
  const Result<PullReport> absent = store.TryPull(unknown, store.Options());
  REQUIRE_FALSE(absent.has_value());
  CHECK(absent.error().message.find("HTTP 404") != std::string::npos);
}

}  // namespace
}  // namespace halo
