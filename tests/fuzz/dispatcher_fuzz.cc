// SPDX-License-Identifier: MIT
// Any bytes as lines from a client: what is sent back is whole lines of JSON-RPC.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "server/dispatcher.h"
#include "server/line_splitter.h"
#include "tests/support/fixture_tools.h"
#include "tests/unit/tools/fake_engine.h"

namespace {

// `wait` ends only when told to.
std::vector<halo::Tool> EndingTools() {
  std::vector<halo::Tool> tools = halo::FixtureTools();
  std::erase_if(tools, [](const halo::Tool& tool) { return tool.info.name == "wait"; });
  return tools;
}

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckSent(const std::string& sent) {
  Require(sent.find('\n') == std::string::npos);
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 2 * halo::kMaxDepth;
  const boost::json::value message = boost::json::parse(sent, error, {}, options);
  Require(!error);
  const bool batch = message.is_array();
  Require(batch ? !message.get_array().empty() : message.at("jsonrpc") == "2.0");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static halo::Engine engine;
  static const halo::Dispatcher dispatcher(engine, EndingTools(), {"fuzz", "Fuzz", "1", "Use it."},
                                           std::chrono::milliseconds(0));
  const auto connection = std::make_shared<halo::Connection>();
  // The revision with batches, so that they are reached.
  connection->Open(halo::Revision::k2025_03_26);
  const halo::Send send = [](const std::string& sent) { CheckSent(sent); };
  std::vector<halo::Job> jobs;
  halo::LineSplitter lines(4096, [&](std::string_view line, bool too_long) {
    if (too_long) return;
    if (halo::Job job = dispatcher.Handle(line, connection, send)) jobs.push_back(std::move(job));
  });
  lines.Feed({reinterpret_cast<const char*>(data), size});
  lines.End();
  for (const halo::Job& job : jobs) job();
  return 0;
}
