// SPDX-License-Identifier: MIT
// A sentence outside of any answer, followed by what its fences mean. Any thread.
#pragma once

#include <string>

#include "schemas/fence.h"

namespace halo {

inline std::string FencedLine(const Prose& prose) {
  Fence fence;
  std::string out = fence.Show(prose);
  if (fence.count() > 0) out.append(" ").append(fence.Meaning());
  return out;
}

}  // namespace halo
