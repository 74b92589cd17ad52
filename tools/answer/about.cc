// SPDX-License-Identifier: MIT
#include "tools/answer/about.h"

#include <vector>

#include "engine/engine.h"
#include "schemas/trace_text.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::size_t kMaxNames = 3;

// "projects shop, billing and 2 more".
std::string NamesText(std::string_view noun, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  std::string out(noun);
  if (names.size() > 1) out.append("s");
  std::size_t shown = 0;
  for (const std::string& name : names) {
    if (shown == kMaxNames) break;
    if (!IsPlainName(name)) continue;
    out.append(shown++ > 0 ? ", " : " ").append(name);
  }
  if (shown == 0) return Cat(names.size(), " ", out);
  if (shown < names.size()) out.append(Cat(" and ", names.size() - shown, " more"));
  return out;
}

}  // namespace

std::string AboutText(const Workspace& workspace) {
  if (workspace.unreadable) {
    return "All projects: halo.toml could not be read, so nothing is bound; `halo-mcp doctor` says "
           "why.";
  }
  if (!workspace.bound()) return {};
  const std::string projects = NamesText("project", workspace.projects);
  const std::string services = NamesText("service", workspace.services);
  return Cat("Only ", projects, projects.empty() || services.empty() ? "" : " and ", services,
             ", as halo.toml says. Another one: filters.project or filters.service; all: "
             "{\"project\":\"*\"}.");
}

std::string AboutText(const Engine& engine) { return AboutText(engine.workspace()); }

void PutAbout(std::string about, boost::json::object& structured) {
  if (about.empty()) return;
  boost::json::object out{{kAboutMember, std::move(about)}};
  for (auto& member : structured) out.emplace(member.key(), std::move(member.value()));
  structured = std::move(out);
}

}  // namespace halo
