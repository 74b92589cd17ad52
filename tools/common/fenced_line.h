// SPDX-License-Identifier: MIT
// A sentence that leaves by itself, outside of any answer, with what its fences mean behind it. Any
// thread.
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
