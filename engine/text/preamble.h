// SPDX-License-Identifier: MIT
// Preambles of errors: clauses in which a framework says that something failed and not what, such
// as "Error executing tool search: " or "Code execution failed at line '...' due to: ". Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace halo {

// The length of the preambles at the front of a line, with the white space after them. The whole
// length if nothing else follows and the line ends with a colon.
std::size_t PreambleLength(std::string_view line);

// Where the error begins in a text that first quotes the failed line of code, which may have line
// feeds; 0 for another text.
std::size_t SkipQuotedCode(std::string_view text);

}  // namespace halo
