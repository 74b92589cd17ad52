// SPDX-License-Identifier: MIT
// A draw of tasks for an answer. Any thread.
#pragma once

#include "engine/model/fix.h"
#include "schemas/rerun.h"

namespace halo {

wire::Rerun ToWire(const TaskDraw& draw);

}  // namespace halo
