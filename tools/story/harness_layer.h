// SPDX-License-Identifier: MIT
// Where in a harness a kind of failure is repaired, and by what. Pure; any thread.
// Source of the layers and operators: HarnessFix (arXiv 2606.06324).
#pragma once

#include <array>
#include <string_view>

namespace halo {

struct HarnessLayer {
  std::string_view detector;
  // lifecycle, tool interface, context, execution, verification or observability
  std::string_view layer;
  std::array<std::string_view, 2> operators;  // what to try first; the second may be empty
};

// Every detector has one; of an unknown one, the layer is empty.
const HarnessLayer& LayerOf(std::string_view detector);

}  // namespace halo
