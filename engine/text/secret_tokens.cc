// SPDX-License-Identifier: MIT
#include "engine/text/secret_tokens.h"

#include <array>
#include <bit>
#include <cstdint>
#include <iterator>

#include "engine/base/simd.h"

namespace halo::secret {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;
using ascii::IsHex;
using ascii::IsLower;
using ascii::IsUpper;
using ascii::IsWord;

// What the characters after a prefix are.
enum class Chars : std::uint8_t { kAlnum, kUpper, kHex, kWord, kDotted };

// Tokens with a prefix that names their issuer.
struct Issuer {
  std::string_view prefix;
  std::string_view kind;
  std::size_t min_length;  // of what follows the prefix
  Chars chars = Chars::kAlnum;
  bool exact = false;  // exactly that long
};

// THE LIST. Identifiers that are no secret (pk_live_, AC..., pk-lf-) are left out.
constexpr Issuer kIssuers[] = {
    // Model providers. "sk-": OpenAI, Anthropic, OpenRouter, Langfuse, DeepSeek, LiteLLM.
    {"sk-", "api_key", 20, Chars::kWord},
    {"csk-", "api_key", 30},                   // Cerebras
    {"gsk_", "api_key", 30},                   // Groq
    {"xai-", "api_key", 30},                   // xAI
    {"pplx-", "api_key", 30},                  // Perplexity
    {"nvapi-", "api_key", 30, Chars::kWord},   // NVIDIA
    {"fw_", "api_key", 20},                    // Fireworks
    {"tgp_v1_", "api_key", 30, Chars::kWord},  // Together
    {"r8_", "api_key", 30},                    // Replicate
    {"hf_", "huggingface_token", 30},
    {"api_org_", "huggingface_token", 30},
    {"jina_", "api_key", 30, Chars::kWord},
    {"pa-", "api_key", 40, Chars::kWord},  // Voyage
    {"sk_", "api_key", 40},                // ElevenLabs
    {"ABSK", "aws_key", 60},               // Bedrock
    {"bedrock-api-key-", "aws_key", 30},
    // Tools and stores for agents.
    {"tvly-", "api_key", 20, Chars::kWord},     // Tavily
    {"fc-", "api_key", 32, Chars::kHex, true},  // Firecrawl
    {"e2b_", "api_key", 30},
    {"pcsk_", "api_key", 30, Chars::kWord},     // Pinecone
    {"lsv2_pt_", "api_key", 20, Chars::kWord},  // LangSmith
    {"lsv2_sk_", "api_key", 20, Chars::kWord},
    {"pylf_v", "api_key", 30, Chars::kWord},  // Logfire
    {"sbp_", "api_key", 40, Chars::kHex},     // Supabase
    {"sb_secret_", "api_key", 20, Chars::kWord},
    // Clouds and hosts.
    {"AKIA", "aws_key", 16, Chars::kUpper, true},
    {"ASIA", "aws_key", 16, Chars::kUpper, true},
    {"ABIA", "aws_key", 16, Chars::kUpper, true},
    {"AIza", "google_key", 35, Chars::kWord},
    {"GOCSPX-", "google_key", 24, Chars::kWord},
    {"ya29.", "google_key", 20, Chars::kWord},
    {"dop_v1_", "api_key", 40, Chars::kHex},  // DigitalOcean
    {"doo_v1_", "api_key", 40, Chars::kHex},
    {"dor_v1_", "api_key", 40, Chars::kHex},
    {"dapi", "api_key", 32, Chars::kHex},  // Databricks
    {"vcp_", "api_key", 24},               // Vercel
    {"vercel_blob_rw_", "api_key", 20, Chars::kWord},
    {"cfat_", "api_key", 30, Chars::kWord},  // Cloudflare
    {"cfut_", "api_key", 30, Chars::kWord},
    {"v1.0-", "api_key", 40, Chars::kWord},  // Cloudflare Origin CA
    {"fo1_", "api_key", 30, Chars::kWord},   // Fly
    {"HRKU-", "api_key", 30, Chars::kWord},  // Heroku
    {"pscale_tkn_", "api_key", 30, Chars::kWord},
    {"pscale_pw_", "password", 30, Chars::kWord},
    {"hvs.", "api_key", 24, Chars::kWord},  // Vault
    {"hvb.", "api_key", 24, Chars::kWord},
    {"dp.pt.", "api_key", 30},  // Doppler
    {"dp.st.", "api_key", 30, Chars::kDotted},
    {"tskey-", "api_key", 20, Chars::kWord},  // Tailscale
    {"AGE-SECRET-KEY-", "private_key", 50},
    // Code and packages.
    {"ghp_", "github_token", 30},
    {"gho_", "github_token", 30},
    {"ghu_", "github_token", 30},
    {"ghs_", "github_token", 30},
    {"ghr_", "github_token", 30},
    {"github_pat_", "github_token", 22, Chars::kWord},
    {"glpat-", "gitlab_token", 20, Chars::kDotted},
    {"gldt-", "gitlab_token", 20, Chars::kWord},
    {"glptt-", "gitlab_token", 20, Chars::kWord},
    {"glrt-", "gitlab_token", 20, Chars::kDotted},
    {"glcbt-", "gitlab_token", 20, Chars::kWord},
    {"ATBB", "api_key", 28},                  // Bitbucket
    {"ATATT3", "api_key", 40, Chars::kWord},  // Atlassian
    {"npm_", "npm_token", 30},
    {"pypi-", "pypi_token", 40, Chars::kWord},
    {"rubygems_", "api_key", 40, Chars::kHex},
    {"dckr_pat_", "api_key", 20, Chars::kWord},  // Docker
    {"dckr_oat_", "api_key", 20, Chars::kWord},
    {"figd_", "api_key", 30, Chars::kWord},  // Figma
    {"PMAK-", "api_key", 40, Chars::kWord},  // Postman
    // Chat, mail and payment.
    {"xoxa-", "slack_token", 10, Chars::kWord},
    {"xoxb-", "slack_token", 10, Chars::kWord},
    {"xoxc-", "slack_token", 10, Chars::kWord},
    {"xoxd-", "slack_token", 10, Chars::kWord},
    {"xoxe-", "slack_token", 10, Chars::kWord},
    {"xoxe.xox", "slack_token", 20, Chars::kWord},
    {"xoxp-", "slack_token", 10, Chars::kWord},
    {"xoxr-", "slack_token", 10, Chars::kWord},
    {"xoxs-", "slack_token", 10, Chars::kWord},
    {"xapp-", "slack_token", 10, Chars::kWord},
    {"SG.", "sendgrid_key", 40, Chars::kDotted},
    {"sk_live_", "stripe_key", 16},
    {"sk_test_", "stripe_key", 16},
    {"rk_live_", "stripe_key", 16},
    {"rk_test_", "stripe_key", 16},
    {"whsec_", "stripe_key", 20},
    {"SK", "twilio_key", 32, Chars::kHex, true},
    {"shpat_", "shopify_token", 32, Chars::kHex},
    {"shpca_", "shopify_token", 32, Chars::kHex},
    {"shppa_", "shopify_token", 32, Chars::kHex},
    {"shpss_", "shopify_token", 32, Chars::kHex},
    {"shpua_", "shopify_token", 32, Chars::kHex},
    {"sq0atp-", "api_key", 20, Chars::kWord},  // Square
    {"sq0csp-", "api_key", 30, Chars::kWord},
    {"EAAA", "api_key", 56, Chars::kWord},  // Square, Facebook
    {"EAAC", "api_key", 56},
    // Planning and watching.
    {"lin_api_", "linear_key", 30},
    {"lin_oauth_", "linear_key", 30},
    {"ntn_", "notion_token", 30},
    {"secret_", "notion_token", 40},
    {"pat-na1-", "api_key", 30, Chars::kWord},  // HubSpot
    {"pat-eu1-", "api_key", 30, Chars::kWord},
    {"NRAK-", "api_key", 20},                // New Relic
    {"glsa_", "api_key", 30, Chars::kWord},  // Grafana
    {"glc_", "api_key", 40, Chars::kWord},
    {"sntrys_", "api_key", 30, Chars::kWord},  // Sentry
    {"sntryu_", "api_key", 40, Chars::kHex},
    {"phx_", "api_key", 30, Chars::kWord},     // PostHog
    {"ops_eyJ", "api_key", 40, Chars::kWord},  // 1Password
};

// The entries of the list by the first two bytes of their prefix.
constexpr std::size_t SlotOf(char a, char b) {
  return (static_cast<unsigned char>(a) * 31U + static_cast<unsigned char>(b) * 7U) % 256;
}
struct IssuerIndex {
  std::array<std::uint8_t, 256> first{};  // number of an entry plus one
  std::array<std::uint8_t, std::size(kIssuers)> next{};
};
constexpr IssuerIndex kIndex = [] {
  IssuerIndex index;
  static_assert(std::size(kIssuers) < 255);
  for (std::size_t i = std::size(kIssuers); i-- > 0;) {
    std::uint8_t& first = index.first[SlotOf(kIssuers[i].prefix[0], kIssuers[i].prefix[1])];
    index.next[i] = first;
    first = static_cast<std::uint8_t>(i + 1);
  }
  return index;
}();

bool IsAmong(char c, Chars chars) {
  switch (chars) {
    case Chars::kAlnum:
      return IsAlnum(c);
    case Chars::kUpper:
      return IsDigit(c) || IsUpper(c);
    case Chars::kHex:
      return IsHex(c);
    case Chars::kWord:
      return IsWord(c);
    case Chars::kDotted:
      return IsWord(c) || c == '.';
  }
  return false;
}

// Words joined by hyphens, such as names of models and CSS classes, may have the prefix of a key by
// chance. A key has a long part without hyphens, or mixes capitals, small letters and digits.
bool LooksRandom(std::string_view token) {
  bool digit = false, upper = false, lower = false, digit_in_part = false;
  std::size_t part = 0;
  for (const char c : token) {
    if (!IsAlnum(c)) {
      part = 0;
      digit_in_part = false;
      continue;
    }
    digit |= IsDigit(c);
    digit_in_part |= IsDigit(c);
    upper |= IsUpper(c);
    lower |= IsLower(c);
    if (++part >= 16 && digit_in_part) return true;
  }
  return digit && upper && lower;
}

// xxxxxxxx-xxxx-...: the keys of Langfuse are UUIDs after "sk-lf-".
bool IsLangfuse(std::string_view token) {
  return token.starts_with("lf-") && token.size() >= 39 && token[11] == '-' && token[16] == '-';
}

Match MatchIssuer(const Window& window, const Issuer& issuer, const char* p) {
  if (!window.After(p).starts_with(issuer.prefix)) return {};
  constexpr std::ptrdiff_t kEnough = 256;  // to decide; keeps hostile text linear
  const auto among = [&](char c) { return IsAmong(c, issuer.chars); };
  const char* const token = p + issuer.prefix.size();
  const char* const end = RunEnd(token, window.Limit(token, kEnough), among);
  const std::string_view text = View(token, end);
  if (text.size() < issuer.min_length || (issuer.exact && text.size() > issuer.min_length)) {
    return {};
  }
  if (issuer.exact && end < window.end && IsWord(*end)) return {};
  if (issuer.chars == Chars::kWord || issuer.chars == Chars::kDotted) {
    if (!LooksRandom(text) && !IsLangfuse(text)) return {};
  } else if (std::none_of(text.begin(), text.end(), IsDigit)) {
    return {};
  }
  return {p, RunEnd(end, window.end, among), issuer.kind};
}

// The secret of an AWS key that follows its id: 40 characters of base64.
const char* SkipAwsSecret(const Window& window, const char* end) {
  const auto is_separator = [](char c) {
    return std::string_view(" ,:;|\"'\t").find(c) != std::string_view::npos;
  };
  const char* p = end;
  for (int i = 0; i < 4 && p < window.end; ++i) {
    const std::string_view text = window.After(p);
    if (is_separator(*p)) {
      ++p;
    } else if (text.starts_with("%2C") || text.starts_with("%20") || text.starts_with("%3A") ||
               text.starts_with("%22") || text.starts_with("%7C")) {
      p += 3;
    } else {
      break;
    }
  }
  const char* const stop =
      RunEnd(p, window.Limit(p, 41), [](char c) { return IsAlnum(c) || c == '/' || c == '+'; });
  return p != end && stop - p == 40 && LooksRandom(View(p, stop)) ? stop : end;
}

// A JSON Web Token: two base64url parts that are JSON objects, and a signature, perhaps cut off.
// `p` is at "eyJ".
Match MatchJwt(const Window& window, const char* p) {
  const char* const header = RunEnd(p, window.end, IsWord);
  if (header - p < 12 || !window.After(header).starts_with(".eyJ")) {
    // Encrypted ones have no second object but five parts.
    const char* q = header;
    int parts = 1;
    for (; q < window.end && *q == '.' && parts < 5; ++parts) q = RunEnd(q + 1, window.end, IsWord);
    return header - p >= 20 && parts == 5 ? Match{p, q, "jwt"} : Match();
  }
  const char* end = RunEnd(header + 1, window.end, IsWord);
  if (end < window.end && *end == '.') end = RunEnd(end + 1, window.end, IsWord);
  return {p, end, "jwt"};
}

// Telegram: 8 to 10 digits, a colon and 35 characters that begin with A; `p` is after the colon.
Match MatchTelegram(const Window& window, const char* p, const char* end) {
  if (end - p != 35 || *p != 'A') return {};
  const std::string_view before = window.Before(p - 1, 13);
  std::size_t digits = 0;
  while (digits < before.size() && IsDigit(before[before.size() - 1 - digits])) ++digits;
  if (digits < 8 || digits > 10) return {};
  return {p - 1 - digits, end, "telegram_token"};
}

// Discord: the base64 of a number, 6 characters and 27 or more, joined by dots.
Match MatchDiscord(const Window& window, const char* p, const char* end) {
  if (end - p < 23 || end - p > 28 || (*p != 'M' && *p != 'N' && *p != 'O')) return {};
  if (end == window.end || *end != '.') return {};
  const char* const middle = RunEnd(end + 1, window.Limit(end + 1, 7), IsWord);
  if (middle - end != 7 || middle == window.end || *middle != '.') return {};
  const char* const last = RunEnd(middle + 1, window.Limit(middle + 1, 48), IsWord);
  if (last - middle < 28 || !IsMixed(View(middle, last))) return {};
  return {p, last, "discord_token"};
}

Match MatchIssuers(const Window& window, const char* p) {
  if (window.end - p < 2) return {};
  for (std::size_t i = kIndex.first[SlotOf(p[0], p[1])]; i != 0; i = kIndex.next[i - 1]) {
    Match match = MatchIssuer(window, kIssuers[i - 1], p);
    if (!match) continue;
    if (kIssuers[i - 1].chars == Chars::kUpper) match.end = SkipAwsSecret(window, match.end);
    return match;
  }
  return {};
}

Match MatchAt(const Window& window, const char* p) {
  return window.After(p).starts_with("eyJ") ? MatchJwt(window, p) : MatchIssuers(window, p);
}

// The token at or in the run of word characters from `p` to `end`.
Match MatchRun(const Window& window, const char* p, const char* end) {
  // Prefixes with a dot: "SG.", "ya29.", "hvs.", "dp.pt.".
  if (p > window.begin && p[-1] == '.') {
    const char* q = p - 1;
    for (int i = 0; i < 5 && q > window.begin && (IsWord(q[-1]) || q[-1] == '.'); ++i) {
      --q;
      if (!IsWordStart(window, q)) continue;
      if (const Match match = MatchAt(window, q)) return match;
    }
  }
  if (p > window.begin && p[-1] == ':') {
    if (const Match match = MatchTelegram(window, p, end)) return match;
  }
  if (const Match match = MatchDiscord(window, p, end)) return match;
  if (const Match match = MatchAt(window, p)) return match;
  if (const std::size_t tail = EscapeTail(window, p); tail != 0) {
    if (const Match match = MatchAt(window, p + tail)) return match;
  }
  // A token may be a part of a name: "cache_sk-...".
  for (const char* q = p; end - q > 16; ++q) {
    if (*q != '_' && *q != '-') continue;
    if (const Match match = MatchIssuers(window, q + 1)) return match;
  }
  return {};
}

// A bit for each of 64 bytes that is a word character.
std::uint64_t WordBits(const char* p) {
  std::uint64_t bits = 0;
  for (int i = 0; i < 4; ++i) {
    const Bytes16 bytes(p + 16 * i);
    const Bytes16::Mask mask = bytes.InRange('a', 'z') | bytes.InRange('A', 'Z') |
                               bytes.InRange('0', '9') | bytes.EqualEither('_', '-');
    bits |= static_cast<std::uint64_t>(mask) << (16 * i);
  }
  return bits;
}

// The first place in [p, end) where at least 16 word characters follow each other, or `end`. Costs
// about 0.1 core-seconds per GB of any text. Every 33 bytes or more are looked at twice.
const char* NextRun(const char* p, const char* end) {
  for (; end - p >= 64; p += 49) {
    std::uint64_t bits = WordBits(p);
    bits &= bits >> 1;
    bits &= bits >> 2;
    bits &= bits >> 4;
    bits &= bits >> 8;
    if (bits != 0) return p + std::countr_zero(bits);
  }
  for (; end - p >= 16;) {
    const char* q = p;
    while (q < end && q - p < 16 && IsWord(*q)) ++q;
    if (q - p == 16) return p;
    p = q + 1;
  }
  return end;
}

}  // namespace

Match FindToken(std::string_view text, std::size_t from) {
  if (text.size() - from < 16) return {};
  const Window window = {text.data() + from, text.data() + text.size()};
  for (const char* p = window.begin; (p = NextRun(p, window.end)) != window.end;) {
    const char* const end = RunEnd(p, window.end, IsWord);
    if (const Match match = MatchRun(window, p, end)) return match;
    p = end;
  }
  return {};
}

}  // namespace halo::secret
