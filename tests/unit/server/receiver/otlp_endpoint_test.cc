// SPDX-License-Identifier: MIT
#include "server/http/otlp_endpoint.h"

#include <latch>
#include <thread>
#include <vector>

#include "tests/support/no_threads.h"
#include "tests/unit/server/receiver/receiver_desk.h"

namespace halo {
namespace {

constexpr std::string_view kTraces = "/v1/traces";

void Eventually(const std::function<bool()>& holds) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!holds() && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(holds());
}

// A JSON document that decompresses to `bytes`.
std::string LongJson(std::size_t bytes) {
  return R"({"resourceSpans":[],"pad":")" + std::string(bytes, 'x') + "\"}";
}

}  // namespace

TEST_CASE("spans are stored from each encoding at each path, and answered in that encoding") {
  ReceiverDesk desk;
  int trace = 0;
  for (const std::string_view path : {"/v1/traces", "/api/public/otel/v1/traces", "/v1/traces/"}) {
    for (const std::string_view type :
         {"application/x-protobuf", "application/json", "application/json; charset=utf-8"}) {
      for (const std::string_view encoding : {"", "identity", "gzip", "zstd"}) {
        INFO(path << " " << type << " " << encoding);
        const Both request = RequestOfSpans({OneSpan(++trace)});
        const bool json = type.starts_with(kOtlpJsonType);
        std::string body = json ? request.json : request.proto;
        if (encoding == "gzip") body = Gzip(body);
        if (encoding == "zstd") body = Zstd(body);
        const std::string fields =
            encoding.empty() ? "" : "Content-Encoding: " + std::string(encoding) + "\r\n";
        const std::string post = OtlpPost(path, type, body, fields);
        for (int again = 0; again < 2; ++again) {
          const HttpReply reply = desk.Ask(post);
          CHECK(reply.status == 200);
          CHECK(reply.Get("content-type") == (json ? kOtlpJsonType : kOtlpProto));
          CHECK(reply.body == (json ? "{}" : ""));
          CHECK(desk.Spans() == trace);  // a request that is sent again adds nothing
        }
      }
    }
  }
  CHECK(desk.engine().Rejects()->empty());
}

TEST_CASE("a receiver that gets no thread says to try again, and the process lives") {
  ReceiverDesk desk;
  const std::string post = OtlpPost(kTraces, kOtlpJsonType, RequestOfSpans({OneSpan(1)}).json);
  const auto receive = [&] {  // on this thread, which decodes it; another commits it
    Acknowledgement::Status status = Acknowledgement::Status::kAccepted;
    ReceivedMessage message;
    message.format = MessageFormat::kJson;
    const std::string body = RequestOfSpans({OneSpan(2)}).json;
    message.body = body;
    desk.engine().Receive(message, [&](const Acknowledgement& result) { status = result.status; });
    return status;
  };
  {
    const NoThreads none;
    const HttpReply reply = desk.Ask(post);
    CHECK(reply.status == 503);
    CHECK(reply.Get("retry-after") == "1");
    CHECK(receive() == Acknowledgement::Status::kUnavailable);
    desk.engine().CountReceived("grpc_refused", {});
    CHECK(desk.Spans() == 0);
  }
  CHECK(desk.Ask(post).status == 200);
  CHECK(desk.Spans() == 1);
  Eventually([&] { return desk.Counted("grpc_refused") == 1; });
}

TEST_CASE("a message without spans is valid, and Basic credentials of an SDK are ignored") {
  ReceiverDesk desk;
  CHECK(desk.Ask(OtlpPost(kTraces, kOtlpProto, "")).status == 200);
  for (const std::string_view body : {"{}", " {} ", R"({"resourceSpans":[]})"}) {
    const HttpReply reply =
        desk.Ask(OtlpPost(kTraces, kOtlpJsonType, body, "Authorization: Basic cGs6c2s=\r\n"));
    INFO(body << " " << reply.body);
    CHECK(reply.status == 200);
    CHECK(reply.body == "{}");
  }
  CHECK(desk.engine().Rejects()->empty());
}

