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
#include "server/commands/health.h"
#include "server/commands/http_access.h"
#include "server/commands/install_service.h"
#include "server/commands/receive.h"
#include "server/commands/stop_on_signal.h"
#include "server/http/http_transport.h"
#include "server/http/listen_address.h"
#include "server/http/web_url.h"
#include "server/methods/dispatcher.h"
#include "server/register/absolute_path.h"
#include "server/session/worker_pool.h"

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
  bool install = false, uninstall = false;
};

Error Wrong(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

Result<AccessOptions> AccessOf(const Options& options, const ListenAddress& listen) {
  for (const std::string& origin : options.allow_origins) {
    if (!IsWebUrl(origin) || origin.find('/', origin.find("://") + 3) != origin.npos) {
      return Wrong("--allow-origin " + origin +
                   ": expected an origin, such as https://app.example.com");
    }
  }
  if (!options.authorization_server.empty() && !IsWebUrl(options.authorization_server)) {
    return Wrong("--authorization-server: expected a URL such as https://auth.example.com");
  }
  Result<AccessOptions> access = AccessOf("--listen", options.listen, listen, options.token_file);
  if (!access) return access;
  access->allowed_origins = options.allow_origins;
  access->authorization_server = options.authorization_server;
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
            << "  OTLP     " << url << "/v1/traces (http/protobuf or http/json)\n"
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
  if (const Result<void> started = workers.Start(); !started) return Fail(started.error());
  HttpServiceOptions service_options;
  service_options.access = std::move(*access);
  service_options.append_metrics = [&engine](std::string& text) {
    AppendStoreMetrics(**engine, text);
  };
  service_options.health = [&engine, identity = StoreIdentity(globals.store)] {
    return HealthOf(**engine, identity);
  };
  ReceiveInto(**engine, options.project, service_options);
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
  if (!workers.Drain(http.to_stop) || !service.Drain(http.to_stop) || !answered) {
    std::_Exit(kExitOk);
  }
  return kExitOk;
}

// What the service runs: this command line, with absolute paths. An empty store is the default one.
Result<ServiceOptions> ServiceOf(const Options& options, const std::string& store,
                                 const std::string& config) {
  const Result<ListenAddress> listen = ParseListenAddress(options.listen);
  if (!listen) return listen.error();
  if (listen->port == 0)
    return Wrong("--listen: a service needs a port that stays the same, not 0");
  const Result<AccessOptions> access = AccessOf(options, *listen);
  if (!access) return access.error();
  ServiceOptions service{{"serve", "--listen", options.listen}, options.listen};
  const auto add = [&service](const char* option, const std::string& value) {
    if (!value.empty()) service.arguments.insert(service.arguments.end(), {option, value});
  };
  const auto path = [](const std::string& given) {
    return given.empty() ? given : AbsolutePath(given);
  };
  add("--store", store.empty() ? store : AbsoluteStore(store));
  add("--config", path(config));
  add("--token-file", path(options.token_file));
  for (const std::string& origin : options.allow_origins) add("--allow-origin", origin);
  add("--authorization-server", options.authorization_server);
  for (const std::string& traces : options.traces) add("--traces", path(traces));
  add("--project", options.project);
  return service;
}

ExitCode Install(const Options& options, const std::string& store, const std::string& config) {
  const Result<ServiceOptions> service = ServiceOf(options, store, config);
  return service ? InstallService(*service) : Fail(service.error());
}

}  // namespace

void AddServe(const Cli& cli) {
  auto options = std::make_shared<Options>();
  CLI::App* command = cli.app.add_subcommand(
      "serve",
      "Serve the Model Context Protocol over HTTP, and receive OTLP, until Ctrl-C or SIGTERM");
  command->footer(
      "Serves MCP at /mcp, receives traces over OTLP/HTTP at /v1/traces, and serves metrics for\n"
      "Prometheus at /metrics and the server's health at /healthz:\n"
      "\"ok\"; or \"degraded\", still with status 200, if traces of --traces cannot be stored, "
      "with\n"
      "the reason; or status 503 if the store cannot be read. Only this machine can connect, "
      "unless\n"
      "another address and a token are given.\n"
      "Examples:\n"
      "  halo-mcp serve --traces ./traces\n"
      "  halo-mcp serve --listen 127.0.0.1:0\n"
      "  halo-mcp serve --listen 0.0.0.0:4318 --token-file ~/.halo-token\n"
      "  halo-mcp serve --install        keep it running: a systemd user unit");
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
  command->add_option("--project", options->project,
                      "Namespace of the followed and received traces");
  CLI::Option* install = command->add_flag(
      "--install", options->install,
      "Write and start a systemd user unit that serves with these options from now on");
  command->add_flag("--uninstall", options->uninstall, "Stop and remove that unit")
      ->excludes(install);
  const CLI::Option* store = cli.app.get_option("--store");
  command->callback([options, store, globals = &cli.globals, exit_code = &cli.exit_code] {
    // The environment of the service differs from this one's.
    const bool chosen = store->count() > 0 || !EnvironmentText("HALO_STORE").empty();
    *exit_code = options->uninstall ? UninstallService()
                 : options->install
                     ? Install(*options, chosen ? globals->store : "", globals->config)
                     : Run(*globals, *options);
  });
}

}  // namespace halo
