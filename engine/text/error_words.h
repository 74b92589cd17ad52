// SPDX-License-Identifier: MIT
// Lines and words that name an error. Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether a word is named like an exception: "ValueError", "TimeoutException", "PydanticUserError".
// "Error" and "Exception" count, too.
bool IsExceptionName(std::string_view word);

// Whether a line begins with the dotted name of an exception, followed by a colon or nothing.
bool BeginsWithException(std::string_view line);

// The same for any class name: "psycopg2.errors.UniqueViolation: ...".
bool BeginsWithClass(std::string_view line);

// Whether a line has a word such as "failed" or "denied".
bool NamesError(std::string_view line);

}  // namespace halo
