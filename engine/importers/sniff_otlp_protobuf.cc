// SPDX-License-Identifier: MIT
#include "engine/importers/sniff_otlp_protobuf.h"

#include <algorithm>

#include "engine/importers/proto_cursor.h"

namespace halo {
namespace {

constexpr char kFirstByte = 0x0A;  // field 1, with a length

struct Evidence {
  bool has_span = false;  // or a log record
  bool has_attribute = false;
  bool is_broken = false;  // a message around spans is not one
};

// Metrics and profiles have a message or bytes in field 7.
bool IsSpan(std::string_view message) {
  bool has_id = false;
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    if (field.number == 1 || field.number == 2) {
      if (field.type != ProtoType::kBytes) return false;
      has_id = true;
    } else if (field.number == 7 || field.number == 8) {
      return has_id && field.type == ProtoType::kFixed64;
    }
  }
  return false;
}

// One with a time (1, 11) and a body or attributes (5, 6).
bool IsLogRecord(std::string_view message) {
  bool has_time = false, has_content = false;
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    if (field.number == 1 || field.number == 11) {
      if (field.type != ProtoType::kFixed64) return false;
      has_time = true;
    } else if (field.number == 5 || field.number == 6) {
      if (field.type != ProtoType::kBytes) return false;
      has_content = true;
    }
  }
  return has_time && has_content;
}

bool IsKeyValue(std::string_view message) {
  bool has_key = false;
  ProtoCursor cursor(message);
  for (ProtoField field; cursor.Next(field);) {
    if (field.type != ProtoType::kBytes) return false;
    if (field.number == 2) return has_key;
    has_key = !field.bytes.empty() &&
              std::none_of(field.bytes.begin(), field.bytes.end(),
                           [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  }
  return false;
}

// Calls `look` with the messages in fields 1 and 2 (and 1000, an old name of 2).
template <class Look>
void LookInto(const ProtoField& message, Evidence& found, Look look) {
  ProtoCursor cursor(message.bytes);
  for (ProtoField field; !found.has_span && cursor.Next(field);) {
    if (field.number > 2 && field.number != 1000) continue;
    if (field.type != ProtoType::kBytes) {
      found.is_broken = true;
      return;
    }
    look(field);
  }
  const ProtoError error = cursor.error();
  if (error == ProtoError::kInvalid || (error == ProtoError::kCut && !message.is_cut)) {
    found.is_broken = true;
  }
}

void LookIntoScopeSpans(const ProtoField& message, Evidence& found) {
  LookInto(message, found, [&](const ProtoField& field) {
    if (field.number == 2 && (IsSpan(field.bytes) || IsLogRecord(field.bytes))) {
      found.has_span = true;
    }
  });
}

void LookIntoResourceSpans(const ProtoField& message, Evidence& found) {
  LookInto(message, found, [&](const ProtoField& field) {
    if (field.number != 1) return LookIntoScopeSpans(field, found);
    ProtoCursor cursor(field.bytes);
    for (ProtoField attribute; cursor.Next(attribute);) {
      if (attribute.Is(1, ProtoType::kBytes) && IsKeyValue(attribute.bytes)) {
        found.has_attribute = true;
      }
    }
  });
}

// `is_cut`: more of the message may follow.
Evidence LookIntoRequest(std::string_view bytes, bool is_cut) {
  Evidence found;
  ProtoField all;
  all.bytes = bytes;
  all.is_cut = is_cut;
  LookInto(all, found, [&](const ProtoField& field) {
    if (field.number == 1) LookIntoResourceSpans(field, found);
  });
  return found;
}

}  // namespace

bool BeginsOtlpRequest(std::string_view start) {
  if (start.empty() || start[0] != kFirstByte) return false;
  const Evidence found = LookIntoRequest(start, true);
  if (found.has_span) return true;
  // Whether the bytes end within the request, or it has no span at all.
  ProtoCursor cursor(start);
  for (ProtoField field; cursor.Next(field);) {
  }
  return found.has_attribute && !found.is_broken && cursor.error() == ProtoError::kCut;
}

bool BeginOtlpRequests(std::string_view start, LengthPrefix prefix) {
  constexpr std::uint64_t kMostBytes = 128 << 20;  // four bytes of a text are more
  bool is_first = true;
  while (!start.empty()) {
    const MessageLength length = ReadMessageLength(prefix, start);
    if (!length.is_valid || length.prefix == 0 || length.value > kMostBytes) return false;
    start.remove_prefix(length.prefix);
    if (length.value == 0) continue;
    const bool is_cut = length.value > start.size();
    const auto size = is_cut ? start.size() : static_cast<std::size_t>(length.value);
    const std::string_view message = start.substr(0, size);
    if (is_first && !message.starts_with(kFirstByte)) return false;
    is_first = false;
    const Evidence found = LookIntoRequest(message, is_cut);
    if (found.has_span) return true;
    if (is_cut) {
      // No text begins with the length of a message as a number of four bytes.
      return !found.is_broken && (found.has_attribute || prefix == LengthPrefix::kUint32);
    }
    start.remove_prefix(size);
  }
  return false;
}

}  // namespace halo
