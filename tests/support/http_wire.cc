// SPDX-License-Identifier: MIT
// A client of Streamable HTTP: each message is a POST on its own connection. In legacy revisions it
// has a session from the start, so that transcripts can cancel calls.
#include <boost/json.hpp>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "schemas/json_text.h"
#include "tests/support/http_client.h"
#include "tests/support/http_desk.h"
#include "tests/support/wire.h"

namespace halo {
namespace {

namespace json = boost::json;

// The parts of a message that decide how it is sent, some of which are repeated in headers.
struct Outgoing {
  explicit Outgoing(std::string_view text) {
    boost::system::error_code error;
    json::parse_options options;
    options.max_depth = 1000;
    const json::value value = json::parse(text, error, {}, options);
    batch = !error && value.is_array();
    const json::object* message = error ? nullptr : value.if_object();
    if (!message) return;
    const json::value* member = message->if_contains("method");
    if (member && member->is_string()) method = member->get_string();
    const json::value* its_id = message->if_contains("id");
    if (its_id) id = Serialise(*its_id);
    const json::value* its_params = message->if_contains("params");
    if (!its_params || !its_params->is_object()) return;
    params = its_params->get_object();
    const json::value* meta = params.if_contains("_meta");
    const json::object* fields = meta ? meta->if_object() : nullptr;
    if (!fields) return;
    if (const json::value* said = fields->if_contains("io.modelcontextprotocol/protocolVersion")) {
      version = said->is_string() ? std::string(said->get_string()) : "2026-07-28";
    }
  }

  std::string Param(const char* name) const {
    const json::value* value = params.if_contains(name);
    return value && value->is_string() ? std::string(value->get_string()) : std::string();
  }

  bool batch = false;
  std::string method, id;              // empty if the message has none
  std::optional<std::string> version;  // of a modern message
  json::object params;
};

class HttpWire : public Wire {
 public:
  explicit HttpWire(const Dispatcher& dispatcher) : desk_(dispatcher, Patient()) {
    OpenSession(R"({"jsonrpc":"2.0","id":"open","method":"initialize","params":)"
                R"({"protocolVersion":"2025-11-25","capabilities":{}}})");
  }
  ~HttpWire() override { Close(); }

  void Send(std::string_view text) override {
    const Outgoing message(text);
    if (message.method == "notifications/cancelled" && CancelModern(message)) return;
    if (message.method == "initialize" && !message.version) {
      inbox_.Put(OpenSession(text));
      return;
    }
    auto client = std::make_shared<HttpClient>(desk_.port());
    if (message.version) {
      const std::lock_guard lock(mutex_);
      modern_[message.id] = client;
    }
    client->Send(PostOf(text, FieldsOf(message)));
    if (message.id.empty() && !message.method.empty()) {
      Read(*client);
    } else {
      readers_.emplace_back([this, client] { Read(*client); });
    }
  }
  std::optional<std::string> Receive() override { return inbox_.Take(); }
  std::vector<std::string> Close() override {
    desk_.Stop();
    for (std::thread& reader : readers_) reader.join();
    readers_.clear();
    inbox_.Close();
    std::vector<std::string> all;
    while (std::optional<std::string> message = inbox_.Take()) all.push_back(std::move(*message));
    return all;
  }

 private:
  static HttpOptions Patient() {
    HttpOptions options;
    options.to_answer = std::chrono::minutes(1);
    return options;
  }

  std::string FieldsOf(const Outgoing& message) const {
    if (!message.version) {
      return "Mcp-Session-Id: " + session_ + "\r\nMCP-Protocol-Version: " + revision_ + "\r\n";
    }
    std::string fields =
        "MCP-Protocol-Version: " + *message.version + "\r\nMcp-Method: " + message.method + "\r\n";
    for (const char* name : {"name", "uri", "taskId"}) {
      if (const std::string value = message.Param(name); !value.empty()) {
        fields += "Mcp-Name: " + value + "\r\n";
        break;
      }
    }
    return fields;
  }

  std::string OpenSession(std::string_view text) {
    HttpClient client(desk_.port());
    client.Send(PostOf(text));
    const std::optional<HttpReply> reply = client.Receive();
    if (!reply) throw std::runtime_error("no answer to initialize");
    if (const std::string id = reply->Get("mcp-session-id"); !id.empty()) {
      session_ = id;
      revision_ = json::parse(reply->body).at("result").at("protocolVersion").as_string();
    }
    return reply->body;
  }

  // Over HTTP, a modern client cancels a request by closing its connection.
  bool CancelModern(const Outgoing& message) {
    const json::value* id = message.params.if_contains("requestId");
    const std::lock_guard lock(mutex_);
    const auto call = modern_.find(id ? Serialise(*id) : std::string());
    if (call == modern_.end()) return false;
    call->second->Shutdown();
    modern_.erase(call);
    return true;
  }

  void Read(HttpClient& client) {
    const std::optional<HttpReply> head = client.ReceiveHead();
    if (!head) return;
    if (head->Get("content-type") == "text/event-stream") {
      while (std::optional<std::string> event = client.ReceiveEvent()) {
        inbox_.Put(std::move(*event));
      }
    } else if (head->Get("content-type") == "application/json") {
      std::string body = client.ReceiveBody(*head).value_or("");
      inbox_.Put(std::move(body));
    }
  }

  Inbox inbox_;
  HttpDesk desk_;
  std::string session_, revision_ = "2025-11-25";
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<HttpClient>> modern_;  // pending modern requests, by id
  std::vector<std::thread> readers_;
};

}  // namespace

std::unique_ptr<Wire> OpenHttp(const Dispatcher& dispatcher) {
  return std::make_unique<HttpWire>(dispatcher);
}

}  // namespace halo
