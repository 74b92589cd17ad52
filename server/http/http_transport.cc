// SPDX-License-Identifier: MIT
#include "server/http/http_transport.h"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <condition_variable>
#include <cstdio>
#include <ctime>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "server/http/body_reader.h"
#include "server/http/grpc_refusal.h"

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace halo {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
using Parser = http::request_parser<http::empty_body>;

// One timer per thread checks all deadlines: a timer per request would cost more than answering a
// cheap one.
constexpr std::chrono::milliseconds kTick{50};
// After the last answer, input is read and discarded for this long. Closing with unread input would
// reset the connection, and the client might lose the answer.
constexpr std::chrono::seconds kMaxLingeringClose{1};
// Connections over the limit that may be receiving their 503 at once; more are closed unanswered.
constexpr std::size_t kMaxRejecting = 64;
// While a request is pending, its connection is read to notice a disconnect. Up to this many bytes
// of the next request are kept.
constexpr std::size_t kMaxReadAhead = 64 * 1024;
// The body of a refused request is discarded up to this size; if it is larger, the connection is
// closed.
constexpr std::uint64_t kMaxDropped = 64 * 1024;

// Bytes per read. Bodies up to this size do not count towards max_bodies_bytes: the number of
// connections bounds them.
constexpr std::size_t kReadBytes = 64 * 1024;
// Memory is returned to the system once this much was freed, at most once per kTrimPause.
constexpr std::size_t kTrimBytes = 4 << 20;
constexpr std::chrono::seconds kTrimPause{1};

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

class Fields : public HttpFields {
 public:
  void Set(const http::fields* fields) { fields_ = fields; }
  std::optional<std::string_view> Get(std::string_view name) const override {
    const auto found = fields_->find(beast::string_view(name.data(), name.size()));
    if (found == fields_->end()) return std::nullopt;
    return View(found->value());
  }
  std::size_t Count(std::string_view name) const override {
    return fields_->count(beast::string_view(name.data(), name.size()));
  }
  std::string Joined(std::string_view name) const override {
    std::string all;
    const auto range = fields_->equal_range(beast::string_view(name.data(), name.size()));
    for (auto field = range.first; field != range.second; ++field) {
      all.append(all.empty() ? "" : ",").append(View(field->value()));
    }
    return all;
  }

 private:
  const http::fields* fields_ = nullptr;
};

// The response to bytes that are not a valid request; empty if the client has gone.
std::optional<HttpResponse> Refusal(error_code error, const HttpOptions& options) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return TextResponse(431, "Request head too large; the limit is " +
                                 std::to_string(options.max_header_bytes) + " bytes.");
  }
  if (error == http::error::bad_version) {
    return TextResponse(505, "HTTP version not supported; use HTTP/1.1 or HTTP/1.0.");
  }
  if (error == http::error::end_of_stream || error == http::error::partial_message ||
      error.category() != make_error_code(http::error::bad_method).category()) {
    return std::nullopt;
  }
  return TextResponse(400, "Malformed HTTP request: " + error.message() + ".");
}

HttpResponse BodyTooLarge(std::size_t limit) {
  return TextResponse(413,
                      "Request body too large; the limit is " + std::to_string(limit) + " bytes.");
}

std::string DateText() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text;
  const std::size_t size =
      std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), size};
}

// Setting the thresholds stops glibc from raising them, up to 32 and 64 MB, after which each thread
// would keep that much memory of large bodies. malloc_trim cannot release the top of a thread's
// heap.
void BoundKeptMemory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 1 << 20);
  mallopt(M_TRIM_THRESHOLD, 2 << 20);
#endif
}

class Session;

// One thread and the connections it owns; no other thread touches them.
struct Loop {
  asio::io_context context{1};
  Timer tick{context};
  std::unordered_map<Session*, std::shared_ptr<Session>> sessions;
  std::string date = DateText();
  std::thread thread;
};

// State shared by all connections.
struct Shared {
  HttpService& service;
  const HttpOptions options;
  std::atomic<std::size_t> open{0}, rejecting{0};  // connections
  std::atomic<bool> draining{false};               // no new requests are accepted
  std::atomic<std::size_t> held{0};                // bytes of request bodies in memory
  std::atomic<std::size_t> freed{0};               // bytes of bodies freed since the last trim
  std::mutex mutex;
  std::condition_variable closed;
};

