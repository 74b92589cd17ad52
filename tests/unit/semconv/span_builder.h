// SPDX-License-Identifier: MIT
// Builds a span for a test.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "engine/model/span.h"

namespace halo {

class SpanBuilder {
 public:
  SpanBuilder() {
    span_.resource = &resource_;
    span_.trace_id = "t1";
    span_.span_id = "s1";
    span_.name = "step";
    span_.start_ns = 1'700'000'000'000'000'000;
    span_.end_ns = span_.start_ns + 1'000'000;
  }
  SpanBuilder(const SpanBuilder&) = delete;
  SpanBuilder& operator=(const SpanBuilder&) = delete;

  SpanBuilder& Name(std::string text) {
    span_.name = Keep(std::move(text));
    return *this;
  }
  SpanBuilder& Parent(std::string text) {
    span_.parent_id = Keep(std::move(text));
    return *this;
  }
  SpanBuilder& Scope(std::string text) {
    resource_.scope_name = Keep(std::move(text));
    return *this;
  }
  SpanBuilder& Status(StatusCode code, std::string message = {}) {
    span_.status = code;
    span_.status_message = Keep(std::move(message));
    return *this;
  }
  SpanBuilder& Text(std::string key, std::string text) {
    return With(std::move(key), Value::Text(Keep(std::move(text))));
  }
  SpanBuilder& Json(std::string key, std::string text) {
    return With(std::move(key), Value::Json(Keep(std::move(text))));
  }
  SpanBuilder& Int(std::string key, std::int64_t value) {
    return With(std::move(key), Value::Int(value));
  }
  SpanBuilder& Double(std::string key, double value) {
    return With(std::move(key), Value::Double(value));
  }
  SpanBuilder& Bool(std::string key, bool value) {
    return With(std::move(key), Value::Bool(value));
  }
  SpanBuilder& ResourceText(std::string key, std::string text) {
    resource_.attributes.push_back({Keep(std::move(key)), Value::Text(Keep(std::move(text)))});
    return *this;
  }
  // Starts an event; attributes that follow belong to it.
  SpanBuilder& Event(std::string name) {
    span_.events.emplace_back();
    span_.events.back().name = Keep(std::move(name));
    in_event_ = true;
    return *this;
  }

  const Span& span() const { return span_; }

 private:
  std::string_view Keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  SpanBuilder& With(std::string key, Value value) {
    (in_event_ ? span_.events.back().attributes : span_.attributes)
        .push_back({Keep(std::move(key)), value});
    return *this;
  }

  std::deque<std::string> texts_;
  Resource resource_;
  Span span_;
  bool in_event_ = false;
};

}  // namespace halo
