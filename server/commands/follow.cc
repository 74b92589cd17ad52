// SPDX-License-Identifier: MIT
#include "server/commands/follow.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/common/fenced_line.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

// A folder may have thousands of files that cannot be read.
constexpr std::size_t kMostTold = 5;

bool Has(const FollowStatus& status, const FollowTrouble& wanted) {
  return std::any_of(status.troubles.begin(), status.troubles.end(), [&](const auto& trouble) {
    return trouble.path == wanted.path && trouble.since_ns == wanted.since_ns;
  });
}

Prose EndSentence(const FollowTrouble& trouble) {
  if (trouble.path.empty()) {
    return "Followed traces are stored again; reading goes on from what was stored last.";
  }
  return Say(TraceId(trouble.path), " is followed now.");
}

class Teller {
 public:
  explicit Teller(Announce announce) : announce_(std::move(announce)) {}

  void Tell(const FollowStatus& now) {
    std::size_t told = 0;
    for (const FollowTrouble& trouble : now.troubles) {
      if (Has(before_, trouble) || ++told > kMostTold) continue;
      const bool all = trouble.path.empty();
      Report(all ? LogLevel::kError : LogLevel::kWarning, TroubleSentence(trouble),
             TroubleLine(trouble));
    }
    for (const FollowTrouble& trouble : before_.troubles) {
      if (Has(now, trouble) || ++told > kMostTold) continue;
      // As grave as a warning, so that whoever was told of the trouble is told of its end.
      const Prose end = EndSentence(trouble);
      Report(LogLevel::kWarning, end,
             trouble.path.empty() ? PlainText(end)
                                  : CleanName(trouble.path, 300) + " is followed now.");
    }
    before_ = now;
  }

 private:
  // A client may show its model what it is told; the log is for people.
  void Report(LogLevel level, const Prose& prose, const std::string& line) {
    level == LogLevel::kError ? spdlog::error("{}", line) : spdlog::warn("{}", line);
    if (announce_) announce_(level, FencedLine(prose));
  }

  const Announce announce_;
  FollowStatus before_;
};

}  // namespace

void FollowAndTell(Engine& engine, const std::vector<std::string>& paths, FollowOptions options,
                   const Announce& announce) {
  Teller teller(announce);
  options.on_change = [&teller](const FollowStatus& status) { teller.Tell(status); };
  engine.Follow(paths, options);
}

std::jthread FollowInBackground(Engine& engine, std::vector<std::string> paths, std::string project,
                                Announce announce) {
  if (paths.empty()) return {};
  return std::jthread([&engine, paths = std::move(paths), project = std::move(project),
                       announce = std::move(announce)](std::stop_token stop) {
    FollowOptions options;
    options.project = project;
    options.stop = std::move(stop);
    FollowAndTell(engine, paths, std::move(options), announce);
  });
}

}  // namespace halo
