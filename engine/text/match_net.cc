// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsHex;
using ascii::IsOneOf;

// Top-level domains for which two labels suffice.
constexpr std::string_view kPlainDomains[] = {"com", "org", "net",  "edu", "gov",
                                              "mil", "biz", "arpa", "info"};
// Top-level domains that need three labels, since `path.io` may be code.
constexpr std::string_view kDeepDomains[] = {
    "ai",          "au",   "br", "ca", "ch",     "cloud",    "cn",  "co", "de", "dev",
    "dk",          "es",   "eu", "fi", "fr",     "internal", "io",  "jp", "kr", "local",
    "localdomain", "mx",   "nl", "nz", "online", "pl",       "pt",  "ru", "se", "site",
    "sk",          "tech", "tr", "tv", "ua",     "uk",       "xyz", "za"};
// Top-level domains that are more often attributes in code (`user.id`, `obj.is`): need a port.
constexpr std::string_view kCodeDomains[] = {"app", "at", "be", "by", "do",   "id", "in", "is",
                                             "it",  "me", "my", "no", "name", "so", "to", "us"};
constexpr std::string_view kCodeRoots[] = {"self", "this", "cls", "super", "os", "sys"};

bool HasPort(std::string_view rest) {
  Reader reader(rest);
  return reader.Take(':') && reader.TakeDigits(2, 5) && !IsAlnum(reader.peek()) &&
         reader.peek() != ':';
}

bool IsUrlEnd(char c) {
  return static_cast<unsigned char>(c) <= ' ' ||
         std::string_view("\"'<>`)]}|").find(c) != std::string_view::npos;
}

// Length of one part of a v4 address at the front, or 0.
std::size_t OctetLength(std::string_view text) {
  std::size_t size = 0;
  int value = 0;
  while (size < text.size() && size < 4 && IsDigit(text[size]))
    value = value * 10 + text[size++] - '0';
  return size <= 3 && value <= 255 ? size : 0;
}

std::size_t IpV4Length(std::string_view text) {
  std::size_t size = 0;
  for (int part = 0; part < 4; ++part) {
    if (part > 0 && (size >= text.size() || text[size++] != '.')) return 0;
    const std::size_t octet = OctetLength(text.substr(size));
    if (octet == 0) return 0;
    size += octet;
  }
  const std::string_view rest = text.substr(size);
  if (!rest.empty() && IsAlnum(rest[0])) return 0;
  if (rest.size() > 1 && rest[0] == '.' && IsDigit(rest[1])) return 0;
  return size;
}

// Groups of up to four hex digits joined by colons: eight of them, or fewer with one "::".
// `Class::method` has letters beyond f or no digit, `10:15:30` neither "::" nor eight groups.
std::size_t IpV6Length(std::string_view text) {
  std::size_t size = 0, groups = 0, gaps = 0;
  bool digit = false;
  while (size < text.size()) {
    std::size_t hex = 0;
    while (size + hex < text.size() && IsHex(text[size + hex]))
      digit |= IsDigit(text[size + hex++]);
    if (hex > 4) return 0;
    if (hex > 0) {
      ++groups;
      if (groups > 1 && size + hex < text.size() && text[size + hex] == '.') {
        const std::size_t v4 = IpV4Length(text.substr(size));
        return v4 > 0 && gaps == 1 ? size + v4 : 0;
      }
    } else if (size > 0 && text.substr(size - 1, 2) != "::" && text.substr(size, 2) != "::") {
      break;
    }
    size += hex;
    if (text.substr(size, 2) == "::") {
      if (++gaps > 1) return 0;
      size += 2;
    } else if (size < text.size() && text[size] == ':' && hex > 0 && size + 1 < text.size() &&
               IsHex(text[size + 1])) {
      ++size;
    } else {
      break;
    }
  }
  if (size < text.size() && (IsAlnum(text[size]) || text[size] == '_' || text[size] == ':'))
    return 0;
  const bool whole = gaps == 0 ? groups == 8 : gaps == 1 && groups >= 1 && groups < 8;
  return whole && digit ? size : 0;
}

}  // namespace

Match MatchEmail(const TextPlace& place) {
  if (ascii::IsWord(place.before()) || place.before() == '.') return {};
  Reader reader(place.rest());
  const auto local = reader.TakeWhile(
      [](char c) { return ascii::IsWord(c) || c == '.' || c == '+' || c == '%'; }, 64);
  if (local.empty() || !reader.Take('@')) return {};
  std::string_view domain =
      reader.TakeWhile([](char c) { return IsAlnum(c) || c == '-' || c == '.'; }, 253);
  while (!domain.empty() && !IsAlnum(domain.back())) domain.remove_suffix(1);
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3) return {};
  if (!std::all_of(domain.begin() + static_cast<std::ptrdiff_t>(dot) + 1, domain.end(), IsAlpha)) {
    return {};
  }
  return {local.size() + 1 + domain.size()};
}

Match MatchUrl(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  Reader reader(place.rest());
  const std::size_t scheme =
      reader.TakeWhile([](char c) { return IsAlnum(c) || c == '+' || c == '-' || c == '.'; }, 16)
          .size();
  if (scheme < 2 || !reader.TakeText("://")) return {};
  std::string_view address = reader.TakeWhile([](char c) { return !IsUrlEnd(c); });
  while (!address.empty() &&
         std::string_view(".,;:!?").find(address.back()) != std::string_view::npos) {
    address.remove_suffix(1);
  }
  if (address.empty()) return {};
  return {scheme + 3 + address.size()};
}

Match MatchHostname(const TextPlace& place) {
  if (ascii::IsWord(place.before()) || place.before() == '.') return {};
  const std::string_view rest = place.rest();
  std::string_view name =
      Reader(rest).TakeWhile([](char c) { return IsAlnum(c) || c == '-' || c == '.'; }, 253);
  while (!name.empty() && !IsAlnum(name.back())) name.remove_suffix(1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.find("..") != std::string_view::npos)
    return {};
  const bool lower = std::none_of(name.begin(), name.end(), ascii::IsUpper);
  const bool upper = std::none_of(name.begin(), name.end(), ascii::IsLower);
  if (lower == upper) return {};

  std::string domain(name.substr(dot + 1));
  std::transform(domain.begin(), domain.end(), domain.begin(), ascii::Lower);
  const std::string_view after = rest.substr(name.size());
  const char next = after.empty() ? '\0' : after[0];
  if (next == '(' || next == '[' || next == '_' || next == '=') return {};
  if (IsOneOf(name.substr(0, name.find('.')), kCodeRoots)) return {};
  const bool deep = name.find('.') != dot;
  const bool known =
      IsOneOf(domain, kPlainDomains) || (deep && IsOneOf(domain, kDeepDomains)) ||
      ((IsOneOf(domain, kDeepDomains) || IsOneOf(domain, kCodeDomains)) && HasPort(after));
  return {known ? name.size() : 0};
}

Match MatchIp(const TextPlace& place) {
  const char before = place.before();
  if (ascii::IsWord(before) || before == '.' || before == ':') return {};
  const std::string_view text = place.rest().substr(0, 64);
  const std::size_t v4 = IpV4Length(text);
  return {v4 > 0 ? v4 : IpV6Length(text)};
}

}  // namespace halo
