// SPDX-License-Identifier: MIT
#include "engine/semconv/tool_definitions.h"

#include "engine/base/ascii.h"

namespace halo {
namespace {

using ascii::IsOneOf;

constexpr int kMaxDepth = 6;

// Whether the entry is a tool server or a tool search, whose name does not reveal the tools.
bool IsToolServer(std::string_view type) {
  return type.find("mcp") != type.npos || type.starts_with("tool_search");
}

void ReadDefinition(const JsonNode& object, ToolDefinition& tool) {
  bool offers_others = false;
  for (const JsonNode& member : object) {
    const std::string_view key = member.key();
    if (key == "function") {
      if (member.is_object()) ReadDefinition(member, tool);
    } else if (key == "name") {
      member.Text(tool.name);
    } else if (key == "description") {
      member.Text(tool.description);
    } else if (key == "type") {
      std::string_view type;
      if (member.Text(type)) offers_others = offers_others || IsToolServer(type);
    } else if (IsOneOf(key, {"server_label", "serverLabel", "server_url", "serverUrl",
                             "mcp_server_name", "connector_id"})) {
      offers_others = true;
    } else if (IsOneOf(key, {"parameters", "input_schema", "inputSchema", "parametersJsonSchema",
                             "parameters_json_schema"})) {
      if (!member.Text(tool.parameters) && member.is_object()) tool.parameters = member.written();
    }
  }
  if (offers_others && tool.parameters.empty()) tool.name = {};
}

bool ReadDefinitions(std::string_view text, JsonTrees& json, std::vector<ToolDefinition>& out,
                     int depth);

bool ReadDefinitionList(const JsonNode& value, JsonTrees& json, std::vector<ToolDefinition>& out,
                        int depth) {
  if (depth > kMaxDepth || value.type() == JsonNode::Type::kInvalid) return false;
  if (value.is_string()) {
    std::string_view text;
    if (!value.Text(text)) return false;
    if (!ReadDefinitions(text, json, out, depth + 1)) out.emplace_back();
  } else if (value.is_array()) {
    for (const JsonNode& item : value) {
      if (!ReadDefinitionList(item, json, out, depth + 1)) return false;
    }
  } else if (value.is_object()) {
    // {"functionDeclarations": [...]} and {"tools": [...]} hold a list.
    for (const char* const key : {"functionDeclarations", "function_declarations", "tools"}) {
      const JsonNode* const list = value.Find(key);
      if (list != nullptr) return ReadDefinitionList(*list, json, out, depth + 1);
    }
    // Pydantic AI gives the tools and the forms of the answer, which the model calls alike.
    if (const JsonNode* const tools = value.Find("function_tools"); tools != nullptr) {
      const JsonNode* const answers = value.Find("output_tools");
      return ReadDefinitionList(*tools, json, out, depth + 1) &&
             (answers == nullptr || ReadDefinitionList(*answers, json, out, depth + 1));
    }
    ReadDefinition(value, out.emplace_back());
  }
  return true;
}

// False if the text is masked or cut, so that more tools are offered than can be read.
bool ReadDefinitions(std::string_view text, JsonTrees& json, std::vector<ToolDefinition>& out,
                     int depth) {
  if (depth > kMaxDepth || !LooksLikeJson(text)) return false;
  const JsonNode* const root = json.Parse(text);
  if (root == nullptr || root->is_string()) return false;
  return ReadDefinitionList(*root, json, out, depth);
}

}  // namespace

void ReadToolDefinitions(std::string_view text, JsonTrees& json, std::vector<ToolDefinition>& out) {
  if (!ReadDefinitions(text, json, out, 0)) out.emplace_back();
}

}  // namespace halo
