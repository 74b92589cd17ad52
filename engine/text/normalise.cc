// SPDX-License-Identifier: MIT
#include "engine/text/normalise.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/base/ascii.h"
#include "engine/base/utf8.h"
#include "engine/json/json_order.h"
#include "engine/text/matchers.h"

namespace halo {
namespace {

constexpr std::size_t kMaxInput = 4096;
constexpr std::size_t kMaxError = 512;
constexpr std::size_t kMaxName = 200;

// Traits of a token, which is the run of bytes up to the next space.
enum Trait : std::uint8_t { kDigit = 1, kAt = 2, kDot = 4, kColon = 8, kSlash = 16 };

struct Matcher {
  std::string_view mask;
  Match (*match)(const TextPlace& place);
  int classes;              // classes of ascii.h with which a match may begin
  std::string_view starts;  // other bytes with which a match may begin
  std::uint8_t needs = 0;   // the token has at least one of these traits; 0: any token
  bool inside = false;      // a match may begin inside a word
};

constexpr int kD = ascii::kDigit, kL = ascii::kLower, kU = ascii::kUpper;
constexpr int kWordStart = kD | kL | kU;
constexpr std::string_view kDateStarts = "ADFJMNOSTWd";  // of months, days and "datetime"

// THE LIST. At each position the first match wins. The kinds and their order follow Sentry's
// parameterisation of messages; base64, id, path and str are added for the traces of agents.
constexpr Matcher kErrorMatchers[] = {
    {"<email>", MatchEmail, kWordStart, "_%+", kAt},
    {"<url>", MatchUrl, kL | kU, "", kColon},
    {"<hostname>", MatchHostname, kWordStart, "", kDot},
    {"<ip>", MatchIp, kWordStart, ":", kDot | kColon},
    {"<traceparent>", MatchTraceparent, kD, "", kDigit},
    {"<uuid>", MatchUuid, kWordStart, "", kDigit},
    {"<sha1>", MatchSha1, kWordStart, "", kDigit},
    {"<md5>", MatchMd5, kWordStart, "", kDigit},
    {"<date>", MatchDate, kD, kDateStarts},
    {"<duration>", MatchDuration, kD, "", kDigit},
    {"<swift_txn_id>", MatchSwiftTransaction, 0, "t", kDigit},
    {"<base64>", MatchBase64, kWordStart, "", kDigit},
    {"<id>", MatchId, kWordStart, "", kDigit},
    {"<id>", MatchPrefixedId, kL, "", kDigit},
    {"<id>", MatchEntityCode, kD | kU, "", kDigit},
    {"<path>", MatchPath, kWordStart, "/\\._~", kSlash},
    {"<hex>", MatchHex, kWordStart, "", kDigit},
    {"<git_sha>", MatchGitSha, kD | kL, "", kDigit},
    {"<float>", MatchFloat, kD, "-", kDigit},
    {"<int>", MatchInt, kD, "-", kDigit},
    {"<quoted_str>", MatchQuoted, 0, "\"'"},
    {"<bool>", MatchBool, 0, "TFtf"},
    {"<str>", MatchQuotedList, 0, "\"'"},
    {"<str>", MatchQuotedValue, 0, "\"'`\xe2"},
    {"<str>", MatchQueryText, kWordStart, ""},
};

// The matchers for names of spans, which contain counters and ids but rarely anything else. Masks
// the digits of `step7`, since steps are counted, but not those of `tool_v2`, `s3` and `oauth2`.
constexpr Matcher kNameMatchers[] = {
    {"<url>", MatchUrl, kL | kU, "", kColon},
    {"<ip>", MatchIp, kWordStart, ":", kDot | kColon},
    {"<uuid>", MatchUuid, kWordStart, "", kDigit},
    {"<date>", MatchDate, kD, kDateStarts},
    {"<duration>", MatchDuration, kD, "", kDigit},
    {"<id>", MatchId, kWordStart, "", kDigit},
    {"<id>", MatchPrefixedId, kL, "", kDigit},
    {"<hex>", MatchHex, kWordStart, "", kDigit},
    {"<git_sha>", MatchGitSha, kD | kL, "", kDigit},
    {"<int>", MatchCounter, kD, "", kDigit, true},
    {"<float>", MatchFloat, kD, "-", kDigit},
    {"<int>", MatchInt, kD, "-", kDigit},
    {"<str>", MatchQuotedText, 0, "\"'`"},
};

// A list of matchers with lookup tables, in which bit i is the i-th matcher.
struct Matchers {
  constexpr explicit Matchers(std::span<const Matcher> matchers) : list(matchers) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::uint32_t bit = 1U << i;
      for (std::size_t c = 0; c < starts.size(); ++c) {
        const char byte = static_cast<char>(c);
        if (ascii::Is(byte, list[i].classes) ||
            list[i].starts.find(byte) != std::string_view::npos) {
          starts[c] |= bit;
        }
      }
      for (std::size_t traits = 0; traits < able.size(); ++traits) {
        if (list[i].needs == 0 || (list[i].needs & traits) != 0) able[traits] |= bit;
      }
      if (list[i].inside) inside |= bit;
    }
  }

