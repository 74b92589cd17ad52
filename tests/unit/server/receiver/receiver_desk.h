// SPDX-License-Identifier: MIT
// An OTLP receiver on a free loopback port and the store behind it, for tests.
#pragma once

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <protozero/pbf_reader.hpp>
#include <string>
#include <utility>

#include "engine/engine.h"
#include "server/catalogue/halo_catalogue.h"
#include "tests/support/http_client.h"
#include "tests/support/http_desk.h"
#include "tests/support/otlp_post.h"
#include "tests/unit/importers/otlp_both.h"
#include "tests/unit/sources/temp_folder.h"

namespace halo {

// A request with one span, whose ids are made from two numbers; 0 leaves an id out.
inline Both OneSpan(int trace, int span = 1) {
  BothSpan one;
  one.trace_id = trace == 0 ? std::string() : std::string(15, '\x11') + static_cast<char>(trace);
  one.span_id = span == 0 ? std::string() : std::string(7, '\x22') + static_cast<char>(span);
  return SpanOf(one);
}

// The fields of a google.rpc.Status, of a partial_success or of the response around one: numbers
// and texts by field.
struct ProtoFields {
  std::map<unsigned, std::uint64_t> numbers;
  std::map<unsigned, std::string> texts;

  explicit ProtoFields(const std::string& bytes) {
    protozero::pbf_reader reader(bytes);
    while (reader.next()) {
      const unsigned field = reader.tag();
      if (reader.wire_type() == protozero::pbf_wire_type::varint) {
        numbers[field] = reader.get_uint64();
      } else {
        texts[field] = reader.get_string();
      }
    }
  }
};

class ReceiverDesk {
 public:
  explicit ReceiverDesk(HttpServiceOptions service = {}, HttpOptions http = {})
      : engine_(Open("sqlite:" + folder_.Path("store/x.db"))),
        dispatcher_(HaloCatalogue(*engine_)),
        desk_(dispatcher_, std::move(http), WithReceiver(std::move(service))) {}

  Engine& engine() { return *engine_; }
  HttpDesk& desk() { return desk_; }
  std::string store_path() const { return folder_.Path("store/x.db"); }

  HttpReply Ask(const std::string& bytes) {
    HttpClient client(desk_.port());
    client.Send(bytes);
    const std::optional<HttpReply> reply = client.Receive();
    REQUIRE(reply);
    return *reply;
  }
  std::int64_t Spans() { return engine_->Info().value().spans; }
  // How often something was counted under this name.
  std::int64_t Counted(std::string_view reason) {
    for (const RejectCount& reject : engine_->Rejects().value()) {
      if (reject.reason == reason) return reject.count;
    }
    return 0;
  }

 private:
  static std::unique_ptr<Engine> Open(const std::string& url) {
    Result<std::unique_ptr<Engine>> engine = Engine::Open({url, std::nullopt, false, 1});
    if (!engine) FAIL(engine.error().message);
    return std::move(*engine);
  }
  HttpServiceOptions WithReceiver(HttpServiceOptions service) {
    if (!service.otlp.receive) {
      service.otlp.receive = [this](const ReceivedMessage& message, Acknowledge acknowledge) {
        engine_->Receive(message, std::move(acknowledge));
      };
    }
    service.on_grpc = [this] { engine_->CountReceived("grpc_refused", {}); };
    return service;
  }

  TempFolder folder_;
  std::unique_ptr<Engine> engine_;
  Dispatcher dispatcher_;
  HttpDesk desk_;
};

}  // namespace halo
