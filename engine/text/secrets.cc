// SPDX-License-Identifier: MIT
#include "engine/text/secrets.h"

#include <array>
#include <cstdint>
#include <iterator>

#include "engine/text/secret_match.h"
#include "engine/text/secret_tokens.h"
#include "engine/text/triplet_scan.h"

namespace halo {
namespace {

using secret::Match;
using secret::Window;
using Rule = Match (*)(const Window&, const char*);

// THE LIST: a rare part of each kind of secret, and the rule to apply where it occurs. Strings of a
// group share half-bytes at each position, so that few others pass the scan.
struct Trigger {
  constexpr Trigger(const char* string, bool both_cases, int scan_group, Rule its_rule,
                    std::ptrdiff_t from_rule = 0)
      : text(string), fold(both_cases), group(scan_group), rule(its_rule), offset(from_rule) {
    for (int i = 0; i < 3; ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      key |= static_cast<std::uint32_t>(byte) << (8 * i);
      if (fold && ascii::IsAlpha(text[i])) case_bits |= 0x20U << (8 * i);
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
    // Parts of names.
    {"ssw", true, 0, secret::MatchAssignment},  // password
    {"ssp", true, 0, secret::MatchAssignment},  // passphrase
    {"ssc", true, 0, secret::MatchAssignment},  // passcode
    {"ssk", true, 0, secret::MatchAssignment},  // accesskey
    {"pwd", true, 0, secret::MatchAssignment},
    {"ss=", true, 6, secret::MatchAssignment},  // DB_PASS
    {"ss\"", true, 6, secret::MatchAssignment},
    {"ss'", true, 6, secret::MatchAssignment},
    {"ss:", true, 6, secret::MatchAssignment},
    {"ecr", true, 1, secret::MatchAssignment},  // secret
    {"ede", true, 1, secret::MatchAssignment},  // credentials
    {"tek", true, 1, secret::MatchAssignment},  // privateKey
    {"tok", true, 1, secret::MatchAssignment},  // token
    {"pik", true, 0, secret::MatchAssignment},  // apikey
    {"i k", true, 2, secret::MatchAssignment},
    {"i.k", true, 2, secret::MatchAssignment},
    {"_ke", true, 3, secret::MatchAssignment},  // api_key, access_key
    {"-ke", true, 2, secret::MatchAssignment},
    {"Key", false, 4, secret::MatchAssignment},  // AccountKey
    {"riz", true, 0, secret::MatchAssignment},   // authorization
    {"kie", true, 1, secret::MatchAssignment},   // cookie
    {"SSI", false, 4, secret::MatchAssignment},  // PHPSESSID
    // Parts of addresses.
    {"ig=", true, 6, secret::MatchSignature},
    {"ig%", true, 6, secret::MatchSignature},
    {"re=", true, 6, secret::MatchSignature},
    {"re%", true, 6, secret::MatchSignature},
    {"?ke", false, 5, secret::MatchQueryName},
    {"&ke", false, 5, secret::MatchQueryName},
    {"?co", false, 5, secret::MatchQueryName},
    {"&co", false, 5, secret::MatchQueryName},
    {"://", false, 5, secret::MatchUrl},
    {":\\/", false, 5, secret::MatchUrl},
    {":\\\\", false, 5, secret::MatchUrl},
    {"%3a", true, 5, secret::MatchUrl},
    {"@tc", false, 5, secret::MatchMysqlAddress},
    {"oks", false, 1, secret::MatchWebhook},
    {"okb", false, 1, secret::MatchWebhook},
    // Others.
    {"bea", true, 1, secret::MatchBearer},
    {"asi", true, 1, secret::MatchBasic, 1},
    {"-u ", false, 2, secret::MatchCurlUser},
    {"BEG", false, 4, secret::MatchPrivateKey, 5},  // -----BEGIN
};

// The triggers by a hash of their three bytes.
constexpr std::size_t SlotOf(std::uint32_t key) { return (key | 0x202020U) * 0x9e3779b1U >> 24; }
struct TriggerIndex {
  std::array<std::uint8_t, 256> first{};  // number of a trigger plus one
  std::array<std::uint8_t, std::size(kTriggers)> next{};
};
constexpr TriggerIndex kIndex = [] {
  TriggerIndex index;
  for (std::size_t i = std::size(kTriggers); i-- > 0;) {
    std::uint8_t& first = index.first[SlotOf(kTriggers[i].key)];
    index.next[i] = first;
    first = static_cast<std::uint8_t>(i + 1);
  }
  return index;
}();

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

// Applies the rule for a position where the scan stopped.
Match MatchAt(const Window& window, const char* p, unsigned groups, const RedactionConfig& config) {
  if (config.secrets) {
    const std::uint32_t key = KeyAt(window, p);
    for (std::size_t i = kIndex.first[SlotOf(key)]; i != 0; i = kIndex.next[i - 1]) {
      const Trigger& trigger = kTriggers[i - 1];
      if ((key | trigger.case_bits) != trigger.key || (groups >> trigger.group & 1U) == 0) continue;
      if (p - window.begin < trigger.offset) continue;
      if (const Match match = trigger.rule(window, p - trigger.offset)) return match;
    }
  }
  return config.emails && *p == '@' ? secret::MatchEmail(window, p) : Match();
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
                    static_cast<std::size_t>(match.end - text.data()), match.kind, match.quote};
    }
  }
  return std::nullopt;
}

std::optional<Secret> FindShapedSecret(std::string_view text, std::size_t from) {
  const Match match = secret::FindToken(text, from);
  if (!match) return std::nullopt;
  return Secret{static_cast<std::size_t>(match.begin - text.data()),
                static_cast<std::size_t>(match.end - text.data()),
                match.kind,
                {}};
}

}  // namespace halo
