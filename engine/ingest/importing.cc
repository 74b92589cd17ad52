// SPDX-License-Identifier: MIT
#include "engine/ingest/importing.h"

#include <chrono>

#include "engine/base/clock.h"
#include "engine/sources/rooted_files.h"

namespace halo {

// Now, so that the first question after an import need not wait.
Result<void> Importing::Analyse(const Progress& progress, const std::stop_token& stop) {
  const auto report_progress = [&](double done, double total) {
    if (progress) progress(done, total, "traces analysed");
  };
  const Result<std::int64_t> done = parts_.refresher.Run(
      Refresh::kDue, NowNs(), std::chrono::steady_clock::time_point::max(), stop, report_progress);
  if (!done) return done.error();
  return {};
}

Result<IngestReport> Importing::Beneath(const std::vector<std::string>& roots,
                                        const std::string& path, const IngestOptions& options) {
  const Result<RootedFiles> files = RootedFiles::Open(roots, path);
  if (!files) return files.error();
  Result<IngestReport> report = parts_.ingester.Beneath(*files, options);
  if (!report || options.dry_run || report->stopped) return report;
  if (const Result<void> analysed = Analyse(options.progress, options.stop); !analysed) {
    return analysed.error();
  }
  return report;
}

Result<PullReport> Importing::Pull(const ServiceConnection& connection,
                                   const PullOptions& options) {
  Result<PullReport> report =
      PullTraces(parts_.store, parts_.rules, parts_.threads, connection, options);
  if (!report || options.dry_run || report->stopped) return report;
  if (const Result<void> analysed = Analyse(options.progress, options.stop); !analysed) {
    return analysed.error();
  }
  return report;
}

}  // namespace halo
