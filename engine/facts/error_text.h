// SPDX-License-Identifier: MIT
// What a text says about an error: whether it reports one, of which class, and whether it says why.
// Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether the text begins as the report of an error does: "Traceback", "Error: ...", the name of an
// exception class.
bool StartsWithErrorWord(std::string_view text);

// "ValueError" of "ValueError: bad"; empty if the text does not begin with the name of an exception
// class.
std::string_view LeadingExceptionClass(std::string_view text);

// The line without the exception class or the "Error: " before it, so that "ValueError: bad" and
// type ValueError with message "bad" are the same. Sets `type` where it was empty; a line that
// begins with the name of another class keeps it.
std::string_view SplitExceptionClass(std::string_view line, std::string_view& type);

// "RateLimitError" of "openai.RateLimitError"; a name without qualifiers is returned as it is.
std::string_view ShortTypeName(std::string_view type);

// Whether the text is empty or says that something failed and nothing more, such as "failed".
bool SaysOnlyThatItFailed(std::string_view text);

// The title of an HTML page, which explains an error page best; empty if the text is not a page.
std::string_view TitleOfPage(std::string_view text);

}  // namespace halo
