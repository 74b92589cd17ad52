// SPDX-License-Identifier: MIT
#include "server/stdio/stdio_transport.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <latch>
#include <set>
#include <thread>

#include "server/stdio/line_splitter.h"
#include "tests/support/fixture_tools.h"
#include "tests/support/wire.h"
#include "tests/unit/tools/fake_engine.h"

namespace halo {
namespace {

namespace json = boost::json;

struct Server {
  Server() : Server(FixtureTools()) {}
  explicit Server(std::vector<Tool> tools)
      : dispatcher(FixtureCatalogue(engine, std::move(tools)), {std::chrono::milliseconds(0), {}}) {
  }
  Engine engine;
  Dispatcher dispatcher;
};

std::string Ping(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"method":"ping"})";
}
std::string Pong(int id) {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) + R"(,"result":{}})";
}
std::string CallOf(int id, std::string_view tool, std::string_view arguments = "{}") {
  return R"({"jsonrpc":"2.0","id":)" + std::to_string(id) +
         R"(,"method":"tools/call","params":{"name":")" + std::string(tool) + R"(","arguments":)" +
         std::string(arguments) + R"(,"_meta":{"progressToken":)" + std::to_string(id) + "}}}";
}

std::int64_t IdOf(const std::string& message) {
  return json::parse(message).at("id").to_number<std::int64_t>();
}
std::int64_t CodeOf(const std::string& message) {
  return json::parse(message).at("error").at("code").to_number<std::int64_t>();
}

// Serves `input` from a file, and returns the complete output.
std::string Serve(const Dispatcher& dispatcher, std::string_view input) {
  std::FILE* in = std::tmpfile();
  std::FILE* out = std::tmpfile();
  REQUIRE(in);
  REQUIRE(out);
  std::fwrite(input.data(), 1, input.size(), in);
  std::rewind(in);
  StdioOptions options;
  options.input = ::fileno(in);
  options.output = ::fileno(out);
  options.to_answer = std::chrono::minutes(1);
  CHECK(ServeStdio(dispatcher, options));
  std::string written(static_cast<std::size_t>(::lseek(options.output, 0, SEEK_END)), '\0');
  CHECK(::pread(options.output, written.data(), written.size(), 0) ==
        static_cast<ssize_t>(written.size()));
  std::fclose(in);
  std::fclose(out);
  return written;
}

// Asks calls to stop as soon as the input has ended.
StdioOptions Impatient() {
  StdioOptions options;
  options.to_answer = std::chrono::milliseconds(1);
  options.to_stop = std::chrono::minutes(1);
  return options;
}

}  // namespace

TEST_CASE("endless calls do not delay others, and are stopped at the end of input") {
  constexpr int kSlow = 20;
  const Server server;
  const auto wire = OpenStdio(server.dispatcher, Impatient());
  for (int id = 0; id < kSlow; ++id) wire->Send(CallOf(id, "wait"));
  std::set<std::string> waiting;
  for (int i = 0; i < kSlow; ++i) waiting.insert(wire->Receive().value());
  CHECK(waiting.size() == kSlow);

  wire->Send(Ping(100));
  CHECK(wire->Receive().value() == Pong(100));
  wire->Send(CallOf(101, "echo", R"({"text":"hi"})"));
  CHECK(IdOf(wire->Receive().value()) == 101);

  const std::vector<std::string> last = wire->Close();
  std::set<std::int64_t> stopped;
  for (const std::string& message : last) stopped.insert(IdOf(message));
  CHECK(last.size() == kSlow);
  CHECK(stopped.size() == kSlow);
}

TEST_CASE("all messages of a file are answered, including a last line without a line break") {
  const Server server;
  const std::string input =
      Ping(1) + "\n\n \t\r\n" + Ping(2) + "\r\n" + CallOf(3, "echo", R"({"text":"hi"})");
  const std::string out = Serve(server.dispatcher, input);
  CHECK(out.starts_with(Pong(1) + "\n" + Pong(2) + "\n"));
  CHECK(out.find(R"("id":3,"result")") != std::string::npos);
  CHECK(out.ends_with("\n"));
  CHECK(Serve(server.dispatcher, "").empty());
}

