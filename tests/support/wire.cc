// SPDX-License-Identifier: MIT
#include "tests/support/wire.h"

#include <unistd.h>

#include <array>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "server/stdio/line_splitter.h"

namespace halo {

void Inbox::Put(std::string message) {
  const std::lock_guard lock(mutex_);
  messages_.push_back(std::move(message));
  changed_.notify_all();
}

std::optional<std::string> Inbox::Take() {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, std::chrono::seconds(60),
                    [this] { return closed_ || !messages_.empty(); });
  if (messages_.empty()) return std::nullopt;
  std::string message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

void Inbox::Close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

namespace {

std::vector<std::string> TakeAll(Inbox& inbox) {
  inbox.Close();
  std::vector<std::string> all;
  while (std::optional<std::string> message = inbox.Take()) all.push_back(std::move(*message));
  return all;
}

// Calls the dispatcher directly, with a new thread for each job.
class DirectWire : public Wire {
 public:
  explicit DirectWire(const Dispatcher& dispatcher) : dispatcher_(dispatcher) {
    connection_->SetChannel([this](std::string message) { inbox_.Put(std::move(message)); });
  }
  ~DirectWire() override { Close(); }

  void Send(std::string_view message) override {
    Job job = dispatcher_.Handle(message, connection_,
                                 [this](std::string reply) { inbox_.Put(std::move(reply)); });
    if (job) jobs_.emplace_back(std::move(job));
  }
  std::optional<std::string> Receive() override { return inbox_.Take(); }
  std::vector<std::string> Close() override {
    dispatcher_.StopTasks();
    connection_->SetChannel({});
    connection_->StopAll();
    for (std::thread& job : jobs_) job.join();
    jobs_.clear();
    return TakeAll(inbox_);
  }

 private:
  const Dispatcher& dispatcher_;
  std::shared_ptr<Connection> connection_ = std::make_shared<Connection>();
  Inbox inbox_;
  std::vector<std::thread> jobs_;
};

class StdioWire : public Wire {
 public:
  StdioWire(const Dispatcher& dispatcher, StdioOptions options) {
    if (::pipe(to_server_.data()) != 0 || ::pipe(from_server_.data()) != 0) {
      throw std::runtime_error("no pipes");
    }
    options.input = to_server_[0];
    options.output = from_server_[1];
    server_ = std::thread([this, &dispatcher, options] {
      ServeStdio(dispatcher, options);
      ::close(from_server_[1]);
    });
    reader_ = std::thread([this] {
      LineSplitter lines(std::size_t{1} << 30,
                         [this](std::string_view line, bool) { inbox_.Put(std::string(line)); });
      std::array<char, 4096> buffer;
      for (ssize_t size; (size = ::read(from_server_[0], buffer.data(), buffer.size())) > 0;) {
        lines.Feed({buffer.data(), static_cast<std::size_t>(size)});
      }
      lines.End();
      inbox_.Close();
    });
  }
  ~StdioWire() override { Close(); }

  void Send(std::string_view message) override {
    const std::string line = std::string(message) + "\n";
    for (std::size_t sent = 0; sent < line.size();) {
      const ssize_t size = ::write(to_server_[1], line.data() + sent, line.size() - sent);
      if (size < 0) throw std::runtime_error("the server does not read");
      sent += static_cast<std::size_t>(size);
    }
  }
  std::optional<std::string> Receive() override { return inbox_.Take(); }
  std::vector<std::string> Close() override {
    if (server_.joinable()) {
      ::close(to_server_[1]);
      server_.join();
      reader_.join();
      ::close(to_server_[0]);
      ::close(from_server_[0]);
    }
    return TakeAll(inbox_);
  }

 private:
  std::array<int, 2> to_server_{}, from_server_{};  // read end, write end
  Inbox inbox_;
  std::thread server_, reader_;
};

}  // namespace

std::unique_ptr<Wire> OpenStdio(const Dispatcher& dispatcher, StdioOptions options) {
  return std::make_unique<StdioWire>(dispatcher, options);
}

std::vector<WireKind> AllWires() {
  return {
      {"direct", true,
       [](const Dispatcher& dispatcher) -> std::unique_ptr<Wire> {
         return std::make_unique<DirectWire>(dispatcher);
       }},
      {"stdio", true,
       [](const Dispatcher& dispatcher) {
         StdioOptions options;
         options.to_answer = std::chrono::minutes(1);  // enough for slow machines
         return OpenStdio(dispatcher, options);
       }},
      {"http", false, &OpenHttp},
  };
}

}  // namespace halo