// One connection. Its requests are answered one at a time, in order.
class Session : public HttpAnswer, public std::enable_shared_from_this<Session> {
 public:
  Session(Shared& shared, Loop& loop, Socket socket)
      : shared_(shared), loop_(loop), socket_(std::move(socket)) {
    request_.fields = &fields_;
  }
  ~Session() override { DropBody(); }

  void Start() {
    error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    shared_.service.metrics().ChangeConnections(1);
    ReadFirst();
  }

  // Called instead of Start: answers 503 and closes.
  void RejectOverCapacity() {
    rejecting_ = true;
    shared_.service.metrics().ChangeConnections(1);
    shared_.service.metrics().CountRefusedConnection();
    HttpResponse response = TextResponse(503, "Too many connections; the limit is " +
                                                  std::to_string(shared_.options.max_connections) +
                                                  ". Try again in a second.");
    response.fields.emplace_back("Retry-After", "1");
    Break(std::move(response));
  }

  void Send(HttpResponse response) override {
    InLoop([this, response = std::move(response)]() mutable { SendHere(std::move(response)); });
  }
  void OpenStream(HttpResponse head) override {
    InLoop([this, head = std::move(head)]() mutable { OpenStreamHere(std::move(head)); });
  }
  void Write(std::string bytes) override {
    InLoop([this, bytes = std::move(bytes)]() mutable {
      if (streaming_) Queue(Chunk(bytes));
    });
  }
  void CloseStream() override {
    InLoop([this] { CloseStreamHere(); });
  }

  // The methods from here on run on the loop's thread.
  void Tick(Clock::time_point now) {
    const HttpOptions& options = shared_.options;
    switch (state_) {
      case State::kHead:
        if (!head_since_ && ((parser_ && parser_->got_some()) || buffer_.size() > 0)) {
          head_since_ = now;
        }
        if (head_since_ ? now - *head_since_ > options.head : now - since_ > options.idle) {
          TimeOut(head_since_.has_value());
        }
        break;
      case State::kBody:
        if (now - since_ > options.body) TimeOut(true);
        break;
      case State::kAnswering:
        TickAnswering(now);
        break;
      case State::kWriting:
        if (now - since_ > options.write) Close();
        break;
      case State::kGrpc:
        if (now - since_ > options.head) Close();
        break;
      case State::kLingeringClose:
        if (now - since_ > kMaxLingeringClose) Close();
        break;
      case State::kClosed:
        break;
    }
  }

  // The server is stopping: closes an idle connection, stops a pending exchange.
  void Drain(bool running) {
    if (state_ == State::kHead || state_ == State::kGrpc) return Close();
    if (exchange_) exchange_->Stop(running);
  }

  void Close() {
    if (state_ == State::kClosed) return;
    if (state_ == State::kAnswering || state_ == State::kWriting) Record(0);
    state_ = State::kClosed;
    error_code ignored;
    socket_.close(ignored);
    shared_.service.metrics().ChangeConnections(-1);
    if (std::exchange(streaming_, false)) shared_.service.metrics().ChangeStreams(-1);
    // Erasing it from the loop may drop the last other reference.
    const std::shared_ptr<Session> self = shared_from_this();
    if (exchange_) {
      // Posted, because the exchange itself may be the caller.
      asio::post(loop_.context, [exchange = std::move(exchange_)] { exchange->Disconnect(); });
    }
    loop_.sessions.erase(this);
    const std::lock_guard lock(shared_.mutex);
    --(rejecting_ ? shared_.rejecting : shared_.open);
    shared_.closed.notify_all();
  }

 private:
  enum class State {
    kHead,            // waiting for a request, or reading its head
    kBody,            // reading its body
    kAnswering,       // waiting for the service, or sending a stream
    kWriting,         // sending the answer
    kGrpc,            // refusing the calls of a gRPC client
    kLingeringClose,  // the last answer was sent
    kClosed,
  };

  // Runs `act` on the loop's thread: at once if called from within this session's own call to the
  // service, else posted in order.
  template <class Act>
  void InLoop(Act act) {
    if (loop_.context.get_executor().running_in_this_thread() && asking_) return act();
    asio::post(loop_.context, [self = shared_from_this(), act = std::move(act)]() mutable {
      if (self->state_ != State::kClosed) act();
    });
  }

