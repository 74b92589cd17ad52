// SPDX-License-Identifier: MIT
#include "server/methods/dispatcher.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "tests/support/fixture_tools.h"
#include "tests/unit/tools/fake_engine.h"

namespace halo {
namespace {

constexpr std::string_view kCount =
    R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"count",)"
    R"("arguments":{"steps":9},"_meta":{"progressToken":"t"}}})";

std::string CallOf(std::string_view tool, int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"_meta":{"progressToken":1},"name":")" +
         std::string(tool) + "\"}}";
}

std::string CancelOf(int id) {
  return R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)" +
         std::to_string(id) + "}}";
}

// A dispatcher and what it has sent, all on the test's own thread.
struct Desk {
  explicit Desk(std::vector<Tool> tools, std::chrono::milliseconds interval = {})
      : dispatcher(FixtureCatalogue(engine, std::move(tools)), {interval, {}}) {}

  Job Handle(std::string_view text) {
    return dispatcher.Handle(text, connection,
                             [this](std::string message) { sent.push_back(std::move(message)); });
  }

  Engine engine;
  std::vector<std::string> sent;
  std::shared_ptr<Connection> connection = std::make_shared<Connection>();
  Dispatcher dispatcher;
};

Tool ToolOf(std::function<void(const CallContext&)> work) {
  return {
      {"work", "Work", "Works.", {}},
      {{"type", "object"}},
      {{"type", "object"}},
      [work](Engine&, const boost::json::value&, const CallContext& context) -> Result<ToolAnswer> {
        work(context);
        return ToolAnswer{{}, "worked"};
      }};
}

}  // namespace

TEST_CASE("progress within the interval is dropped, except the first") {
  Desk desk(FixtureTools(), std::chrono::hours(1));
  desk.Handle(kCount)();
  REQUIRE(desk.sent.size() == 2);
  CHECK(desk.sent[0].find(R"("progress":1,"total":9)") != std::string::npos);
  CHECK(desk.sent[1].find(R"("id":1,"result")") != std::string::npos);
}

TEST_CASE("progress reported after the answer is dropped") {
  CallContext kept;
  Desk desk({ToolOf([&](const CallContext& context) { kept = context; })});
  desk.Handle(CallOf("work", 1))();
  REQUIRE(desk.sent.size() == 1);
  kept.progress(5, 10, "late");
  CHECK(desk.sent.size() == 1);
}

TEST_CASE("progress that is not a number is dropped, an unknown total is omitted") {
  Desk desk({ToolOf([](const CallContext& context) {
    context.progress(0.0 / 0.0, 1, "");
    context.progress(0.5, 0, "half\xff");
  })});
  desk.Handle(CallOf("work", 1))();
  REQUIRE(desk.sent.size() == 2);
  CHECK(desk.sent[0].find(R"("progress":0.5,"message":"half\\x{ff}")") != std::string::npos);
}

TEST_CASE("a cached answer equals a computed one, in legacy and modern revisions") {
  Engine engine;
  int ran = 0;
  const Tool tool = ToolOf([&](const CallContext&) { ++ran; });
  Catalogue catalogue = FixtureCatalogue(engine, {tool});
  catalogue.tools[0].cache = std::make_shared<AnswerCache>(
      []() -> Result<std::int64_t> { return 1; }, AnswerCache::Options{});
  const Dispatcher keeping(std::move(catalogue)), plain(FixtureCatalogue(engine, {tool}));
  const auto ask = [](const Dispatcher& dispatcher, std::string_view text) {
    std::string got;
    const auto connection = std::make_shared<Connection>();
    const Send send = [&](std::string message) { got = std::move(message); };
    if (const Job job = dispatcher.Handle(text, connection, send)) job();
    return got;
  };
  const std::string modern =
      R"({"jsonrpc":"2.0","id":"m","method":"tools/call","params":{"name":"work","_meta":{)"
      R"("io.modelcontextprotocol/protocolVersion":"2026-07-28",)"
      R"("io.modelcontextprotocol/clientCapabilities":{}}}})";
  for (const std::string& text : {CallOf("work", 7), modern}) {
    ran = 0;
    const std::string wanted = ask(plain, text);
    CHECK(ran == 1);
    CHECK(wanted.find("worked") != std::string::npos);
    CHECK(ask(keeping, text) == wanted);
    CHECK(ask(keeping, text) == wanted);
    CHECK(ran == 2);
  }
}

TEST_CASE("a call cancelled before it starts does not run") {
  bool ran = false;
  Desk desk({ToolOf([&](const CallContext&) { ran = true; })});
  const Job job = desk.Handle(CallOf("work", 1));
  desk.Handle(CancelOf(1));
  job();
  CHECK_FALSE(ran);
  CHECK(desk.sent.empty());
  // The id can be used again.
  desk.Handle(CallOf("work", 1))();
  CHECK(desk.sent.size() == 1);
}

TEST_CASE("a handler sees that its call was cancelled or stopped") {
  std::vector<bool> stopped;
  Desk desk({ToolOf([&](const CallContext& context) {
    stopped.push_back(context.stop.stop_requested());
    desk.Handle(CancelOf(1));
    stopped.push_back(context.stop.stop_requested());
  })});
  desk.Handle(CallOf("work", 1))();
  CHECK(stopped == std::vector<bool>{false, true});
  CHECK(desk.sent.empty());

  const Job job = desk.Handle(CallOf("work", 2));
  desk.connection->StopAll();
  job();
  CHECK(stopped == std::vector<bool>{false, true, true, true});
  CHECK(desk.sent.size() == 1);
  CHECK(desk.sent[0].find("worked") != std::string::npos);
}

TEST_CASE("calls over the limit are refused, and accepted again once others have ended") {
  Desk desk({ToolOf([](const CallContext&) {})});
  std::vector<Job> jobs;
  int id = 0;
  while (desk.sent.empty() && id < 100'000) {
    if (Job job = desk.Handle(CallOf("work", ++id))) jobs.push_back(std::move(job));
  }
  CHECK(jobs.size() == 1000);
  REQUIRE(desk.sent.size() == 1);
  CHECK(desk.sent[0].find("the limit is 1000 per client") != std::string::npos);
  jobs[0]();
  CHECK(desk.Handle(CallOf("work", ++id)));
}

TEST_CASE("the instructions start with when to use the server") {
  const std::string text = HaloServer().instructions;
  CHECK(text.starts_with("Use halo-mcp "));
  CHECK(text.size() < 2000);
  CHECK(text.find("untrusted data") != std::string::npos);
}

}  // namespace halo
