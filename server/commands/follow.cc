// SPDX-License-Identifier: MIT
#include "server/commands/follow.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace halo {

std::jthread FollowInBackground(Engine& engine, std::vector<std::string> paths,
                                std::string project) {
  if (paths.empty()) return {};
  return std::jthread(
      [&engine, paths = std::move(paths), project = std::move(project)](std::stop_token stop) {
        IngestOptions ingest;
        ingest.project = project;
        ingest.stop = std::move(stop);
        const Result<void> followed = engine.Follow(paths, ingest);
        if (!followed) spdlog::error("--traces: {}", followed.error().message);
      });
}

}  // namespace halo
