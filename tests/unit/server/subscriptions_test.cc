// SPDX-License-Identifier: MIT
#include "server/session/subscriptions.h"

#include <atomic>
#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "server/methods/dispatcher.h"
#include "tests/conformance/fixture_catalogue.h"
#include "tests/support/wire.h"

namespace halo {
namespace {

using std::chrono::milliseconds;

// Two resources, only one of which changes with the sequence. Counts the calls.
struct Shelf {
  Shelf() {
    resources.list = [this](const CallContext&) -> Result<std::vector<ServedResource>> {
      ++lists;
      return std::vector<ServedResource>{};
    };
    resources.read = [this](const std::string& uri, const CallContext&) -> Result<ResourceText> {
      ++reads;
      return ResourceText{"text/plain", uri == "moving" ? std::to_string(sequence) : "fixed"};
    };
    resources.sequence = [this] { return Result<std::int64_t>(sequence); };
  }

  std::atomic<std::int64_t> sequence = 0;
  std::atomic<int> lists = 0, reads = 0;
  Resources resources;
};

struct Pipe {
  Pipe() {
    connection->SetChannel([this](std::string text) { inbox.Put(std::move(text)); });
  }
  Inbox inbox;
  std::shared_ptr<Connection> connection = std::make_shared<Connection>();
};

}  // namespace

TEST_CASE("only real changes are reported, once per burst") {
  Shelf shelf;
  Pipe client;
  Subscriptions subscriptions(shelf.resources, {milliseconds(20), 50});
  REQUIRE(subscriptions.Subscribe(client.connection, "moving"));
  REQUIRE(subscriptions.Subscribe(client.connection, "standing"));
  for (int i = 0; i < 100; ++i) ++shelf.sequence;
  CHECK(client.inbox.Take() ==
        NotificationText("notifications/resources/updated", {{"uri", "moving"}}));
  // Each resource is read once for the baseline, and once after the burst.
  CHECK(shelf.reads == 4);
  subscriptions.Unsubscribe(client.connection, "moving");
  subscriptions.Follow(client.connection);
  client.inbox.Close();
  CHECK(client.inbox.Take() == std::nullopt);
}

TEST_CASE("the number of subscriptions per client is limited") {
  Shelf shelf;
  Pipe client;
  Subscriptions subscriptions(shelf.resources, {std::chrono::hours(1), 10});
  for (std::size_t i = 0; i < Subscriptions::kMaxUris; ++i) {
    REQUIRE(subscriptions.Subscribe(client.connection, std::to_string(i)));
  }
  CHECK_FALSE(subscriptions.Subscribe(client.connection, "one more"));
  CHECK(subscriptions.Subscribe(client.connection, "7"));
  subscriptions.Unsubscribe(client.connection, "7");
  CHECK(subscriptions.Subscribe(client.connection, "one more"));
}

TEST_CASE("a listening stream ends with its answer when the connection stops") {
  const Dispatcher dispatcher(ConformanceCatalogue(), {milliseconds(0), {milliseconds(1), 10}});
  Pipe client;
  const std::string listen =
      R"({"jsonrpc":"2.0","id":"l","method":"subscriptions/listen","params":{"notifications":{)"
      R"("resourcesListChanged":true},"_meta":{"io.modelcontextprotocol/protocolVersion":)"
      R"("2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}})";
  const Job job = dispatcher.Handle(listen, client.connection,
                                    [&](std::string text) { client.inbox.Put(std::move(text)); });
  REQUIRE(job);
  job();
  CHECK(client.inbox.Take()->find("acknowledged") != std::string::npos);
  client.connection->StopAll();
  const boost::json::value end = boost::json::parse(*client.inbox.Take());
  CHECK(end.at("id") == "l");
  CHECK(end.at("result").at("resultType") == "complete");
  CHECK(end.at("result").at("_meta").at("io.modelcontextprotocol/subscriptionId") == "l");

  SECTION("even if it was stopped before it started to listen") {
    const Job late = dispatcher.Handle(
        listen, client.connection, [&](std::string text) { client.inbox.Put(std::move(text)); });
    client.connection->StopAll();
    late();
    CHECK(client.inbox.Take()->find("acknowledged") != std::string::npos);
    CHECK(client.inbox.Take()->find(R"("id":"l","result")") != std::string::npos);
  }
}

}  // namespace halo
