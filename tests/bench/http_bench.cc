// SPDX-License-Identifier: MIT
// http_bench BINARY ECHO TRACES FOLDER: measures the overhead of `halo-mcp serve` over plain HTTP,
// and how it copes with many clients, an import and misbehaving clients at once.
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/generate.h"
#include "tests/bench/http_load.h"
#include "tests/bench/measure.h"
#include "tests/bench/server_process.h"

namespace halo::bench {
namespace {

constexpr int kThreads = 2;
constexpr int kConnections = 50, kCrowd = 200;
constexpr double kRound = 2.0, kMaxCrowd = 40.0;

std::string Post(std::string_view body) {
  return "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
         "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n"
         "Content-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string CallOf(std::string_view tool, std::string_view arguments) {
  return Post(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":")" +
              std::string(tool) + R"(","arguments":)" + std::string(arguments) + "}}");
}

// The structured content of the answer, serialised, without the random mark of its fences: the
// answer says it first, as in "«5f6c91c2:...:5f6c91c2» encloses text from traces".
std::string WithoutMarks(const std::string& body) {
  const boost::json::value content = boost::json::parse(body).at("result").at("structuredContent");
  std::string text = boost::json::serialize(content);
  const boost::json::value* const fence = content.as_object().if_contains("fence");
  if (!fence) return text;
  const std::string_view says = fence->as_string();
  const std::string mark(says.substr(2, says.find(':') - 2));  // after the two bytes of «
  for (std::size_t at = text.find(mark); at != text.npos; at = text.find(mark, at)) {
    text.erase(at, mark.size());
  }
  return text;
}

double MemoryMb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

struct Bench {
  std::string binary, echo;
  std::filesystem::path folder;
  std::vector<Row> rows;

  std::string At(const std::string& name) const { return (folder / name).string(); }
  void Add(Row row) {
    std::fprintf(stderr, "%s: %s%s\n", row.what.c_str(), row.measured.c_str(),
                 row.met ? "" : "  MISSED");
    rows.push_back(std::move(row));
  }
};

void CheckAll(const std::string& what, const LoadResult& load) {
  if (load.lost > 0 || load.status.size() != 1 || !load.status.contains(200)) {
    Fail(what + ": " + std::to_string(load.lost) + " answers lost, or others than 200");
  }
}

// Measures both servers in turn, so that other load on the machine affects both.
void Compare(Bench& bench, const ServerProcess& halo, const std::string& what,
             const std::string& request, double share, const std::string& must) {
  const std::string body = AskOnce(halo.port, request);
  const ServerProcess bare =
      StartServer({bench.echo, std::to_string(body.size()), std::to_string(kThreads)}, "");
  std::vector<double> ratios, ours, theirs, our_latencies, their_latencies;
  for (int round = 0; round < 4; ++round) {
    const LoadResult echo = RunLoad({bare.port, request, kConnections, kRound, {}});
    const LoadResult load = RunLoad({halo.port, request, kConnections, kRound, {}});
    CheckAll("the bare server", echo);
    CheckAll(what, load);
    if (round == 0) continue;  // warm-up
    ratios.push_back(load.PerSecond() / echo.PerSecond());
    ours.push_back(load.PerSecond());
    theirs.push_back(echo.PerSecond());
    our_latencies.insert(our_latencies.end(), load.latencies.begin(), load.latencies.end());
    their_latencies.insert(their_latencies.end(), echo.latencies.begin(), echo.latencies.end());
  }
  bare.End();
  const double ratio = Percentile(ratios, 0.5);
  bench.Add({"HTTP requests a second, " + what + " (" + std::to_string(body.size()) +
                 " bytes), of a bare Beast server's",
             must, "",
             Fixed(ratio, 2) + " (" + Fixed(Percentile(ours, 0.5), 0) + " of " +
                 Fixed(Percentile(theirs, 0.5), 0) + ")",
             ratio >= share});
  const double p99 = Percentile(our_latencies, 0.99);
  bench.Add({"HTTP latency of " + what + ", 50 connections, p50; p99 (bare server's)", "p99 5 ms",
             "",
             Milliseconds(Percentile(our_latencies, 0.5)) + "; " + Milliseconds(p99) + " (" +
                 Milliseconds(Percentile(their_latencies, 0.5)) + "; " +
                 Milliseconds(Percentile(their_latencies, 0.99)) + ")",
             p99 < 0.005});
}

void WriteImport(const std::string& path, double bytes) {
  std::ofstream out(path, std::ios::binary);
  Generator generator(kShapeS, 21);
  std::string line;
  for (double written = 0; written < bytes; written += static_cast<double>(line.size())) {
    line.clear();
    generator.AppendTrace(line);
    out << line;
  }
}

