// SPDX-License-Identifier: MIT
// Classifies tools by the words in their names. Names are split into lower-case words at case
// changes and at characters other than letters, so "writeFile" and "write_file" have equal words.
// Pure functions; any thread.
#pragma once

#include <string_view>

namespace halo {

// Whether the tool changes something or executes its input (write, send, delete, execute, ...).
// The same short result ("ok") for different arguments then does not mean a lack of progress.
bool NameActs(std::string_view tool);

// Whether the tool looks whether something has changed meanwhile (get_status, wait, poll, ...), so
// that the same call is made again on purpose.
bool NamePolls(std::string_view tool);

// Whether calling the tool ends the run or hands it over (final_answer, submit, transfer_to_...),
// so that no model call needs to follow.
bool NameEndsRun(std::string_view tool);

}  // namespace halo
