// SPDX-License-Identifier: MIT
#include "tools/setup/manifest.h"

#include <algorithm>
#include <boost/json/parse.hpp>

#include "engine/base/toml.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string_view WithoutMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

std::vector<std::string> NpmPackages(std::string_view text) {
  std::vector<std::string> names;
  boost::system::error_code error;
  const json::value root = json::parse(WithoutMark(text), error);
  const json::object* object = error ? nullptr : root.if_object();
  if (!object) return names;
  for (const std::string_view key :
       {"dependencies", "devDependencies", "optionalDependencies", "peerDependencies"}) {
    const json::value* packages = object->if_contains(key);
    if (!packages || !packages->is_object()) continue;
    for (const auto& package : packages->get_object()) names.emplace_back(package.key());
  }
  return names;
}

// The name in a requirement such as "Pydantic_AI[logfire]>=1.2; python_version > '3.9'",
// normalised; empty if it has none.
std::string NameInRequirement(std::string_view requirement) {
  const std::size_t begin = requirement.find_first_not_of(" \t");
  if (begin == requirement.npos) return {};
  std::string name;
  for (char c : requirement.substr(begin)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool separator = c == '-' || c == '_' || c == '.';
    if (!separator && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) break;
    if (!separator) {
      name += c;
    } else if (!name.ends_with('-')) {
      name += '-';
    }
  }
  return name;
}

void AddRequirements(const toml::node* node, std::vector<std::string>& names) {
  const toml::array* list = node ? node->as_array() : nullptr;
  if (!list) return;
  for (const toml::node& item : *list) {
    if (const auto* text = item.as_string()) names.push_back(NameInRequirement(text->get()));
  }
}

// Each member of the table is a list of requirements.
void AddGroups(const toml::table* groups, std::vector<std::string>& names) {
  if (!groups) return;
  for (const auto& [key, list] : *groups) AddRequirements(&list, names);
}

// The keys of the table are names, as Poetry writes them.
void AddKeys(const toml::table* packages, std::vector<std::string>& names) {
  if (!packages) return;
  for (const auto& [key, version] : *packages) names.push_back(NameInRequirement(key.str()));
}

// On non-ASCII letters outside strings, toml++ runs into code that it marks as unreachable. Names
// of packages are ASCII, so the other bytes do not matter.
std::string OnlyAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if ((c & 0x80) != 0) c = '?';
  }
  return out;
}

std::vector<std::string> PyprojectPackages(std::string_view text) try {
  std::vector<std::string> names;
  const toml::table root = toml::parse(OnlyAscii(WithoutMark(text)));
  AddRequirements(root.at_path("project.dependencies").node(), names);
  AddGroups(root.at_path("project.optional-dependencies").as_table(), names);
  AddGroups(root.at_path("dependency-groups").as_table(), names);
  AddRequirements(root.at_path("tool.uv.dev-dependencies").node(), names);
  AddGroups(root.at_path("tool.pdm.dev-dependencies").as_table(), names);
  AddKeys(root.at_path("tool.poetry.dependencies").as_table(), names);
  AddKeys(root.at_path("tool.poetry.dev-dependencies").as_table(), names);
  if (const toml::table* groups = root.at_path("tool.poetry.group").as_table()) {
    for (const auto& [key, group] : *groups) {
      if (const toml::table* table = group.as_table()) {
        AddKeys(table->at_path("dependencies").as_table(), names);
      }
    }
  }
  return names;
} catch (const toml::parse_error&) {
  return {};
}

std::vector<std::string> RequirementLines(std::string_view text) {
  std::vector<std::string> names;
  text = WithoutMark(text);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
    if (!line.starts_with("#") && !line.starts_with("-")) names.push_back(NameInRequirement(line));
  }
  return names;
}

}  // namespace

std::optional<Ecosystem> EcosystemOfManifest(std::string_view file_name) {
  if (file_name == "package.json") return Ecosystem::kNode;
  if (file_name == "pyproject.toml") return Ecosystem::kPython;
  const bool requirements = file_name.starts_with("requirements") && file_name.ends_with(".txt");
  return requirements ? std::optional(Ecosystem::kPython) : std::nullopt;
}

std::vector<std::string> PackagesIn(std::string_view file_name, std::string_view text) {
  const std::optional<Ecosystem> ecosystem = EcosystemOfManifest(file_name);
  std::vector<std::string> names = !ecosystem                       ? std::vector<std::string>()
                                   : *ecosystem == Ecosystem::kNode ? NpmPackages(text)
                                   : file_name == "pyproject.toml"  ? PyprojectPackages(text)
                                                                    : RequirementLines(text);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  if (!names.empty() && names.front().empty()) names.erase(names.begin());
  return names;
}

}  // namespace halo
