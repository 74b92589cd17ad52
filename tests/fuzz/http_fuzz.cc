// SPDX-License-Identifier: MIT
// Any bytes sent by a client on one connection: parser, access rules, every route and the
// dispatcher, without a socket. Each request gets exactly one well-formed answer.
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "server/http/http_service.h"
#include "tests/support/fixture_tools.h"
#include "tests/unit/tools/fake_engine.h"

namespace {

namespace http = boost::beast::http;

void Require(bool holds) {
  if (!holds) std::abort();
}

class Fields : public halo::HttpFields {
 public:
  explicit Fields(const http::fields& fields) : fields_(fields) {}
  std::optional<std::string_view> Get(std::string_view name) const override {
    const auto found = fields_.find({name.data(), name.size()});
    if (found == fields_.end()) return std::nullopt;
    return std::string_view(found->value().data(), found->value().size());
  }
  std::size_t Count(std::string_view name) const override {
    return fields_.count({name.data(), name.size()});
  }
  std::string Joined(std::string_view name) const override {
    const auto found = Get(name);
    return found ? std::string(*found) : std::string();
  }

 private:
  const http::fields& fields_;
};

void CheckJson(std::string_view text) {
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 2 * halo::kMaxDepth;
  boost::json::parse(text, error, {}, options);
  Require(!error);
}

void CheckHead(const halo::HttpResponse& response) {
  Require(halo::ReasonOf(response.status) != "Unknown");
  Require(response.content_type.empty() == response.body.empty() ||
          response.content_type == "text/event-stream");
  for (const auto& [name, value] : response.fields) {
    Require(value.find_first_of("\r\n") == std::string::npos);
  }
}

class CheckedAnswer : public halo::HttpAnswer {
 public:
  void Send(halo::HttpResponse response) override {
    Require(state_ == State::kOpen);
    state_ = State::kDone;
    CheckHead(response);
    if (response.content_type == "application/json") CheckJson(response.body);
  }
  void OpenStream(halo::HttpResponse head) override {
    Require(state_ == State::kOpen);
    state_ = State::kStreaming;
    CheckHead(head);
  }
  void Write(std::string bytes) override {
    Require(state_ == State::kStreaming);
    const std::string_view begin = "event: message\ndata: ";
    Require(bytes.starts_with(begin) && bytes.ends_with("\n\n"));
    CheckJson(std::string_view(bytes).substr(begin.size(), bytes.size() - begin.size() - 2));
  }
  void CloseStream() override {
    Require(state_ == State::kStreaming);
    state_ = State::kDone;
  }
  bool done() const { return state_ == State::kDone; }

 private:
  enum class State { kOpen, kStreaming, kDone };
  State state_ = State::kOpen;
};

// Without `wait`, which only ends when it is stopped.
std::vector<halo::Tool> EndingTools() {
  std::vector<halo::Tool> tools = halo::FixtureTools();
  std::erase_if(tools, [](const halo::Tool& tool) { return tool.info.name == "wait"; });
  return tools;
}

// A server with a token and an authorization server, for half of the inputs.
halo::HttpServiceOptions Guarded() {
  halo::HttpServiceOptions options;
  options.access.token = "t";
  options.access.authorization_server = "https://a.example";
  options.access.allowed_origins = {"https://o.example"};
  options.mcp.max_inline_body = 16;
  return options;
}

void Ask(halo::HttpService& service, const http::request<http::string_body>& message) {
  const Fields fields(message);
  halo::HttpRequest request;
  request.method = {message.method_string().data(), message.method_string().size()};
  request.target = {message.target().data(), message.target().size()};
  request.http_1_0 = message.version() == 10;
  request.fields = &fields;
  request.body = message.body();
  const auto count = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
  if (const auto refusal = service.Refuse(request, count)) return CheckHead(*refusal);
  const auto answer = std::make_shared<CheckedAnswer>();
  if (const auto exchange = service.Answer(request, answer)) {
    exchange->Linger();
    exchange->Stop(true);
    exchange->Disconnect();
  }
  Require(answer->done());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static halo::Engine engine;
  static const halo::Dispatcher dispatcher(halo::FixtureCatalogue(engine, EndingTools()),
                                           {std::chrono::milliseconds(0), {}});
  const auto run = [](std::function<void()> job) { job(); };
  halo::HttpService open(dispatcher, run, {}), guarded(dispatcher, run, Guarded());
  const char* at = reinterpret_cast<const char*>(data);
  const char* const end = at + size;
  while (at != end) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(4096);
    parser.body_limit(65536);
    parser.eager(true);
    boost::system::error_code error;
    const std::size_t used =
        parser.put(boost::asio::const_buffer(at, static_cast<std::size_t>(end - at)), error);
    if (error || !parser.is_done() || used == 0) break;
    at += used;
    Ask(size % 2 == 0 ? open : guarded, parser.get());
  }
  return 0;
}
