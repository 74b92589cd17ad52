// SPDX-License-Identifier: MIT
#include "server/http/otlp_endpoint.h"

#include <string>
#include <utility>

#include "server/http/otlp_answer.h"

namespace halo {
namespace {

constexpr std::string_view kLangfuse = "/api/public/otel";

// The format that a Content-Type names.
std::optional<MessageFormat> FormatOf(const HttpRequest& request) {
  if (request.fields->Count("Content-Type") != 1) return std::nullopt;
  std::string_view type = *request.Get("Content-Type");
  type = type.substr(0, type.find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) type.remove_suffix(1);
  if (EqualsIgnoreCase(type, "application/json")) return MessageFormat::kJson;
  if (EqualsIgnoreCase(type, "application/x-protobuf") ||
      EqualsIgnoreCase(type, "application/protobuf")) {
    return MessageFormat::kProtobuf;
  }
  return std::nullopt;
}

std::optional<Encoding> EncodingOf(const HttpRequest& request) {
  const std::string encoding = request.fields->Joined("Content-Encoding");
  if (encoding.empty() || EqualsIgnoreCase(encoding, "identity")) return Encoding::kPlain;
  if (EqualsIgnoreCase(encoding, "gzip") || EqualsIgnoreCase(encoding, "x-gzip")) {
    return Encoding::kGzip;
  }
  if (EqualsIgnoreCase(encoding, "zstd")) return Encoding::kZstd;
  return std::nullopt;
}

HttpResponse Retry(int status, std::string text) {
  HttpResponse response = TextResponse(status, std::move(text));
  response.fields.emplace_back("Retry-After", "1");
  return response;
}

HttpResponse ResponseTo(Signal signal, MessageFormat format, const Acknowledgement& result) {
  switch (result.status) {
    case Acknowledgement::Status::kAccepted:
      return ExportResponse(signal, format, result);
    case Acknowledgement::Status::kMalformed:
      return StatusResponse(format, TextResponse(400, result.message));
    case Acknowledgement::Status::kTooLarge:
      return StatusResponse(format, TextResponse(413, result.message));
    case Acknowledgement::Status::kUnavailable:
      break;
  }
  return StatusResponse(format, Retry(503, "Nothing was stored: " + result.message));
}

}  // namespace

OtlpEndpoint::OtlpEndpoint(OtlpEndpointOptions options)
    : options_(std::move(options)), decoders_(options_.threads) {}

std::optional<Signal> OtlpEndpoint::SignalOf(std::string_view path) {
  if (path.starts_with(kLangfuse)) path.remove_prefix(kLangfuse.size());
  if (path == "/v1/traces") return Signal::kTraces;
  if (path == "/v1/logs") return Signal::kLogs;
  if (path == "/v1/metrics") return Signal::kMetrics;
  return std::nullopt;
}

HttpResponse OtlpEndpoint::ToSender(const HttpRequest& request, HttpResponse refusal) {
  return StatusResponse(FormatOf(request).value_or(MessageFormat::kJson), std::move(refusal));
}

std::optional<HttpResponse> OtlpEndpoint::Refuse(const HttpRequest& request) {
  if (!options_.receive) return TextResponse(404, "Not found. OTLP is not received here.");
  if (request.method != "POST") {
    HttpResponse response = TextResponse(405, "Method not allowed; OTLP is sent with POST.");
    response.fields.emplace_back("Allow", "POST, OPTIONS");
    return response;
  }
  if (!FormatOf(request)) {
    return TextResponse(415,
                        "Unsupported media type; send Content-Type: application/x-protobuf or "
                        "application/json.");
  }
  if (!EncodingOf(request)) {
    HttpResponse response =
        TextResponse(415, "Unsupported Content-Encoding; send gzip, zstd or no encoding.");
    response.fields.emplace_back("Accept-Encoding", "gzip, zstd, identity");
    return response;
  }
  return std::nullopt;
}

void OtlpEndpoint::Answer(const HttpRequest& request, std::shared_ptr<HttpAnswer> answer) {
  const MessageFormat format = *FormatOf(request);
  if (!Begin()) {
    return answer->Send(StatusResponse(
        format,
        Retry(429, "Too many requests in progress; the limit is " +
                       std::to_string(options_.max_requests) + ". Try again in a second.")));
  }
  ReceivedMessage message;
  message.signal = *SignalOf(request.path());
  message.format = format;
  message.encoding = *EncodingOf(request);
  message.body = request.body;  // kept until the request is answered
  // Moved along with the request, so that the answer is gone when the request has ended.
  const auto waiting = std::make_shared<std::shared_ptr<HttpAnswer>>(std::move(answer));
  const auto acknowledge = [this, signal = message.signal, format,
                            waiting](const Acknowledgement& result) {
    std::exchange(*waiting, nullptr)->Send(ResponseTo(signal, format, result));
    End();
  };
  const bool runs = decoders_.Run(
      [this, message, acknowledge] { options_.receive(message, std::move(acknowledge)); });
  if (!runs) {
    acknowledge({Acknowledgement::Status::kUnavailable, 0, "no thread can be started to read it"});
  }
}

bool OtlpEndpoint::Begin() {
  const std::lock_guard lock(mutex_);
  if (requests_ >= options_.max_requests) return false;
  ++requests_;
  return true;
}

void OtlpEndpoint::End() {
  const std::lock_guard lock(mutex_);  // held while notifying, since this may be destroyed then
  if (--requests_ == 0) ended_.notify_all();
}

bool OtlpEndpoint::Drain(std::chrono::milliseconds limit) {
  {
    std::unique_lock lock(mutex_);
    if (!ended_.wait_for(lock, limit, [this] { return requests_ == 0; })) return false;
  }
  return decoders_.Drain(limit);
}

}  // namespace halo
