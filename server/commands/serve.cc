// SPDX-License-Identifier: MIT
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <array>
#include <condition_variable>
#include <cstdlib>
#include <iostream>
#include <mutex>

#include "server/catalogue/halo_catalogue.h"
#include "server/commands/command.h"
#include "server/commands/follow.h"
#include "server/commands/stop_on_signal.h"
#include "server/http/http_transport.h"
#include "server/http/listen_address.h"
#include "server/http/random_token.h"
#include "server/http/web_url.h"
#include "server/methods/dispatcher.h"
#include "server/session/worker_pool.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

// More than cores, although queries are CPU-bound, so that slow queries do not block fast ones.
constexpr std::size_t kMaxThreads = 32;

struct Options {
  std::string listen = "127.0.0.1:4318";
  std::string token_file;
  std::vector<std::string> allow_origins;
  std::string authorization_server;
  std::vector<std::string> traces;
  std::string project;
};

Error Wrong(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

Result<AccessOptions> AccessOf(const Options& options, const ListenAddress& listen) {
  AccessOptions access;
  const Result<bool> loopback = IsLoopback(listen.address);
  if (!loopback) return Wrong("--listen: " + loopback.error().message);
  access.loopback = *loopback;
  if (!access.loopback && options.token_file.empty()) {
    return Wrong("--listen " + options.listen +
                 " is reachable from other machines: --token-file is required, and every client "
                 "must send its token (the file is created if it does not exist)");
  }
  for (const std::string& origin : options.allow_origins) {
    if (!IsWebUrl(origin) || origin.find('/', origin.find("://") + 3) != origin.npos) {
      return Wrong("--allow-origin " + origin +
                   ": expected an origin, such as https://app.example.com");
    }
  }
  access.allowed_origins = options.allow_origins;
  if (!options.authorization_server.empty() && !IsWebUrl(options.authorization_server)) {
    return Wrong("--authorization-server: expected a URL such as https://auth.example.com");
  }
  access.authorization_server = options.authorization_server;
  if (options.token_file.empty()) return access;
  Result<std::string> token = LoadOrCreateToken(options.token_file);
  if (!token) return token.error();
  access.token = std::move(*token);
  return access;
}

void AppendStoreMetrics(Engine& engine, std::string& text) {
  const Result<StoreInfo> info = engine.Info();
  if (!info) return;
  AppendMetric(text, "halo_store_traces", "gauge", "Traces in the store.",
               static_cast<double>(info->traces));
  AppendMetric(text, "halo_store_spans", "gauge", "Spans in the store.",
               static_cast<double>(info->spans));
  AppendMetric(text, "halo_store_stale_traces", "gauge", "Traces that await reanalysis.",
               static_cast<double>(info->stale_traces));
  AppendMetric(text, "halo_store_bytes", "gauge", "Bytes of the store on disk.",
               static_cast<double>(info->bytes));
}

// 503 if the store cannot be read, so that no query can be answered. If traces are not being
// followed or stored, the status stays 200, because restarting this process would not help, and the
// body describes the problem.
HttpResponse HealthOf(Engine& engine) {
  if (const Result<std::int64_t> sequence = engine.Sequence(); !sequence) {
    return TextResponse(503, "unavailable\n" + sequence.error().message);
  }
  const FollowStatus following = engine.Following();
  if (following.troubles.empty()) return TextResponse(200, "ok");
  std::string text = "degraded";
  for (const FollowTrouble& trouble : following.troubles) {
    text.append("\n").append(TroubleLine(trouble));
  }
  if (following.more > 0) text.append(Cat("\n", following.more, " more paths cannot be read."));
  return TextResponse(200, text);
}

// The host name for clients, if the server listens on all addresses.
std::string HostName(const std::string& address) {
  if (address != "0.0.0.0" && address != "::") return address;
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : address;
}

void Announce(const Options& options, const std::string& address, std::uint16_t port,
              const std::string& store) {
  const std::string url = UrlOf(HostName(address), port);
  std::string token;
  if (!options.token_file.empty()) {
    token = " --token-file " + options.token_file;
  }
  std::cout << "halo-mcp is serving " << store << "\n"
            << "  MCP      " << url << "/mcp\n"
            << "  health   " << url << "/healthz\n"
            << "  metrics  " << url << "/metrics\n"
            << "Register it:\n"
            << "  halo-mcp register claude-code --url " << url << "/mcp" << token << std::endl;
}

void AwaitStop(const std::stop_token& stop) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any().wait(lock, stop, [] { return false; });
}

