// SPDX-License-Identifier: MIT
#include "server/http/grpc_refusal.h"

#include <thread>

#include "tests/unit/server/receiver/receiver_desk.h"

namespace halo {
namespace {

std::string Frame(int type, int flags, int stream, const std::string& payload) {
  std::string out;
  for (const int shift : {16, 8, 0}) out.push_back(static_cast<char>(payload.size() >> shift));
  out.push_back(static_cast<char>(type));
  out.push_back(static_cast<char>(flags));
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<char>(stream >> shift));
  return out + payload;
}

struct Answered {
  int type, flags, stream;
  std::string payload;
};

std::vector<Answered> FramesOf(std::string_view bytes) {
  std::vector<Answered> frames;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  while (bytes.size() >= 9) {
    const std::size_t size = static_cast<std::size_t>(byte(0) << 16 | byte(1) << 8 | byte(2));
    REQUIRE(bytes.size() >= 9 + size);
    frames.push_back({byte(3), byte(4), byte(8), std::string(bytes.substr(9, size))});
    bytes.remove_prefix(9 + size);
  }
  CHECK(bytes.empty());
  return frames;
}

constexpr std::string_view kVariable = "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf";

// What a gRPC client sends for one call: settings, head, message.
const std::string kCall = std::string(kHttp2Preface) + Frame(4, 0, 0, std::string(6, '\0')) +
                          Frame(8, 0, 0, std::string(4, '\1')) + Frame(1, 4, 1, "\x83\x86") +
                          Frame(0, 1, 1, std::string(500, 'm'));

}  // namespace

TEST_CASE("each gRPC call fails with a message that names the variable to set") {
  GrpcRefusal whole, split;
  const std::string answer = whole.Feed(kCall);
  std::string other;
  for (const char c : kCall) other += split.Feed({&c, 1});
  CHECK(answer == other);
  const std::vector<Answered> frames = FramesOf(answer);
  REQUIRE(frames.size() == 4);
  CHECK(frames[0].type == 4);
  CHECK(frames[0].flags == 0);
  CHECK(frames[1].type == 4);
  CHECK(frames[1].flags == 1);
  CHECK(frames[2].type == 1);
  CHECK(frames[2].flags == 5);
  CHECK(frames[2].stream == 1);
  CHECK(frames[2].payload.find(kVariable) != std::string::npos);
  CHECK(frames[3].type == 3);
  CHECK(frames[3].stream == 1);
  CHECK_FALSE(whole.ends());

  CHECK(FramesOf(whole.Feed(Frame(6, 0, 0, "12345678"))).at(0).payload == "12345678");
  CHECK(FramesOf(whole.Feed(Frame(1, 0, 3, "\x83") + Frame(9, 4, 3, "\x86"))).at(0).stream == 3);
  CHECK(whole.Feed(Frame(7, 0, 0, std::string(8, '\0'))).empty());
  CHECK(whole.ends());
}

TEST_CASE("what is not HTTP/2 ends the connection") {
  GrpcRefusal odd;
  odd.Feed(std::string(kHttp2Preface.substr(0, 20)) + "nonsense");
  CHECK(odd.ends());
  GrpcRefusal large;
  large.Feed(kHttp2Preface);
  const std::vector<Answered> frames = FramesOf(large.Feed("\xff\xff\xff" + std::string(6, '\0')));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].type == 7);
  CHECK(frames[0].payload.find(kVariable) != std::string::npos);
  CHECK(large.ends());
}

TEST_CASE("a gRPC client that finds the port is answered and counted") {
  ReceiverDesk desk;
  HttpClient client(desk.desk().port());
  client.Send(kCall);
  client.Send(Frame(7, 0, 0, std::string(8, '\0')));
  CHECK(client.ReceiveAll().find(kVariable) != std::string::npos);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (desk.Counted("grpc_refused") == 0 && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  CHECK(desk.Counted("grpc_refused") == 1);
  // A request whose first bytes resemble the preface.
  CHECK(desk.Ask("PRI / HTTP/1.1\r\nHost: localhost\r\n\r\n").status == 404);
}

}  // namespace halo
