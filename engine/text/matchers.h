// SPDX-License-Identifier: MIT
// Recognises the parts of a text that the normaliser masks. A matcher returns the number of bytes
// from a position that are of its kind, or 0. It reads a bounded number of bytes or one token, so a
// pass over a text takes linear time. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace halo {

struct TextPlace {
  std::string_view text;
  std::size_t at = 0;

  std::string_view rest() const { return text.substr(at); }
  // The byte `back` positions earlier; 0 before the start of the text.
  char before(std::size_t back = 1) const { return back <= at ? text[at - back] : '\0'; }
};

struct Match {
  std::size_t length = 0;
  std::string_view kept = {};  // the part of the match to keep after the mask
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
Match MatchId(const TextPlace& place);          // call_..., toolu_..., long random words
Match MatchPrefixedId(const TextPlace& place);  // cust_01ab77qz
Match MatchEntityCode(const TextPlace& place);  // HAT030, INV20417, but not the code of an error
Match MatchBase64(const TextPlace& place);
Match MatchHex(const TextPlace& place);     // 0x..., or 8 to 128 in one case, with digit and letter
Match MatchGitSha(const TextPlace& place);  // 7 lower-case hex digits

// match_path.cc
Match MatchPath(const TextPlace& place);  // keeps the extension

// match_number.cc; numbers that name an error, such as HTTP status codes, do not match.
Match MatchFloat(const TextPlace& place);
Match MatchInt(const TextPlace& place);
Match MatchCounter(const TextPlace& place);  // the digits of `step7`, for names

// match_quoted.cc
Match MatchQuoted(const TextPlace& place);      // after `=`
Match MatchBool(const TextPlace& place);        // after `=`
Match MatchQuotedList(const TextPlace& place);  // 'a', 'b' and 'c'
Match MatchQuotedText(const TextPlace& place);  // for names: in any quotes

// match_value.cc
// A value in quotes: not the name of a tool, a parameter or a module, and not a message in JSON.
Match MatchQuotedValue(const TextPlace& place);
Match MatchQueryText(const TextPlace& place);  // what was searched for, without quotes

// match_number.cc
// The word that a number belongs to: `code` in `"code": 404` and `code (404`. May be empty.
std::string_view WordBefore(const TextPlace& place);

}  // namespace halo
