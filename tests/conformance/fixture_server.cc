// SPDX-License-Identifier: MIT
// Serves the catalogue of the conformance suite with the product's dispatcher and transports:
//   conformance_server           over HTTP on a free port of loopback, whose URL it prints
//   conformance_server --stdio   over standard input and output
// Ends when its standard input ends.
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "server/http/http_transport.h"
#include "server/methods/dispatcher.h"
#include "server/session/worker_pool.h"
#include "server/stdio/stdio_transport.h"
#include "tests/conformance/fixture_catalogue.h"

namespace {

int ServeHttp(const halo::Dispatcher& dispatcher) {
  halo::WorkerPool workers(32);
  halo::HttpServiceOptions options;
  options.access.loopback = true;
  halo::HttpService service(
      dispatcher, [&workers](std::function<void()> job) { workers.Run(std::move(job)); },
      std::move(options));
  halo::HttpOptions http;
  http.port = 0;
  const auto server = halo::HttpServer::Start(service, http);
  if (!server) {
    std::fprintf(stderr, "conformance_server: %s\n", server.error().message.c_str());
    return 1;
  }
  std::printf("http://127.0.0.1:%d/mcp\n", (*server)->port());
  std::fflush(stdout);
  char ignored = 0;
  while (::read(0, &ignored, 1) > 0) {
  }
  dispatcher.StopTasks();
  (*server)->Stop();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  // No progress interval, because the suite counts the notifications.
  const halo::Dispatcher dispatcher(halo::ConformanceCatalogue(),
                                    {std::chrono::milliseconds(0), {}});
  if (argc > 1 && std::string_view(argv[1]) == "--stdio") {
    return halo::ServeStdio(dispatcher, {}) ? 0 : 1;
  }
  return ServeHttp(dispatcher);
}
