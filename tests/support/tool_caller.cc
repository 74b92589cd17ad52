// SPDX-License-Identifier: MIT
#include "tests/support/tool_caller.h"

#include <stdlib.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "tests/support/schema_check.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

fs::path MakeFolder() {
  std::string pattern = (fs::temp_directory_path() / "halo-tools.XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw std::runtime_error("no temporary folder");
  return pattern;
}

}  // namespace

ToolCaller::ToolCaller(Workspace workspace, std::optional<Config> config)
    : folder_(MakeFolder()), url_("sqlite:" + (folder_ / "halo.db").string()), tools_(AllTools()) {
  fs::create_directory(root());
  EngineOptions options;
  options.store_url = url_;
  options.workspace = std::move(workspace);
  options.config = std::move(config);
  Result<std::unique_ptr<Engine>> engine = Engine::Open(std::move(options));
  if (!engine) throw std::runtime_error(engine.error().message);
  engine_ = std::move(*engine);
}

ToolCaller::~ToolCaller() {
  engine_.reset();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void ToolCaller::Ingest(std::string_view name, std::string_view bytes) {
  const Result<IngestReport> report = engine_->IngestBytes(name, bytes, {});
  if (!report) throw std::runtime_error(report.error().message);
}

Result<ToolAnswer> ToolCaller::Call(std::string_view tool, const boost::json::value& arguments) {
  const auto found = std::find_if(tools_.begin(), tools_.end(),
                                  [&](const Tool& one) { return one.info.name == tool; });
  if (found == tools_.end()) return Error{Code::kNotFound, "no tool " + std::string(tool)};
  CallContext context;
  context.nonce = "n0n0";
  context.roots = [this] { return std::vector<std::string>{root().string()}; };
  Result<ToolAnswer> answer = found->call(*engine_, arguments, context);
  if (!answer) return answer;
  const boost::json::value structured = answer->structured;
  const std::string breach = CheckSchema(structured, found->output_schema);
  if (!breach.empty()) return Error{Code::kInternal, "output schema: " + breach};
  const std::size_t bytes = std::max(answer->text.size(), Serialise(structured).size());
  if (bytes > kMaxAnswerBytes) return Error{Code::kInternal, "too large"};
  return answer;
}

}  // namespace halo
