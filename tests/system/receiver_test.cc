// SPDX-License-Identifier: MIT
// Receiving OTLP/HTTP: what was acknowledged is there, whatever happens to the store or the
// process.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>

#include "tests/support/otlp_post.h"
#include "tests/system/faults.h"
#include "tests/system/serving.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

using std::chrono::milliseconds;

std::string Post(const std::string& body) { return OtlpPost("/v1/traces", kOtlpJsonType, body); }

// Status of the answer; 0 if there was none.
int SendTo(std::uint16_t port, const std::string& bytes) {
  try {
    HttpClient client(port);
    client.Send(bytes);
    const std::optional<HttpReply> reply = client.Receive();
    return reply ? reply->status : 0;
  } catch (const std::runtime_error&) {
    return 0;  // nobody listens
  }
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// `halo-mcp stdio`, whose standard error goes to a file.
class Stdio {
 public:
  Stdio(const std::vector<std::string>& options, std::string log) : log_(std::move(log)) {
    int input[2], output[2];
    REQUIRE(pipe2(input, O_CLOEXEC) == 0);
    REQUIRE(pipe2(output, O_CLOEXEC) == 0);
    std::vector<std::string> words = {HALO_BINARY, "stdio"};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<char*> raw;
    for (std::string& word : words) raw.push_back(word.data());
    raw.push_back(nullptr);
    child_ = fork();
    REQUIRE(child_ >= 0);
    if (child_ == 0) {
      dup2(input[0], 0);
      dup2(output[1], 1);
      dup2(open(log_.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600), 2);
      execv(HALO_BINARY, raw.data());
      _exit(127);
    }
    close(input[0]);
    close(output[1]);
    input_ = input[1];
    output_ = fdopen(output[0], "r");
  }
  ~Stdio() {
    if (child_ > 0) End();
    std::fclose(output_);
  }
  Stdio(const Stdio&) = delete;
  Stdio& operator=(const Stdio&) = delete;

  // One line in, one line out.
  std::string Ask(const std::string& message) {
    const std::string line = message + "\n";
    REQUIRE(write(input_, line.data(), line.size()) == static_cast<ssize_t>(line.size()));
    std::string answer;
    for (int c; (c = std::fgetc(output_)) != EOF && c != '\n';)
      answer.push_back(static_cast<char>(c));
    return answer;
  }
  std::string Overview() {
    return Ask(
        R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_overview"}})");
  }
  std::string Log() const { return ReadFile(log_); }
  // The port that it says it receives at; 0 if it says none within some time.
  std::uint16_t Port() const {
    constexpr std::string_view kMark = "receiving OTLP at http://127.0.0.1:";
    for (int i = 0; i < 1000; ++i) {
      const std::string log = Log();
      const std::size_t at = log.find(kMark);
      if (at != log.npos && log.find('\n', at) != log.npos) {
        return static_cast<std::uint16_t>(std::stoi(log.substr(at + kMark.size())));
      }
      std::this_thread::sleep_for(milliseconds(20));
    }
    return 0;
  }
  void Kill() { kill(child_, SIGKILL); }
  // Closes its input, as clients do, and returns its exit code.
  int End() {
    close(input_);
    return WaitFor(std::exchange(child_, 0));
  }

 private:
  const std::string log_;
  pid_t child_ = 0;
  int input_ = -1;
  std::FILE* output_ = nullptr;
};

}  // namespace

TEST_CASE("serve killed amid posts has every acknowledged span, once") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(120, 21);
  const std::string options = "--store " + folder.StoreUrl("a.db");
  std::mt19937 random(5);
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::vector<std::size_t> lost;  // posts without an acknowledgement
  int kills = 0;
  while (next < lines.size()) {
    Serving serving(options);
    {
      std::vector<std::jthread> clients;
      for (int i = 0; i < 4; ++i) {
        clients.emplace_back([&] {
          for (std::size_t n; (n = next++) < lines.size();) {
            if (SendTo(serving.port(), Post(lines[n])) == 200) continue;
            const std::lock_guard lock(mutex);
            lost.push_back(n);
            return;  // it was killed
          }
        });
      }
      std::this_thread::sleep_for(milliseconds(20 + random() % 200));
      if (next < lines.size()) ++kills;
      kill(serving.pid(), SIGKILL);
    }
    CHECK(serving.End() == 128 + SIGKILL);
    const auto engine = Open(folder.StoreUrl("a.db"));
    const std::int64_t spans = engine->Info()->spans;
    const auto posted = static_cast<std::int64_t>(std::min<std::size_t>(next, lines.size()));
    // A post whose acknowledgement was lost may have been stored.
    CHECK(spans <= posted);
    CHECK(spans >= posted - static_cast<std::int64_t>(lost.size()));
  }
  CHECK(kills > 1);
  Serving serving(options);
  for (const std::size_t n : lost) CHECK(SendTo(serving.port(), Post(lines[n])) == 200);
  CHECK(serving.End() == 0);
  const auto received = Open(folder.StoreUrl("a.db"));
  CHECK(received->Info()->spans == static_cast<std::int64_t>(lines.size()));
  WriteFile(folder.At("whole"), Join(lines));
  const auto whole = Open(folder.StoreUrl("whole.db"));
  Ingest(*whole, {folder.At("whole")});
  CHECK(received->Info()->traces == whole->Info()->traces);
}

