// SPDX-License-Identifier: MIT
// Reads a complete input as an ingest does, and dumps the result as text.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/framing/splitter.h"
#include "engine/importers/importer.h"

namespace halo {

// One line per span, attribute, event, link and reject, as in tests/golden/importers.
std::string DumpSpan(const Span& span);
std::string DumpReject(const Reject& reject);

// Cuts the input into records, fed in pieces of the sizes that `next_size` returns.
std::vector<RecordBatch> SplitInput(std::string_view input,
                                    const std::function<std::size_t()>& next_size,
                                    bool more_may_follow = false);
std::vector<RecordBatch> SplitInput(std::string_view input, bool more_may_follow = false);

// The dump of all spans and rejects in order, or the reason why the input is refused.
std::string ReadInput(std::string_view input);

}  // namespace halo