ExitCode Run(const GlobalOptions& globals, const Options& options) {
  const StopOnSignal stop;
  const Result<ListenAddress> listen = ParseListenAddress(options.listen);
  if (!listen) return Fail(listen.error());
  Result<AccessOptions> access = AccessOf(options, *listen);
  if (!access) return Fail(access.error());
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  // Not what a client over HTTP calls its folders: it may be on another machine.
  const auto roots_of = [&options](const Client&, const std::stop_token&) {
    return options.traces;
  };
  const Dispatcher dispatcher(HaloCatalogue(**engine, roots_of));

  WorkerPool workers(kMaxThreads);
  HttpServiceOptions service_options;
  service_options.access = std::move(*access);
  service_options.append_metrics = [&engine](std::string& text) {
    AppendStoreMetrics(**engine, text);
  };
  service_options.health = [&engine] { return HealthOf(**engine); };
  HttpService service(
      dispatcher, [&workers](std::function<void()> job) { workers.Run(std::move(job)); },
      std::move(service_options));
  HttpOptions http;
  http.address = listen->address;
  http.port = listen->port;
  const Result<std::unique_ptr<HttpServer>> server = HttpServer::Start(service, http);
  if (!server) return Fail(server.error());
  const std::jthread follower = FollowInBackground(
      **engine, options.traces, options.project,
      [&dispatcher](LogLevel level, std::string_view text) { dispatcher.Announce(level, text); });
  Announce(options, http.address, (*server)->port(), globals.store);

  AwaitStop(stop.token());
  spdlog::info("shutting down; calls in progress have {} s to finish",
               http.to_answer.count() / 1000);
  dispatcher.StopTasks();
  const bool answered = (*server)->Stop();
  dispatcher.StopTasks();
  // A call that did not end still uses engine and dispatcher. The store survives an abrupt exit.
  if (!workers.Drain(http.to_stop) || !answered) std::_Exit(kExitOk);
  return kExitOk;
}

}  // namespace

void AddServe(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "serve", "Serve the Model Context Protocol over HTTP until Ctrl-C or SIGTERM");
  command->footer(
      "Serves MCP at /mcp, metrics for Prometheus at /metrics and the server's health at "
      "/healthz:\n"
      "\"ok\"; or \"degraded\", still with status 200, if traces of --traces cannot be stored, "
      "with\n"
      "the reason; or status 503 if the store cannot be read. Only this machine can connect, "
      "unless\n"
      "another address and a token are given.\n"
      "Examples:\n"
      "  halo-mcp serve --traces ./traces\n"
      "  halo-mcp serve --listen 127.0.0.1:0\n"
      "  halo-mcp serve --listen 0.0.0.0:4318 --token-file ~/.halo-token");
  command->add_option("--listen", options->listen, "ADDRESS:PORT; port 0 picks a free one")
      ->capture_default_str();
  command->add_option("--token-file", options->token_file,
                      "File with the token that clients must send; created if it does not exist");
  command->add_option("--allow-origin", options->allow_origins,
                      "Origins of web pages that may connect, besides those on this machine");
  command->add_option("--authorization-server", options->authorization_server,
                      "URL where clients can get a token (OAuth resource metadata)");
  command->add_option("--traces", options->traces,
                      "Files and folders to import and to follow while serving");
  command->add_option("--project", options->project, "Namespace of the followed traces");
  command->callback([options, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *options);
  });
}

}  // namespace halo
