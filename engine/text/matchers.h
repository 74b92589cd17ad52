// SPDX-License-Identifier: MIT
// What the normaliser masks. A matcher looks at one place of a text and says how many bytes from
// there are of its kind, 0 for none. It reads a bounded number of bytes or one token, so that a
// pass over a text takes time linear in its size. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace halo {

struct TextPlace {
  std::string_view text;
  std::size_t at = 0;

  std::string_view rest() const { return text.substr(at); }
  // The byte `back` places before this one; 0 at the start of the text.
  char before(std::size_t back = 1) const { return back <= at ? text[at - back] : '\0'; }
};

struct Match {
  std::size_t length = 0;
  std::string_view kept = {};  // stays behind the mask
};

// match_net.cc
Match MatchEmail(const TextPlace& place);
Match MatchUrl(const TextPlace& place);       // any scheme://
Match MatchHostname(const TextPlace& place);  // not code such as `user.id`
Match MatchIp(const TextPlace& place);        // v4 and v6

// match_time.cc
Match MatchDate(const TextPlace& place);      // dates, date-times, clocks with seconds or AM/PM
Match MatchDuration(const TextPlace& place);  // 12ms, 1.5s, 2m30s, 30 seconds

// match_id.cc
Match MatchTraceparent(const TextPlace& place);  // W3C and AWS
Match MatchUuid(const TextPlace& place);
Match MatchSha1(const TextPlace& place);
Match MatchMd5(const TextPlace& place);
Match MatchSwiftTransaction(const TextPlace& place);
Match MatchId(const TextPlace& place);         // call_..., toolu_..., long random words
Match MatchThingCode(const TextPlace& place);  // HAT030, INV20417, but no code of an error
Match MatchBase64(const TextPlace& place);
Match MatchHex(const TextPlace& place);     // 0x..., or 8 to 128 of one case with digit and letter
Match MatchGitSha(const TextPlace& place);  // 7 of them, lower-case

// match_path.cc
Match MatchPath(const TextPlace& place);  // keeps the extension

// match_number.cc: numbers that say what went wrong, such as HTTP status codes, are not matched.
Match MatchFloat(const TextPlace& place);
Match MatchInt(const TextPlace& place);
Match MatchCounter(const TextPlace& place);  // the digits of `step7`, for names

// match_quoted.cc
Match MatchQuoted(const TextPlace& place);      // behind `=`
Match MatchBool(const TextPlace& place);        // behind `=`
Match MatchQuotedList(const TextPlace& place);  // 'a', 'b' and 'c'
Match MatchQuotedText(const TextPlace& place);  // for names: in any quotes

// match_number.cc
// The word that a number belongs to: `code` in `"code": 404` and `code (404`. Empty for none.
std::string_view WordBefore(const TextPlace& place);

}  // namespace halo
