// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tests/support/fake_langfuse.h"
#include "tests/support/schema_check.h"
#include "tests/support/scripted_server.h"
#include "tests/unit/sources/temp_folder.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

std::string SpanLine(int number) {
  const std::string id = std::to_string(number);
  return R"({"trace_id":"trace-)" + id + R"(","span_id":"span-)" + id +
         R"(","name":"run","start_time":"2026-01-01T00:00:00Z","end_time":"2026-01-01T00:00:01Z",)" +
         R"("attributes":{"input.value":"x"}})" + "\n";
}

// A store, a project's folder, and the tool.
class Desk : public TempFolder {
 public:
  explicit Desk(std::vector<ServiceConnection> connections = {}) {
    EngineOptions options{"sqlite:" + Path("store/x.db"), Config(), 1};
    options.config->connections = std::move(connections);
    Result<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
    REQUIRE(engine.has_value());
    engine_ = std::move(*engine);
    for (Tool& tool : AllTools()) {
      if (tool.info.name == "import_traces") tool_ = std::move(tool);
    }
    std::filesystem::create_directory(Path("project"));
    context_.nonce = "n0n0";
    context_.roots = [this] { return std::vector<std::string>{Path("project")}; };
  }

  Result<ToolAnswer> Call(const json::value& arguments) {
    Result<ToolAnswer> answer = tool_.call(*engine_, arguments, context_);
    if (answer) CHECK(CheckSchema(answer->structured, tool_.output_schema).empty());
    return answer;
  }
  json::object Answer(const json::value& arguments) {
    const Result<ToolAnswer> answer = Call(arguments);
    if (!answer) FAIL(answer.error().message);
    return answer->structured;
  }
  std::string ErrorOf(const json::value& arguments) {
    const Result<ToolAnswer> answer = Call(arguments);
    return answer ? "no error: " + answer->text : answer.error().message;
  }
  CallContext& context() { return context_; }
  std::int64_t spans() { return engine_->Info()->spans; }
  std::size_t rejects() { return engine_->Rejects()->size(); }

 private:
  std::unique_ptr<Engine> engine_;
  Tool tool_;
  CallContext context_;
};

TEST_CASE("import_traces imports a file or a folder of the project") {
  Desk desk;
  desk.Write("project/traces/a.jsonl", SpanLine(1) + SpanLine(2));
  desk.Write("project/traces/b.jsonl", SpanLine(3));
  desk.Write("project/traces/README.md", "# Traces\n");
  const json::object file = desk.Answer({{"path", "traces/a.jsonl"}});
  CHECK(file.at("new_traces") == 2);
  CHECK(file.at("new_spans") == 2);
  CHECK(file.at("files") == 1);
  const json::object folder = desk.Answer({{"path", desk.Path("project/traces")}});
  CHECK(folder.at("new_traces") == 1);
  CHECK(folder.at("unchanged_files") == 1);
  CHECK(folder.at("passed_over") == 1);
  CHECK(folder.at("next").at(0) == "get_overview {}");
  CHECK(desk.spans() == 3);
  CHECK(desk.Answer({{"path", "traces"}, {"project", "other"}}).at("new_traces") == 3);
}

TEST_CASE("a dry run of a path counts and stores nothing, not even what is refused") {
  Desk desk;
  desk.Write("project/a.jsonl", SpanLine(1) + SpanLine(2) + "not a span\n");
  desk.Write("project/b.jsonl", SpanLine(2) + SpanLine(3));
  desk.Write("project/words.txt", "just words\n");
  const json::object dry = desk.Answer({{"path", "."}, {"dry_run", true}});
  CHECK(dry.at("found_traces") == 3);
  CHECK(dry.at("found_spans") == 4);
  CHECK(dry.at("new_spans") == 0);
  CHECK(dry.at("rejects").at(0).at("count") == 1);
  CHECK(dry.at("next").at(0) == R"(import_traces {"path":"."})");
  CHECK(desk.spans() == 0);
  CHECK(desk.rejects() == 0);
  const json::object words = desk.Answer({{"path", "words.txt"}, {"dry_run", true}});
  CHECK(words.at("refused").as_array().size() == 1);
  CHECK(desk.rejects() == 0);
  CHECK(desk.Answer({{"path", "."}}).at("new_spans") == 3);
  CHECK(desk.Answer({{"path", "."}, {"dry_run", true}}).at("unchanged_files") == 2);
}

