// SPDX-License-Identifier: MIT
// Reviews of sessions, in stores that others prune, import into and read.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/engine.h"
#include "schemas/fence.h"
#include "tests/support/service_desk.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

Config BySession() {
  Config config;
  config.units.unit = Unit::kSession;
  config.settle.session_ns = 0;
  return config;
}

// Trace `run` of a session.
std::string Part(int run, const std::string& session, std::string_view answer) {
  return Replaced(RunLines(run, 1, answer), R"("agent.name":"desk")",
                  R"("agent.name":"desk","session.id":")" + session + "\"");
}

json::object Call(Engine& engine, std::string_view tool, const json::value& arguments) {
  for (const Tool& one : AllTools()) {
    if (one.info.name != tool) continue;
    CallContext context;
    context.nonce = "n0n0";
    const auto answer = one.call(engine, arguments, context);
    if (!answer) return {{"error", answer.error().message}};
    return answer->structured;
  }
  return {};
}

}  // namespace

TEST_CASE("where sessions are the runs, they are drawn, read and noted as one") {
  Desk desk(0, BySession());
  std::string lines;
  for (int session = 0; session < 4; ++session) {
    const std::string name = "s" + std::to_string(session);
    lines += Part(3 * session, name, "P-1031 costs 12 euros.");
    lines += Part(3 * session + 1, name, "It was sold last year.");
    lines += Part(3 * session + 2, name, "Good bye, dear customer.");
  }
  desk.caller.Ingest("sessions.jsonl", lines);
  const json::object drawn = desk.Ask("review_runs", R"({"count":10})");
  const json::array& runs = drawn.at("runs").as_array();
  REQUIRE(runs.size() == 4);
  CHECK(drawn.at("progress").at("population") == 4);
  for (const json::value& run : runs) {
    CHECK(run.at("traces") == 3);
    const std::string turns = Unescaped(std::string(Unfenced(run.at("turns").as_string())));
    CHECK_THAT(turns, Contains("3 agent: P-1031 costs 12 euros."));
    CHECK_THAT(turns, Contains("6 agent: It was sold last year."));
    CHECK_THAT(turns, Contains("9 agent: Good bye, dear customer."));
    const int number = std::stoi(std::string(run.at("trace_id").as_string()).substr(11));
    CHECK(number % 3 == 0);
  }
  // Any trace of it names the run; a quote may be of any.
  const json::object noted =
      desk.Ask("note_runs", R"({"notes":[{"trace_id":"run-number-2","verdict":"bad","problems":[)"
                            R"({"category":"sold","turn":6,"quote":"It was sold last year."}]},)"
                            R"({"trace_id":"run-number-1","verdict":"good"}]})");
  CHECK(noted.at("stored").as_array().size() == 1);
  CHECK(noted.at("stored").as_array().at(0).at("trace_id") == "run-number-0");
  CHECK_THAT(std::string(noted.at("refused").as_array().at(0).at("why").as_string()),
             Contains("two notes"));
  CHECK(noted.at("progress").at("random_read") == 1);
  CHECK(noted.at("progress").at("population") == 4);
  const json::object state = desk.Ask("note_runs");
  CHECK(state.at("categories").as_array().at(0).at("quote").at("trace_id") == "run-number-1");
  const json::object left = desk.Ask("review_runs", R"({"count":10})");
  CHECK(left.at("runs").as_array().size() == 3);
  // A session that goes on is the same run.
  desk.caller.Ingest("more.jsonl", Part(40, "s0", "One more thing."));
  CHECK(desk.Ask("review_runs", R"({"count":10,"seed":2})").at("runs").as_array().size() == 3);
}

TEST_CASE("notes of runs that stay survive the removal of others and another import") {
  Desk desk(12);
  json::array notes;
  for (int run = 0; run < 12; ++run) {
    notes.push_back({{"trace_id", "run-number-" + std::to_string(run)},
                     {"verdict", "bad"},
                     {"problems", json::array{{{"category", "wrong price"},
                                               {"quote", "P-1031 costs 12 euros."}}}}});
  }
  desk.Ask("review_runs", R"({"count":10})");
  desk.Ask("note_runs", json::serialize(json::object{{"notes", notes}}));
  desk.Ask("note_runs",
           R"({"categories":[{"rename":"wrong price","to":"price of another thing"}]})");
  PruneOptions options;
  options.before_ns = (1'764'100'000'000 + 5 * 60'000) * 1'000'000;
  const auto pruned = desk.caller.engine().Prune(options);
  REQUIRE(pruned.has_value());
  CHECK(pruned->traces == 5);
  const auto check = [&] {
    const json::object state = desk.Ask("note_runs");
    CHECK(state.at("progress").at("read") == 7);
    const json::value& category = state.at("categories").as_array().at(0);
    CHECK_THAT(std::string(category.at("name").as_string()), Contains("price of another thing"));
    CHECK(category.at("seen_in") == 7);
    CHECK(desk.Ask("get_overview").at("outcomes").at("failure") == 7);
  };
  check();
  std::string lines;
  for (int run = 0; run < 12; ++run) lines += RunLines(run);
  desk.caller.Ingest("again.jsonl", lines);
  REQUIRE(desk.caller.engine().Reanalyse({}, {}).has_value());
  check();
}

TEST_CASE("two readers at two programs get different runs, and lose no note") {
  constexpr int kRuns = 24;
  Desk desk(kRuns);
  EngineOptions options;
  options.store_url = desk.caller.store_url();
  const auto second = Engine::Open(std::move(options));
  REQUIRE(second.has_value());
  const auto read = [](Engine& engine, const std::string& who, std::vector<std::string>& seen) {
    for (int round = 0; round < 20; ++round) {
      const json::object drawn =
          Call(engine, "review_runs", json::object{{"count", 3}, {"who", who}});
      if (!drawn.contains("runs")) continue;  // others drew at this moment
      if (drawn.at("runs").as_array().empty()) return;
      json::array notes;
      for (const json::value& run : drawn.at("runs").as_array()) {
        seen.emplace_back(run.at("trace_id").as_string());
        notes.push_back({{"trace_id", run.at("trace_id")}, {"verdict", "good"}});
      }
      Call(engine, "note_runs", json::object{{"notes", notes}, {"who", who}});
    }
  };
  std::vector<std::string> of_a, of_b;
  std::thread a([&] { read(desk.caller.engine(), "a", of_a); });
  std::thread b([&] { read(**second, "b", of_b); });
  a.join();
  b.join();
  std::set<std::string> all(of_a.begin(), of_a.end());
  all.insert(of_b.begin(), of_b.end());
  CHECK(all.size() == kRuns);
  for (Engine* const engine : {&desk.caller.engine(), &**second}) {
    const json::object state = Call(*engine, "note_runs", json::object());
    CHECK(state.at("progress").at("read") == kRuns);
    CHECK(state.at("progress").at("random_read") == kRuns);
    CHECK_FALSE(state.at("progress").as_object().contains("unread"));
  }
  // Only second readings may have been sent twice.
  CHECK(of_a.size() + of_b.size() <= kRuns + kRuns / 10 + 2);
}

}  // namespace halo
