// SPDX-License-Identifier: MIT
// Values whose name says that they are secret: members of JSON (also in strings), Python dicts,
// headers, queries and forms (also percent-encoded), environments, YAML, ini, XML, options.
#include <cstdint>
#include <iterator>

#include "engine/text/secret_match.h"
#include "engine/text/secret_names.h"
#include "engine/text/secret_value.h"

namespace halo::secret {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsLower;
using ascii::IsSpace;
using ascii::IsWord;

// The bounds keep hostile text linear.
constexpr std::ptrdiff_t kMaxName = 64, kMaxSpace = 4, kMaxEscapes = 63, kMaxValue = 4096;

// The quotation mark at `p` with the backslashes before it: `"`, `\"`, "%22", "&quot;", "\u0022".
std::string_view QuoteAt(const Window& window, const char* p) {
  const char* const mark =
      RunEnd(p, window.Limit(p, kMaxEscapes), [](char c) { return c == '\\'; });
  const std::string_view text = window.After(mark);
  if (text.empty()) return {};
  if (text[0] == '"' || text[0] == '\'') return View(p, mark + 1);
  if (mark != p && (text.starts_with("u0022") || text.starts_with("u0027")))
    return View(p, mark + 5);
  if (mark != p) return {};
  if (text.starts_with("%22") || text.starts_with("%27")) return View(p, p + 3);
  if (text.starts_with("&#34;") || text.starts_with("&#39;")) return View(p, p + 5);
  if (text.starts_with("&quot;")) return View(p, p + 6);
  return {};
}

// The value after the quotation mark `quote`. A value that the end of the text cuts off counts.
std::string_view QuotedValue(const Window& window, std::string_view quote) {
  const char* const begin = quote.data() + quote.size();
  const char mark = quote.back();
  if (mark != '"' && mark != '\'') {
    const std::size_t end = window.After(begin).substr(0, 4096).find(quote);
    return end == std::string_view::npos ? std::string_view() : View(begin, begin + end);
  }
  // In JSON in strings, a mark with more backslashes belongs to the value.
  const std::size_t escapes = quote.size() - 1;
  std::size_t backslashes = 0;
  for (const char* q = begin; q < window.end; ++q) {
    if (*q == '\\') {
      ++backslashes;
      continue;
    }
    if (*q == mark && backslashes % (2 * escapes + 2) == escapes) return View(begin, q - escapes);
    // Hostile text may open strings without end; nobody has such a long secret.
    if (*q == '[' && window.After(q).starts_with(kMark)) return {};
    if (q - begin > 8192) return {};
    backslashes = 0;
  }
  return View(begin, window.end);
}

// A separator between name and value, and what it says about them.
struct Separator {
  std::size_t size = 0;
  bool encoded = false;  // percent-encoded
  bool colon = false;
};

Separator SeparatorAt(const Window& window, const char* p) {
  struct Form {
    std::string_view text;
    bool encoded, colon;
  };
  constexpr Form kForms[] = {
      {"=>", false, false},      {":=", false, false},    {":", false, true},  {"=", false, false},
      {"%3A", true, true},       {"%3D", true, false},    {"%3a", true, true}, {"%3d", true, false},
      {"\\u003d", false, false}, {"\\u003a", false, true}};
  const std::string_view text = window.After(p);
  for (const Form& form : kForms) {
    if (text.starts_with(form.text)) return {form.text.size(), form.encoded, form.colon};
  }
  return {};
}

// A name and its surroundings.
struct Name {
  const char* begin;
  const char* end;
  const SecretName* secret;
  std::string_view quote;  // after it

  std::string_view text() const { return View(begin, end); }
};

Name NameAt(const Window& window, const char* p) {
  const char* end = RunEnd(p, window.Limit(p, kMaxName), IsWord);
  // "API key", "api.key"
  if (end == p + 1 && end < window.end && (*end == ' ' || *end == '.')) {
    end = RunEnd(end + 1, window.Limit(end + 1, kMaxName), IsWord);
  }
  if (!MayEndSecretName(View(p, end))) return {p, end, nullptr, {}};
  const char* begin = p;
  while (begin > window.begin && p - begin < kMaxName && IsWord(begin[-1])) --begin;
  begin +=
      std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(EscapeTail(window, begin)), end - begin);
  return {begin, end, FindSecretName(View(begin, end)), {}};
}

