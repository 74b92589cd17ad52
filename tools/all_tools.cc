// SPDX-License-Identifier: MIT
#include <utility>
#include <vector>

#include "tools/answer/tool.h"

namespace halo {

namespace {

// A cancelled call does not start, and its answer is dropped, even if its handler does not check. A
// tool that writes still reports what it changed.
void HeedStop(Tool& tool) {
  tool.call = [call = std::move(tool.call), read_only = tool.info.annotations.read_only](
                  Engine& engine, const boost::json::value& arguments,
                  const CallContext& context) -> Result<ToolAnswer> {
    const Error cancelled{Code::kCancelled, "cancelled"};
    if (context.stop.stop_requested()) return cancelled;
    Result<ToolAnswer> answer = call(engine, arguments, context);
    if (read_only && context.stop.stop_requested()) return cancelled;
    return answer;
  };
}

}  // namespace

// The list of tools, in alphabetical order. Each is in the file of its name.
Tool CompareTracesTool();
Tool ExplainTraceTool();
Tool GetExpensiveSpansTool();
Tool GetFailureModeTool();
Tool GetOverviewTool();
Tool ImportTracesTool();
Tool LabelRunsTool();
Tool ListBottlenecksTool();
Tool ListFailureModesTool();
Tool ReadSpansTool();
Tool RecordFixTool();
Tool SearchTracesTool();
Tool TriageFailureModeTool();
Tool VerifyFixTool();

std::vector<Tool> AllTools() {
  std::vector<Tool> tools = {
      CompareTracesTool(),     ExplainTraceTool(), GetExpensiveSpansTool(), GetFailureModeTool(),
      GetOverviewTool(),       ImportTracesTool(), LabelRunsTool(),         ListBottlenecksTool(),
      ListFailureModesTool(),  ReadSpansTool(),    RecordFixTool(),         SearchTracesTool(),
      TriageFailureModeTool(), VerifyFixTool()};
  for (Tool& tool : tools) HeedStop(tool);
  return tools;
}

}  // namespace halo