  // The first bytes of a connection tell whether the client speaks gRPC.
  void ReadFirst() {
    state_ = State::kHead;
    since_ = Clock::now();
    socket_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              if (self->Failed(error)) return;
                              self->buffer_.commit(size);
                              self->OnFirst();
                            });
  }

  void OnFirst() {
    const std::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    if (bytes.starts_with(kHttp2Preface)) {
      shared_.service.CountGrpc();
      state_ = State::kGrpc;
      since_ = Clock::now();
      return AnswerGrpc();
    }
    kHttp2Preface.starts_with(bytes) ? ReadFirst() : ReadHead();
  }

  void AnswerGrpc() {
    head_ = grpc_.Feed({static_cast<const char*>(buffer_.data().data()), buffer_.size()});
    buffer_.consume(buffer_.size());
    asio::async_write(socket_, asio::buffer(head_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (self->state_ == State::kClosed) return;
                        if (error) return self->Close();
                        self->grpc_.ends() ? self->LingeringClose() : self->ReadGrpc();
                      });
  }

  void ReadGrpc() {
    socket_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              if (self->state_ == State::kClosed) return;
                              if (error) return self->Close();
                              self->buffer_.commit(size);
                              self->AnswerGrpc();
                            });
  }

  void ReadHead() {
    state_ = State::kHead;
    since_ = Clock::now();
    head_since_.reset();
    if (shared_.draining) return Close();
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.options.max_header_bytes));
    parser_->body_limit(boost::none);  // BodyReader enforces it
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->OnHead(error); });
  }

  void OnHead(error_code error) {
    if (Failed(error)) return;
    const auto& message = parser_->get();
    fields_.Set(&message);
    request_.method = View(message.method_string());
    request_.target = View(message.target());
    request_.http_1_0 = message.version() == 10;
    route_ = HttpService::RouteOf(request_);
    keep_ = parser_->keep_alive() && !shared_.draining;
    begun_ = since_ = Clock::now();
    state_ = State::kBody;

    const auto fields = static_cast<std::size_t>(std::distance(message.begin(), message.end()));
    refusal_ = shared_.service.Refuse(request_, fields);
    const auto expect = request_.Get("Expect");
    if (expect && !EqualsIgnoreCase(*expect, "100-continue") && !refusal_) {
      refusal_ = TextResponse(417, "Unsupported expectation; only 100-continue is supported.");
    }
    const std::uint64_t length = parser_->content_length().value_or(0);
    if (!refusal_ && length > max_body()) refusal_ = ToSender(BodyTooLarge(max_body()));
    if (refusal_ && (expect || parser_->chunked() || length > kMaxDropped)) {
      return Break(*std::move(refusal_));
    }
    const BodyLimits limits{max_body(), shared_.options.max_header_bytes};
    const bool chunked = parser_->chunked();
    reader_.emplace(chunked ? BodyReader::Chunked(limits) : BodyReader::OfLength(length, limits));
    longest_ = chunked ? limits.body : static_cast<std::size_t>(length);
    if (!expect || request_.http_1_0 || reader_->state() == BodyReader::State::kDone) {
      return ReadBody();
    }
    static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    asio::async_write(socket_, asio::buffer(kContinue.data(), kContinue.size()),
                      [self = shared_from_this()](error_code failed, std::size_t) {
                        if (!self->Failed(failed)) self->ReadBody();
                      });
  }

  void ReadBody() {
    // The body usually arrives with the head.
    const std::string_view bytes(static_cast<const char*>(buffer_.data().data()), buffer_.size());
    if (!refusal_ && !HoldBody(bytes.size())) return Break(ToSender(TooManyBodies()));
    const std::size_t used = reader_->Read(bytes, refusal_ ? nullptr : &content_);
    buffer_.consume(used);
    if (reader_->state() == BodyReader::State::kDone) return OnBody();
    if (reader_->state() != BodyReader::State::kMore) {
      return Break(ToSender(BrokenBody(reader_->state())));
    }
    socket_.async_read_some(buffer_.prepare(std::min(longest_ + 1, kReadBytes)),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              if (self->Failed(error)) return;
                              self->buffer_.commit(size);
                              self->ReadBody();
                            });
  }

  // Reserves memory for `more` bytes of the body; false if all bodies together exceed the limit.
  bool HoldBody(std::size_t more) {
    const std::size_t wanted = std::min(content_.size() + more, longest_);
    if (wanted > content_.capacity()) {
      content_.reserve(std::min(std::max(wanted, 2 * content_.capacity()), longest_));
    }
    const std::size_t size = content_.capacity() > kReadBytes ? content_.capacity() : 0;
    if (size <= held_) return true;
    const std::size_t added = size - held_;
    held_ = size;
    return shared_.held.fetch_add(added) + added <= shared_.options.max_bodies_bytes;
  }

  void DropBody() {
    request_.body = {};
    if (held_ == 0) return content_.clear();
    std::string().swap(content_);
    shared_.held -= held_;
    shared_.freed += std::exchange(held_, 0);
  }

  // The refusal of a body that was not fully read.
  HttpResponse ToSender(HttpResponse refusal) const {
    return HttpService::ToSender(
        request_, std::move(refusal),
        {content_, {static_cast<const char*>(buffer_.data().data()), buffer_.size()}});
  }

  std::size_t max_body() const {
    return route_ == HttpRoute::kTelemetry ? shared_.options.max_telemetry_bytes
                                           : shared_.options.max_body_bytes;
  }

  HttpResponse TooManyBodies() const {
    HttpResponse response = TextResponse(503, "Too many request bodies in memory; the limit is " +
                                                  std::to_string(shared_.options.max_bodies_bytes) +
                                                  " bytes. Try again in a second.");
    response.fields.emplace_back("Retry-After", "1");
    return response;
  }

  HttpResponse BrokenBody(BodyReader::State state) const {
    if (state == BodyReader::State::kTooLarge) return BodyTooLarge(max_body());
    if (state == BodyReader::State::kTrailersTooLarge) {
      return *Refusal(http::error::header_limit, shared_.options);
    }
    return TextResponse(400,
                        "Malformed chunked body: each chunk must start with its size in "
                        "hexadecimal, and lines must end with CR LF.");
  }

  void OnBody() {
    request_.body = content_;
    state_ = State::kAnswering;
    since_ = Clock::now();
    lingers_ = answered_ = false;
    asking_ = true;
    if (refusal_) {
      SendHere(*std::exchange(refusal_, std::nullopt));
    } else {
      const auto exchange = shared_.service.Answer(request_, shared_from_this());
      if (!answered_) exchange_ = exchange;
    }
    asking_ = false;
    if (exchange_ && shared_.draining) exchange_->Stop(false);
  }

  // Handles a failed or timed-out read; false if there is no error.
  bool Failed(error_code error) {
    if (state_ == State::kClosed) return true;
    if (!error && !timed_out_) return false;
    if (timed_out_) {
      HttpResponse late = TextResponse(
          408, "Request timed out; the head must arrive within " +
                   std::to_string(shared_.options.head.count()) + " ms and the body within " +
                   std::to_string(shared_.options.body.count()) + " ms.");
      const bool in_body = state_ == State::kBody && route_ == HttpRoute::kTelemetry;
      Break(in_body ? ToSender(std::move(late)) : std::move(late));
    } else if (auto refusal = Refusal(error, shared_.options)) {
      Break(std::move(*refusal));
    } else {
      Close();
    }
    return true;
  }

  void TimeOut(bool respond) {
    if (!respond) return Close();
    if (timed_out_) return;
    timed_out_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  }

  // Answers and then closes the connection.
  void Break(HttpResponse response) {
    keep_ = false;
    if (state_ == State::kBody) DropBody();
    SendHere(std::move(response));
  }

  void TickAnswering(Clock::time_point now) {
    if (writing_) {
      if (now - wrote_ > shared_.options.write) Close();
      return;
    }
    const auto waited = now - since_;
    if (waited > kTick) Watch();
    if (streaming_) {
      if (now - wrote_ > shared_.options.comment) Queue(Chunk(":\n\n"));
    } else if (!lingers_ && waited > shared_.options.linger && exchange_) {
      lingers_ = asking_ = true;
      exchange_->Linger();
      asking_ = false;
    }
  }

  // Keeps reading while a request is pending, to notice a disconnect. Bytes that arrive belong to
  // the next request.
  void Watch() {
    if (watching_ || ended_ || buffer_.size() >= kMaxReadAhead) return;
    watching_ = true;
    socket_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->OnWatched(error, size);
                            });
  }

  void OnWatched(error_code error, std::size_t size) {
    watching_ = false;
    if (state_ == State::kClosed) return;
    buffer_.commit(size);
    if (std::exchange(resumes_, false)) {
      // Cancelled by Finish, or the next request has arrived.
      if (error && error != asio::error::operation_aborted) return Close();
      return ReadHead();
    }
    if (state_ == State::kLingeringClose) return error ? Close() : DropInput();
    if (!error) return Watch();
    if (error == asio::error::operation_aborted) return;
    // The client may have closed its sending side only, so the answer is still sent.
    ended_ = true;
    keep_ = false;
    if (exchange_) exchange_->Disconnect();
    if (error != asio::error::eof) Close();
  }

  std::string HeadOf(const HttpResponse& response, bool stream) {
    std::string head = request_.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ";
    head.reserve(256);
    head.append(std::to_string(response.status)).append(" ").append(ReasonOf(response.status));
    head.append("\r\nDate: ").append(loop_.date);
    if (!response.content_type.empty()) {
      head.append("\r\nContent-Type: ").append(response.content_type);
    }
    if (stream) {
      if (!request_.http_1_0) head.append("\r\nTransfer-Encoding: chunked");
    } else if (response.status != 204) {
      head.append("\r\nContent-Length: ").append(std::to_string(response.body.size()));
    }
    for (const auto& [name, value] : response.fields) {
      head.append("\r\n").append(name).append(": ").append(value);
    }
    if (!keep_) {
      head.append("\r\nConnection: close");
    } else if (request_.http_1_0) {
      head.append("\r\nConnection: keep-alive");
    }
    return head.append("\r\n\r\n");
  }

  void SendHere(HttpResponse response) {
    if (state_ == State::kClosed || state_ == State::kLingeringClose) return;
    answered_ = true;
    exchange_.reset();
    keep_ = keep_ && !shared_.draining;
    head_ = HeadOf(response, false);
    body_ = request_.method == "HEAD" ? std::string() : std::move(response.body);
    status_ = response.status;
    sent_ = head_.size() + body_.size();
    state_ = State::kWriting;
    since_ = Clock::now();
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(head_), asio::buffer(body_)};
    asio::async_write(socket_, buffers, [self = shared_from_this()](error_code error, std::size_t) {
      if (self->state_ == State::kClosed) return;
      if (error) return self->Close();
      self->Finish();
    });
  }

  void OpenStreamHere(HttpResponse head) {
    if (state_ != State::kAnswering) return;
    keep_ = keep_ && !request_.http_1_0;  // HTTP/1.0 has no chunks: closing ends the stream
    streaming_ = true;
    status_ = head.status;
    sent_ = 0;
    shared_.service.metrics().ChangeStreams(1);
    Queue(HeadOf(head, true));
    Watch();
  }

  std::string Chunk(std::string_view bytes) const {
    if (request_.http_1_0) return std::string(bytes);
    std::array<char, 20> size;
    const int length = std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
    return std::string(size.data(), static_cast<std::size_t>(length)).append(bytes).append("\r\n");
  }

  void CloseStreamHere() {
    if (!streaming_) return Close();
    answered_ = true;
    exchange_.reset();
    ends_stream_ = true;
    Queue(request_.http_1_0 ? std::string() : "0\r\n\r\n");
  }

  void Queue(std::string bytes) {
    unsent_bytes_ += bytes.size();
    if (unsent_bytes_ > shared_.options.max_unsent) return Close();
    if (!writing_) wrote_ = Clock::now();
    unsent_.push_back(std::move(bytes));
    if (!writing_) WriteNext();
  }

  void WriteNext() {
    writing_ = true;
    asio::async_write(socket_, asio::buffer(unsent_.front()),
                      [self = shared_from_this()](error_code error, std::size_t size) {
                        self->OnWritten(error, size);
                      });
  }

  void OnWritten(error_code error, std::size_t size) {
    if (state_ == State::kClosed) return;
    if (error) return Close();
    wrote_ = Clock::now();
    sent_ += size;
    unsent_bytes_ -= unsent_.front().size();
    unsent_.pop_front();
    writing_ = false;
    if (!unsent_.empty()) return WriteNext();
    if (std::exchange(ends_stream_, false)) {
      streaming_ = false;
      shared_.service.metrics().ChangeStreams(-1);
      Finish();
    }
  }

  void Record(int status) {
    if (begun_ == Clock::time_point()) return;  // no complete request head yet
    shared_.service.metrics().CountRequest(route_, status, Clock::now() - begun_,
                                           request_.body.size(), sent_);
  }

  // The answer was sent completely.
  void Finish() {
    Record(status_);
    begun_ = {};
    body_.clear();
    DropBody();
    if (!watching_ && buffer_.size() == 0 && buffer_.capacity() >= kReadBytes) {
      buffer_.shrink_to_fit();
    }
    if (!keep_) return LingeringClose();
    if (!watching_) return ReadHead();
    resumes_ = true;
    state_ = State::kHead;
    since_ = Clock::now();
    head_since_.reset();
    error_code ignored;
    socket_.cancel(ignored);
  }

  void LingeringClose() {
    state_ = State::kLingeringClose;
    since_ = Clock::now();
    error_code ignored;
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (ended_) return Close();
    DropInput();
  }

  void DropInput() {
    buffer_.consume(buffer_.size());
    if (watching_) return;  // the pending read ends with the connection
    socket_.async_read_some(buffer_.prepare(4096),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (self->state_ == State::kClosed) return;
                              if (error) return self->Close();
                              self->DropInput();
                            });
  }

  Shared& shared_;
  Loop& loop_;
  Socket socket_;
  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  Fields fields_;
  HttpRequest request_;
  HttpRoute route_ = HttpRoute::kOther;
  GrpcRefusal grpc_;
  std::optional<HttpResponse> refusal_;
  std::shared_ptr<HttpExchange> exchange_;

  std::optional<BodyReader> reader_;
  std::string content_;      // decoded body; kept until the answer is sent
  std::size_t longest_ = 0;  // upper bound of its size
  std::size_t held_ = 0;     // its share of shared_.held

  State state_ = State::kHead;
  Clock::time_point since_{};  // when the state began
  Clock::time_point begun_{};  // when the request's head was complete
  std::optional<Clock::time_point> head_since_;
  bool keep_ = false;       // keep the connection alive after the answer
  bool timed_out_ = false;  // while reading
  bool asking_ = false;     // within a call to the service from the loop
  bool answered_ = false, lingers_ = false;
  bool watching_ = false, resumes_ = false;
  bool ended_ = false;  // the client has closed its sending side
  bool rejecting_ = false;

  std::string head_, body_;  // an answer that is not a stream
  int status_ = 0;
  std::size_t sent_ = 0;
  bool streaming_ = false, writing_ = false, ends_stream_ = false;
  std::deque<std::string> unsent_;
  std::size_t unsent_bytes_ = 0;
  Clock::time_point wrote_{};
};

}  // namespace

