// SPDX-License-Identifier: MIT
#include "engine/text/percent_encoded.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"

namespace halo {
namespace {

// The bounds keep hostile text linear.
constexpr std::size_t kMaxPart = 4096;
constexpr int kMaxDepth = 4;  // of encodings inside each other

std::uint8_t HexValue(char c) {
  return static_cast<std::uint8_t>(ascii::IsDigit(c) ? c - '0' : ascii::Lower(c) - 'a' + 10);
}

bool IsEncodedAt(std::string_view text, std::size_t at) {
  return at + 2 < text.size() && text[at] == '%' && ascii::IsHex(text[at + 1]) &&
         ascii::IsHex(text[at + 2]);
}

// The first encoded byte at or after `from`, or npos.
std::size_t NextEncoded(std::string_view text, std::size_t from) {
  for (std::size_t at = text.find('%', from); at != text.npos; at = text.find('%', at + 1)) {
    if (IsEncodedAt(text, at)) return at;
  }
  return text.npos;
}

// Whether a character may occur among encoded ones. '[' begins what replaced a secret.
bool IsAmongEncoded(char c) {
  return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\\' && c != '<' && c != '>' &&
         c != '[' && c != '`';
}

// A part of a text, decoded, with the place of each byte in the text.
struct Decoded {
  std::string text;
  std::vector<std::size_t> places;  // one more than bytes
};

void Decode(std::string_view text, std::size_t begin, std::size_t end, Decoded& out) {
  out.text.clear();
  out.places.clear();
  for (std::size_t at = begin; at < end;) {
    out.places.push_back(at);
    if (IsEncodedAt(text.substr(0, end), at)) {
      out.text += static_cast<char>(HexValue(text[at + 1]) << 4 | HexValue(text[at + 2]));
      at += 3;
    } else {
      out.text += text[at++];
    }
  }
  out.places.push_back(end);
}

std::optional<Secret> FindIn(std::string_view text, std::size_t from, const RedactionConfig& config,
                             int depth);

// The first secret of a decoded text.
std::optional<Secret> FindDecoded(std::string_view text, const RedactionConfig& config, int depth) {
  std::optional<Secret> first = FindSecret(text, 0, config);
  const auto offer = [&](std::optional<Secret> found) {
    if (found && (!first || found->begin < first->begin)) first = found;
  };
  if (config.secrets) offer(FindShapedSecret(text, 0));
  if (depth < kMaxDepth) offer(FindIn(text, 0, config, depth + 1));
  return first;
}

std::optional<Secret> FindIn(std::string_view text, std::size_t from, const RedactionConfig& config,
                             int depth) {
  Decoded decoded;
  for (std::size_t at = NextEncoded(text, from); at != text.npos; at = NextEncoded(text, from)) {
    std::size_t begin = at, end = at;
    while (begin > from && at - begin < kMaxPart && IsAmongEncoded(text[begin - 1])) --begin;
    while (end < text.size() && end - begin < 2 * kMaxPart && IsAmongEncoded(text[end])) ++end;
    Decode(text, begin, end, decoded);
    if (const std::optional<Secret> found = FindDecoded(decoded.text, config, depth)) {
      return Secret{decoded.places[found->begin], decoded.places[found->end], found->kind, {}};
    }
    from = end;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Secret> FindEncodedSecret(std::string_view text, std::size_t from,
                                        const RedactionConfig& config) {
  return FindIn(text, from, config, 1);
}

}  // namespace halo
