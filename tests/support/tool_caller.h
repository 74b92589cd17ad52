// SPDX-License-Identifier: MIT
// Calls tools on its own store, which exists as long as this object.
#pragma once

#include <boost/json/value.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "tools/answer/tool.h"

namespace halo {

class ToolCaller {
 public:
  explicit ToolCaller(Workspace workspace = {}, std::optional<Config> config = {});
  ~ToolCaller();
  ToolCaller(const ToolCaller&) = delete;
  ToolCaller& operator=(const ToolCaller&) = delete;

  // Fails the test if any of it is refused.
  void Ingest(std::string_view name, std::string_view bytes);

  // Checks every answer against its output schema and the size limits; a violation is returned as
  // an error.
  Result<ToolAnswer> Call(std::string_view tool, const boost::json::value& arguments);

  // The folder from which tools may import; empty at first.
  std::filesystem::path root() const { return folder_ / "project"; }
  Engine& engine() { return *engine_; }
  const std::vector<Tool>& tools() const { return tools_; }
  const std::string& store_url() const { return url_; }

 private:
  std::filesystem::path folder_;
  std::string url_;
  std::unique_ptr<Engine> engine_;
  std::vector<Tool> tools_;
};

}  // namespace halo