TEST_CASE("import_traces counts what it refuses, and says what was expected") {
  Desk desk;
  desk.Write("project/bad.jsonl", SpanLine(1) + R"({"trace_id":"t","name":"no span id"})" + "\n");
  desk.Write("project/notes.txt", "just words\n");
  const json::object bad = desk.Answer({{"path", "bad.jsonl"}});
  CHECK(bad.at("new_spans") == 1);
  CHECK(bad.at("rejects").at(0).at("count") == 1);
  CHECK_FALSE(bad.at("rejects").at(0).at("meaning").as_string().empty());
  const json::object notes = desk.Answer({{"path", "notes.txt"}});
  CHECK(notes.at("refused").as_array().size() == 1);
  CHECK(notes.at("new_spans") == 0);
}

TEST_CASE("import_traces reads nothing outside of the allowed folders, and no URL") {
  Desk desk;
  desk.Write("secret.jsonl", SpanLine(9));
  std::filesystem::create_symlink(desk.Path("secret.jsonl"), desk.Path("project/link.jsonl"));
  for (const std::string& path :
       {std::string("../secret.jsonl"), desk.Path("secret.jsonl"), std::string("link.jsonl"),
        std::string("/etc/passwd"), std::string("https://example.com/x.jsonl"),
        std::string("file:///etc/passwd")}) {
    INFO(path);
    CHECK_THAT(desk.ErrorOf({{"path", path}}), Contains("Allowed: what lies under"));
  }
  const json::object none = desk.Answer(json::object());
  CHECK(none.at("new_spans") == 0);
  CHECK_THAT(std::string(none.at("notes").at(0).as_string()), Contains(desk.Path("project")));
  CHECK(none.at("notes").at(1) == "Connections: none.");
  CHECK_THAT(desk.ErrorOf({{"path", "a"}, {"connection", "b"}}), Contains("Give one of"));
  CHECK_THAT(desk.ErrorOf({{"path", "a"}, {"since", "-7d"}}), Contains("not for a path"));
  CHECK_THAT(desk.ErrorOf({{"connection", "prod"}}), Contains("[connections.NAME]"));
  desk.context().roots = nullptr;
  CHECK_THAT(desk.ErrorOf({{"path", "a"}}), Contains("No folder may be read from"));
  CHECK(desk.spans() == 0);
}

TEST_CASE("import_traces pulls from a connection of halo.toml") {
  FakeLangfuse fake;
  for (int i = 0; i < 12; ++i) fake.traces.push_back(MakeFakeTrace(i, 3));
  ScriptedServer server([&fake](const ServedRequest& request) { return fake.Answer(request); });
  TempFolder keys;
  ServiceConnection connection;
  connection.name = "prod";
  connection.url = server.url();
  connection.credentials =
      keys.Write("keys", std::string("LANGFUSE_PUBLIC_KEY=") + FakeLangfuse::kPublic +
                             "\nLANGFUSE_SECRET_KEY=" + FakeLangfuse::kSecret + "\n");
  REQUIRE(::chmod(connection.credentials.c_str(), 0600) == 0);
  Desk desk({connection});
  CHECK_THAT(desk.ErrorOf({{"connection", "prd"}}), Contains("Known: prod"));

  const json::object dry = desk.Answer({{"connection", "prod"}, {"dry_run", true}});
  CHECK(dry.at("found_traces") == 12);
  CHECK(dry.at("next").at(0) == R"(import_traces {"connection":"prod"})");
  CHECK(desk.spans() == 0);

  std::vector<double> progress;
  desk.context().progress = [&](double done, double, std::string_view) {
    progress.push_back(done);
  };
  const json::object all = desk.Answer({{"connection", "prod"}});
  CHECK(all.at("new_traces") == 12);
  CHECK(all.at("new_spans") == 36);
  CHECK_FALSE(progress.empty());
  CHECK(std::is_sorted(progress.begin(), progress.end()));
  CHECK(desk.Answer({{"connection", "prod"}, {"since", "2026-03-01T00:05:00Z"}}).at("new_spans") ==
        0);

  std::stop_source stop;
  stop.request_stop();
  desk.context().stop = stop.get_token();
  CHECK_FALSE(desk.Call({{"connection", "prod"}}).has_value());
}

}  // namespace
}  // namespace halo
