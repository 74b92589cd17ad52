// SPDX-License-Identifier: MIT
// What a tool's name says about it. Names are cut into lower-case words at case changes and at
// everything that is not a letter: "writeFile", "write_file" and "fs.write-file" are one.
#pragma once

#include <string_view>

namespace halo {

// The tool changes something or runs whatever it is given (write, send, delete, execute, ...): the
// same short result ("ok") for different arguments is then no sign of standing still.
bool NameActs(std::string_view tool);

// Calling the tool ends the run or hands it on (final_answer, submit, transfer_to_...): no model
// call has to follow.
bool NameEndsRun(std::string_view tool);

}  // namespace halo
