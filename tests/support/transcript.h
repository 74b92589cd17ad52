// SPDX-License-Identifier: MIT
// A recorded conversation with the server. One JSON object per line, with one of
//
//   "note": "what follows"
//   "send": a message            "send_text": text that need not be JSON
//   "expect": a pattern of the next message from the server
//   "expect_any_order": patterns of the next messages, in any order
//
// At the end the client disconnects, and no further messages may have arrived. A pattern is JSON in
// which the strings "<any>", "<string>", "<integer>", "<number>", "<array>" and "<object>" match
// such values, "<has:X>" matches a string that contains X, and a member "...": true of an object
// matches any further members.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/wire.h"

namespace halo {

// The first difference of `got` from `pattern`; empty if there is none.
std::string Mismatch(const boost::json::value& pattern, const boost::json::value& got,
                     const std::string& path = "$");

// Plays the transcript. Returns the first error with file and line; empty if there is none.
std::string Play(const std::filesystem::path& transcript, Wire& wire);

std::vector<std::filesystem::path> TranscriptsIn(const std::filesystem::path& folder);

}  // namespace halo