TEST_CASE("refused spans are counted in a partial success, and the others are stored") {
  ReceiverDesk desk;
  const Both request =
      RequestOfSpans({OneSpan(1), OneSpan(0), OneSpan(2), OneSpan(3, 0), OneSpan(0)});
  const HttpReply json = desk.Ask(OtlpPost(kTraces, kOtlpJsonType, request.json));
  CHECK(json.status == 200);
  const boost::json::value partial = boost::json::parse(json.body).at("partialSuccess");
  CHECK(partial.at("rejectedSpans").as_string() == "3");
  CHECK(partial.at("errorMessage").as_string().find("missing_trace_id (2)") != std::string::npos);
  CHECK(desk.Spans() == 2);
  CHECK(desk.Counted("missing_trace_id") == 2);
  CHECK(desk.Counted("missing_span_id") == 1);

  const HttpReply proto = desk.Ask(OtlpPost(kTraces, kOtlpProto, request.proto));
  CHECK(proto.status == 200);
  const ProtoFields fields(ProtoFields(proto.body).texts.at(1));
  CHECK(fields.numbers.at(1) == 3);
  CHECK(fields.texts.at(2).find("missing_span_id (1)") != std::string::npos);
  CHECK(desk.Spans() == 2);
}

TEST_CASE("a request that cannot be stored gets the status that its exporter expects") {
  ReceiverDesk desk;
  const Both good = RequestOfSpans({OneSpan(1)});
  const std::string zipped = Gzip(good.proto);
  const std::string bomb = Gzip(LongJson(40 << 20));
  REQUIRE(bomb.size() < 100'000);
  const std::string gzip = "Content-Encoding: gzip\r\n", zstd = "Content-Encoding: zstd\r\n";
  std::string many_empty = R"({"resourceSpans":[{"scopeSpans":[{"spans":[{})";
  for (int i = 0; i < 1000; ++i) many_empty += ",{}";
  many_empty += "]}]}]}";
  struct Row {
    std::string what;
    std::string post;
    int status, code;
    bool proto = false;
  };
  const std::vector<Row> rows = {
      {"text", OtlpPost(kTraces, "text/plain", good.json), 415, 3},
      {"form", OtlpPost(kTraces, "application/x-www-form-urlencoded", "a=b"), 415, 3},
      {"no type", "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 415,
       3},
      {"two types",
       OtlpPost(kTraces, kOtlpJsonType, good.json, "Content-Type: application/x-protobuf\r\n"), 415,
       3},
      {"brotli", OtlpPost(kTraces, kOtlpJsonType, good.json, "Content-Encoding: br\r\n"), 415, 3},
      {"two encodings",
       OtlpPost(kTraces, kOtlpJsonType, good.json, "Content-Encoding: gzip, gzip\r\n"), 415, 3},
      {"GET", "GET /v1/traces HTTP/1.1\r\nHost: localhost\r\n\r\n", 405, 12},
      {"PUT", "PUT /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", 405, 12},
      {"no JSON", OtlpPost(kTraces, kOtlpJsonType, "so long"), 400, 3},
      {"no UTF-8", OtlpPost(kTraces, kOtlpJsonType, "\xff\x01 \xc3{"), 400, 3},
      {"no bytes of JSON", OtlpPost(kTraces, kOtlpJsonType, ""), 400, 3},
      {"blank JSON", OtlpPost(kTraces, kOtlpJsonType, " \n"), 400, 3},
      {"other JSON", OtlpPost(kTraces, kOtlpJsonType, R"({"a":1})"), 400, 3},
      {"over a thousand spans without ids", OtlpPost(kTraces, kOtlpJsonType, many_empty), 400, 3},
      {"cut JSON", OtlpPost(kTraces, kOtlpJsonType, good.json.substr(0, good.json.size() / 2)), 400,
       3},
      {"JSON as protobuf", OtlpPost(kTraces, kOtlpProto, good.json), 400, 3, true},
      {"protobuf as JSON", OtlpPost(kTraces, kOtlpJsonType, good.proto), 400, 3},
      {"cut protobuf", OtlpPost(kTraces, kOtlpProto, good.proto.substr(0, good.proto.size() - 3)),
       400, 3, true},
      {"not gzip", OtlpPost(kTraces, kOtlpProto, good.proto, gzip), 400, 3, true},
      {"not zstd", OtlpPost(kTraces, kOtlpProto, good.proto, zstd), 400, 3, true},
      {"cut gzip", OtlpPost(kTraces, kOtlpProto, zipped.substr(0, zipped.size() - 9), gzip), 400, 3,
       true},
      {"bomb", OtlpPost(kTraces, kOtlpJsonType, bomb, gzip), 413, 8},
      {"bomb of zstd", OtlpPost(kTraces, kOtlpJsonType, Zstd(LongJson(40 << 20)), zstd), 413, 8},
      {"bomb as protobuf", OtlpPost(kTraces, kOtlpProto, bomb, gzip), 413, 8, true},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const HttpReply reply = desk.Ask(row.post);
    INFO(reply.body);
    CHECK(reply.status == row.status);
    CHECK(reply.Get("content-type") == (row.proto ? kOtlpProto : kOtlpJsonType));
    if (row.proto) {
      const ProtoFields status(reply.body);
      CHECK(status.numbers.at(1) == static_cast<std::uint64_t>(row.code));
      CHECK(status.texts.at(2).size() > 10);
    } else {
      const boost::json::value status = boost::json::parse(reply.body);
      CHECK(status.at("code").to_number<int>() == row.code);
      CHECK(status.at("message").as_string().size() > 10);
    }
    CHECK(reply.Get("retry-after").empty());
    if (row.status == 405) CHECK(reply.Get("allow") == "POST, OPTIONS");
  }
  CHECK(desk.Spans() == 0);
  Eventually([&] { return desk.Counted("request_refused") == 16; });
}

TEST_CASE("a body over the limit is refused before it is read") {
  HttpOptions http;
  http.max_telemetry_bytes = 1000;
  ReceiverDesk desk({}, http);
  HttpReply reply = desk.Ask(OtlpPost(kTraces, kOtlpProto, std::string(1001, '\0')));
  CHECK(reply.status == 413);
  CHECK(ProtoFields(reply.body).texts.at(2).find("1000 bytes") != std::string::npos);
  reply = desk.Ask(
      "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json"
      "\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n" +
      std::string(1024, ' ') + "\r\n0\r\n\r\n");
  CHECK(reply.status == 413);
}

TEST_CASE("a body of many megabytes is read") {
  ReceiverDesk desk;
  BothSpan large;
  large.attributes = {{"input.value", StringValue(std::string(20 << 20, 'a'))}};
  const Both request = RequestOfSpans({SpanOf(large), OneSpan(1)});
  CHECK(desk.Ask(OtlpPost(kTraces, kOtlpProto, request.proto)).status == 200);
  CHECK(desk.Spans() == 2);
  large.trace_id = std::string(16, '\x77');
  const Both other = RequestOfSpans({SpanOf(large)});
  CHECK(desk.Ask(OtlpPost(kTraces, kOtlpJsonType, other.json)).status == 200);
  CHECK(desk.Spans() == 3);
}

TEST_CASE("any Origin is refused at OTLP's paths unless it is allowed by name") {
  HttpServiceOptions service;
  service.access.allowed_origins = {"https://app.example.com"};
  ReceiverDesk desk(std::move(service));
  const std::string body = RequestOfSpans({OneSpan(1)}).json;
  for (const std::string_view path :
       {"/v1/traces", "/v1/logs", "/v1/metrics", "/api/public/otel/v1/traces"}) {
    for (const std::string_view origin :
         {"https://evil.example", "http://localhost:3000", "http://127.0.0.1", "null"}) {
      INFO(path << " " << origin);
      const HttpReply reply =
          desk.Ask(OtlpPost(path, kOtlpJsonType, body, "Origin: " + std::string(origin) + "\r\n"));
      CHECK(reply.status == 403);
      CHECK(boost::json::parse(reply.body).at("code").to_number<int>() == 7);
    }
  }
  CHECK(desk.Spans() == 0);
  const HttpReply allowed =
      desk.Ask(OtlpPost(kTraces, kOtlpJsonType, body, "Origin: https://app.example.com\r\n"));
  CHECK(allowed.status == 200);
  CHECK(allowed.Get("access-control-allow-origin") == "https://app.example.com");
  const HttpReply preflight = desk.Ask(
      "OPTIONS /v1/traces HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\r\n"
      "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n");
  CHECK(preflight.status == 204);
  CHECK(preflight.Get("access-control-allow-methods") == "POST");
  CHECK(desk.Spans() == 1);
}

TEST_CASE("with a token, exporters send it as bearer or as the password of Basic") {
  HttpServiceOptions service;
  service.access.token = "s3cret";
  ReceiverDesk desk(std::move(service));
  const auto status = [&](std::string_view path, std::string_view authorization) {
    return desk
        .Ask(OtlpPost(
            path, kOtlpJsonType, "{}",
            authorization.empty() ? "" : "Authorization: " + std::string(authorization) + "\r\n"))
        .status;
  };
  CHECK(status(kTraces, "") == 401);
  CHECK(status(kTraces, "Bearer s3cret") == 200);
  CHECK(status(kTraces, "Bearer other") == 401);
  CHECK(status(kTraces, "Basic cGs6czNjcmV0") == 200);  // pk:s3cret
  CHECK(status("/api/public/otel/v1/traces", "Basic cGs6czNjcmV0") == 200);
  CHECK(status(kTraces, "Basic cGs6b3RoZXI=") == 401);  // pk:other
  CHECK(status(kTraces, "Basic czNjcmV0") == 401);      // s3cret, without a colon
  CHECK(status("/mcp", "Basic cGs6czNjcmV0") == 401);
}

TEST_CASE("metrics are accepted and counted") {
  ReceiverDesk desk;
  CHECK(desk.Ask(OtlpPost("/v1/metrics", kOtlpProto, "\x0a\x00")).status == 200);
  CHECK(desk.Ask(OtlpPost("/v1/metrics", kOtlpJsonType, R"({"resourceMetrics":[]})")).body == "{}");
  CHECK(desk.Ask(OtlpPost("/v1/metrics", "text/plain", "x")).status == 415);
  Eventually([&] { return desk.Counted("metrics") == 2; });
}

TEST_CASE("too many requests in progress get 429, and a store that is not writable gives 503") {
  std::vector<Acknowledge> held;
  std::mutex mutex;
  HttpServiceOptions service;
  service.otlp.max_requests = 1;
  service.otlp.receive = [&](const ReceivedMessage&, Acknowledge acknowledge) {
    const std::lock_guard lock(mutex);
    held.push_back(std::move(acknowledge));
  };
  ReceiverDesk desk(std::move(service));
  HttpClient first(desk.desk().port());
  first.Send(OtlpPost(kTraces, kOtlpProto, ""));
  Eventually([&] {
    const std::lock_guard lock(mutex);
    return held.size() == 1;
  });
  const HttpReply second = desk.Ask(OtlpPost(kTraces, kOtlpProto, ""));
  CHECK(second.status == 429);
  CHECK(second.Get("retry-after") == "1");
  CHECK(ProtoFields(second.body).numbers.at(1) == 8);

  held[0]({Acknowledgement::Status::kUnavailable, 0, "the disk is full"});
  const auto reply = first.Receive();
  REQUIRE(reply);
  CHECK(reply->status == 503);
  CHECK(reply->Get("retry-after") == "1");
  CHECK(ProtoFields(reply->body).texts.at(2) == "Nothing was stored: the disk is full");
  CHECK(ProtoFields(reply->body).numbers.at(1) == 14);
}

TEST_CASE("a client that goes away in the middle harms nothing") {
  ReceiverDesk desk;
  const std::string post = OtlpPost(kTraces, kOtlpProto, RequestOfSpans({OneSpan(1)}).proto);
  for (std::size_t size = 1; size < post.size(); size += 7) {
    HttpClient client(desk.desk().port());
    client.Send(std::string_view(post).substr(0, size));
  }
  {
    HttpClient client(desk.desk().port());
    client.Send(post);  // whole, but nobody waits for the answer
  }
  Eventually([&] { return desk.Spans() == 1; });
  CHECK(desk.Ask(post).status == 200);
  CHECK(desk.Spans() == 1);
}

TEST_CASE("concurrent requests are all stored once") {
  ReceiverDesk desk;
  constexpr int kClients = 8, kPosts = 12;
  std::vector<std::jthread> clients;
  std::atomic<int> accepted{0};
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, i] {
      HttpClient client(desk.desk().port());
      for (int n = 0; n < kPosts; ++n) {
        // Two clients send each span.
        const Both request = RequestOfSpans({OneSpan(1 + i / 2, 1 + n)});
        client.Send(OtlpPost(kTraces, kOtlpProto, request.proto));
        const auto reply = client.Receive();
        accepted += reply && reply->status == 200;
      }
    });
  }
  clients.clear();
  CHECK(accepted == kClients * kPosts);
  CHECK(desk.Spans() == kClients / 2 * kPosts);
}

TEST_CASE("a received trace is open until it has been quiet") {
  ReceiverDesk desk;
  CHECK(desk.Ask(OtlpPost(kTraces, kOtlpProto, RequestOfSpans({OneSpan(1)}).proto)).status == 200);
  CHECK(desk.engine().Overview({})->open_traces == 1);
  Question later;
  later.now_ns =
      std::chrono::duration_cast<std::chrono::nanoseconds>(
          (std::chrono::system_clock::now() + std::chrono::seconds(20)).time_since_epoch())
          .count();
  CHECK(desk.engine().Overview(later)->open_traces == 0);
}

}  // namespace halo
