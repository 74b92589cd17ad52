// SPDX-License-Identifier: MIT
// Lines that processes show to each other in files beside the store, one a process. Such a file
// has all its bytes from the start, so that a full disk does not keep the line from being written.
// Thread-safe.
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
  ~NoticeFiles();  // takes the own one back
  NoticeFiles(const NoticeFiles&) = delete;
  NoticeFiles& operator=(const NoticeFiles&) = delete;

  // Cut to what the file has room for. Empty for none; the file stays.
  Result<void> Post(std::string_view text);
  // Files of processes that died are removed.
  std::vector<std::string> OfOthers() const;

 private:
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::string path_;  // of the own file, from the first post on
  int file_ = -1;
};

}  // namespace halo
