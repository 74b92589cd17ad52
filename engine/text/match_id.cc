// SPDX-License-Identifier: MIT
#include <algorithm>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/matchers.h"
#include "engine/text/reader.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsAlpha;
using ascii::IsDigit;
using ascii::IsHex;
using ascii::IsLower;
using ascii::IsUpper;
using ascii::IsWord;

// Prefixes of ids that providers and frameworks generate.
constexpr std::string_view kIdPrefixes[] = {
    "call_",  "toolu_",   "srvtoolu_", "run-",    "run_",   "msg_",  "msg-",       "chatcmpl-",
    "cmpl-",  "resp_",    "req_",      "thread_", "asst_",  "file-", "org-",       "proj_",
    "sess_",  "session_", "step_",     "vs_",     "batch_", "fc_",   "rs_",        "gen-",
    "lc_",    "conv_",    "user-",     "user_",   "acct_",  "tool_", "request_",   "task_",
    "job_",   "task-",    "trace_",    "span_",   "doc_",   "usr_",  "cus_",       "ord_",
    "order_", "evt_",     "token_",    "key_",    "fp_",    "ws_",   "container_", "cntr_",
};

// Counts of the characters of a word.
struct Makeup {
  std::size_t digits = 0, lowers = 0, uppers = 0;
};
Makeup MakeupOf(std::string_view word) {
  Makeup makeup;
  for (const char c : word) {
    makeup.digits += IsDigit(c);
    makeup.lowers += IsLower(c);
    makeup.uppers += IsUpper(c);
  }
  return makeup;
}

// Whether the part after an id's prefix was generated: `abc123`, but not `get_weather_2`.
bool LooksGenerated(std::string_view word) {
  const Makeup makeup = MakeupOf(word);
  if (makeup.digits == 0) return false;
  for (std::size_t begin = 0; begin < word.size();) {
    std::size_t end = begin;
    while (end < word.size() && IsAlnum(word[end])) ++end;
    const std::string_view part = word.substr(begin, end - begin);
    if (part.size() >= 3 && part.size() < 20 && std::all_of(part.begin(), part.end(), IsLower))
      return false;
    begin = end + 1;
  }
  return makeup.digits >= 2 || makeup.digits == word.size() ||
         (makeup.lowers > 0 && makeup.uppers > 0) || word.size() >= 20;
}

// Whether a word without a known prefix is random: class and function names have fewer digits.
bool LooksRandom(std::string_view word) {
  if (word.size() < 16) return false;
  const Makeup makeup = MakeupOf(word);
  return makeup.digits >= 2 && makeup.digits * 8 >= word.size() && makeup.lowers > 0 &&
         makeup.uppers > 0;
}

// How often letters and digits take turns in a word.
std::size_t TurnsIn(std::string_view word) {
  std::size_t turns = 0;
  for (std::size_t i = 1; i < word.size(); ++i) turns += IsDigit(word[i]) != IsDigit(word[i - 1]);
  return turns;
}

// Whether letters and digits alternate as in no name: 8fj29dk2, a ULID.
bool Alternates(std::string_view word) {
  return word.size() >= 8 && !word.starts_with("0x") && TurnsIn(word) >= 4 &&
         MakeupOf(word).digits >= 3;
}

// An id of any prefix: cust_01ab77qz, pi_3MtwBwLkdIwHu7ix.
std::size_t PrefixedId(std::string_view rest) {
  const std::size_t prefix = Reader(rest).TakeWhile(IsLower, 13).size();
  if (prefix < 2 || prefix > 12 || rest.size() == prefix || rest[prefix] != '_') return 0;
  const std::string_view word = Reader(rest.substr(prefix + 1)).TakeWhile(IsAlnum, 256);
  const std::string_view after = rest.substr(prefix + 1 + word.size());
  if (word.size() < 6 || MakeupOf(word).digits < 2 || TurnsIn(word) < 2) return 0;
  return after.starts_with('_') ? 0 : prefix + 1 + word.size();
}

