// SPDX-License-Identifier: MIT
#include "engine/ingest/span_redactor.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

namespace halo {

bool SpanRedactor::IsSecret(const Attribute& attribute) const {
  const Value& value = attribute.value;
  if (value.has_text()) return redactor_.IsSecret(attribute.key, value.text);
  // A PIN or a password of digits; shorter numbers count something.
  if (value.type != Value::Type::kInt || value.integer < 100'000) return false;
  char digits[24];
  const char* const end = std::to_chars(digits, std::end(digits), value.integer).ptr;
  return redactor_.IsSecret(attribute.key, {digits, static_cast<std::size_t>(end - digits)});
}

bool SpanRedactor::MayContain(const std::vector<Attribute>& attributes) const {
  return std::any_of(attributes.begin(), attributes.end(), [&](const Attribute& attribute) {
    return redactor_.MayContain(attribute.key) || IsSecret(attribute) ||
           (attribute.value.has_text() && redactor_.MayContain(attribute.value.text));
  });
}

bool SpanRedactor::MayContain(const Span& span) const {
  return MayContain(span.attributes) || redactor_.MayContain(span.name) ||
         redactor_.MayContain(span.status_message) || redactor_.MayContain(span.links) ||
         redactor_.MayContain(span.trace_state) ||
         std::any_of(span.events.begin(), span.events.end(),
                     [&](const Event& event) {
                       return redactor_.MayContain(event.name) || MayContain(event.attributes);
                     }) ||
         MayContain(span.resource->attributes) || MayContain(span.resource->scope_attributes);
}

std::string_view SpanRedactor::CleanText(std::string_view text) {
  if (!redactor_.MayContain(text)) return text;
  std::string clean;
  const std::size_t count = redactor_.Redact(text, clean);
  if (count == 0) return text;
  count_ += count;
  return texts_.emplace_back(std::move(clean));
}

void SpanRedactor::CleanValues(std::vector<Attribute>& attributes) {
  for (Attribute& attribute : attributes) {
    Value& value = attribute.value;
    if (IsSecret(attribute)) {
      value = Value::Text(Redactor::kReplacement);
      ++count_;
    } else if (value.has_text()) {
      value.text = CleanText(value.text);
    }
    attribute.key = CleanText(attribute.key);
  }
}

const Span& SpanRedactor::Clean(const Span& span) {
  count_ = 0;
  if (!MayContain(span)) return span;
  texts_.clear();
  copy_ = span;
  copy_.name = CleanText(span.name);
  copy_.status_message = CleanText(span.status_message);
  copy_.links = CleanText(span.links);
  copy_.trace_state = CleanText(span.trace_state);
  CleanValues(copy_.attributes);
  for (Event& event : copy_.events) {
    event.name = CleanText(event.name);
    CleanValues(event.attributes);
  }
  if (MayContain(span.resource->attributes) || MayContain(span.resource->scope_attributes)) {
    resource_ = *span.resource;
    CleanValues(resource_.attributes);
    CleanValues(resource_.scope_attributes);
    copy_.resource = &resource_;
  }
  return copy_;
}

}  // namespace halo
