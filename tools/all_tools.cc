// SPDX-License-Identifier: MIT
#include "tools/all_tools.h"

namespace halo {

// THE LIST, by name, as clients show it.
std::vector<Tool> AllTools() {
  return {ExplainTraceTool(), GetExpensiveSpansTool(), GetFailureModeTool(),
          GetOverviewTool(),  ListFailureModesTool(),  ReadSpansTool(),
          SearchTracesTool(), TriageFailureModeTool()};
}

}  // namespace halo
