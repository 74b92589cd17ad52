// SPDX-License-Identifier: MIT
#include "server/stdio/stdio_transport.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/protocol/message_text.h"
#include "server/session/worker_pool.h"
#include "server/stdio/line_splitter.h"

namespace halo {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

// Waits until a descriptor is ready: clients may pass non-blocking ones.
void Await(int descriptor, short events) {
  pollfd waiting{descriptor, events, 0};
  ::poll(&waiting, 1, -1);
}

bool ShouldRetry(int descriptor, short events) {
  if (errno == EINTR) return true;
  if (errno != EAGAIN && errno != EWOULDBLOCK) return false;
  Await(descriptor, events);
  return true;
}

// Writes complete lines. Thread-safe.
class LineWriter {
 public:
  explicit LineWriter(int output) : output_(output) {}

  void Write(std::string line) {
    line += '\n';
    const std::lock_guard lock(mutex_);
    if (!broken_ && !WriteAll(line)) broken_ = true;
  }

  // Whether a write failed: the client no longer reads.
  bool broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
  }

 private:
  bool WriteAll(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(output_, bytes.data(), bytes.size());
      if (written >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(written));
      } else if (!ShouldRetry(output_, POLLOUT)) {
        return false;
      }
    }
    return true;
  }

  const int output_;
  mutable std::mutex mutex_;
  bool broken_ = false;
};

void ReadAll(int input, LineSplitter& lines) {
  std::vector<char> buffer(kReadBytes);
  while (true) {
    const ssize_t size = ::read(input, buffer.data(), buffer.size());
    if (size > 0) {
      lines.Feed({buffer.data(), static_cast<std::size_t>(size)});
    } else if (size == 0 || !ShouldRetry(input, POLLIN)) {
      break;
    }
  }
  lines.End();
}

}  // namespace

bool ServeStdio(const Dispatcher& dispatcher, const StdioOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);
  const auto connection = std::make_shared<Connection>();
  const auto writer = std::make_shared<LineWriter>(options.output);
  const Send send = [writer](std::string line) { writer->Write(std::move(line)); };
  connection->SetChannel(send);
  WorkerPool workers(options.max_threads);
  if (const Result<void> started = workers.Start(); !started) {
    std::fprintf(stderr, "halo-mcp: %s\n", started.error().message.c_str());
    return true;
  }

  IdFinder finder;  // of a line that is too long to keep
  const auto take = [&](std::string_view line, bool too_long) {
    if (too_long) {
      const boost::json::value id = std::exchange(finder, {}).id();
      send(ErrorText(id, {kInvalidRequest, "Invalid request: message too large; the limit is " +
                                               std::to_string(options.max_line) + " bytes"}));
    } else if (!IsBlank(line)) {
      if (Job job = dispatcher.Handle(line, connection, send)) workers.Run(std::move(job));
    }
  };
  LineSplitter lines(options.max_line, take,
                     [&finder](std::string_view bytes) { finder.Feed(bytes); });
  ReadAll(options.input, lines);

  // No client is left to poll tasks.
  dispatcher.StopTasks();
  // Input from a file or a pipe may end long before its last call is answered, so wait for that,
  // unless nobody reads the answers.
  const bool answered = !writer->broken() && workers.Drain(options.to_answer);
  connection->SetChannel({});
  // Ends subscriptions, which would last as long as the client listens.
  connection->StopAll();
  return answered || workers.Drain(options.to_stop);
}

}  // namespace halo
