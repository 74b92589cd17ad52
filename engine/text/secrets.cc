// SPDX-License-Identifier: MIT
#include "engine/text/secrets.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/triplet_scan.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsSpace;
using ascii::IsUpper;
using ascii::IsWord;

// The text that a match may read; both ends count as word boundaries.
struct Window {
  const char* begin;
  const char* end;

  std::string_view After(const char* p) const { return {p, static_cast<std::size_t>(end - p)}; }
};

struct Match {
  const char* begin = nullptr;
  const char* end = nullptr;
  std::string_view kind;
  explicit operator bool() const { return begin != nullptr; }
};

template <class Predicate>
const char* RunEnd(const char* p, const char* end, Predicate in_run) {
  while (p < end && in_run(*p)) ++p;
  return p;
}

// Whether a token may begin at `p`. In escaped text, the n of a line feed `\n` is not part of a
// word.
bool IsWordStart(const Window& window, const char* p) {
  if (p == window.begin || !IsWord(p[-1])) return true;
  return p - window.begin >= 2 && p[-2] == '\\' && (p[-1] == 'n' || p[-1] == 'r' || p[-1] == 't');
}

// Tokens with a prefix that names their issuer.
struct Issuer {
  std::string_view prefix;
  std::string_view kind;
  std::size_t min_length;      // of the part after the prefix
  bool exact = false;          // exactly that long
  bool upper = false;          // digits and capitals only
  std::string_view also = {};  // characters allowed besides letters and digits
};

constexpr Issuer kIssuers[] = {
    {"sk-", "api_key", 20, false, false, "-_"},  // OpenAI, Anthropic, OpenRouter, Langfuse
    {"sk_live_", "stripe_key", 16},
    {"sk_test_", "stripe_key", 16},
    {"rk_live_", "stripe_key", 16},
    {"rk_test_", "stripe_key", 16},
    {"whsec_", "stripe_key", 20},
    {"ghp_", "github_token", 30},
    {"gho_", "github_token", 30},
    {"ghu_", "github_token", 30},
    {"ghs_", "github_token", 30},
    {"ghr_", "github_token", 30},
    {"github_pat_", "github_token", 22, false, false, "_"},
    {"glpat-", "gitlab_token", 20, false, false, "-_"},
    {"AKIA", "aws_key", 16, true, true},
    {"ASIA", "aws_key", 16, true, true},
    {"AIza", "google_key", 35, false, false, "-_"},
    {"GOCSPX-", "google_key", 24, false, false, "-_"},
    {"ya29.", "google_key", 20, false, false, "-_"},
    {"xoxa-", "slack_token", 10, false, false, "-"},
    {"xoxb-", "slack_token", 10, false, false, "-"},
    {"xoxe-", "slack_token", 10, false, false, "-"},
    {"xoxp-", "slack_token", 10, false, false, "-"},
    {"xoxr-", "slack_token", 10, false, false, "-"},
    {"xoxs-", "slack_token", 10, false, false, "-"},
    {"xapp-", "slack_token", 10, false, false, "-"},
    {"hf_", "huggingface_token", 30},
    {"gsk_", "api_key", 30},                         // Groq
    {"xai-", "api_key", 30},                         // xAI
    {"pplx-", "api_key", 30},                        // Perplexity
    {"tvly-", "api_key", 20, false, false, "-_"},    // Tavily
    {"r8_", "api_key", 30},                          // Replicate
    {"lsv2_pt_", "api_key", 20, false, false, "_"},  // LangSmith
    {"lsv2_sk_", "api_key", 20, false, false, "_"},
    {"npm_", "npm_token", 30},
};

// `p` is at the prefix.
Match MatchIssuer(const Window& window, const Issuer& issuer, const char* p) {
  if (!IsWordStart(window, p)) return {};
  const char* const token = p + issuer.prefix.size();
  bool digit = false;
  const char* const end = RunEnd(token, window.end, [&](char c) {
    digit |= IsDigit(c);
    if (issuer.upper) return IsDigit(c) || IsUpper(c);
    return IsAlnum(c) || issuer.also.find(c) != std::string_view::npos;
  });
  const auto length = static_cast<std::size_t>(end - token);
  if (length < issuer.min_length || (issuer.exact && length > issuer.min_length)) return {};
  // Words joined by hyphens, such as CSS class names, may have the prefix of a key by chance.
  if (!digit) return {};
  if (issuer.exact && end < window.end && IsAlnum(*end)) return {};
  return {p, end, issuer.kind};
}

