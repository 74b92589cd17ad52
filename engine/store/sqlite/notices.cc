// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/notices.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

namespace halo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNoticeBytes = 2048;

// Locks the open file until the process ends. Whoever can lock another's file knows that its
// process is gone.
bool Lock(int file) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

}  // namespace

NoticeFiles::~NoticeFiles() {
  if (file_ < 0) return;
  unlink(path_.c_str());
  close(file_);
}

Result<void> NoticeFiles::Post(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (file_ < 0) {
    // Each open store of a process has its own file. A file that is not locked is stale.
    for (int number = 1;; ++number) {
      path_ = prefix_ + std::to_string(getpid()) + "." + std::to_string(number);
      file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
      if (file_ < 0) return Error{Code::kUnavailable, path_ + ": " + std::strerror(errno)};
      if (Lock(file_)) break;
      close(std::exchange(file_, -1));
    }
  }
  std::string bytes(text.substr(0, kNoticeBytes - 1));
  std::replace(bytes.begin(), bytes.end(), '\n', ' ');
  bytes += '\n';
  bytes.resize(kNoticeBytes, ' ');
  if (pwrite(file_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return Error{Code::kUnavailable, path_ + ": " + std::strerror(errno)};
  }
  return {};
}

std::vector<std::string> NoticeFiles::OfOthers() const {
  std::vector<std::string> out;
  fs::path own;
  {
    const std::lock_guard lock(mutex_);
    own = path_;
  }
  const fs::path prefix(prefix_);
  const fs::path folder = prefix.has_parent_path() ? prefix.parent_path() : fs::path(".");
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const std::string name = it->path().filename().string();
    if (!name.starts_with(prefix.filename().string()) || name == own.filename()) continue;
    int file = open(it->path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) file = open(it->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) continue;
    std::array<char, kNoticeBytes> bytes{};
    const ssize_t got = pread(file, bytes.data(), bytes.size(), 0);
    // A file that is being created has no bytes yet.
    const bool dead = got > 0 && Lock(file);
    if (dead) unlink(it->path().c_str());
    close(file);
    if (dead || got <= 0) continue;
    std::string_view text(bytes.data(), static_cast<std::size_t>(got));
    text = text.substr(0, text.find('\n'));
    if (!text.empty()) out.emplace_back(text);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace halo