struct HttpServer::Impl {
  Impl(HttpService& service, const HttpOptions& options)
      : shared{service, options, {}, {}, {}, {}, {}, {}, {}},
        loops(static_cast<std::size_t>(std::max(1, options.threads))) {}

  Result<void> Listen() {
    error_code error;
    const auto address = asio::ip::make_address(shared.options.address, error);
    if (error) {
      return Error{Code::kInvalidArgument,
                   "--listen: " + shared.options.address + " is not an IP address"};
    }
    const asio::ip::tcp::endpoint endpoint(address, shared.options.port);
    acceptor.emplace(loops[0].context);
    acceptor->open(endpoint.protocol(), error);
    if (!error) acceptor->set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor->bind(endpoint, error);
    if (!error) acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (!error) port = acceptor->local_endpoint(error).port();
    if (!error) return {};
    const std::string where =
        shared.options.address + " port " + std::to_string(shared.options.port);
    if (error == asio::error::address_in_use) {
      return Error{Code::kUnavailable,
                   where +
                       " is already in use, perhaps by another halo-mcp or an OpenTelemetry "
                       "collector. Stop that process or choose another port; --listen " +
                       shared.options.address + ":0 picks a free one"};
    }
    return Error{Code::kUnavailable, "Cannot listen on " + where + ": " + error.message()};
  }