// Prefixes of error codes with a hyphen, such as ORA-00942, and of standards, such as UTF-8.
constexpr std::string_view kHyphenCodes[] = {"AES", "CP",   "CVE",   "DB",   "DPI", "E",    "EC",
                                             "ERR", "GHSA", "GPT",   "HTTP", "ISO", "JDBC", "MD",
                                             "ORA", "PEP",  "PGRST", "PLS",  "RFC", "RSA",  "SHA",
                                             "SP",  "SQL",  "TLS",   "TNS",  "TS",  "UTF",  "W"};

// The code of a thing with a hyphen: A-7731, INC-2024-0012, but not ORA-00942.
std::size_t HyphenatedCode(const TextPlace& place) {
  if (IsWord(place.before())) return 0;
  const std::string_view rest = place.rest();
  const std::size_t prefix = Reader(rest).TakeWhile(IsUpper, 7).size();
  if (prefix == 0 || prefix > 6 || rest.size() == prefix || rest[prefix] != '-') return 0;
  const std::string_view name = rest.substr(0, prefix);
  if (std::find(std::begin(kHyphenCodes), std::end(kHyphenCodes), name) != std::end(kHyphenCodes)) {
    return 0;
  }
  Reader reader(rest.substr(prefix + 1));
  const std::size_t digits = reader.TakeWhile(IsDigit).size();
  if (digits < 2) return 0;
  const std::size_t more = Reader(reader.rest()).TakeWhile(IsWord, 64).size();
  return prefix + 1 + digits + more;
}

// Names of algorithms and standards that look like a code.
constexpr std::string_view kStandards[] = {"AES", "CP",  "GB",  "HTTP", "ISO",
                                           "RFC", "RSA", "SHA", "TLS",  "UTF"};

// Whether a word is the code of a thing, such as a flight, an order or a ticket: HAT030, INV20417,
// 8JX2WO9. Codes of errors do not count: "error TS2304", "HY000: ...", "[E0425]".
bool IsCodeOfThing(const TextPlace& place, std::string_view word) {
  const Makeup makeup = MakeupOf(word);
  if (word.size() < 5 || word.size() > 16 || makeup.digits < 3 || makeup.uppers < 2 ||
      makeup.lowers > 0) {
    return false;
  }
  // 512MB: a number with its unit.
  if (word.find_first_of("0123456789", word.find_first_not_of("0123456789")) == word.npos) {
    return false;
  }
  const std::string_view after = place.rest().substr(word.size());
  const char before = place.before();
  if (before == '[' || before == '(' || after.starts_with(':')) return false;
  const std::string_view named_by = WordBefore(place);
  for (const std::string_view name : {"error", "code", "errno", "warning", "exception", "err"}) {
    if (ascii::EqualsFolded(named_by, name)) return false;
  }
  return std::none_of(std::begin(kStandards), std::end(kStandards), [&](std::string_view standard) {
    return word.starts_with(standard) && IsDigit(word[standard.size()]);
  });
}

bool IsHexOfOneCase(std::string_view word) {
  const Makeup makeup = MakeupOf(word);
  return std::all_of(word.begin(), word.end(), IsHex) && (makeup.lowers == 0 || makeup.uppers == 0);
}

// The run of letters and digits at a position that begins a word; `_` and `-` join words.
std::string_view WordAt(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  return Reader(place.rest()).TakeWhile(IsAlnum, 513);
}

Match MatchHexOfSize(const TextPlace& place, std::size_t size) {
  const std::string_view word = WordAt(place);
  if (word.size() != size || !std::all_of(word.begin(), word.end(), IsHex)) return {};
  const Makeup makeup = MakeupOf(word);
  return {makeup.digits == 0 || makeup.digits == size ? 0 : size};
}

}  // namespace

Match MatchTraceparent(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  Reader w3c(place.rest());
  if (w3c.TakeText("00-") && w3c.TakeHex(32) && w3c.Take('-') && w3c.TakeHex(16) && w3c.Take('-') &&
      w3c.TakeHex(2) && !IsAlnum(w3c.peek())) {
    return {55};
  }
  Reader aws(place.rest());
  if (aws.TakeText("1-") && aws.TakeHex(8) && aws.Take('-') && aws.TakeHex(24) &&
      !IsAlnum(aws.peek())) {
    return {35};
  }
  return {};
}

