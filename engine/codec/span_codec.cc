// SPDX-License-Identifier: MIT
#include "engine/codec/span_codec.h"

#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>  // uses the widest vectors of the processor
#endif

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/codec/bytes.h"
#include "engine/model/from_log.h"

namespace halo {
namespace {

constexpr std::uint8_t kFormat = 1;

using Size = std::uint32_t;

std::size_t Bound(std::string_view text) { return kMaxVarint + text.size(); }

std::size_t Bound(const std::vector<Attribute>& attributes) {
  std::size_t bound = kMaxVarint;
  for (const Attribute& attribute : attributes) {
    bound += 3 * kMaxVarint + attribute.key.size() + attribute.value.text.size();
  }
  return bound;
}

std::size_t Bound(const Event& event) {
  return Bound(event.name) + kMaxVarint + Bound(event.attributes);
}

char* Put(char* at, std::string_view text) {
  at = WriteVarint(at, text.size());
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* Put(char* at, const std::vector<Attribute>& attributes) {
  at = WriteVarint(at, attributes.size());
  for (const Attribute& attribute : attributes) {
    at = Put(at, attribute.key);
    const Value& value = attribute.value;
    *at++ = static_cast<char>(value.type);
    switch (value.type) {
      case Value::Type::kNull:
        break;
      case Value::Type::kBool:
      case Value::Type::kInt:
        at = WriteVarint(at, ZigZag(value.integer));
        break;
      case Value::Type::kDouble:
        std::memcpy(at, &value.real, sizeof value.real);
        at += sizeof value.real;
        break;
      case Value::Type::kText:
      case Value::Type::kJson:
      case Value::Type::kBytes:
        at = Put(at, value.text);
        break;
    }
  }
  return at;
}

char* Put(char* at, const Event& event) {
  at = Put(at, event.name);
  at = WriteVarint(at, ZigZag(event.time_ns));
  return Put(at, event.attributes);
}

// Bounds the length that hostile bytes claim: each item takes at least two bytes.
std::size_t TakeCount(ByteReader& in) {
  const std::uint64_t count = in.Varint();
  if (count > in.left() / 2) in.Take(UINT64_MAX);
  return in.ok() ? count : 0;
}

void Take(ByteReader& in, std::vector<Attribute>& attributes) {
  attributes.resize(TakeCount(in));
  for (Attribute& attribute : attributes) {
    attribute.key = in.Text();
    Value& value = attribute.value;
    const std::uint8_t type = in.Byte();
    if (type > static_cast<std::uint8_t>(Value::Type::kBytes)) in.Take(UINT64_MAX);
    if (!in.ok()) return;
    value.type = static_cast<Value::Type>(type);
    if (value.has_text()) {
      value.text = in.Text();
    } else if (value.type == Value::Type::kDouble) {
      value.real = std::bit_cast<double>(in.Fixed64());
    } else if (value.type != Value::Type::kNull) {
      value.integer = UnZigZag(in.Varint());
    }
  }
}

void Take(ByteReader& in, Event& event) {
  event.name = in.Text();
  event.time_ns = UnZigZag(in.Varint());
  Take(in, event.attributes);
}

// Decides between two versions: the larger one wins.
struct Strength {
  bool ended;
  std::int64_t end_ns;
  std::uint64_t hash;

  auto operator<=>(const Strength&) const = default;
};

Strength StrengthOf(const Span& span) {
  Span bare = span;
  bare.events.clear();
  std::string bytes;
  EncodeSpan(bare, bytes);
  return {span.end_ns != 0, span.end_ns, ContentHash(bytes)};
}

std::string BytesOf(const Attribute& attribute) {
  Span bare;
  bare.attributes = {attribute};
  std::string bytes;
  EncodeSpan(bare, bytes);
  return bytes;
}

std::string ResourceBytes(const Span& span) {
  Span bare;
  bare.resource = span.resource;
  std::string bytes;
  EncodeSpan(bare, bytes);
  return bytes;
}

// Each field by itself, so that the order of the records does not matter: the earliest start, the
// latest end, the larger of two texts, and the attributes of both. Without the events.
Span UniteFromLogs(const Span& a, const Span& b) {
  Span out = ResourceBytes(a) >= ResourceBytes(b) ? a : b;
  out.name = std::max(a.name, b.name);
  out.parent_id = std::max(a.parent_id, b.parent_id);
  out.trace_state = std::max(a.trace_state, b.trace_state);
  out.otel_kind = std::max(a.otel_kind, b.otel_kind);
  out.links = std::max(a.links, b.links);
  out.status = std::max(a.status, b.status);
  out.status_message = std::max(a.status_message, b.status_message);
  const bool a_starts = b.start_ns == 0 || (a.start_ns != 0 && a.start_ns < b.start_ns);
  out.start_ns = a_starts ? a.start_ns : b.start_ns;
  // An end at a known time, at an unknown one (-1), none.
  out.end_ns = std::max(a.end_ns, b.end_ns);
  if (out.end_ns == 0) out.end_ns = std::min(a.end_ns, b.end_ns);

  std::vector<Attribute> all = a.attributes;
  all.insert(all.end(), b.attributes.begin(), b.attributes.end());
  std::sort(all.begin(), all.end(), [](const Attribute& x, const Attribute& y) {
    const bool x_is_mark = x.key == kFromLogKey, y_is_mark = y.key == kFromLogKey;
    if (x_is_mark != y_is_mark) return x_is_mark;
    return x.key != y.key ? x.key < y.key : BytesOf(x) > BytesOf(y);
  });
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Attribute& x, const Attribute& y) { return x.key == y.key; }),
            all.end());
  out.attributes = std::move(all);
  return out;
}

