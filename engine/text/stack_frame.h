// SPDX-License-Identifier: MIT
// Finds the place of an application in a stack trace: the innermost frame that is not in a library.
// Reads the traces of Python, JavaScript, Java and its kin, C#, Go and Rust. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace halo {

// "path/to/file.py:12 in name", as far as the frame says it; empty if no frame is the
// application's own. Looks at the first and the last 64 KB of the text.
std::string TopAppFrame(std::string_view stack);

}  // namespace halo