  void Run() {
    for (Loop& loop : loops) {
      Tick(loop);
      loop.thread = std::thread([&loop] { loop.context.run(); });
    }
    asio::post(loops[0].context, [this] { Accept(); });
  }

  // The pending timer also keeps the loop's run() from returning.
  void Tick(Loop& loop) {
    loop.tick.expires_after(kTick);
    loop.tick.async_wait([this, &loop](error_code error) {
      if (error) return;
      loop.date = DateText();
      const Clock::time_point now = Clock::now();
      ForEachSession(loop, [now](Session& session) { session.Tick(now); });
      if (&loop == &loops[0]) TrimMemory(now);
      Tick(loop);
    });
  }

  // Returns the memory of large bodies to the system. The allocator would keep it for the next
  // ones, which may never come.
  void TrimMemory(Clock::time_point now) {
    if (shared.freed < kTrimBytes || now - trimmed < kTrimPause) return;
    shared.freed = 0;
    trimmed = now;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
  }

  // `act` may close sessions.
  template <class Act>
  static void ForEachSession(Loop& loop, Act act) {
    std::vector<std::shared_ptr<Session>> all;
    all.reserve(loop.sessions.size());
    for (const auto& [address, session] : loop.sessions) all.push_back(session);
    for (const auto& session : all) act(*session);
  }