bool EndsLine(const Window& window, const char* p) {
  if (p == window.end || *p == '\n' || *p == '\r' || *p == '"' || *p == '\'') return true;
  // `\n` in JSON, `\\n` in JSON in JSON
  const char* const mark =
      RunEnd(p, window.Limit(p, kMaxEscapes), [](char c) { return c == '\\'; });
  return mark != p && mark < window.end && (*mark == 'n' || *mark == 'r' || *mark == '"');
}

// Whether the name is the first of its line or string.
bool BeginsLine(const Window& window, const char* name) {
  const char* p = name;
  while (p > window.begin && (p[-1] == ' ' || p[-1] == '\t') && name - p < 32) --p;
  if (p >= window.begin + 2 && p[-1] == '-' && p < name) --p;  // "- password: x"
  while (p > window.begin && (p[-1] == ' ' || p[-1] == '\t') && name - p < 64) --p;
  if (p == window.begin || p[-1] == '\n' || p[-1] == '"' || p[-1] == '\'') return true;
  return p - window.begin >= 2 && p[-1] == 'n' && p[-2] == '\\';
}

// Whether the word before the name is an assignment too, without a comma: "user=app password=x".
bool FollowsAssignment(const Window& window, const char* name) {
  std::string_view before = window.Before(name, 64);
  if (before.empty() || before.back() != ' ') return false;
  before = ascii::Trim(before);
  before = before.substr(before.rfind(' ') == std::string_view::npos ? 0 : before.rfind(' ') + 1);
  const std::size_t equals = before.find('=');
  return equals != std::string_view::npos && equals > 0 && before.back() != ',' &&
         before.back() != '(';
}

bool BeginsParameter(const Window& window, const char* name) {
  const std::string_view before = window.Before(name, 6);
  if (before.empty()) return false;
  const char last = before.back();
  return last == '?' || last == '&' || before.ends_with("&amp;") || before.ends_with("u0026") ||
         before.ends_with("%26") || before.ends_with("%3F") || before.ends_with("%3f") ||
         last == '[' || before.ends_with("%5B") || before.ends_with("%5b");
}

bool IsAmongQuery(char c) {
  return !IsSpace(c) && std::string_view("&\"'<>\\`#)]},;").find(c) == std::string_view::npos;
}

// The end of a percent-encoded value within encoded text.
const char* EncodedEnd(const Window& window, const char* p) {
  const char* q = p;
  const char* const limit = window.Limit(p, kMaxValue);
  for (; q < limit && (IsWord(*q) || std::string_view("%.~+*!").find(*q) != std::string_view::npos);
       ++q) {
    const std::string_view text = window.After(q);
    if (text.starts_with("%26") || text.starts_with("%22") || text.starts_with("%20") ||
        text.starts_with("%2C") || text.starts_with("%7D") || text.starts_with("%0A")) {
      break;
    }
  }
  return q;
}

