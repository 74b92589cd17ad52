// SPDX-License-Identifier: MIT
// Imports files and folders as they grow, until it is asked to stop. Failures do not end it: if the
// store does not accept writes, it retries from the last commit, at growing intervals; a single
// failure, such as an unreadable file, is skipped and retried later. Keeps no descriptor open for a
// file that it is not reading.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/ingest/follow_status.h"
#include "engine/ingest/pipeline.h"
#include "engine/ingest/rules.h"
#include "engine/sources/watcher.h"
#include "engine/store/store.h"

namespace halo {

// Not thread-safe. Store, rules and board must outlive it.
class Follower {
 public:
  Follower(Store& store, const Rules& rules, int threads, std::span<const std::string> paths,
           FollowOptions options, FollowBoard& board);

  void Run();

 private:
  using Clock = std::chrono::steady_clock;

  // The state of a file, by which changes are detected.
  struct FileState {
    std::int64_t size = -1, mtime_ns = -1, ctime_ns = -1;
    std::uint64_t inode = 0;
    bool operator==(const FileState&) const = default;
  };
  // Something that fails, since when, and when to retry it.
  struct Failing {
    std::string why;
    std::int64_t since_ns = 0;
    std::chrono::milliseconds pause{0};
    Clock::time_point retry{};
  };
  struct File {
    std::string key;
    std::string target;       // the path without links, which the key names
    std::uint64_t inode = 0;  // when the key was determined
    std::unique_ptr<Lease> lease;
    FileState seen;        // at the last read
    bool growing = false;  // read as growing, so its end must still be read as complete
    std::optional<Failing> failing;
    std::int64_t listed = 0;  // the last round that found it
  };

  static FileState StateOf(const std::string& path);
  // An error means that the store does not accept writes.
  Result<void> Round();
  Result<void> Visit(const std::string& path, File& file);
  Result<void> Read(const std::string& path, File& file, bool growing, std::optional<Error>& error);
  // Finds where the file went that was read before under this path, if another is there now, and
  // follows it, too. True if it did: the path has not been read yet.
  Result<bool> FindRotated(const std::string& path, const File& file, const SourcePosition& known);
  // A file is gone: finds where it went, so that its lines do not count twice.
  Result<void> Retire(const std::string& path, const File& file);
  Result<void> VisitAll(const std::vector<std::string>& names);
  Result<void> Skip(const std::string& path, File& file, const Error& error);
  void Fail(std::optional<Failing>& failing, const std::string& why);
  void Publish();
  void Pause(std::chrono::milliseconds time);

  Store& store_;
  const Rules& rules_;
  const int threads_;
  const std::vector<std::string> paths_;
  const FollowOptions options_;
  FollowBoard& board_;
  Watcher watcher_;
  std::unique_ptr<Pipeline> pipeline_;  // null after a failure
  int replacements_ = 0;                // Store::replacements() when the files below were read
  std::int64_t round_ = 0;
  std::map<std::string, File> files_;
  // Files that were renamed, copied or compressed by a rotation and are not under the paths. They
  // are followed until they are complete or gone.
  std::set<std::string> rotated_;
  std::vector<File*> unsettled_;  // read in this round, but maybe not stored
  std::map<std::string, std::optional<Failing>> failing_paths_;
  std::optional<Failing> failing_store_;
};

}  // namespace halo