std::optional<Value> Find(const std::vector<Attribute>& attributes, std::string_view key) {
  for (const Attribute& attribute : attributes) {
    if (attribute.key == key) return attribute.value;
  }
  return std::nullopt;
}

bool SkipPrefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

void EncodeSpan(const Span& span, ByteBuffer& out) {
  const Resource none;
  const Resource& resource = span.resource ? *span.resource : none;
  std::size_t bound = sizeof(Size) + 2 + 2 * kMaxVarint + Bound(span.trace_id) +
                      Bound(span.span_id) + Bound(span.parent_id) + Bound(span.trace_state) +
                      Bound(span.name) + Bound(span.otel_kind) + Bound(span.status_message) +
                      Bound(span.attributes) + kMaxVarint + Bound(span.links) +
                      Bound(resource.attributes) + Bound(resource.scope_name) +
                      Bound(resource.scope_version) + Bound(resource.scope_attributes);
  for (const Event& event : span.events) bound += Bound(event);

  char* const first = out.Prepare(bound);
  char* at = first + sizeof(Size);
  *at++ = static_cast<char>(kFormat);
  *at++ = static_cast<char>(span.status);
  at = Put(at, span.trace_id);
  at = Put(at, span.span_id);
  at = Put(at, span.parent_id);
  at = Put(at, span.trace_state);
  at = Put(at, span.otel_kind);
  at = WriteVarint(at, ZigZag(span.start_ns));
  at = WriteVarint(at, ZigZag(span.end_ns));
  at = Put(at, span.name);
  at = Put(at, span.status_message);
  at = Put(at, span.attributes);
  at = WriteVarint(at, span.events.size());
  for (const Event& event : span.events) at = Put(at, event);
  at = Put(at, span.links);
  at = Put(at, resource.attributes);
  at = Put(at, resource.scope_name);
  at = Put(at, resource.scope_version);
  at = Put(at, resource.scope_attributes);

  const Size size = static_cast<Size>(at - first);
  std::memcpy(first, &size, sizeof size);
  out.Grow(size);
}

void EncodeSpan(const Span& span, std::string& out) {
  ByteBuffer bytes;
  EncodeSpan(span, bytes);
  out.append(bytes.view());
}

std::uint64_t ContentHash(std::string_view encoded) {
  return XXH3_64bits(encoded.data(), encoded.size());
}

std::size_t EncodedSize(std::string_view bytes) {
  Size size = 0;
  if (bytes.size() < sizeof size) return 0;
  std::memcpy(&size, bytes.data(), sizeof size);
  return size <= sizeof size || size > bytes.size() ? 0 : size;
}

Result<OwnedSpan> DecodeSpan(std::string encoded) {
  OwnedSpan owned;
  owned.bytes_ = std::make_unique<std::string>(std::move(encoded));
  owned.resource_ = std::make_unique<Resource>();
  Resource& resource = *owned.resource_;
  Span& span = owned.span_;
  span.resource = &resource;
  ByteReader in(*owned.bytes_);
  const bool sized = EncodedSize(*owned.bytes_) == owned.bytes_->size();
  in.Take(sizeof(Size));
  const std::uint8_t format = in.Byte();
  const std::uint8_t status = in.Byte();
  if (!sized || format != kFormat || status > static_cast<std::uint8_t>(StatusCode::kError)) {
    return Error{Code::kCorrupt, "stored span does not decode: not in a known format"};
  }
  span.status = static_cast<StatusCode>(status);
  span.trace_id = in.Text();
  span.span_id = in.Text();
  span.parent_id = in.Text();
  span.trace_state = in.Text();
  span.otel_kind = in.Text();
  span.start_ns = UnZigZag(in.Varint());
  span.end_ns = UnZigZag(in.Varint());
  span.name = in.Text();
  span.status_message = in.Text();
  Take(in, span.attributes);
  span.events.resize(TakeCount(in));
  for (Event& event : span.events) {
    Take(in, event);
    if (!in.ok()) break;
  }
  span.links = in.Text();
  Take(in, resource.attributes);
  resource.scope_name = in.Text();
  resource.scope_version = in.Text();
  Take(in, resource.scope_attributes);
  if (!in.ok() || in.left() != 0) {
    return Error{Code::kCorrupt, "stored span does not decode: bytes missing or left over"};
  }
  return owned;
}

