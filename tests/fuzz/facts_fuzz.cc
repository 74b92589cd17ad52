// SPDX-License-Identifier: MIT
// Spans with any attributes: no crash, and every quote is at its position. The input encodes the
// attributes: one byte selects the key (known keys first), one the type, two the length.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine/codec/span_codec.h"
#include "engine/facts/facts_computer.h"
#include "engine/semconv/convention.h"
#include "engine/semconv/conventions.h"

namespace halo {
namespace {

class Input {
 public:
  explicit Input(std::string_view bytes) : rest_(bytes) {}
  bool empty() const { return rest_.empty(); }
  std::size_t Byte() {
    if (rest_.empty()) return 0;
    const std::size_t byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::string_view Text() {
    const std::size_t size = Byte() + 256 * (Byte() % 8);
    const std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(text.size());
    return text;
  }

 private:
  std::string_view rest_;
};

std::vector<std::string> KnownKeys() {
  std::vector<std::string> keys;
  for (const Convention* const convention : AllConventions()) {
    for (const KeyRule& rule : convention->keys) keys.emplace_back(rule.key);
    for (const FlatRule& rule : convention->flat) {
      for (const char* const index : {"0", "1", "10", "2147483648"}) {
        std::string key(rule.pattern);
        for (std::size_t at; (at = key.find('#')) != std::string::npos;) key.replace(at, 1, index);
        keys.push_back(std::move(key));
      }
    }
  }
  return keys;
}

std::vector<std::string_view> KnownEvents() {
  std::vector<std::string_view> events;
  for (const Convention* const convention : AllConventions()) {
    for (const EventRule& rule : convention->events) events.push_back(rule.event);
  }
  return events;
}

Attribute ReadAttribute(Input& input, const std::vector<std::string>& keys) {
  Attribute attribute;
  const std::size_t choice = input.Byte() + 256 * (input.Byte() % 4);
  attribute.key = choice < keys.size() ? std::string_view(keys[choice]) : input.Text();
  switch (input.Byte() % 6) {
    case 0:
      attribute.value = Value::Bool(input.Byte() % 2 == 0);
      break;
    case 1:
      attribute.value = Value::Int(static_cast<std::int64_t>(input.Byte()) - 3);
      break;
    case 2:
      attribute.value = Value::Double(static_cast<double>(input.Byte()) / 16);
      break;
    case 3:
      attribute.value = Value::Json(input.Text());
      break;
    default:
      attribute.value = Value::Text(input.Text());
  }
  return attribute;
}

void CheckQuote(const Span& span, const StringPool& words, const QuoteRef& quote) {
  if (quote.path == 0) return;
  const std::optional<Value> value = ValueAt(span, words[quote.path]);
  if (!value) std::abort();
  const std::string_view text = value->text;
  if (quote.length == 0 || std::size_t{quote.offset} + quote.length > text.size()) std::abort();
}

void Run(Input input) {
  static const std::vector<std::string> keys = KnownKeys();
  static const std::vector<std::string_view> events = KnownEvents();
  static const PriceTable prices;
  static const OutcomeConfig config{{"verdict.key", "outcome"}, 0.5, true, true};
  static Conventions conventions;
  static FactsComputer computer(config, prices);

  Resource resource;
  Span span;
  span.resource = &resource;
  span.trace_id = "t";
  span.span_id = "s";
  const std::size_t flags = input.Byte();
  span.status = static_cast<StatusCode>(flags % 3);
  if ((flags & 4) != 0) span.parent_id = "p";
  if ((flags & 8) != 0) span.end_ns = 5;
  span.name = input.Text();
  span.status_message = input.Text();
  while (!input.empty()) {
    const std::size_t place = input.Byte() % 8;
    if (place == 0) {
      span.events.emplace_back();
      span.events.back().name = events[input.Byte() % events.size()];
    } else if (place == 1 && !span.events.empty()) {
      span.events.back().attributes.push_back(ReadAttribute(input, keys));
    } else if (place == 2) {
      resource.attributes.push_back(ReadAttribute(input, keys));
    } else {
      span.attributes.push_back(ReadAttribute(input, keys));
    }
  }

  StringPool words;
  SpanFacts facts;
  const SpanFields& fields = conventions.Read(span);
  computer.Compute(span, fields, conventions.json(), words, facts);
  if (facts.failed != (facts.failure_rule != FailureRule::kNone)) std::abort();
  if (facts.failed != (facts.error_signature != 0)) std::abort();
  if (facts.usage.input < 0 || facts.usage.output < 0 || facts.cost_nano_usd < 0) std::abort();
  for (const QuoteRef* const quote :
       {&facts.error_quote, &facts.arguments_quote, &facts.result_quote, &facts.finish_quote,
        &facts.output_quote, &facts.invalid_call_quote, &facts.limit_quote}) {
    CheckQuote(span, words, *quote);
  }
}

}  // namespace
}  // namespace halo

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  halo::Run(halo::Input({reinterpret_cast<const char*>(data), size}));
  return 0;
}