  void Accept() {
    Loop& loop = loops[next++ % loops.size()];
    acceptor->async_accept(loop.context, [this, &loop](error_code error, Socket socket) {
      if (!acceptor->is_open()) return;
      if (error) {
        // Usually out of file descriptors: retry once some have been closed.
        pause.expires_after(kTick);
        return pause.async_wait([this](error_code cancelled) {
          if (!cancelled && acceptor->is_open()) Accept();
        });
      }
      const bool full = shared.open >= shared.options.max_connections;
      if (!full || shared.rejecting < kMaxRejecting) {
        ++(full ? shared.rejecting : shared.open);
        auto session = std::make_shared<Session>(shared, loop, std::move(socket));
        asio::post(loop.context, [&loop, full, session = std::move(session)] {
          loop.sessions.emplace(session.get(), session);
          full ? session->RejectOverCapacity() : session->Start();
        });
      }
      Accept();
    });
  }

  template <class Act>
  void InEachLoop(Act act) {
    for (Loop& loop : loops) asio::post(loop.context, [&loop, act] { act(loop); });
  }

  bool AwaitClosed(std::chrono::milliseconds limit) {
    std::unique_lock lock(shared.mutex);
    return shared.closed.wait_for(lock, limit,
                                  [this] { return shared.open == 0 && shared.rejecting == 0; });
  }

