// SPDX-License-Identifier: MIT
// Any bytes as lines from a client: all output is complete lines of JSON-RPC. The first byte
// selects the catalogue, so that all methods are reached.
#include <boost/json.hpp>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "server/methods/dispatcher.h"
#include "server/protocol/message_text.h"
#include "server/stdio/line_splitter.h"
#include "tests/conformance/fixture_catalogue.h"
#include "tests/support/fixture_tools.h"
#include "tests/unit/tools/fake_engine.h"

namespace {

// Without `wait`, which only ends when it is stopped.
std::vector<halo::Tool> EndingTools() {
  std::vector<halo::Tool> tools = halo::FixtureTools();
  std::erase_if(tools, [](const halo::Tool& tool) { return tool.info.name == "wait"; });
  return tools;
}

// Without tools that sleep or wait for an answer that never comes.
halo::Catalogue PromptCatalogue() {
  halo::Catalogue catalogue = halo::ConformanceCatalogue();
  catalogue.tools = halo::RoundTools();
  // A subscriber starts a thread that polls this; an error keeps it from reading resources.
  catalogue.resources.sequence = [] {
    return halo::Result<std::int64_t>(halo::Error{halo::Code::kUnavailable, "busy"});
  };
  return catalogue;
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
  static const halo::Dispatcher tools(halo::FixtureCatalogue(engine, EndingTools()),
                                      {std::chrono::milliseconds(0), {}});
  static const halo::Dispatcher prompts(PromptCatalogue(), {std::chrono::milliseconds(0), {}});
  if (size == 0) return 0;
  const halo::Dispatcher& dispatcher = data[0] % 2 == 0 ? tools : prompts;
  const auto connection = std::make_shared<halo::Connection>();
  // The revision with batches, so that they are reached.
  connection->Open(halo::Revision::k2025_03_26);
  const halo::Send send = [](const std::string& sent) { CheckSent(sent); };
  connection->SetChannel(send);
  std::vector<halo::Job> jobs;
  halo::IdFinder finder;
  const auto take = [&](std::string_view line, bool too_long) {
    if (too_long) {
      CheckSent(halo::ErrorText(std::exchange(finder, {}).id(), {halo::kInvalidRequest, "long"}));
    } else if (halo::Job job = dispatcher.Handle(line, connection, send)) {
      jobs.push_back(std::move(job));
    }
  };
  halo::LineSplitter lines(4096, take, [&](std::string_view bytes) { finder.Feed(bytes); });
  lines.Feed({reinterpret_cast<const char*>(data) + 1, size - 1});
  lines.End();
  for (const halo::Job& job : jobs) job();
  connection->StopAll();
  return 0;
}
