// SPDX-License-Identifier: MIT
// Describes an input that no importer accepts.
#pragma once

#include <string>
#include <string_view>

namespace halo {

struct InputGuess {
  std::string what;           // "a Parquet file", possibly with advice
  bool holds_traces = false;  // it seems to hold traces in a format that is not supported
};

// `start` is the first 64 KB of the input, or all of it. Pure.
InputGuess DescribeInput(std::string_view start, std::string_view name);

}  // namespace halo