// A value without quotes at `p`.
Match BareValue(const Window& window, const Name& name, const char* p, const Separator& separator,
                bool spaced) {
  const auto judged = [&](const char* end, Place place) -> Match {
    while (end > p && std::string_view(",.)]}").find(end[-1]) != std::string_view::npos) --end;
    if (end == p || !IsSecretValue(*name.secret, View(p, end), place)) return {};
    const bool number = std::all_of(p, end, IsDigit);
    return {p, end, name.secret->kind, number ? name.quote : std::string_view()};
  };
  if (separator.encoded) return judged(EncodedEnd(window, p), Place::kSure);
  const char* const query = RunEnd(p, window.Limit(p, kMaxValue), IsAmongQuery);
  if (query < window.end && (*query == '(' || *query == '[')) return {};
  const bool tight = !separator.colon && !spaced;
  if (tight && (BeginsParameter(window, name.begin) || (query < window.end && *query == '&') ||
                window.After(query).starts_with("\\u0026"))) {
    return judged(EncodedEnd(window, p) > query ? EncodedEnd(window, p) : query, Place::kSure);
  }
  // Password=x;Server=y
  const std::string_view before = ascii::Trim(window.Before(name.begin, 24));
  const bool begins = !before.empty() && before.back() == ';';
  if (tight && (begins || (query + 1 < window.end && *query == ';' && IsAlpha(query[1])))) {
    return judged(RunEnd(p, window.Limit(p, 512),
                         [](char c) {
                           return std::string_view(";\"'\n\r<>\\").find(c) ==
                                  std::string_view::npos;
                         }),
                  Place::kSure);
  }
  const auto is_word = [](char c) {
    return !IsSpace(c) && std::string_view("\"'\\`;&|<>(").find(c) == std::string_view::npos;
  };
  const char* const end = RunEnd(p, window.Limit(p, kMaxValue), is_word);
  if (end < window.end && *end == '(') return {};
  if (std::find(p, end, '[') != end) {
    if (View(p, end).find(kMark) != std::string_view::npos || end[-1] == ']') return {};
  }
  const std::string_view text = name.text();
  const bool environment = tight && std::none_of(text.begin(), text.end(), IsLower);
  const bool line = separator.colon && BeginsLine(window, name.begin) && EndsLine(window, end) &&
                    end[-1] != ',' && end[-1] != ';';
  if (environment || text.starts_with("--") || line ||
      (tight && FollowsAssignment(window, name.begin))) {
    return judged(end, Place::kSure);
  }
  const char* const simple = RunEnd(p, window.Limit(p, kMaxValue), [](char c) {
    return IsWord(c) ||
           (c != 0 && std::string_view("+/.~!@#$%^*=").find(c) != std::string_view::npos);
  });
  if (simple < window.end && (*simple == '(' || *simple == '[')) return {};
  if (!name.quote.empty()) {
    // "password": 12345
    if (name.secret->kind == "password" && std::all_of(p, simple, IsDigit)) {
      return judged(simple, Place::kSure);
    }
  }
  return judged(simple, Place::kBare);
}

// The value of a header without quotes extends to the end of its line or of the string it is in.
const char* HeaderEnd(const Window& window, const char* p) {
  return RunEnd(p, window.Limit(p, 8192), [](char c) {
    return std::string_view("\n\r\"'\\`<").find(c) == std::string_view::npos;
  });
}

Match QuotedMatch(const Window& window, const Name& name, std::string_view quote) {
  const std::string_view value = QuotedValue(window, quote);
  if (value.empty()) return {};
  const char* const end = value.data() + value.size();
  if (name.secret->look == Look::kHeader) return FindCredentials(window, value.data(), end);
  if (!IsSecretValue(*name.secret, value, Place::kQuoted)) return {};
  return {value.data(), end, name.secret->kind};
}

// ("x-api-key", "abc") and {"name": "x-api-key", "value": "abc"}; `p` is at the comma.
Match PairValue(const Window& window, const Name& name, const char* p) {
  const auto skip = [&](const char* q) { return RunEnd(q, window.Limit(q, 24), IsSpace); };
  const char* q = skip(p + 1);
  if (q < window.end && *q == 'b') ++q;
  const std::string_view quote = QuoteAt(window, q);
  if (quote.empty()) return {};
  q += quote.size();
  if (ascii::StartsWithFolded(window.After(q), "value") && QuoteAt(window, q + 5) == quote) {
    q = skip(q + 5 + quote.size());
    if (q == window.end || *q != ':') return {};
    q = skip(q + 1);
    const std::string_view value_quote = QuoteAt(window, q);
    return value_quote.empty() ? Match() : QuotedMatch(window, name, value_quote);
  }
  // The name may begin the text, with no quotation mark before it.
  const auto mark = static_cast<std::ptrdiff_t>(name.quote.size());
  std::string_view before = window.Before(name.begin, mark + 2);
  if (!before.ends_with(name.quote)) return {};
  before.remove_suffix(name.quote.size());
  if (before.ends_with("b")) before.remove_suffix(1);
  if (!before.ends_with("(") && !before.ends_with("[")) return {};
  const std::string_view value = QuotedValue(window, quote);
  const std::string_view rest =
      window.After(value.data() == nullptr ? q : value.data() + value.size() + quote.size());
  if (!rest.starts_with(")") && !rest.starts_with("]")) return {};
  if (name.secret->look == Look::kAny && (value.size() < 8 || !IsMixed(value))) return {};
  return QuotedMatch(window, name, quote);
}

}  // namespace