  bool Stop() {
    if (stopped) return complete;
    stopped = true;
    asio::post(loops[0].context, [this] {
      error_code ignored;
      acceptor->close(ignored);
    });
    shared.draining = true;
    InEachLoop(
        [](Loop& loop) { ForEachSession(loop, [](Session& session) { session.Drain(false); }); });
    complete = AwaitClosed(shared.options.to_answer);
    if (!complete) {
      InEachLoop(
          [](Loop& loop) { ForEachSession(loop, [](Session& session) { session.Drain(true); }); });
      complete = AwaitClosed(shared.options.to_stop);
    }
    InEachLoop([](Loop& loop) {
      ForEachSession(loop, [](Session& session) { session.Close(); });
      loop.context.stop();
    });
    for (Loop& loop : loops) loop.thread.join();
    return complete;
  }

  Shared shared;
  std::deque<Loop> loops;
  std::optional<Acceptor> acceptor;  // in the first loop
  Timer pause{loops[0].context};
  std::size_t next = 0;
  std::uint16_t port = 0;
  Clock::time_point trimmed{};
  bool stopped = false, complete = true;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { Stop(); }

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpService& service,
                                                      const HttpOptions& options) {
  BoundKeptMemory();
  auto impl = std::make_unique<Impl>(service, options);
  if (Result<void> listening = impl->Listen(); !listening) return listening.error();
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

std::uint16_t HttpServer::port() const { return impl_->port; }

bool HttpServer::Stop() { return impl_->Stop(); }

Result<bool> IsLoopback(const std::string& address) {
  error_code error;
  const auto parsed = asio::ip::make_address(address, error);
  if (!error) return parsed.is_loopback();
  return Error{Code::kInvalidArgument, address + " is not an IP address"};
}

}  // namespace halo
