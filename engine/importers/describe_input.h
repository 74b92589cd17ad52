// SPDX-License-Identifier: MIT
// Says what an input is that no importer accepts.
#pragma once

#include <string>
#include <string_view>

namespace halo {

struct InputGuess {
  std::string what;           // "a Parquet file"; with advice where there is some
  bool holds_traces = false;  // it seems to, in a format that is not supported
};

// `start` is its first 64 KB, or all of it. Pure.
InputGuess DescribeInput(std::string_view start, std::string_view name);

}  // namespace halo
