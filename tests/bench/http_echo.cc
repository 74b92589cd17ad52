// SPDX-License-Identifier: MIT
// http_echo BYTES THREADS: a bare Boost.Beast server that answers every request with BYTES bytes,
// as the baseline for the cost of HTTP. Prints its port; exits when its standard input ends.
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(asio::ip::tcp::socket socket, std::size_t bytes)
      : stream_(std::move(socket)), body_(bytes, 'x') {}

  void Read() {
    request_ = {};
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) self->Write();
                     });
  }

 private:
  void Write() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, "application/json");
    response_.keep_alive(request_.keep_alive());
    response_.body() = body_;
    response_.prepare_payload();
    http::async_write(stream_, response_,
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (!error) self->Read();
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  const std::string body_;
};

void Accept(asio::ip::tcp::acceptor& acceptor, std::deque<asio::io_context>& loops,
            std::size_t next, std::size_t bytes) {
  acceptor.async_accept(loops[next % loops.size()],
                        [&, next, bytes](error_code error, asio::ip::tcp::socket socket) {
                          if (error) return;
                          socket.set_option(asio::ip::tcp::no_delay(true));
                          const auto session = std::make_shared<Session>(std::move(socket), bytes);
                          asio::post(loops[next % loops.size()], [session] { session->Read(); });
                          Accept(acceptor, loops, next + 1, bytes);
                        });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const std::size_t bytes = std::strtoul(argv[1], nullptr, 10);
  const std::size_t count = std::strtoul(argv[2], nullptr, 10);
  std::deque<asio::io_context> loops;
  for (std::size_t i = 0; i < count; ++i) loops.emplace_back(1);
  asio::ip::tcp::acceptor acceptor(loops[0], {asio::ip::address_v4::loopback(), 0});
  std::printf("%u\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  Accept(acceptor, loops, 0, bytes);
  for (asio::io_context& loop : loops) {
    std::thread([&loop] {
      const auto work = asio::make_work_guard(loop);
      loop.run();
    }).detach();
  }
  char unused;
  while (::read(STDIN_FILENO, &unused, 1) > 0) {
  }
  std::_Exit(0);
}
