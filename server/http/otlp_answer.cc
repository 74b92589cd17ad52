// SPDX-License-Identifier: MIT
#include "server/http/otlp_answer.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string_view>
#include <utility>

namespace halo {
namespace {

constexpr std::string_view kProtobufType = "application/x-protobuf", kJsonType = "application/json";

std::string_view TypeOf(MessageFormat format) {
  return format == MessageFormat::kJson ? kJsonType : kProtobufType;
}

void PutVarint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void PutInteger(std::string& out, int field, std::uint64_t value) {
  if (value == 0) return;
  PutVarint(out, static_cast<std::uint64_t>(field) << 3);
  PutVarint(out, value);
}

void PutBytes(std::string& out, int field, std::string_view bytes) {
  if (bytes.empty()) return;
  PutVarint(out, static_cast<std::uint64_t>(field) << 3 | 2);
  PutVarint(out, bytes.size());
  out.append(bytes);
}

std::string Json(const boost::json::value& value) { return boost::json::serialize(value); }

std::string_view RefusedName(Signal signal) {
  switch (signal) {
    case Signal::kTraces:
      return "rejectedSpans";
    case Signal::kLogs:
      return "rejectedLogRecords";
    case Signal::kMetrics:
      return "rejectedDataPoints";
  }
  return {};
}

// The code of google.rpc.Code that belongs to an HTTP status.
int CodeOf(int status) {
  constexpr int kInvalidArgument = 3, kDeadlineExceeded = 4, kNotFound = 5, kPermissionDenied = 7,
                kResourceExhausted = 8, kUnimplemented = 12, kInternal = 13, kUnavailable = 14,
                kUnauthenticated = 16;
  switch (status) {
    case 401:
      return kUnauthenticated;
    case 403:
      return kPermissionDenied;
    case 404:
      return kNotFound;
    case 405:
      return kUnimplemented;
    case 408:
      return kDeadlineExceeded;
    case 413:
    case 429:
      return kResourceExhausted;
    case 503:
      return kUnavailable;
    default:
      return status >= 500 ? kInternal : kInvalidArgument;
  }
}

}  // namespace

HttpResponse ExportResponse(Signal signal, MessageFormat format, const Acknowledgement& accepted) {
  HttpResponse response{200, TypeOf(format), {}, {}};
  if (format == MessageFormat::kJson) {
    boost::json::object body;
    if (!accepted.message.empty()) {
      boost::json::object partial;
      // 64-bit integers are strings in the JSON of protobuf.
      if (accepted.refused > 0) partial[RefusedName(signal)] = std::to_string(accepted.refused);
      partial["errorMessage"] = accepted.message;
      body["partialSuccess"] = std::move(partial);
    }
    response.body = Json(body);
    return response;
  }
  std::string partial;
  PutInteger(partial, 1, static_cast<std::uint64_t>(accepted.refused));
  PutBytes(partial, 2, accepted.message);
  PutBytes(response.body, 1, partial);
  return response;
}

HttpResponse StatusResponse(MessageFormat format, HttpResponse refusal) {
  std::string message = std::move(refusal.body);
  while (message.ends_with('\n')) message.pop_back();
  refusal.content_type = TypeOf(format);
  refusal.body.clear();
  if (format == MessageFormat::kJson) {
    refusal.body = Json({{"code", CodeOf(refusal.status)}, {"message", message}});
  } else {
    PutInteger(refusal.body, 1, static_cast<std::uint64_t>(CodeOf(refusal.status)));
    PutBytes(refusal.body, 2, message);
  }
  return refusal;
}

}  // namespace halo
