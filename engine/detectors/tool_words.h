// SPDX-License-Identifier: MIT
// What a tool's name says about it. Names are split into lower-case words at case changes and at
// everything that is not a letter, so "writeFile", "write_file" and "fs.write-file" are equal.
#pragma once

#include <string_view>

namespace halo {

// Whether the tool changes something or runs what it is given (write, send, delete, execute, ...).
// The same short result ("ok") for different arguments then does not mean a lack of progress.
bool NameActs(std::string_view tool);

// Whether calling the tool ends the run or hands it over (final_answer, submit, transfer_to_...),
// so that no model call needs to follow.
bool NameEndsRun(std::string_view tool);

}  // namespace halo