TEST_CASE("messages in other encodings are answered with their id") {
  const Server server;
  const std::string mark = "\xEF\xBB\xBF";
  // As piped by PowerShell.
  CHECK(Serve(server.dispatcher, mark + Ping(1) + "\r\n" + Ping(2) + "\r\n") ==
        Pong(1) + "\n" + Pong(2) + "\n");
  CHECK(Serve(server.dispatcher, mark + "\r\n" + Ping(1)) == Pong(1) + "\n");
  CHECK(Serve(server.dispatcher, mark).empty());
  for (const bool little : {true, false}) {
    std::string wide = little ? "\xFF\xFE" : "\xFE\xFF";
    for (const char c : Ping(1) + "\r\n" + Ping(2) + "\r\n") {
      wide.append(little ? std::string{c, '\0'} : std::string{'\0', c});
    }
    const std::string out = Serve(server.dispatcher, wide);
    INFO(out);
    CHECK(std::count(out.begin(), out.end(), '\n') == 2);
    CHECK(out.starts_with(R"({"jsonrpc":"2.0","id":1,"error":{"code":-32700,)"));
    CHECK(out.find(R"("id":2,"error":{"code":-32700,)") != std::string::npos);
    CHECK(out.find("UTF-16") != std::string::npos);
  }
  const std::string bytes =
      "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"\xff\":\"\xc3\"}\n";
  CHECK(Serve(server.dispatcher, bytes) == Pong(7) + "\n");
}

TEST_CASE("a message that is too long is refused with its id, wherever that is") {
  const Server server;
  const std::string filler = R"("params":{"id":3,"text":")" + std::string(9 << 20, 'x') + "\"}";
  for (const std::string& message :
       {R"({"jsonrpc":"2.0","id":7,"method":"ping",)" + filler + "}",
        R"({"method":"ping",)" + filler + R"(,"jsonrpc":"2.0","id":7})",
        R"({"method":"ping","id":7,)" + filler}) {
    const std::string out = Serve(server.dispatcher, message + "\n" + Ping(8));
    CHECK(out.starts_with(R"({"jsonrpc":"2.0","id":7,"error":{"code":-32600,)"));
    CHECK(out.ends_with(Pong(8) + "\n"));
  }
}

TEST_CASE("a call that does not stop is abandoned") {
  std::latch started(1), release(1);
  Tool stubborn = FixtureTools().front();
  stubborn.info.name = "stubborn";
  stubborn.call = [&](Engine&, const json::value&, const CallContext&) -> Result<ToolAnswer> {
    started.count_down();
    release.wait();
    return ToolAnswer{{}, "at last"};
  };
  const Server server({stubborn});
  std::array<int, 2> in{}, out{};
  REQUIRE(::pipe(in.data()) == 0);
  REQUIRE(::pipe(out.data()) == 0);
  const std::string line = CallOf(1, "stubborn") + "\n";
  REQUIRE(::write(in[1], line.data(), line.size()) == static_cast<ssize_t>(line.size()));
  std::thread leaving([&] {
    started.wait();
    ::close(in[1]);
  });
  StdioOptions options = Impatient();
  options.to_stop = options.to_answer;
  options.input = in[0];
  options.output = out[1];
  CHECK_FALSE(ServeStdio(server.dispatcher, options));
  leaving.join();
  release.count_down();
  // After this answer, the call no longer uses the dispatcher, so it may be destroyed.
  std::array<char, 512> answer;
  CHECK(::read(out[0], answer.data(), answer.size()) > 0);
  for (const int descriptor : {in[0], out[0], out[1]}) ::close(descriptor);
}

TEST_CASE("a message over 8 MB gets an error and the next is served") {
  const Server server;
  const std::string open = R"({"jsonrpc":"2.0","id":1,"method":"ping","params":{"a":")";
  const std::string close = "\"}}";
  const std::size_t most = StdioOptions{}.max_line;
  const auto message = [&](std::size_t size) {
    return open + std::string(size - open.size() - close.size(), 'x') + close + "\n";
  };
  const std::string out = Serve(
      server.dispatcher, message(most) + message(most + 1) + message(9 << 20) + Ping(2) + "\n");
  std::vector<std::string> lines;
  LineSplitter(1 << 20, [&](std::string_view line, bool) { lines.emplace_back(line); }).Feed(out);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0] == Pong(1));
  CHECK(CodeOf(lines[1]) == -32600);
  CHECK(lines[2] == lines[1]);
  CHECK(lines[2].find("8388608 bytes") != std::string::npos);
  CHECK(lines[3] == Pong(2));
}

