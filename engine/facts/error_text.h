// SPDX-License-Identifier: MIT
// Recognises texts that report an error, the class of the error, and whether the text names a
// cause. Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether the text begins like the report of an error: with "Traceback", "Error: ...", or the name
// of an exception class.
bool StartsWithErrorWord(std::string_view text);

// "ValueError" of "ValueError: bad"; empty if the text does not begin with the name of an exception
// class.
std::string_view LeadingExceptionClass(std::string_view text);

// The line without a leading exception class or "Error: ", so that "ValueError: bad" equals the
// message "bad" with type ValueError. Sets `type` if it was empty; if the line begins with the name
// of another class, keeps that name in the line.
std::string_view SplitExceptionClass(std::string_view line, std::string_view& type);

// "RateLimitError" of "openai.RateLimitError"; an unqualified name is returned unchanged.
std::string_view ShortTypeName(std::string_view type);

// Whether the text is empty or only states that something failed, such as "failed".
bool SaysOnlyThatItFailed(std::string_view text);

// The title of an HTML page, its best summary of an error; empty if the text is not a page.
std::string_view TitleOfPage(std::string_view text);

}  // namespace halo
