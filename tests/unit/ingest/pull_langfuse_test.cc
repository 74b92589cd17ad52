// SPDX-License-Identifier: MIT
// Pulls from a server that answers as Langfuse does, with faults.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/rfc3339.h"
#include "tests/support/fake_langfuse.h"
#include "tests/support/scripted_server.h"
#include "tests/unit/ingest/pull_fixture.h"

namespace halo {
namespace {

std::map<std::string, std::string> Keys(const std::string& secret = FakeLangfuse::kSecret) {
  return {{"LANGFUSE_PUBLIC_KEY", FakeLangfuse::kPublic}, {"LANGFUSE_SECRET_KEY", secret}};
}

// A project of `count` traces, of 1 to 7 observations, behind a server.
struct Project {
  explicit Project(int count) : server([this](const ServedRequest& r) { return fake.Answer(r); }) {
    for (int i = 0; i < count; ++i) Add();
    connection.service = Service::kLangfuse;
    connection.url = server.url();
  }
  void Add() {
    const int number = static_cast<int>(fake.traces.size());
    fake.traces.push_back(MakeFakeTrace(number, 1 + number % 7));
  }
  std::int64_t spans() const {
    std::int64_t count = 0;
    for (const FakeTrace& trace : fake.traces) count += trace.observations;
    return count;
  }