Result<std::vector<OwnedSpan>> DecodeSpans(std::vector<std::string> encoded) {
  std::vector<OwnedSpan> spans;
  spans.reserve(encoded.size());
  for (std::string& one : encoded) {
    Result<OwnedSpan> span = DecodeSpan(std::move(one));
    if (!span) return span.error();
    spans.push_back(std::move(*span));
  }
  return spans;
}

OwnedSpan MergeVersions(const OwnedSpan& a, const OwnedSpan& b) {
  const bool both_from_logs = IsFromLog(a.span()) && IsFromLog(b.span());
  const bool a_wins = IsFromLog(a.span()) == IsFromLog(b.span())
                          ? StrengthOf(a.span()) >= StrengthOf(b.span())
                          : IsFromLog(b.span());
  Span merged = both_from_logs ? UniteFromLogs(a.span(), b.span()) : a_wins ? a.span() : b.span();

  // Sorts events by time and bytes, and drops duplicates.
  struct Keyed {
    std::int64_t time_ns;
    std::string bytes;
    const Event* event;
  };
  std::vector<Keyed> events;
  for (const OwnedSpan* version : {&a, &b}) {
    for (const Event& event : version->span().events) {
      std::string bytes(Bound(event), '\0');
      bytes.resize(static_cast<std::size_t>(Put(bytes.data(), event) - bytes.data()));
      events.push_back({event.time_ns, std::move(bytes), &event});
    }
  }
  const auto key = [](const Keyed& event) { return std::tie(event.time_ns, event.bytes); };
  std::sort(events.begin(), events.end(),
            [&](const Keyed& x, const Keyed& y) { return key(x) < key(y); });
  events.erase(std::unique(events.begin(), events.end(),
                           [&](const Keyed& x, const Keyed& y) { return key(x) == key(y); }),
               events.end());
  std::vector<Event> united;
  united.reserve(events.size());
  for (const Keyed& event : events) united.push_back(*event.event);
  merged.events = std::move(united);

  std::string bytes;
  EncodeSpan(merged, bytes);
  return DecodeSpan(std::move(bytes)).value();
}

OwnedSpan MergeVersions(std::vector<OwnedSpan> versions) {
  // A balanced tree: one after the other, the events would be copied with each version.
  for (std::size_t step = 1; step < versions.size(); step *= 2) {
    for (std::size_t i = 0; i + step < versions.size(); i += 2 * step) {
      versions[i] = MergeVersions(versions[i], versions[i + step]);
    }
  }
  return std::move(versions.front());
}

std::optional<Value> ValueAt(const Span& span, std::string_view path) {
  if (path == "name") return Value::Text(span.name);
  if (path == "status.message") return Value::Text(span.status_message);
  if (SkipPrefix(path, "attributes.")) return Find(span.attributes, path);
  if (SkipPrefix(path, "resource.")) {
    return span.resource ? Find(span.resource->attributes, path) : std::nullopt;
  }
  if (!SkipPrefix(path, "events[")) return std::nullopt;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(path.data(), path.data() + path.size(), index);
  if (error != std::errc() || index >= span.events.size()) return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(end - path.data()));
  const Event& event = span.events[index];
  if (path == "].name") return Value::Text(event.name);
  if (SkipPrefix(path, "].attributes.")) return Find(event.attributes, path);
  return std::nullopt;
}

void ForEachText(const Span& span,
                 const std::function<bool(std::string_view path, std::string_view text)>& visit) {
  if (!visit("name", span.name) || !visit("status.message", span.status_message)) return;
  std::string path;
  const auto visit_all = [&](const std::vector<Attribute>& attributes) {
    const std::size_t prefix = path.size();
    for (const Attribute& attribute : attributes) {
      if (!attribute.value.has_text()) continue;
      path.resize(prefix);
      path.append("attributes.").append(attribute.key);
      if (!visit(path, attribute.value.text)) return false;
    }
    return true;
  };
  if (!visit_all(span.attributes)) return;
  for (std::size_t i = 0; i < span.events.size(); ++i) {
    const std::string prefix = "events[" + std::to_string(i) + "].";
    path = prefix + "name";
    if (!visit(path, span.events[i].name)) return;
    path = prefix;
    if (!visit_all(span.events[i].attributes)) return;
  }
}

}  // namespace halo