Match MatchUuid(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  Reader reader(place.rest());
  const bool matches = reader.TakeHex(8) && reader.Take('-') && reader.TakeHex(4) &&
                       reader.Take('-') && reader.TakeHex(4) && reader.Take('-') &&
                       reader.TakeHex(4) && reader.Take('-') && reader.TakeHex(12) &&
                       !IsAlnum(reader.peek());
  return {matches ? std::size_t{36} : 0};
}

Match MatchSha1(const TextPlace& place) { return MatchHexOfSize(place, 40); }
Match MatchMd5(const TextPlace& place) { return MatchHexOfSize(place, 32); }

Match MatchSwiftTransaction(const TextPlace& place) {
  if (IsWord(place.before())) return {};
  Reader reader(place.rest());
  const bool matches = reader.TakeText("tx") && reader.TakeHex(21) && reader.Take('-') &&
                       reader.TakeHex(10) && !IsAlnum(reader.peek());
  return {matches ? std::size_t{34} : 0};
}

Match MatchId(const TextPlace& place) {
  if (IsAlnum(place.before()) || place.before() == '_') return {};
  const std::string_view rest = place.rest();
  for (const std::string_view prefix : kIdPrefixes) {
    if (rest[0] != prefix[0] || !rest.starts_with(prefix)) continue;
    std::string_view word = Reader(rest.substr(prefix.size())).TakeWhile(IsWord, 256);
    while (!word.empty() && !IsAlnum(word.back())) word.remove_suffix(1);
    if (LooksGenerated(word)) return {prefix.size() + word.size()};
  }
  const std::string_view word = WordAt(place);
  const bool matches = word.size() <= 256 && (LooksRandom(word) || Alternates(word));
  return {matches ? word.size() : 0};
}

Match MatchPrefixedId(const TextPlace& place) {
  if (IsAlnum(place.before()) || place.before() == '_') return {};
  return {PrefixedId(place.rest())};
}

Match MatchEntityCode(const TextPlace& place) {
  if (const std::size_t size = HyphenatedCode(place); size > 0) return {size};
  const std::string_view word = WordAt(place);
  return {IsCodeOfThing(place, word) ? word.size() : 0};
}

Match MatchBase64(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  Reader reader(place.rest());
  const std::string_view run =
      reader.TakeWhile([](char c) { return IsWord(c) || c == '+' || c == '/'; });
  const std::size_t padding = reader.TakeWhile([](char c) { return c == '='; }, 2).size();
  if (run.size() + padding < (padding > 0 ? 24 : 40)) return {};
  // Paths and names in such a run have few digits and capitals.
  const Makeup makeup = MakeupOf(run);
  const bool random = makeup.digits * 24 >= run.size() && makeup.uppers * 8 >= run.size() &&
                      makeup.lowers * 8 >= run.size();
  return {random ? run.size() + padding : 0};
}

Match MatchHex(const TextPlace& place) {
  if (IsAlnum(place.before())) return {};
  Reader reader(place.rest());
  if (reader.TakeText("0x") || reader.TakeText("0X")) {
    const std::size_t size = reader.TakeWhile(IsHex).size();
    return {size > 0 && !IsAlnum(reader.peek()) ? size + 2 : 0};
  }
  const std::string_view word = WordAt(place);
  if (word.size() < 8 || word.size() > 128 || !IsHexOfOneCase(word)) return {};
  const Makeup makeup = MakeupOf(word);
  return {makeup.digits > 0 && makeup.digits < word.size() ? word.size() : 0};
}

Match MatchGitSha(const TextPlace& place) {
  if (IsWord(place.before())) return {};
  const std::string_view word = WordAt(place);
  if (word.size() != 7 || !IsHexOfOneCase(word)) return {};
  const std::string_view after = place.rest().substr(7);
  if (!after.empty() && (IsWord(after[0]) || after[0] == '(')) return {};
  const Makeup makeup = MakeupOf(word);
  return {makeup.digits > 0 && makeup.lowers > 0 ? word.size() : 0};
}

}  // namespace halo