Match MatchAssignment(const Window& window, const char* p) {
  Name name = NameAt(window, p);
  if (name.secret == nullptr) return {};
  const auto skip_space = [&](const char* q) {
    return RunEnd(q, window.Limit(q, kMaxSpace), IsSpace);
  };
  const char* q = name.end;
  if (q < window.end && *q == '>' && window.Before(name.begin, 1) == "<") {
    const char* const end =
        RunEnd(q + 1, window.Limit(q + 1, 4096), [](char c) { return c != '<'; });
    if (end == q + 1 || !IsSecretValue(*name.secret, View(q + 1, end), Place::kQuoted)) return {};
    return {q + 1, end, name.secret->kind};
  }
  name.quote = QuoteAt(window, q);
  q += name.quote.size();
  if (window.After(q).starts_with("%5D")) q += 3;
  if (q < window.end && *q == ']') ++q;
  const char* const gap = q;
  q = skip_space(q);
  if (q < window.end && *q == ',' && !name.quote.empty()) return PairValue(window, name, q);
  const Separator separator = SeparatorAt(window, q);
  // --password hunter2
  const bool option = separator.size == 0 && name.text().starts_with("--") && q != gap;
  if (separator.size == 0 && !option) return {};
  const char* const value = q + separator.size;
  const char* at = separator.encoded && value < window.end && *value == '+' ? value + 1 : value;
  at = skip_space(at);
  if (at < window.end && *at == '[' && !name.quote.empty()) at = skip_space(at + 1);
  if (at + 1 < window.end && *at == 'b' && (at[1] == '"' || at[1] == '\'')) ++at;
  if (at == window.end) return {};
  const std::string_view quote = QuoteAt(window, at);
  // The quotation mark after `-H "Authorization:` is the end.
  if (!quote.empty()) return QuotedMatch(window, name, quote);
  const bool spaced = at != value || q != gap;
  if (name.secret->look == Look::kHeader) {
    return FindCredentials(window, at, HeaderEnd(window, at));
  }
  if (name.secret->look == Look::kCookie && separator.colon) {
    const char* const end = HeaderEnd(window, at);
    return end != at && IsCookie(View(at, end)) ? Match{at, end, "cookie"} : Match();
  }
  return BareValue(window, name, at, separator, spaced);
}

Match MatchQueryName(const Window& window, const char* p) {
  const char* const end = RunEnd(p + 1, window.Limit(p + 1, 8), IsAlpha);
  const std::string_view name = View(p + 1, end);
  if ((name != "key" && name != "code") || end == window.end || *end != '=') return {};
  const char* const stop = RunEnd(end + 1, window.Limit(end + 1, kMaxValue), IsAmongQuery);
  const std::string_view value = View(end + 1, stop);
  if (value.size() < 16 || !IsMixed(value) || IsPlaceholder(value)) return {};
  return {end + 1, stop, name == "key" ? "api_key" : "secret"};
}

Match MatchSignature(const Window& window, const char* p) {
  const char* begin = p;
  while (begin > window.begin && p - begin < kMaxName && IsWord(begin[-1])) --begin;
  begin += EscapeTail(window, begin);
  const char* const end = RunEnd(p, window.Limit(p, 4), IsWord);
  if (end < begin || !BeginsParameter(window, begin)) return {};
  const std::string_view name = View(begin, end);
  if (!ascii::EqualsFolded(name, "sig") &&
      (name.size() < 9 || !ascii::EqualsFolded(name.substr(name.size() - 9), "signature"))) {
    return {};
  }
  const Separator separator = SeparatorAt(window, end);
  if (separator.size == 0 || separator.colon) return {};
  const char* const value = end + separator.size;
  const char* const stop = separator.encoded
                               ? EncodedEnd(window, value)
                               : RunEnd(value, window.Limit(value, kMaxValue), IsAmongQuery);
  if (stop - value < 8 || IsPlaceholder(View(value, stop))) return {};
  return {value, stop, "signature"};
}

}  // namespace halo::secret
