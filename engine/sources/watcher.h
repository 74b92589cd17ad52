// SPDX-License-Identifier: MIT
// Waits until something under given paths may have changed (inotify).
#pragma once

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace halo {

// Not thread-safe. If the kernel cannot watch (network file systems, no watches left), it only
// sleeps: callers must check again after every timeout.
class Watcher {
 public:
  // Files are watched through their folders, so that they may appear, disappear and be replaced.
  explicit Watcher(std::span<const std::string> paths);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Returns after a change, after the timeout, or when asked to stop.
  void Wait(std::chrono::milliseconds timeout, std::stop_token stop);

 private:
  void WatchFolder(const std::string& folder, bool recursive);
  void Drain();

  int inotify_ = -1;
  int wake_ = -1;  // eventfd, written when asked to stop
  struct Watched {
    std::string folder;
    bool recursive = false;  // also watch new folders in it
  };
  std::unordered_map<int, Watched> watched_;
};

}  // namespace halo
