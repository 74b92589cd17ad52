// SPDX-License-Identifier: MIT
// Lines that processes show each other, one file per process beside the store. A file gets its full
// size when it is created, so that a line can be written even when the disk is full. Thread-safe.
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

class NoticeFiles {
 public:
  explicit NoticeFiles(const std::string& store_path) : prefix_(store_path + "-notice-") {}
  ~NoticeFiles();  // removes the own file
  NoticeFiles(const NoticeFiles&) = delete;
  NoticeFiles& operator=(const NoticeFiles&) = delete;

  // Cuts the line to the size of the file. An empty line shows none; the file stays.
  Result<void> Post(std::string_view text);
  // The lines of other processes. Removes files of processes that died.
  std::vector<std::string> OfOthers() const;

 private:
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::string path_;  // of the own file; empty before the first Post
  int file_ = -1;
};

}  // namespace halo