// A JSON Web Token: two base64url parts that are JSON objects, and a signature, perhaps cut off.
Match MatchJwt(const Window& window, const char* p) {
  if (!IsWordStart(window, p)) return {};
  const char* const header = RunEnd(p, window.end, IsWord);
  if (header - p < 12 || !window.After(header).starts_with(".eyJ")) return {};
  const char* end = RunEnd(header + 1, window.end, IsWord);
  if (end < window.end && *end == '.') end = RunEnd(end + 1, window.end, IsWord);
  return {p, end, "jwt"};
}

// "Bearer " and a token, as in an Authorization header.
Match MatchBearer(const Window& window, const char* p) {
  if (!IsWordStart(window, p) || !ascii::StartsWithFolded(window.After(p), "bearer ")) return {};
  const char* const token = p + 7;
  bool digit = false;
  const char* const end = RunEnd(token, window.end, [&](char c) {
    digit |= IsDigit(c);
    return IsWord(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
  });
  if (end - token < 16 || !digit) return {};
  return {token, end, "bearer_token"};
}

// A PEM block. If its end is cut off, it extends as far as its base64 does.
Match MatchPrivateKey(const Window& window, const char* p) {
  constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ",
                             kLabel = "PRIVATE KEY-----";
  const std::string_view text = window.After(p);
  if (!text.starts_with(kBegin)) return {};
  const std::size_t label = text.substr(0, 64).find(kLabel);
  if (label == std::string_view::npos) return {};
  const char* const body = p + label + kLabel.size();
  const auto is_base64 = [](char c) {
    return IsAlnum(c) || c == '+' || c == '/' || c == '=' || c == '\n' || c == '\r' || c == '\\';
  };
  const char* const cut = RunEnd(body, window.end, is_base64);
  // Header lines such as "Proc-Type: 4,ENCRYPTED" may precede the base64.
  const auto is_block = [&](char c) {
    return is_base64(c) || c == ' ' || c == '\t' || c == ':' || c == ',' || c == '-';
  };
  for (const char* q = body; q < window.end && is_block(*q); ++q) {
    if (*q != '-') continue;
    const std::string_view rest = window.After(q);
    if (rest.starts_with(kBegin)) break;
    if (!rest.starts_with(kEnd)) continue;
    const std::size_t close = rest.substr(0, 64).find(kLabel);
    if (close == std::string_view::npos) break;
    return {p, q + close + kLabel.size(), "private_key"};
  }
  return {p, cut, "private_key"};
}

// scheme://user:PASSWORD@host, at the colon of "://".
Match MatchUrlPassword(const Window& window, const char* p) {
  const char* const user = p + 3;
  const char* colon = nullptr;
  const char* at = nullptr;
  const char* const stop = window.end - user > 512 ? user + 512 : window.end;
  for (const char* q = user; q < stop; ++q) {
    const char c = *q;
    if (c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' ||
        c == '[' || c == '\\' || IsSpace(c)) {
      break;
    }
    if (c == ':' && colon == nullptr) colon = q;
    if (c == '@') at = q;
  }
  if (colon == nullptr || at == nullptr || at - colon < 2) return {};
  return {colon + 1, at, "password"};
}

// Endings of key names whose values are secret, without `_` and `-`.
struct SecretName {
  std::string_view ending;
  std::string_view kind;
};
constexpr std::string_view kPassword = "password";
constexpr std::string_view kAuthorization = "authorization";
constexpr SecretName kSecretNames[] = {
    {"password", kPassword}, {"passwd", kPassword},      {"passphrase", kPassword},
    {"apikey", "api_key"},   {"secret", "secret"},       {"accesskey", "secret"},
    {"secretkey", "secret"}, {"privatekey", "secret"},   {"accesstoken", "secret"},
    {"authtoken", "secret"}, {"refreshtoken", "secret"}, {kAuthorization, "secret"},
};

const SecretName* FindSecretName(std::string_view key) {
  std::array<char, 16> folded;  // the end of the key; longer than any ending
  std::size_t size = 0;
  for (std::size_t i = key.size(); i > 0 && size < folded.size(); --i) {
    if (IsAlnum(key[i - 1])) folded[folded.size() - ++size] = ascii::Lower(key[i - 1]);
  }
  const std::string_view end(folded.data() + folded.size() - size, size);
  for (const SecretName& name : kSecretNames) {
    if (end.ends_with(name.ending)) return &name;
  }
  return nullptr;
}

// Placeholders for secrets in schemas, examples and masked logs.
bool IsPlaceholder(std::string_view value) {
  constexpr std::string_view kWords[] = {"string", "null",     "none",     "true",     "false",
                                         "object", "required", "optional", "password", "redacted"};
  if (value.front() == '<' || value.front() == '$' || value.front() == '{' ||
      value.front() == '%') {
    return true;
  }
  if (std::all_of(value.begin(), value.end(), [&](char c) { return c == value.front(); })) {
    return true;
  }
  return std::any_of(std::begin(kWords), std::end(kWords),
                     [&](std::string_view word) { return ascii::EqualsFolded(value, word); });
}

// Any word may be a password; the other kinds look random.
bool LooksSecret(std::string_view value, bool password) {
  if (value.size() < (password ? 4 : 8) || IsPlaceholder(value)) return false;
  if (password) return true;
  return std::any_of(value.begin(), value.end(), IsDigit) &&
         std::any_of(value.begin(), value.end(), IsAlpha);
}

// The value after an opening quote at `p`, with `escapes` backslashes before the quote if the JSON
// is itself inside a string. A value with white space is prose. A value that is cut off by the end
// of the text counts.
Match QuotedValue(const Window& window, const char* p, std::ptrdiff_t escapes) {
  std::ptrdiff_t backslashes = 0;
  for (const char* q = p + 1; q < window.end; ++q) {
    if (*q == '\\') {
      ++backslashes;
      continue;
    }
    if (*q == *p && backslashes % (2 * escapes + 2) == escapes) return {p + 1, q - escapes, {}};
    if (IsSpace(*q) || window.After(q).starts_with("[redacted:")) return {};
    backslashes = 0;
  }
  return {p + 1, window.end, {}};
}

bool IsBareValue(char c) {
  return IsWord(c) || (c != 0 && std::string_view("+/.~!@#$%^*").find(c) != std::string_view::npos);
}

// The padding of base64 that may follow a value.
const char* SkipPadding(const Window& window, const char* p) {
  return RunEnd(p, p + std::min<std::ptrdiff_t>(2, window.end - p),
                [](char c) { return c == '='; });
}

// A value without quotes. Calls and lookups are code and do not count.
Match BareValue(const Window& window, const char* p) {
  const char* const end = RunEnd(p, window.end, IsBareValue);
  if (end < window.end && (*end == '(' || *end == '[')) return {};
  const std::string_view value(p, static_cast<std::size_t>(end - p));
  if (value.size() < 6 || std::none_of(value.begin(), value.end(), IsDigit) ||
      std::none_of(value.begin(), value.end(), IsAlpha)) {
    return {};
  }
  return {p, SkipPadding(window, end), {}};
}

// The credentials after the scheme of an Authorization header: "Basic dXNlcjpwYXNz". MatchBearer
// handles the most common scheme.
Match Credentials(const Window& window, const char* p) {
  constexpr std::string_view kSchemes[] = {"basic ", "token ", "apikey "};
  for (const std::string_view scheme : kSchemes) {
    if (!ascii::StartsWithFolded(window.After(p), scheme)) continue;
    const char* const begin = p + scheme.size();
    const char* const end = RunEnd(begin, window.end, IsBareValue);
    if (end - begin >= 8) return {begin, SkipPadding(window, end), "secret"};
  }
  return {};
}

// `password = "..."`, `"api_key": "..."`, `ACCESS_TOKEN=...`; `p` is inside the key.
Match MatchAssignment(const Window& window, const char* p) {
  constexpr std::ptrdiff_t kMaxKey = 64, kMaxSpace = 4, kMaxEscapes = 15;
  const char* key = p;
  while (key > window.begin && p - key < kMaxKey && IsWord(key[-1])) --key;
  const char* const key_end =
      RunEnd(p, std::min(window.end, p + std::min(kMaxKey, window.end - p)), IsWord);
  const SecretName* const name = FindSecretName({key, static_cast<std::size_t>(key_end - key)});
  if (name == nullptr) return {};

  const auto skip_space = [&](const char* q) {
    const char* const limit = q + std::min(kMaxSpace, window.end - q);
    return RunEnd(q, limit, IsSpace);
  };
  const auto skip_escapes = [&](const char* q) {
    const char* const limit = q + std::min(kMaxEscapes, window.end - q);
    return RunEnd(q, limit, [](char c) { return c == '\\'; });
  };
  const auto is_quote = [&](const char* q) { return q < window.end && (*q == '"' || *q == '\''); };

  const char* q = key_end;
  if (const char* const closing = skip_escapes(q); is_quote(closing)) q = closing + 1;
  q = skip_space(q);
  if (q == window.end || (*q != ':' && *q != '=')) return {};
  q = skip_space(q + 1);
  const char* const quote = skip_escapes(q);
  Match value;
  if (name->ending == kAuthorization) {
    value = Credentials(window, is_quote(quote) ? quote + 1 : q);
  } else {
    value = is_quote(quote) ? QuotedValue(window, quote, quote - q) : BareValue(window, q);
  }
  if (!value || !value.kind.empty()) return value;
  const std::string_view text(value.begin, static_cast<std::size_t>(value.end - value.begin));
  if (text.empty() || !LooksSecret(text, name->kind == kPassword)) return {};
  value.kind = name->kind;
  return value;
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
  const char* const limit = p + 1 + std::min(kMaxDomain, window.end - p - 1);
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

enum class Rule : std::uint8_t { kIssuer, kJwt, kBearer, kPrivateKey, kUrl, kAssignment };

// THE LIST: a rare part of each kind of secret, and the rule to apply where it occurs. Parts of a
// group share half-bytes at each position, so that few others pass the scan; groups and parts were
// chosen by a search over the three-byte strings of real traces.
struct Trigger {
  constexpr Trigger(const char* string, bool both_cases, int scan_group, Rule its_rule,
                    std::ptrdiff_t from_rule = 0)
      : text(string), fold(both_cases), group(scan_group), rule(its_rule), offset(from_rule) {
    for (int i = 0; i < 3; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      key |= static_cast<std::uint32_t>(byte) << (8 * i);
      if (fold && IsAlpha(text[i])) case_bits |= 0x20U << (8 * i);
    }
  }

  const char* text;
  bool fold;  // ignore case
  int group;
  Rule rule;
  std::ptrdiff_t offset;        // of `text` from the position that the rule expects
  std::uint32_t key = 0;        // the three bytes of `text`
  std::uint32_t case_bits = 0;  // bits of `key` that differ in upper case
};
constexpr Trigger kTriggers[] = {
    {"sk-", false, 5, Rule::kIssuer},     {"sk_", false, 5, Rule::kIssuer},
    {"rk_", false, 2, Rule::kIssuer},     {"lx-", false, 3, Rule::kIssuer, 2},  // pplx-
    {"tvl", false, 0, Rule::kIssuer},     {"hp_", false, 4, Rule::kIssuer, 1},  // ghp_
    {"ho_", false, 4, Rule::kIssuer, 1},  {"hu_", false, 1, Rule::kIssuer, 1},
    {"hs_", false, 1, Rule::kIssuer, 1},  {"hr_", false, 3, Rule::kIssuer, 1},
    {"hf_", false, 4, Rule::kIssuer},     {"r8_", false, 1, Rule::kIssuer},
    {"pm_", false, 4, Rule::kIssuer, 1},  // npm_
    {"v2_", false, 3, Rule::kIssuer, 2},  // lsv2_
    {"AKI", false, 2, Rule::kIssuer},     {"ASI", false, 2, Rule::kIssuer},
    {"AIz", false, 2, Rule::kIssuer},     {"GOC", false, 0, Rule::kIssuer},
    {"eyJ", false, 0, Rule::kJwt},        {"BEG", false, 6, Rule::kPrivateKey, 5},  // -----BEGIN
    {"pik", true, 4, Rule::kAssignment},                                            // apikey
    {"riz", true, 2, Rule::kAssignment},                                            // authorization
    {"://", false, 3, Rule::kUrl},        {"ecr", true, 2, Rule::kAssignment},      // secret
    {"bea", true, 6, Rule::kBearer},      {"xox", false, 5, Rule::kIssuer},
    {"xap", false, 4, Rule::kIssuer},     {"xai", false, 5, Rule::kIssuer},
    {"ya2", false, 5, Rule::kIssuer},     {"gsk", false, 4, Rule::kIssuer},
    {"whs", false, 2, Rule::kIssuer},     {"glp", false, 4, Rule::kIssuer},
    {"ssw", true, 1, Rule::kAssignment},                                        // password
    {"ssp", true, 1, Rule::kAssignment},                                        // passphrase
    {"ssk", true, 1, Rule::kAssignment},                                        // accesskey
    {"i_k", true, 0, Rule::kAssignment},                                        // api_key
    {"i-k", true, 0, Rule::kAssignment},  {"s_k", true, 5, Rule::kAssignment},  // access_key
    {"s-k", true, 5, Rule::kAssignment},  {"e_k", true, 0, Rule::kAssignment},  // private_key
    {"e-k", true, 0, Rule::kAssignment},  {"s_t", true, 5, Rule::kAssignment},  // access_token
    {"s-t", true, 5, Rule::kAssignment},  {"sTo", false, 5, Rule::kAssignment},
    {"h_t", true, 3, Rule::kAssignment},  // auth_token, refresh_token
    {"h-t", true, 3, Rule::kAssignment},  {"hTo", false, 6, Rule::kAssignment},
    {"n_t", true, 3, Rule::kAssignment},                                        // session_token
    {"nTo", false, 6, Rule::kAssignment}, {"b_p", false, 1, Rule::kIssuer, 5},  // github_pat_
};

constexpr int kEmailGroup = 7;

constexpr TripletScan MakeScan(bool emails) {
  TripletScan scan;
  for (const Trigger& trigger : kTriggers) scan.Add(trigger.text, trigger.fold, trigger.group);
  if (emails) scan.Add("@", false, kEmailGroup);
  return scan;
}
constexpr TripletScan kScan = MakeScan(false);
constexpr TripletScan kScanWithEmails = MakeScan(true);

// The three bytes at a position, with zeros after the end.
std::uint32_t KeyAt(const Window& window, const char* p) {
  std::uint32_t key = 0;
  for (int i = 0; i < 3 && p + i < window.end; ++i) {
    key |= static_cast<std::uint32_t>(static_cast<unsigned char>(p[i])) << (8 * i);
  }
  return key;
}

Match MatchIssuers(const Window& window, const char* p) {
  const std::string_view text = window.After(p);
  for (const Issuer& issuer : kIssuers) {
    if (text[0] != issuer.prefix[0] || !text.starts_with(issuer.prefix)) continue;
    if (const Match match = MatchIssuer(window, issuer, p)) return match;
  }
  return {};
}

Match MatchRule(const Window& window, Rule rule, const char* p) {
  switch (rule) {
    case Rule::kIssuer:
      return MatchIssuers(window, p);
    case Rule::kJwt:
      return MatchJwt(window, p);
    case Rule::kBearer:
      return MatchBearer(window, p);
    case Rule::kPrivateKey:
      return MatchPrivateKey(window, p);
    case Rule::kUrl:
      return MatchUrlPassword(window, p);
    case Rule::kAssignment:
      return MatchAssignment(window, p);
  }
  return {};
}

// Applies the rule for a position where the scan stopped.
Match MatchAt(const Window& window, const char* p, unsigned groups, const RedactionConfig& config) {
  if (config.secrets) {
    const std::uint32_t key = KeyAt(window, p);
    for (const Trigger& trigger : kTriggers) {
      if ((key | trigger.case_bits) != trigger.key || (groups >> trigger.group & 1U) == 0) continue;
      if (p - window.begin < trigger.offset) continue;
      if (const Match match = MatchRule(window, trigger.rule, p - trigger.offset)) return match;
    }
  }
  return config.emails && *p == '@' ? MatchEmail(window, p) : Match();
}

}  // namespace

std::optional<Secret> FindSecret(std::string_view text, std::size_t from,
                                 const RedactionConfig& config) {
  constexpr std::size_t kShortest = 6;  // "a@b.co"
  if (text.size() - from < kShortest) return std::nullopt;
  const Window window = {text.data() + from, text.data() + text.size()};
  const TripletScan& scan = config.emails ? kScanWithEmails : kScan;
  unsigned groups = 0;
  for (const char* p = window.begin; (p = scan.Next(p, window.end, groups)) != window.end; ++p) {
    if (const Match match = MatchAt(window, p, groups, config)) {
      return Secret{static_cast<std::size_t>(match.begin - text.data()),
                    static_cast<std::size_t>(match.end - text.data()), match.kind};
    }
  }
  return std::nullopt;
}

}  // namespace halo
