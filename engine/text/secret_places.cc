// SPDX-License-Identifier: MIT
// Secrets that are known by what surrounds them: URLs, headers, PEM blocks.
#include <array>

#include "engine/text/secret_match.h"

namespace halo::secret {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsSpace;
using ascii::IsUpper;
using ascii::IsWord;

namespace {

bool IsTokenChar(char c) {
  return IsWord(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=' || c == '%';
}

// The end of the space after a scheme, perhaps percent-encoded, or null.
const char* SkipSpace(const Window& window, const char* p) {
  const std::string_view text = window.After(p);
  if (text.starts_with("%20")) return p + 3;
  const char* const end =
      RunEnd(p, window.Limit(p, 4), [](char c) { return c == ' ' || c == '\t' || c == '+'; });
  return end == p ? nullptr : end;
}

}  // namespace

Match MatchBearer(const Window& window, const char* p) {
  if (!IsWordStart(window, p) || !ascii::StartsWithFolded(window.After(p), "bearer")) return {};
  const char* const token = SkipSpace(window, p + 6);
  if (token == nullptr) return {};
  const char* const end = RunEnd(token, window.end, IsTokenChar);
  if (end - token < 16 || !std::any_of(token, end, IsDigit)) return {};
  return {token, end, "bearer_token"};
}

// Base64 of "user:password".
Match MatchBasic(const Window& window, const char* p) {
  if (!IsWordStart(window, p) || !ascii::StartsWithFolded(window.After(p), "basic")) return {};
  const char* const begin = SkipSpace(window, p + 5);
  if (begin == nullptr) return {};
  const char* const end = RunEnd(begin, window.Limit(begin, 1024), [](char c) {
    return IsAlnum(c) || c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
  });
  if (end - begin < 8) return {};
  std::uint32_t bits = 0;
  int have = 0;
  bool colon = false;
  for (const char* q = begin; q < end && *q != '='; ++q) {
    const int value = *q >= 'A' && *q <= 'Z'   ? *q - 'A'
                      : *q >= 'a' && *q <= 'z' ? *q - 'a' + 26
                      : IsDigit(*q)            ? *q - '0' + 52
                      : *q == '+' || *q == '-' ? 62
                                               : 63;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    if ((have += 6) < 8) continue;
    have -= 8;
    const std::uint32_t byte = bits >> have & 255;
    if (byte < 32 || byte == 127) return {};
    colon |= byte == ':';
  }
  return colon ? Match{begin, RunEnd(end, window.Limit(end, 9), IsTokenChar), "secret"} : Match();
}

// curl -u user:password.
Match MatchCurlUser(const Window& window, const char* p) {
  if (window.Before(p, 256).find("curl") == std::string_view::npos) return {};
  const char* user = p + 3;
  if (user < window.end && (*user == '"' || *user == '\'')) ++user;
  const char* const colon = RunEnd(user, window.Limit(user, 128), [](char c) {
    return !IsSpace(c) && c != ':' && c != '"' && c != '\'' && c != '\\';
  });
  if (colon == window.end || *colon != ':') return {};
  const char* const end = RunEnd(colon + 1, window.Limit(colon + 1, 256), [](char c) {
    return !IsSpace(c) && c != '"' && c != '\'' && c != '\\';
  });
  const std::string_view value = View(colon + 1, end);
  return value.size() < 3 || IsPlaceholder(value) ? Match() : Match{colon + 1, end, "password"};
}

// A PEM block, as it is, escaped, percent-encoded or split into strings. If its end is cut off, it
// extends as far as its base64 does.
Match MatchPrivateKey(const Window& window, const char* p) {
  constexpr std::string_view kBegin = "-----BEGIN", kEnd = "-----END";
  const auto label_end = [&](const char* from) -> const char* {
    const std::string_view text = window.After(from).substr(0, 96);
    const std::size_t label = text.find("PRIVATE");
    if (label == std::string_view::npos) return nullptr;
    const std::size_t close = text.find("-----", label);
    if (close == std::string_view::npos || close - label > 24) return nullptr;
    return from + close + 5;
  };
  if (!window.After(p).starts_with(kBegin)) return {};
  const char* const body = label_end(p + kBegin.size());
  if (body == nullptr) return {};
  const auto is_base64 = [](char c) {
    return IsAlnum(c) || c == '+' || c == '/' || c == '=' || c == '\n' || c == '\r' || c == '\\' ||
           c == '%';
  };
  const auto is_block = [&](char c) {
    return is_base64(c) || std::string_view(" \t:,-\"'|>.").find(c) != std::string_view::npos;
  };
  for (const char* q = body; q < window.end && is_block(*q); ++q) {
    if (*q != '-') continue;
    const std::string_view rest = window.After(q);
    if (rest.starts_with(kBegin)) break;
    if (!rest.starts_with(kEnd)) continue;
    const char* const close = label_end(q + kEnd.size());
    if (close == nullptr) break;
    return {p, close, "private_key"};
  }
  return {p, RunEnd(body, window.end, is_base64), "private_key"};
}

namespace {

// Where `plain` or its percent-encoded form is.
struct Sign {
  const char* at = nullptr;
  std::ptrdiff_t size = 0;
};

bool EndsUrl(char c) {
  return c == '"' || c == '\'' || c == '<' || c == '>' || c == '[' || c == '\\' || c == '`' ||
         IsSpace(c);
}

// The password in user:PASSWORD@host. `encoded` if the colon is "%3A" and the at sign "%40".
Match MatchUserInfo(const Window& window, const char* user, bool encoded) {
  Sign colon, at;
  const char* const stop = window.Limit(user, 512);
  for (const char* q = user; q < stop && !EndsUrl(*q); ++q) {
    const std::string_view text = window.After(q);
    const std::ptrdiff_t size = encoded ? 3 : 1;
    if (encoded ? ascii::StartsWithFolded(text, "%3a") : *q == ':') {
      if (colon.at == nullptr) colon = {q, size};
    } else if (encoded ? text.starts_with("%40") : *q == '@') {
      at = {q, size};
    } else if (encoded ? ascii::StartsWithFolded(text, "%2f") || *q == '&' || *q == '='
                       : *q == '/' || *q == '?' || *q == '#') {
      // The path begins, unless this is part of a password that should have been encoded.
      if (encoded || colon.at == nullptr || at.at != nullptr ||
          std::all_of(colon.at + 1, q, IsDigit)) {
        break;
      }
    }
  }
  if (at.at == nullptr || at.at + at.size == window.end) return {};
  if (colon.at > at.at) colon = {};  // a port: user@host:22
  if (!IsAlnum(at.at[at.size]) && at.at[at.size] != '[' && at.at[at.size] != '/') return {};
  if (colon.at == nullptr) {
    // A token in the place of the user: https://TOKEN@host.
    const std::string_view name = View(user, at.at);
    if (name.size() < 20 || !IsMixed(name) || !std::all_of(name.begin(), name.end(), IsWord)) {
      return {};
    }
    return {user, at.at, "secret"};
  }
  const std::string_view value = View(colon.at + colon.size, at.at);
  if (value.empty() || IsPlaceholder(value) || value.front() == '$') return {};
  return {value.data(), at.at, "password"};
}

}  // namespace

// scheme://user:PASSWORD@host, at "://" or a form of it.
Match MatchUrl(const Window& window, const char* p) {
  const std::string_view text = window.After(p);
  if (text.starts_with("://")) return MatchUserInfo(window, p + 3, false);
  if (text.starts_with(":\\")) {
    // `:\/\/` in JSON, `:\\/\\/` in JSON in JSON
    const char* q = p + 1;
    for (int slashes = 0; slashes < 2; ++slashes) {
      q = RunEnd(q, window.Limit(q, 63), [](char c) { return c == '\\'; });
      if (q == window.end || *q++ != '/') return {};
    }
    return MatchUserInfo(window, q, false);
  }
  if (ascii::StartsWithFolded(text, "%3a%2f%2f")) return MatchUserInfo(window, p + 9, true);
  return {};
}

// user:PASSWORD@tcp(host:3306)/name, at the "@".
Match MatchMysqlAddress(const Window& window, const char* p) {
  if (!window.After(p).starts_with("@tcp(")) return {};
  const std::string_view before = window.Before(p, 128);
  std::size_t colon = std::string_view::npos;
  for (std::size_t i = before.size(); i > 0 && !EndsUrl(before[i - 1]); --i) {
    if (before[i - 1] == ':') colon = i;
  }
  if (colon == std::string_view::npos || before.find(kMark) != before.npos) return {};
  const std::string_view value = before.substr(colon);
  return IsPlaceholder(value) ? Match() : Match{value.data(), p, "password"};
}

// The path of a web-hook address, which lets anybody post: Slack, Discord, Teams. `p` is in the
// host or the path, at "oks" or "okb".
Match MatchWebhook(const Window& window, const char* p) {
  struct Place {
    std::string_view text;  // ends before the secret part; '/' may be "%2F" or "\/"
    std::ptrdiff_t behind;  // where "oks" or "okb" is in it
  };
  constexpr Place kPlaces[] = {
      {"hooks.slack.com/services/", 2},      {"hooks.slack.com/workflows/", 2},
      {"hooks.slack.com/triggers/", 2},      {"api/webhooks/", 9},
      {"webhook.office.com/webhookb2/", 24}, {"hooks.zapier.com/hooks/catch/", 2}};
  // The end of `place` at `q`, or null.
  const auto skip = [&](const char* q, std::string_view place) -> const char* {
    for (const char c : place) {
      const std::string_view text = window.After(q);
      if (c == '/' && ascii::StartsWithFolded(text, "%2f")) {
        q += 3;
      } else if (c == '/' && text.starts_with("\\/")) {
        q += 2;
      } else if (!text.empty() && text[0] == c) {
        ++q;
      } else {
        return nullptr;
      }
    }
    return q;
  };
  for (const Place& place : kPlaces) {
    // Encoded slashes before `p` take up to 2 more bytes each.
    for (std::ptrdiff_t more = 0; more <= 4; ++more) {
      if (p - window.begin < place.behind + more) break;
      const char* const begin = skip(p - place.behind - more, place.text);
      if (begin == nullptr || begin < p) continue;
      const char* const end = RunEnd(begin, window.Limit(begin, 512), [](char c) {
        return IsWord(c) || c == '/' || c == '%' || c == '@' || c == '\\' || c == '.';
      });
      if (end - begin < 16 || !IsMixed(View(begin, end))) return {};
      return {begin, end, "webhook"};
    }
  }
  return {};
}

// local@domain.tld, at the `@`.
Match MatchEmail(const Window& window, const char* p) {
  constexpr std::ptrdiff_t kMaxLocal = 64, kMaxDomain = 253;
  const char* begin = p;
  while (begin > window.begin) {
    const char c = begin[-1];
    if (!IsWord(c) && c != '.' && c != '+' && c != '%') break;
    if (p - begin == kMaxLocal) return {};
    --begin;
  }
  while (begin < p && !IsAlnum(*begin)) ++begin;
  if (begin == p) return {};
  const char* const limit = window.Limit(p + 1, kMaxDomain);
  const char* end = RunEnd(p + 1, limit, [](char c) { return IsAlnum(c) || c == '-' || c == '.'; });
  while (end > p + 1 && !IsAlnum(end[-1])) --end;
  const std::string_view domain(p + 1, static_cast<std::size_t>(end - p - 1));
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3) return {};
  if (!std::all_of(domain.begin() + static_cast<std::ptrdiff_t>(dot) + 1, domain.end(), IsAlpha)) {
    return {};
  }
  return {begin, end, "email"};
}

}  // namespace halo::secret
