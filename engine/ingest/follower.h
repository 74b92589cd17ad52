// SPDX-License-Identifier: MIT
// Imports files and folders as they grow, until it is asked to stop. No failure ends it: where
// nothing can be stored it tries again from what was last committed, at growing intervals; what
// fails alone, such as one unreadable file, is passed over and tried again beside the rest. It
// holds no descriptor for a file that it is not reading.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/ingest/follow_status.h"
#include "engine/ingest/pipeline.h"
#include "engine/ingest/rules.h"
#include "engine/sources/watcher.h"
#include "engine/store/store.h"

namespace halo {

// One thread. Store, rules and board must outlive it.
class Follower {
 public:
  Follower(Store& store, const Rules& rules, int threads, std::span<const std::string> paths,
           FollowOptions options, FollowBoard& board);

  void Run();

 private:
  using Clock = std::chrono::steady_clock;

  // What says that a file is not as it was.
  struct FileState {
    std::int64_t size = -1, mtime_ns = -1, ctime_ns = -1;
    std::uint64_t inode = 0;
    bool operator==(const FileState&) const = default;
  };
  // Something that fails, since when, and when it is tried again.
  struct Failing {
    std::string why;
    std::int64_t since_ns = 0;
    std::chrono::milliseconds pause{0};
    Clock::time_point retry{};
  };
  struct File {
    std::string key;
    std::unique_ptr<Lease> lease;
    FileState seen;        // when it was last read
    bool growing = false;  // it was then: its end is still to be read as one
    std::optional<Failing> failing;
    std::int64_t listed = 0;  // the last round that found it
  };

  static FileState StateOf(const std::string& path);
  // An error means that nothing can be stored at present.
  Result<void> Round();
  Result<void> Visit(const std::string& path, File& file);
  Result<void> Read(const std::string& path, File& file, bool growing, std::optional<Error>& error);
  Result<void> PassOver(const std::string& path, File& file, const Error& error);
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
  std::unique_ptr<Pipeline> pipeline_;  // null after it failed
  int replacements_ = 0;                // of the store, when the files below were read
  std::int64_t round_ = 0;
  std::map<std::string, File> files_;
  std::vector<File*> unsettled_;  // read in this round, and not known to be stored
  std::map<std::string, std::optional<Failing>> failing_paths_;
  std::optional<Failing> failing_store_;
};

}  // namespace halo
