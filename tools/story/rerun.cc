// SPDX-License-Identifier: MIT
#include "tools/story/rerun.h"

namespace halo {

wire::Rerun ToWire(const TaskDraw& draw) {
  wire::Rerun out;
  out.seed = static_cast<std::int64_t>(draw.seed);
  out.drawn_from = draw.drawn_from;
  for (const std::string& task : draw.tasks) out.tasks.emplace_back(task);
  return out;
}

}  // namespace halo