// Clients that misbehave while others are served: 100 stall in a head, 100 send invalid requests.
struct BadClients {
  explicit BadClients(std::uint16_t port) {
    for (int i = 0; i < 100; ++i) {
      slow.push_back(ConnectAndSend(port, "POST /mcp HTTP/1.1\r\nHost: loc"));
    }
    const std::string huge =
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
        "application/json\r\nContent-Length: 99999999\r\n\r\n{";
    const std::string long_head =
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nA: " + std::string(40'000, 'a') + "\r\n\r\n";
    for (int i = 0; i < 25; ++i) {
      Expect(port, huge, 413);
      Expect(port, long_head, 431);
      Expect(port, "nonsense\r\n\r\n", 400);
      Expect(port, Post("{\"jsonrpc\":"), 400);
    }
  }

  void Expect(std::uint16_t port, const std::string& bytes, int wanted) {
    int status = 0;
    AskOnce(port, bytes, &status);
    status == wanted ? ++refused : ++unexpected;
  }

  // How many of the slow clients got status 408.
  int AwaitTimeouts() {
    int told = 0;
    for (const int socket : slow) {
      std::array<char, 512> bytes{};
      const ssize_t size = ::recv(socket, bytes.data(), bytes.size() - 1, 0);
      told += size > 0 && std::string_view(bytes.data()).starts_with("HTTP/1.1 408") ? 1 : 0;
      ::close(socket);
    }
    return told;
  }

  std::vector<int> slow;
  int refused = 0, unexpected = 0;
};

void BenchCrowd(Bench& bench, const ServerProcess& halo, const std::string& url,
                const std::string& request) {
  WriteImport(bench.At("import.jsonl"), 60e6);
  const std::string before = WithoutMarks(AskOnce(halo.port, request));
  const double memory_before = MemoryMb(halo.pid);
  const pid_t import = Start(
      {bench.binary, "ingest", bench.At("import.jsonl"), "--project", "crowd", "--store", url});
  BadClients bad(halo.port);
  bool imported = false;
  const auto importing = [&] {
    int status = 0;
    if (!imported && ::waitpid(import, &status, WNOHANG) == import) {
      imported = true;
      if (status != 0) Fail("the import failed");
    }
    return !imported;
  };
  double peak = 0;
  const LoadResult load = RunLoad({halo.port, request, kCrowd, kMaxCrowd, [&] {
                                     peak = std::max(peak, MemoryMb(halo.pid));
                                     return importing();
                                   }});
  while (importing()) ::usleep(10'000);
  std::uint64_t failed = load.lost;
  for (const auto& [status, count] : load.status) failed += status == 200 ? 0 : count;
  bench.Add({std::to_string(kCrowd) +
                 " connections call get_failure_mode while 60 MB are imported: "
                 "answers; errors or lost; p50; p99",
             "0 lost", "",
             std::to_string(load.answered) + "; " + std::to_string(failed) + "; " +
                 Milliseconds(Percentile(load.latencies, 0.5)) + "; " +
                 Milliseconds(Percentile(load.latencies, 0.99)),
             failed == 0 && load.answered > 0});
  const int told = bad.AwaitTimeouts();
  bench.Add({"meanwhile 100 clients that stall in a head, 100 that send too much or no HTTP",
             "all refused", "",
             std::to_string(told) + " timed out with 408, " + std::to_string(bad.refused) +
                 " refused as they should",
             told == 100 && bad.unexpected == 0});
  const std::string after = WithoutMarks(AskOnce(halo.port, request));
  bench.Add({"the server's memory before, at most, and after; its answer after", "as before", "",
             Fixed(memory_before, 0) + ", " + Fixed(peak, 0) + ", " + Fixed(MemoryMb(halo.pid), 0) +
                 " MB; " + (before == after ? "as before" : "another"),
             before == after});
}

int Main(int count, char** words) {
  if (count != 5) Fail("usage: http_bench BINARY ECHO TRACES FOLDER");
  ::signal(SIGPIPE, SIG_IGN);
  Bench bench;
  bench.binary = words[1];
  bench.echo = words[2];
  bench.folder = words[4];
  std::filesystem::remove_all(bench.folder);
  std::filesystem::create_directories(bench.folder);
  const std::string url = "sqlite:" + bench.At("store.db");
  Run({bench.binary, "ingest", words[3], "--project", "example", "--store", url});
  const ServerProcess halo =
      StartServer({bench.binary, "serve", "--listen", "127.0.0.1:0", "--store", url}, "MCP");
  const std::string modes = AskOnce(halo.port, CallOf("list_failure_modes", R"({"limit":1})"));
  const std::size_t id = modes.find("fm_");
  if (id == modes.npos) Fail("no failure modes in " + std::string(words[3]));
  const std::string mode = CallOf("get_failure_mode", R"({"id":")" + modes.substr(id, 15) +
                                                          R"(","filters":{"project":"example"}})");

  Compare(bench, halo, "ping", Post(R"({"jsonrpc":"2.0","id":1,"method":"ping"})"), 0.5, "1/2");
  Compare(bench, halo, "get_failure_mode", mode, 0.25, "1/4");
  BenchCrowd(bench, halo, url, mode);
  halo.End();
  std::filesystem::remove_all(bench.folder);
  return PrintTable(bench.rows) ? 0 : 1;
}

}  // namespace
}  // namespace halo::bench

int main(int count, char** words) { return halo::bench::Main(count, words); }
