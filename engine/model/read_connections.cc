// SPDX-License-Identifier: MIT
#include "engine/model/read_connections.h"

#include <string>
#include <string_view>
#include <utility>

#include "schemas/nearest.h"

namespace halo {
namespace {

struct TextKey {
  std::string_view key;
  std::string ServiceConnection::*member;
};
constexpr TextKey kTexts[] = {
    {"url", &ServiceConnection::url},
    {"credentials", &ServiceConnection::credentials},
    {"project", &ServiceConnection::project},
    {"source_project", &ServiceConnection::source_project},
    {"user", &ServiceConnection::user},
    {"session", &ServiceConnection::session},
    {"trace_name", &ServiceConnection::trace_name},
    {"version", &ServiceConnection::version},
};

struct ListKey {
  std::string_view key;
  std::vector<std::string> ServiceConnection::*member;
};
constexpr ListKey kLists[] = {
    {"environments", &ServiceConnection::environments},
    {"tags", &ServiceConnection::tags},
};

Error Wrong(const toml::node& node, const std::string& path, const std::string& fault) {
  return {Code::kInvalidArgument,
          "line " + std::to_string(node.source().begin.line) + ": " + path + ": " + fault};
}

Result<void> ReadService(const toml::node& node, const std::string& path, Service& out) {
  const auto name = node.value_exact<std::string>();
  for (const Service service : {Service::kLangfuse, Service::kPhoenix}) {
    if (name && *name == ServiceName(service)) {
      out = service;
      return {};
    }
  }
  return Wrong(node, path, "expected \"langfuse\" or \"phoenix\"");
}

Result<void> ReadList(const toml::node& node, const std::string& path,
                      std::vector<std::string>& out) {
  const toml::array* const array = node.as_array();
  if (!array) return Wrong(node, path, "expected an array of strings, such as [\"production\"]");
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text) return Wrong(item, path, "expected an array of strings, such as [\"production\"]");
    out.push_back(*text);
  }
  return {};
}

Result<void> ReadKey(std::string_view key, const toml::node& node, const std::string& path,
                     ServiceConnection& out) {
  if (key == "type") return ReadService(node, path, out.service);
  for (const TextKey& each : kTexts) {
    if (each.key != key) continue;
    const auto text = node.value_exact<std::string>();
    if (!text) return Wrong(node, path, "expected a string");
    out.*each.member = *text;
    return {};
  }
  for (const ListKey& each : kLists) {
    if (each.key == key) return ReadList(node, path, out.*each.member);
  }
  for (const std::string_view secret : {"api_key", "secret_key", "public_key", "token"}) {
    if (key != secret) continue;
    return Wrong(node, path,
                 "a secret does not belong in this file; write it to a file with mode 0600 and "
                 "name that with credentials = \"PATH\", or set it in the environment");
  }
  std::vector<std::string_view> known = {"type"};
  for (const TextKey& each : kTexts) known.push_back(each.key);
  for (const ListKey& each : kLists) known.push_back(each.key);
  return Wrong(node, path, "unknown key" + SuggestWord(key, known));
}

}  // namespace

Result<std::vector<ServiceConnection>> ReadConnections(const toml::node& node) {
  std::vector<ServiceConnection> out;
  const toml::table* const all = node.as_table();
  if (!all) {
    return Wrong(node, "connections", "expected tables, each starting with [connections.NAME]");
  }
  for (const auto& [name, value] : *all) {
    const std::string path = "connections." + std::string(name.str());
    const toml::table* const table = value.as_table();
    if (!table) return Wrong(value, path, "expected a table, starting with [" + path + "]");
    ServiceConnection connection;
    connection.name = name.str();
    if (!table->contains("type")) {
      return Wrong(value, path + ".type", "is required: \"langfuse\" or \"phoenix\"");
    }
    for (const auto& [key, each] : *table) {
      const Result<void> read =
          ReadKey(key.str(), each, path + "." + std::string(key.str()), connection);
      if (!read) return read.error();
    }
    out.push_back(std::move(connection));
  }
  return out;
}

}  // namespace halo
