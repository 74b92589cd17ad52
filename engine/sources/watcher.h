// SPDX-License-Identifier: MIT
// Sleeps until something beneath some paths may have changed (inotify).
#pragma once

#include <chrono>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>

namespace halo {

// One thread. Where the kernel cannot watch (network file systems, watches used up) it only
// sleeps: callers look again at every timeout.
class Watcher {
 public:
  // Files are watched through their folders, so that a file may appear, go and be replaced.
  explicit Watcher(std::span<const std::string> paths);
  ~Watcher();
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;

  // Returns at a change, at the timeout, or when asked to stop.
  void Wait(std::chrono::milliseconds timeout, std::stop_token stop);

 private:
  void WatchFolder(const std::string& folder, bool beneath);
  void Drain();

  int inotify_ = -1;
  int wake_ = -1;  // eventfd, written when asked to stop
  struct Watched {
    std::string folder;
    bool beneath = false;  // new folders in it are watched too
  };
  std::unordered_map<int, Watched> watched_;
};

}  // namespace halo
