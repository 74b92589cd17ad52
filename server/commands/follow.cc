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

// At most this many problems are reported at once: a folder may have thousands of unreadable files.
constexpr std::size_t kMaxReports = 5;

bool Has(const FollowStatus& status, const FollowTrouble& wanted) {
  return std::any_of(status.troubles.begin(), status.troubles.end(), [&](const auto& trouble) {
    return trouble.path == wanted.path && trouble.since_ns == wanted.since_ns;
  });
}

Prose EndSentence(const FollowTrouble& trouble) {
  if (trouble.path.empty()) {
    return "Followed traces are being stored again; reading continues where it stopped.";
  }
  return Say(TraceId(trouble.path), " is being followed now.");
}

// Reports problems when they begin and when they end.
class TroubleReporter {
 public:
  explicit TroubleReporter(Announce announce) : announce_(std::move(announce)) {}

  void Update(const FollowStatus& now) {
    std::size_t reports = 0;
    for (const FollowTrouble& trouble : now.troubles) {
      if (Has(before_, trouble) || ++reports > kMaxReports) continue;
      const bool all = trouble.path.empty();
      Report(all ? LogLevel::kError : LogLevel::kWarning, TroubleSentence(trouble),
             TroubleLine(trouble));
    }
    for (const FollowTrouble& trouble : before_.troubles) {
      if (Has(now, trouble) || ++reports > kMaxReports) continue;
      // Also a warning, so that clients that saw the problem also see its end.
      const Prose end = EndSentence(trouble);
      Report(LogLevel::kWarning, end,
             trouble.path.empty() ? PlainText(end)
                                  : CleanName(trouble.path, 300) + " is being followed now.");
    }
    before_ = now;
  }

 private:
  // Clients may pass messages to a model, so those are fenced; the log is for people.
  void Report(LogLevel level, const Prose& prose, const std::string& line) {
    level == LogLevel::kError ? spdlog::error("{}", line) : spdlog::warn("{}", line);
    if (announce_) announce_(level, FencedLine(prose));
  }

  const Announce announce_;
  FollowStatus before_;
};

}  // namespace

void FollowAndReport(Engine& engine, const std::vector<std::string>& paths, FollowOptions options,
                     const Announce& announce) {
  TroubleReporter reporter(announce);
  options.on_change = [&reporter](const FollowStatus& status) { reporter.Update(status); };
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
    FollowAndReport(engine, paths, std::move(options), announce);
  });
}

}  // namespace halo
