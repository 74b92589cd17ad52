// SPDX-License-Identifier: MIT
#include "engine/facts/quote.h"

#include <functional>
#include <string>
#include <utility>

#include "schemas/json_string.h"

namespace halo {
namespace {

bool IsWithin(std::string_view whole, std::string_view piece) {
  const std::less_equal<const char*> at_most;
  return at_most(whole.data(), piece.data()) &&
         at_most(piece.data() + piece.size(), whole.data() + whole.size());
}

bool NeedsEscape(char c) {
  // Also above 127, since some writers escape all characters outside of ASCII.
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ||
         static_cast<unsigned char>(c) > 0x7E;
}

std::string_view LongestPlainPart(std::string_view text) {
  std::string_view best;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && !NeedsEscape(text[i])) continue;
    if (i - begin > best.size()) best = text.substr(begin, i - begin);
    begin = i + 1;
  }
  return best;
}

TextRange Range(std::size_t offset, std::size_t length) {
  return {static_cast<std::uint32_t>(offset), static_cast<std::uint32_t>(length)};
}

}  // namespace

TextRange FindPiece(std::string_view whole, std::string_view piece) {
  if (piece.empty() || whole.empty()) return {};
  if (IsWithin(whole, piece)) {
    return Range(static_cast<std::size_t>(piece.data() - whole.data()), piece.size());
  }
  std::size_t at = whole.find(piece);
  if (at != std::string_view::npos) return Range(at, piece.size());
  std::string escaped(piece);
  for (int nesting = 1; nesting <= 3; ++nesting) {
    std::string once_more;
    AppendJsonEscaped(escaped, once_more);
    escaped = std::move(once_more);
    at = whole.find(escaped);
    if (at != std::string_view::npos) return Range(at, escaped.size());
  }
  const std::string_view part = LongestPlainPart(piece);
  if (part.size() < 3) return {};
  at = whole.find(part);
  return at == std::string_view::npos ? TextRange{} : Range(at, part.size());
}

Located FindHolder(const Span& span, std::string_view piece, Arena& arena) {
  if (piece.empty()) return {};
  for (const Attribute& attribute : span.attributes) {
    const std::string_view whole = attribute.value.text;
    if (attribute.value.has_text() && IsWithin(whole, piece)) {
      return {piece, arena.Join({"attributes.", attribute.key}), whole};
    }
  }
  return {};
}

QuoteRef MakeQuote(const Located& where, std::string_view piece, StringPool& words,
                   StringId guess) {
  const TextRange range = FindPiece(where.whole, piece);
  if (range.length == 0 || where.path.empty()) return {};
  return {words.Intern(where.path, guess), range.offset, range.length};
}

}  // namespace halo
