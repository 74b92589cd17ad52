// SPDX-License-Identifier: MIT
#include "server/halo/halo_catalogue.h"

#include <memory>
#include <utility>

#include "schemas/json_text.h"
#include "server/answer_cache.h"
#include "server/server_info.h"

namespace halo {
namespace {

// Longer arguments are hardly asked twice.
constexpr std::size_t kMaxKeptArguments = 4096;

// A tool that only reads answers the same until the store moves. What may take minutes is left out:
// who waits for another's computation hears of no progress.
ServedTool Kept(ServedTool tool, const std::shared_ptr<AnswerCache>& cache) {
  if (!tool.info.annotations.read_only || tool.info.may_take_minutes) return tool;
  tool.call = [name = tool.info.name, call = std::move(tool.call),
               cache](const Exchange& exchange) -> RpcResult {
    std::string key = name + " " + std::string(NameOf(exchange.client.revision)) + " ";
    if (const auto* arguments = exchange.params.if_contains("arguments")) {
      key += Serialise(*arguments);
    }
    if (key.size() > kMaxKeptArguments) return call(exchange);
    return cache->Get(key, [&] { return call(exchange); });
  };
  return tool;
}

}  // namespace

Catalogue HaloCatalogue(Engine& engine) {
  Catalogue out{HaloServer(), {}, HaloResources(engine), HaloPrompts(engine)};
  const auto cache = std::make_shared<AnswerCache>([&engine] { return engine.Sequence(); },
                                                   AnswerCache::Options{});
  for (Tool& tool : AllTools()) {
    out.tools.push_back(Kept(Serve(engine, std::move(tool)), cache));
  }
  return out;
}

}  // namespace halo