TEST_CASE("a locked store gives 503 with Retry-After, and what is sent again is stored once") {
  const TempFolder folder;
  LockHolder holder(folder.At("a.db"));
  Serving serving("--store " + folder.StoreUrl("a.db"));
  const std::vector<std::string> lines = SpanLines(2, 22);
  CHECK(SendTo(serving.port(), Post(lines[0])) == 200);
  holder.Lock();
  const std::optional<HttpReply> refused = serving.Ask(Post(lines[1]));
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->Get("retry-after") == "1");
  CHECK(refused->body.find("\"code\":14") != std::string::npos);
  holder.Unlock();
  CHECK(SendTo(serving.port(), Post(lines[1])) == 200);
  CHECK(SendTo(serving.port(), Post(lines[1])) == 200);
  CHECK(serving.Overview().find(R"("spans":2)") != std::string::npos);
  CHECK(serving.End() == 0);
}

TEST_CASE("requests that wait for the store share a transaction") {
  const TempFolder folder;
  LockHolder holder(folder.At("a.db"));
  const auto engine = Open(folder.StoreUrl("a.db"));
  const std::vector<std::string> lines = SpanLines(3, 23);
  REQUIRE(lines.size() > 30);
  const std::int64_t before = engine->Sequence().value();
  holder.Lock();
  std::atomic<int> accepted{0};
  for (const std::string& line : lines) {
    ReceivedMessage message;
    message.format = MessageFormat::kJson;
    message.body = line;
    engine->Receive(message, [&](const Acknowledgement& result) {
      accepted += result.status == Acknowledgement::Status::kAccepted;
    });
  }
  holder.Unlock();
  Eventually([&] { return accepted == static_cast<int>(lines.size()); });
  // One for the first, one for all that came meanwhile.
  CHECK(engine->Sequence().value() - before <= 2);
  CHECK(engine->Info()->spans == static_cast<std::int64_t>(lines.size()));
}

TEST_CASE("a full or read-only store gives 503 until it can be written") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(40, 24);
  const std::string all = Join(lines);
  if (const auto disk = SmallDisk::Mount(folder.At("small"), 4096)) {
    Serving serving("--store sqlite:" + folder.At("small/a.db"));
    CHECK(SendTo(serving.port(), Post(lines[0])) == 200);
    disk->Fill();
    CHECK(SendTo(serving.port(), Post(all)) == 503);
    disk->Clear();
    CHECK(SendTo(serving.port(), Post(all)) == 200);
    CHECK(serving.End() == 0);
    CHECK(Open("sqlite:" + folder.At("small/a.db"))->Info()->spans ==
          static_cast<std::int64_t>(lines.size()));
  }
}

TEST_CASE("the first stdio process receives, and another takes over when it ends") {
  const TempFolder folder;
  const std::string store = folder.StoreUrl("a.db");
  const std::vector<std::string> lines = SpanLines(3, 25);
  Stdio first({"--store", store, "--otlp", "127.0.0.1:0"}, folder.At("first"));
  const std::uint16_t port = first.Port();
  REQUIRE(port != 0);
  const std::string address = "127.0.0.1:" + std::to_string(port);
  CHECK(SendTo(port, Post(lines[0])) == 200);
  CHECK(SendTo(port, PostOf("{}")) == 404);  // MCP is on the standard input

  Stdio second({"--store", folder.At("./a.db"), "--otlp", address}, folder.At("second"));
  Stdio stranger({"--store", folder.StoreUrl("b.db"), "--otlp", address}, folder.At("stranger"));
  CHECK(second.Overview().find(R"("spans":1)") != std::string::npos);
  CHECK(second.Overview().find("not_received") == std::string::npos);
  Eventually([&] { return stranger.Log().find("another store") != std::string::npos; });
  const std::string lacking = stranger.Overview();
  CHECK(lacking.find("not_received") != std::string::npos);
  CHECK(lacking.find("another store") != std::string::npos);
  CHECK(stranger.End() == 0);

  first.Kill();
  CHECK(second.Port() == port);
  CHECK(SendTo(port, Post(lines[1])) == 200);
  CHECK(second.Overview().find(R"("spans":2)") != std::string::npos);
  CHECK(second.End() == 0);
}

TEST_CASE("stdio works although another program has its port, and says so") {
  const TempFolder folder;
  const int owner = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(bind(owner, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(listen(owner, 4) == 0);
  socklen_t size = sizeof address;
  REQUIRE(getsockname(owner, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const std::string place = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  Stdio stdio({"--store", folder.StoreUrl("a.db"), "--otlp", place}, folder.At("log"));
  Eventually([&] { return stdio.Log().find(place) != std::string::npos; });
  const std::string overview = stdio.Overview();
  CHECK(overview.find("not_received") != std::string::npos);
  CHECK(overview.find(place) != std::string::npos);
  close(owner);
  CHECK(stdio.Port() == ntohs(address.sin_port));
  CHECK(stdio.Overview().find("not_received") == std::string::npos);
  CHECK(stdio.End() == 0);
}

}  // namespace halo::system_test
