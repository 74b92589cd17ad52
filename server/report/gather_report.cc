// SPDX-License-Identifier: MIT
#include "server/report/gather_report.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/answer/about.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

Result<boost::json::object> Ask(Engine& engine, const std::vector<Tool>& tools,
                                std::string_view name, const boost::json::object& arguments,
                                const CallContext& context) {
  const auto tool = std::find_if(tools.begin(), tools.end(),
                                 [&](const Tool& one) { return one.info.name == name; });
  Result<ToolAnswer> answer = tool->call(engine, arguments, context);
  if (!answer) return answer.error();
  return std::move(answer->structured);
}

}  // namespace

Result<boost::json::object> GatherReport(Engine& engine, const ReportRequest& request,
                                         const CallContext& given) {
  const std::vector<Tool> tools = AllTools();
  // One nonce for all parts, so that the `fence` field applies to each.
  CallContext context = given;
  if (context.nonce.empty()) context.nonce = RandomNonce();
  boost::json::value meaning, about;
  boost::json::object report;
  struct Part {
    const char* key;
    const char* tool;
    boost::json::object arguments;
  };
  std::vector<Part> parts = {
      {"overview", "get_overview", {}},
      {"failure_modes",
       "list_failure_modes",
       {{"limit", request.modes}, {"confidence", request.candidates ? "candidate" : "likely"}}},
      {"cost", "get_expensive_spans", {{"by", "cost"}}},
      {"time", "get_expensive_spans", {{"by", "critical_path"}}},
  };
  for (Part& part : parts) {
    if (!request.filters.empty()) part.arguments["filters"] = request.filters;
    Result<boost::json::object> answer = Ask(engine, tools, part.tool, part.arguments, context);
    if (!answer) return answer.error();
    if (const boost::json::value* fence = answer->if_contains("fence")) meaning = *fence;
    if (const boost::json::value* said = answer->if_contains(kAboutMember)) about = *said;
    report.emplace(part.key, std::move(*answer));
  }
  boost::json::object fenced;
  if (!about.is_null()) fenced.emplace(kAboutMember, std::move(about));
  if (!meaning.is_null()) fenced.emplace("fence", std::move(meaning));
  for (auto& member : report) fenced.emplace(member.key(), std::move(member.value()));
  return fenced;
}

}  // namespace halo
