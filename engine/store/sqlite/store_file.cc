// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/store_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <vector>

namespace halo {

namespace fs = std::filesystem;

Result<void> CreateStoreFile(const std::string& path) {
  const fs::path folder = fs::path(path).parent_path();
  if (!folder.empty()) {
    std::vector<fs::path> missing;
    std::error_code error;
    for (fs::path at = folder; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
      missing.push_back(at);
    }
    for (auto at = missing.rbegin(); at != missing.rend(); ++at) {
      if (mkdir(at->c_str(), 0700) != 0 && errno != EEXIST) {
        return Error{Code::kUnavailable,
                     "cannot create the folder " + at->string() + ": " + std::strerror(errno)};
      }
    }
  }
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{Code::kUnavailable, "cannot open " + path + ": " + std::strerror(errno)};
  }
  close(file);
  return {};
}

Result<void> CheckStoreFile(const std::string& path) {
  std::array<char, 16> head{};
  std::ifstream file(path, std::ios::binary);
  file.read(head.data(), head.size());
  if (file.gcount() == 0) return {};
  constexpr std::string_view kMagic("SQLite format 3\0", 16);
  if (std::string_view(head.data(), static_cast<std::size_t>(file.gcount())) != kMagic) {
    return Error{Code::kCorrupt, path +
                                     " is not a halo-mcp store (not an SQLite file); name another "
                                     "file with --store, or move this one away"};
  }
  return {};
}

StoreFile::StoreFile(const std::string& path)
    : path_(path),
      file_(IdentityOf(path)),
      log_(IdentityOf(path + "-wal")),
      log_index_(IdentityOf(path + "-shm")) {}

Result<void> StoreFile::CheckIntact() const {
  const FileIdentity now = IdentityOf(path_);
  if (now == file_) return {};
  std::string message = "the store " + path_ + " was " +
                        (now.exists() ? "replaced by another file" : "deleted") +
                        " while this program had it open, so nothing is read or stored. ";
  if (!now.exists()) {
    message += "Put the store back, or make a new one with `halo-mcp doctor --store " + path_ +
               "`; this program then continues with it";
  } else if (!MayReopen()) {
    // SQLite would replay the old store's log into the new one.
    message +=
        "The log of the previous store is still beside it: stop all programs that use it, "
        "delete " +
        path_ + "-wal and " + path_ + "-shm, and start them again";
  } else {
    message += "Start this program again";
  }
  return Error{Code::kUnavailable, message};
}

bool StoreFile::MayReopen() const {
  const auto is_new = [](const FileIdentity& now, const FileIdentity& then) {
    return !now.exists() || now != then;
  };
  const FileIdentity now = IdentityOf(path_);
  return now.exists() && now != file_ && is_new(IdentityOf(path_ + "-wal"), log_) &&
         is_new(IdentityOf(path_ + "-shm"), log_index_);
}

}  // namespace halo
