// SPDX-License-Identifier: MIT
#include "server/catalogue/halo_catalogue.h"

#include <memory>
#include <utility>

#include "server/protocol/server_info.h"
#include "server/session/answer_cache.h"
#include "tools/common/fenced_line.h"
#include "tools/common/to_wire.h"

namespace halo {

Catalogue HaloCatalogue(Engine& engine, RootsOf roots_of) {
  Catalogue out{HaloServer(), {}, HaloResources(engine), HaloPrompts(engine), {}};
  out.troubles = [&engine] {
    std::vector<std::string> texts;
    for (const FollowTrouble& trouble : engine.Following().troubles) {
      texts.push_back(FencedLine(TroubleSentence(trouble)));
    }
    return texts;
  };
  const auto cache = std::make_shared<AnswerCache>([&engine] { return engine.Sequence(); },
                                                   AnswerCache::Options{});
  for (Tool& tool : AllTools()) {
    ServedTool& served = out.tools.emplace_back(Serve(engine, std::move(tool), roots_of));
    // Slow tools are not cached: a client that waits for another client's call gets no progress.
    if (served.info.annotations.read_only && !served.info.may_take_minutes) served.cache = cache;
  }
  return out;
}

}  // namespace halo
