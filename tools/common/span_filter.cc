// SPDX-License-Identifier: MIT
#include "tools/common/span_filter.h"

#include "engine/base/ascii.h"
#include "engine/text/agent_name.h"
#include "schemas/fence.h"
#include "tools/answer/phrases.h"

namespace halo {

Result<SpanFilter> MakeSpanFilter(const std::optional<std::string>& kind,
                                  const std::optional<std::string>& agent,
                                  const std::optional<std::string>& tool,
                                  const std::optional<std::string>& operation) {
  SpanFilter filter;
  // A model may send back a name with the fence in which an answer showed it.
  const auto plain = [](const std::optional<std::string>& name) {
    return name ? std::optional(std::string(Unfenced(*name))) : std::nullopt;
  };
  filter.tool = plain(tool);
  filter.operation = plain(operation);
  if (agent) filter.agent = MaskAgentName(Unfenced(*agent));
  if (!kind) return filter;
  std::string known;
  for (int i = 0; i <= static_cast<int>(Kind::kPrompt); ++i) {
    const std::string_view name = KindName(static_cast<Kind>(i));
    if (ascii::ToLower(*kind) == ascii::ToLower(name)) filter.kind = static_cast<Kind>(i);
    known.append(known.empty() ? "" : ", ").append(name);
  }
  if (filter.kind) return filter;
  return Error{Code::kInvalidArgument,
               Cat("$.kind: expected one of ", known, "; got ", Quoted(*kind))};
}

}  // namespace halo