  std::span<const Matcher> list;
  std::array<std::uint32_t, 256> starts{};  // by byte, the matchers whose match may begin with it
  std::array<std::uint32_t, 32> able{};     // by traits of a token, the matchers that may match
  std::uint32_t inside = 0;                 // the matchers whose match may begin inside a word
};
constexpr Matchers kError{kErrorMatchers};
constexpr Matchers kName{kNameMatchers};

std::uint8_t TraitOf(char c) {
  switch (c) {
    case '@':
      return kAt;
    case '.':
      return kDot;
    case ':':
      return kColon;
    case '/':
    case '\\':
      return kSlash;
    default:
      return ascii::IsDigit(c) ? kDigit : 0;
  }
}

// Length of an ANSI escape sequence at the front, such as a colour, or 0.
std::size_t EscapeLength(std::string_view text) {
  if (text.size() < 2 || text[0] != '\x1b') return 0;
  std::size_t size = 2;
  if (text[1] == ']') {  // a title or link, up to BEL or ESC
    while (size < text.size() && text[size] != '\a' && text[size] != '\x1b') ++size;
    return size < text.size() && text[size] == '\a' ? size + 1 : size;
  }
  if (text[1] != '[') return 2;
  while (size < text.size() && !(text[size] >= '@' && text[size] <= '~')) ++size;
  return size < text.size() ? size + 1 : size;
}

// Removes escape sequences and replaces each run of white space or controls by one space.
std::string Flatten(std::string_view text) {
  std::string flat;
  flat.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (const std::size_t escape = EscapeLength(text.substr(i)); escape > 0) {
      i += escape;
      continue;
    }
    const char c = text[i++];
    const bool space = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!space) {
      flat.push_back(c);
    } else if (!flat.empty() && flat.back() != ' ') {
      flat.push_back(' ');
    }
  }
  while (!flat.empty() && flat.back() == ' ') flat.pop_back();
  return flat;
}

// Length of a mask or redaction mark at the front, or 0. These are not masked again.
std::size_t MaskLength(std::string_view text) {
  const bool mark = text.starts_with("[redacted:");
  const char close = mark ? ']' : '>';
  if (!mark && !text.starts_with('<')) return 0;
  std::size_t size = mark ? 10 : 1;
  while (size < text.size() && size < 32 &&
         (ascii::IsLower(text[size]) || ascii::IsDigit(text[size]) || text[size] == '_')) {
    ++size;
  }
  return size > 1 && size < text.size() && text[size] == close ? size + 1 : 0;
}

std::string Mask(const std::string& text, const Matchers& matchers) {
  std::string out;
  out.reserve(text.size());
  TextPlace place = {text, 0};
  std::size_t token_end = 0;
  std::uint8_t traits = 0;
  while (place.at < text.size()) {
    if (place.at >= token_end) {
      traits = 0;
      for (token_end = place.at; token_end < text.size(); ++token_end) {
        if (text[token_end] == ' ' && token_end > place.at) break;
        traits |= TraitOf(text[token_end]);
      }
    }
    const char c = text[place.at];
    if (const std::size_t mask = MaskLength(place.rest()); mask > 0) {
      out.append(text, place.at, mask);
      place.at += mask;
      continue;
    }
    std::uint32_t may = matchers.starts[static_cast<unsigned char>(c)] & matchers.able[traits];
    if (ascii::IsAlnum(c) && ascii::IsAlnum(place.before())) may &= matchers.inside;
    Match match;
    for (; may != 0; may &= may - 1) {
      const Matcher& matcher = matchers.list[static_cast<std::size_t>(__builtin_ctz(may))];
      match = matcher.match(place);
      if (match.length == 0) continue;
      out.append(matcher.mask).append(match.kept);
      place.at += match.length;
      break;
    }
    if (match.length == 0) {
      out.push_back(c);
      ++place.at;
    }
  }
  return out;
}

// At most `most` bytes, without part of a character or mask at the end.
void Cut(std::string& text, std::size_t most) {
  if (text.size() <= most) return;
  std::size_t end = utf8::BoundaryBefore(text, most);
  const std::size_t open = text.rfind('<', end);
  if (open != std::string::npos && end - open < 32 && text.find('>', open) >= end &&
      MaskLength(std::string_view(text).substr(open)) > 0) {
    end = open;
  }
  text.resize(end);
  while (!text.empty() && text.back() == ' ') text.pop_back();
}

// Masking may create a text that matches again, so it is repeated until nothing changes.
template <class Step>
std::string UntilStable(std::string text, Step step) {
  constexpr int kMaxSteps = 8;
  for (int i = 0; i < kMaxSteps; ++i) {
    std::string next = step(text);
    if (next == text) break;
    text = std::move(next);
  }
  return text;
}

}  // namespace

std::string NormaliseError(std::string_view text) {
  text = text.substr(0, utf8::BoundaryBefore(text, kMaxInput));
  return UntilStable(Flatten(text), [](const std::string& flat) {
    std::string masked = Mask(flat, kError);
    if (masked.find_first_of("{[") != std::string::npos) masked = OrderJson(masked);
    Cut(masked, kMaxError);
    return masked;
  });
}

std::string NormaliseName(std::string_view name) {
  name = name.substr(0, utf8::BoundaryBefore(name, kMaxName));
  return UntilStable(Flatten(name), [](const std::string& flat) {
    std::string masked = Mask(flat, kName);
    Cut(masked, kMaxName);
    return masked;
  });
}

}  // namespace halo
