// SPDX-License-Identifier: MIT
#include "server/protocol/tool_listing.h"

#include <string>
#include <utility>

namespace halo {
namespace {

namespace json = boost::json;

json::object Hints(const Annotations& annotations) {
  json::object hints{{"readOnlyHint", annotations.read_only}};
  // MCP defines these two only for tools that write.
  if (!annotations.read_only) {
    hints.emplace("destructiveHint", annotations.destructive);
    hints.emplace("idempotentHint", annotations.idempotent);
  }
  hints.emplace("openWorldHint", annotations.open_world);
  return hints;
}

// Read by Claude Code: whether to show a tool without a search, and keywords to find it by.
json::object ClientHints(const ToolInfo& info) {
  json::object hints;
  if (info.always_load) hints.emplace("anthropic/alwaysLoad", true);
  if (!info.search_hint.empty()) hints.emplace("anthropic/searchHint", info.search_hint);
  return hints;
}

bool HasOnlyType(const json::object& schema) {
  for (const auto& member : schema) {
    if (member.key() == "type") continue;
    const json::object* items = member.key() == "items" ? member.value().if_object() : nullptr;
    if (!items || !HasOnlyType(*items)) return false;
  }
  return true;
}

json::object Shortened(const json::object& schema, bool root = true) {
  json::object out;
  for (const auto& member : schema) {
    const json::object* inner = member.value().if_object();
    if (member.key() == "properties" && inner) {
      json::object kept;
      for (const auto& property : *inner) {
        const json::object* full = property.value().if_object();
        if (!full) continue;
        json::object shorter = Shortened(*full, false);
        const json::value* const said = root ? full->if_contains("description") : nullptr;
        if (said != nullptr) shorter.emplace("description", *said);
        if (root || !HasOnlyType(shorter)) kept.emplace(property.key(), std::move(shorter));
      }
      if (!kept.empty()) out.emplace("properties", std::move(kept));
    } else if (member.key() == "items" && inner) {
      out.emplace("items", Shortened(*inner, false));
    } else if (member.key() != "description") {
      out.emplace(member.key(), member.value());
    }
  }
  return out;
}

}  // namespace

json::object BriefInput(const json::object& input_schema, std::string_view full_in) {
  constexpr std::size_t kMany = 12, kNamed = 10;
  json::object brief = input_schema;
  json::value* const properties = brief.if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return brief;
  for (auto& property : properties->get_object()) {
    json::object* const schema = property.value().if_object();
    const json::value* const members = schema ? schema->if_contains("properties") : nullptr;
    if (members == nullptr || members->get_object().size() < kMany) continue;
    std::string names = "as in ";
    names.append(full_in).append(":");
    std::size_t named = 0;
    for (const auto& member : members->get_object()) {
      if (++named <= kNamed) names.append(" ").append(member.key());
    }
    names.append(" ...");
    if (const json::value* said = schema->if_contains("description")) {
      names.append("; ").append(said->get_string());
    }
    property.value() = json::object{{"type", "object"}, {"description", names}};
  }
  return brief;
}

json::object ListedTool(const ToolInfo& info, const json::object& input_schema,
                        const json::object& output_schema, std::string_view icon,
                        Revision revision) {
  json::object listed{{"name", info.name}};
  if (revision >= Revision::k2025_06_18) listed.emplace("title", info.title);
  listed.emplace("description", info.description);
  listed.emplace("inputSchema", input_schema);
  if (revision >= Revision::k2025_06_18 && !output_schema.empty()) {
    listed.emplace("outputSchema", Shortened(output_schema));
  }
  if (revision >= Revision::k2025_03_26) listed.emplace("annotations", Hints(info.annotations));
  if (revision >= Revision::k2025_11_25 && !icon.empty()) listed.emplace("icons", Icons(icon));
  if (revision >= Revision::k2025_06_18) {
    if (json::object hints = ClientHints(info); !hints.empty()) {
      listed.emplace("_meta", std::move(hints));
    }
  }
  return listed;
}

}  // namespace halo