  FakeLangfuse fake;
  ServiceConnection connection;
  ScriptedServer server;
};

void CheckWhole(PullFixture& store, const Project& project) {
  const OverviewStats overview = store.Overview();
  CHECK(overview.traces == static_cast<std::int64_t>(project.fake.traces.size()));
  CHECK(overview.spans == project.spans());
  CHECK(overview.open_traces == 0);
}

TEST_CASE("a pull stores every trace with its observations") {
  Project project(230);
  PullFixture store(Keys());
  const PullReport report = store.Pull(project.connection);
  CHECK(report.traces == 230);
  CHECK(report.stored.new_traces == 230);
  CHECK(report.stored.new_spans == project.spans());
  CHECK(report.rejects.empty());
  CHECK(report.notes.empty());
  CheckWhole(store, project);
  const OverviewStats overview = store.Overview();
  CHECK(overview.llm_calls > 0);
  CHECK(overview.tool_calls > 0);
  CHECK(overview.usage.input == 10 * overview.llm_calls);
  CHECK(overview.sessions == 115);
  CHECK_FALSE(store.StoreHolds(FakeLangfuse::kSecret));
}

TEST_CASE("a second pull reads what is new, and nothing twice") {
  Project project(120);
  PullFixture store(Keys());
  store.Pull(project.connection);
  for (int i = 0; i < 5; ++i) project.Add();
  PullOptions options = store.Options();
  options.overlap = std::chrono::hours(1);
  // The pull asked until now, which is long after the traces; what is late needs the overlap.
  const PullReport none = store.Pull(project.connection, options);
  CHECK(none.resumed);
  CHECK(none.traces == 0);
  options.overlap = std::chrono::hours(24 * 365 * 100);
  const PullReport late = store.Pull(project.connection, options);
  CHECK(late.stored.new_traces == 5);
  CHECK(late.stored.repeated_spans > 0);
  CheckWhole(store, project);
  // Older than what was pulled: from the start again.
  options.again = true;
  CHECK(store.Pull(project.connection, options).stored.new_spans == 0);
  CheckWhole(store, project);
}

TEST_CASE("pulls of parts of the time join into one") {
  Project project(100);
  PullFixture store(Keys());
  PullOptions options = store.Options();
  options.from_ns = project.fake.traces[40].start_ns;
  options.to_ns = project.fake.traces[60].start_ns;
  CHECK(store.Pull(project.connection, options).stored.new_traces == 20);
  options.overlap = std::chrono::seconds(0);
  options.to_ns = project.fake.traces[80].start_ns;
  const PullReport next = store.Pull(project.connection, options);
  CHECK(next.resumed);
  CHECK(next.traces == 20);
  CHECK(next.stored.new_traces == 20);
  // Everything: begins before what was pulled.
  const PullReport all = store.Pull(project.connection);
  CHECK_FALSE(all.resumed);
  CHECK(all.stored.new_traces == 60);
  CheckWhole(store, project);
}

TEST_CASE("an end before the overlap of an earlier pull asks the service for nothing") {
  Project project(100);
  PullFixture store(Keys());
  PullOptions options = store.Options();
  options.from_ns = project.fake.traces[20].start_ns;
  options.to_ns = project.fake.traces[60].start_ns;
  options.overlap = std::chrono::seconds(0);
  store.Pull(project.connection, options);
  const std::size_t requests = project.server.requests().size();
  options.to_ns = project.fake.traces[40].start_ns;
  const PullReport none = store.Pull(project.connection, options);
  CHECK(project.server.requests().size() == requests);
  CHECK(none.traces == 0);
  CHECK(none.from_ns <= none.to_ns);
  REQUIRE(none.notes.size() == 1);
  options.dry_run = true;
  CHECK(store.Pull(project.connection, options).found.traces == 0);
  CHECK(project.server.requests().size() == requests);
  // What was pulled is not forgotten by it.
  options.dry_run = false;
  options.to_ns = project.fake.traces[80].start_ns;
  const PullReport next = store.Pull(project.connection, options);
  CHECK(next.traces == 20);
  CHECK(next.stored.new_traces == 20);
}

TEST_CASE("a pull that is interrupted anywhere goes on without loss or repetition") {
  for (const std::size_t allowed : {1U, 2U, 3U, 4U, 6U, 9U, 13U, 15U}) {
    INFO("after " << allowed << " requests");
    Project project(320);
    PullFixture store(Keys());
    project.fake.before = [&](const ServedRequest&) -> std::optional<ServedAnswer> {
      if (project.server.requests().size() <= allowed) return std::nullopt;
      return ServedAnswer{503, ""};
    };
    PullOptions options = store.Options();
    options.pace.attempts = 2;
    const Result<PullReport> broken = store.TryPull(project.connection, options);
    const std::int64_t first = broken ? broken->stored.new_spans : 0;
    if (broken) CHECK(broken->broken.has_value());
    CHECK(first < project.spans());
    project.fake.before = nullptr;
    const PullReport rest = store.Pull(project.connection);
    CHECK(first + rest.stored.new_spans == project.spans());
    // What was stored is not read again, but for the second around the last trace.
    CHECK(rest.resumed == (first > 0));
    if (first > 0) CHECK(rest.traces < 320);
    CheckWhole(store, project);
  }
}

TEST_CASE("faults on the way change nothing") {
  Project project(150);
  PullFixture store(Keys());
  int count = 0;
  project.fake.before = [&](const ServedRequest&) -> std::optional<ServedAnswer> {
    switch (++count % 6) {
      case 1:
        return ServedAnswer{429, "", {{"Retry-After", "0"}}};
      case 3:
        return ServedAnswer{500, "<html>"};
      case 5:
        return ServedAnswer{200, std::string(50'000, ' '), {}, 0.5};
      default:
        return std::nullopt;
    }
  };
  PullOptions options = store.Options();
  options.pace.attempts = 10;  // several of the requests at once may be the unlucky ones
  const PullReport report = store.Pull(project.connection, options);
  CHECK_FALSE(report.broken.has_value());
  CheckWhole(store, project);
}

TEST_CASE("small pages and repeated pages change nothing") {
  Project project(250);
  project.fake.page_size = 7;
  project.fake.repeat_pages = true;
  PullFixture store(Keys());
  store.Pull(project.connection);
  CheckWhole(store, project);
}

TEST_CASE("every version of the API is read") {
  const std::vector<std::set<std::string, std::less<>>> versions = {
      {"/api/public/v2/observations", "/api/public/v3/scores"},
      {"/api/public/v2/observations", "/api/public/observations", "/api/public/v3/scores"},
      {"/api/public/traces", "/api/public/traces/ID", "/api/public/observations",
       "/api/public/v2/scores"}};
  for (const auto& missing : versions) {
    INFO(*missing.begin() << " and others are missing");
    Project project(120);
    project.fake.missing = missing;
    FakeTrace& failed = project.fake.traces[5];
    failed.scores = {{"score-1", "correct", "false", "BOOLEAN", ""}};
    PullFixture store(Keys());
    const PullReport report = store.Pull(project.connection);
    CHECK(report.notes.empty());
    CHECK(report.stored.new_traces == 120);
    CheckWhole(store, project);
    CHECK(store.Overview().outcomes[static_cast<std::size_t>(Outcome::kFailure)] == 1);
  }
}

TEST_CASE("scores become outcomes, also those that come late") {
  for (const bool v3 : {true, false}) {
    Project project(6);
    if (!v3) project.fake.missing = {"/api/public/v3/scores"};
    project.fake.traces[0].scores = {{"s-0", "reward", "1", "NUMERIC", ""}};
    project.fake.traces[1].scores = {{"s-1", "reward", "0", "NUMERIC", ""}};
    project.fake.traces[2].scores = {{"s-2", "verdict", "\"correct\"", "CATEGORICAL", ""}};
    PullFixture store(Keys());
    store.Pull(project.connection);
    const auto outcomes = [&store](Outcome outcome) {
      return store.Overview().outcomes[static_cast<std::size_t>(outcome)];
    };
    CHECK(outcomes(Outcome::kSuccess) == 2);
    CHECK(outcomes(Outcome::kFailure) == 1);

    project.fake.traces[3].scores = {{"s-3", "passed", "false", "BOOLEAN", ""}};
    project.fake.traces[4].scores = {{"s-4", "passed", "true", "BOOLEAN", ""}};
    PullOptions options = store.Options();
    options.overlap = std::chrono::hours(24 * 365 * 100);
    store.Pull(project.connection, options);
    CHECK(outcomes(Outcome::kSuccess) == 3);
    CHECK(outcomes(Outcome::kFailure) == 2);
    CheckWhole(store, project);
  }
}

TEST_CASE("filters select traces") {
  Project project(40);
  PullFixture store(Keys());
  ServiceConnection connection = project.connection;
  connection.environments = {"production"};
  connection.tags = {"all", "even"};
  connection.user = "user-0";
  connection.trace_name = "support";
  connection.version = "1";
  CHECK(store.Pull(connection).stored.new_traces == 7);  // multiples of 6
  // Another filter is another pull.
  const PullReport all = store.Pull(project.connection);
  CHECK_FALSE(all.resumed);
  CHECK(all.stored.new_traces == 33);
  connection = project.connection;
  connection.session = "session-3";
  CHECK(store.Pull(connection).traces == 2);
}

TEST_CASE("a dry run counts and stores nothing") {
  Project project(30);
  PullFixture store(Keys());
  PullOptions options = store.Options();
  options.dry_run = true;
  const PullReport report = store.Pull(project.connection, options);
  CHECK(report.found.traces == 30);
  CHECK(report.found.spans == project.spans());
  // A filter of traces does not apply to observations, whose number is then unknown.
  ServiceConnection tagged = project.connection;
  tagged.tags = {"odd"};
  const PullReport odd = store.Pull(tagged, options);
  CHECK(odd.found.traces == 15);
  CHECK_FALSE(odd.found.spans.has_value());
  CHECK(store.Overview().traces == 0);
  CHECK(store.Pull(project.connection).stored.new_traces == 30);
}

TEST_CASE("wrong credentials and addresses are said, without the credentials") {
  Project project(3);
  const std::string wrong = "sk-lf-wrong-and-secret";
  PullFixture store(Keys(wrong));
  const Result<PullReport> refused = store.TryPull(project.connection, store.Options());
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::kInvalidArgument);
  CHECK(refused.error().message.find("HTTP 401") != std::string::npos);
  CHECK(refused.error().message.find(wrong) == std::string::npos);
  CHECK(project.server.requests().size() == 1);

  ScriptedServer other([](const ServedRequest&) { return ServedAnswer{200, "<html>hi"}; });
  ServiceConnection elsewhere = project.connection;
  elsewhere.url = other.url();
  const Result<PullReport> page = store.TryPull(elsewhere, store.Options());
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().message.find("not the JSON") != std::string::npos);

  ServiceConnection local = project.connection;
  local.url = "http://169.254.169.254/";
  CHECK_FALSE(store.TryPull(local, store.Options()).has_value());
}

TEST_CASE("a stop ends a pull, which can be resumed") {
  Project project(300);
  PullFixture store(Keys());
  std::stop_source stop;
  project.fake.before = [&](const ServedRequest& request) -> std::optional<ServedAnswer> {
    if (request.Get("page") != "2" || request.path != "/api/public/traces") return std::nullopt;
    stop.request_stop();
    return ServedAnswer{200, "{}", {}, 1, 20'000};
  };
  PullOptions options = store.Options();
  options.stop = stop.get_token();
  const PullReport report = store.Pull(project.connection, options);
  CHECK(report.stopped);
  CHECK(report.stored.new_traces == 100);
  project.fake.before = nullptr;
  CHECK(store.Pull(project.connection).stored.new_traces == 200);
  CheckWhole(store, project);
}

TEST_CASE("progress counts traces and does not go back") {
  Project project(250);
  PullFixture store(Keys());
  PullOptions options = store.Options();
  double last = 0, total = 0;
  options.progress = [&](double done, double of, std::string_view what) {
    if (what != "traces read") return;
    CHECK(done >= last);
    last = done;
    total = of;
  };
  store.Pull(project.connection, options);
  CHECK(last == 250);
  CHECK(total == 250);
}

}  // namespace
}  // namespace halo
