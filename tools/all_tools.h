// SPDX-License-Identifier: MIT
// One function a tool, each in the file of that name.
#pragma once

#include "tools/answer/tool.h"

namespace halo {

Tool ExplainTraceTool();
Tool GetExpensiveSpansTool();
Tool GetFailureModeTool();
Tool GetOverviewTool();
Tool ListFailureModesTool();
Tool ReadSpansTool();
Tool SearchTracesTool();
Tool TriageFailureModeTool();

}  // namespace halo