TEST_CASE("binary data gets an error and the next line is served") {
  const Server server;
  const auto wire = OpenStdio(server.dispatcher, {});
  wire->Send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\xff\"}");
  CHECK(CodeOf(wire->Receive().value()) == -32601);
  for (const std::string_view bad :
       {std::string_view("\xff\"id\":1"), std::string_view("\0\0\0", 3),
        std::string_view("\x1f\x8b\x08", 3)}) {
    wire->Send(bad);
    CHECK(CodeOf(wire->Receive().value()) == -32700);
    wire->Send(Ping(2));
    CHECK(wire->Receive().value() == Pong(2));
  }
}

TEST_CASE("2000 pings at once are all answered, in order") {
  const Server server;
  std::string input, expected;
  for (int id = 0; id < 2000; ++id) {
    input += Ping(id) + "\n";
    expected += Pong(id) + "\n";
  }
  CHECK(Serve(server.dispatcher, input) == expected);
}

TEST_CASE("concurrent answers are complete lines, each sent once") {
  const Server server;
  const auto wire = OpenStdio(server.dispatcher, {});
  const std::string text(20'000, 'x');
  for (int id = 0; id < 300; ++id) wire->Send(CallOf(id, "echo", "{\"text\":\"" + text + "\"}"));
  std::set<std::int64_t> answered;
  for (int i = 0; i < 300; ++i) {
    const std::string message = wire->Receive().value();
    CHECK(message.find("{\"text\":\"" + text + "\"}") != std::string::npos);
    answered.insert(IdOf(message));
  }
  CHECK(answered.size() == 300);
}

TEST_CASE("non-blocking descriptors are supported") {
  const Server server;
  std::array<int, 2> in{}, out{};
  REQUIRE(::pipe2(in.data(), O_NONBLOCK) == 0);
  REQUIRE(::pipe2(out.data(), O_NONBLOCK) == 0);
  StdioOptions options;
  options.input = in[0];
  options.output = out[1];
  std::thread serving([&] { ServeStdio(server.dispatcher, options); });
  // More than a pipe can hold, so that the server's output pipe becomes full.
  constexpr int kPings = 5000;
  std::thread writing([&] {
    ::fcntl(in[1], F_SETFL, 0);
    for (int id = 0; id < kPings; ++id) {
      const std::string line = Ping(id) + "\n";
      if (::write(in[1], line.data(), line.size()) < 0) break;
    }
    ::close(in[1]);
  });
  ::fcntl(out[0], F_SETFL, 0);
  std::size_t lines = 0;
  std::array<char, 4096> buffer;
  while (lines < kPings) {
    const ssize_t size = ::read(out[0], buffer.data(), buffer.size());
    if (size <= 0) break;
    lines += static_cast<std::size_t>(std::count(buffer.data(), buffer.data() + size, '\n'));
  }
  CHECK(lines == kPings);
  writing.join();
  serving.join();
  for (const int descriptor : {in[0], out[0], out[1]}) ::close(descriptor);
}

TEST_CASE("the server survives a client that no longer reads") {
  const Server server;
  std::array<int, 2> in{}, out{};
  REQUIRE(::pipe(in.data()) == 0);
  REQUIRE(::pipe(out.data()) == 0);
  ::close(out[0]);
  const std::string lines = Ping(1) + "\n" + CallOf(2, "wait") + "\n" + Ping(3) + "\n";
  REQUIRE(::write(in[1], lines.data(), lines.size()) == static_cast<ssize_t>(lines.size()));
  ::close(in[1]);
  StdioOptions options;
  options.input = in[0];
  options.output = out[1];
  options.to_stop = std::chrono::minutes(1);
  CHECK(ServeStdio(server.dispatcher, options));
  ::close(in[0]);
  ::close(out[1]);
}

}  // namespace halo
