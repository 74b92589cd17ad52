// SPDX-License-Identifier: MIT
#include "engine/sources/watcher.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

namespace halo {
namespace fs = std::filesystem;

Watcher::Watcher(std::span<const std::string> paths)
    : inotify_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wake_(eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (fs::is_directory(path, error)) {
      WatchFolder(path, true);
    } else {
      const fs::path parent = fs::path(path).parent_path();
      WatchFolder(parent.empty() ? "." : parent.string(), false);
    }
  }
}

Watcher::~Watcher() {
  if (inotify_ >= 0) close(inotify_);
  if (wake_ >= 0) close(wake_);
}

void Watcher::WatchFolder(const std::string& folder, bool recursive) {
  if (inotify_ < 0) return;
  const int id = inotify_add_watch(inotify_, folder.c_str(),
                                   IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE);
  if (id < 0) return;
  Watched& watched = watched_[id];
  watched.folder = folder;
  watched.recursive = watched.recursive || recursive;
  if (!recursive) return;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    if (it->is_directory(ignored) && !it->is_symlink(ignored)) {
      WatchFolder(it->path().string(), true);
    }
  }
}

void Watcher::Drain() {
  alignas(inotify_event) std::array<char, 16 << 10> buffer;
  std::vector<std::string> folders;
  ssize_t size;
  while ((size = read(inotify_, buffer.data(), buffer.size())) > 0) {
    for (ssize_t at = 0; at < size;) {
      const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
      at += static_cast<ssize_t>(sizeof *event + event->len);
      const auto watched = watched_.find(event->wd);
      if ((event->mask & IN_ISDIR) && event->len > 0 && watched != watched_.end() &&
          watched->second.recursive) {
        folders.push_back((fs::path(watched->second.folder) / event->name).string());
      }
    }
  }
  for (const std::string& folder : folders) WatchFolder(folder, true);
}

void Watcher::Wait(std::chrono::milliseconds timeout, std::stop_token stop) {
  const std::stop_callback wake(stop, [this] {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof one);
  });
  std::array<pollfd, 2> fds{pollfd{inotify_, POLLIN, 0}, pollfd{wake_, POLLIN, 0}};
  if (poll(fds.data(), fds.size(), static_cast<int>(timeout.count())) > 0 &&
      (fds[0].revents & POLLIN)) {
    Drain();
  }
}

}  // namespace halo
