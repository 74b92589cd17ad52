// SPDX-License-Identifier: MIT
// Normalises text that varies from run to run, so that equal causes give equal texts. Pure
// functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

// The signature of an error text: ids, numbers, paths, times and quoted arguments are masked as
// `<kind>`; exception class names, HTTP status and exit codes are kept.
std::string NormaliseError(std::string_view text);

// A span name as used in a locus, with ids and counters masked: `Step 7` and `Step 8` become equal.
std::string NormaliseName(std::string_view name);

}  // namespace halo
