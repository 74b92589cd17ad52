// SPDX-License-Identifier: MIT
// Files under folders that a client may name. A path is opened beneath its root by the kernel
// (openat2 with RESOLVE_BENEATH), so that neither ".." nor a symbolic link leads out of it, and
// what was opened is checked, not its name: only regular files are read.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"

namespace halo {

// Movable.
class RootedFiles {
 public:
  // `path` is absolute, or relative to one of the roots: a file or a folder, whose files are listed
  // sorted, without hidden ones. A root is a folder, or a file that may be named itself. Errors say
  // which folders are allowed: kInvalidArgument for a path outside of them, kNotFound.
  static Result<RootedFiles> Open(const std::vector<std::string>& roots, const std::string& path);

  RootedFiles(RootedFiles&& other) noexcept;
  RootedFiles& operator=(RootedFiles&&) = delete;
  ~RootedFiles();

  // Absolute names, for messages.
  const std::vector<std::string>& names() const { return names_; }
  // Whether the path names a file rather than a folder.
  bool is_file() const { return is_file_; }
  // Opens one of the files for reading; the caller closes it. The index is that of its name.
  Result<int> OpenFile(std::size_t index) const;
  std::uint64_t SizeOf(std::size_t index) const;
  // Entries that are neither files nor folders, or that lead out of the root.
  std::int64_t skipped() const { return skipped_; }

 private:
  RootedFiles() = default;
  Result<void> List(const std::string& inner, int depth);

  int root_ = -1;                           // descriptor of the root folder
  std::string root_name_;                   // its path
  std::vector<std::string> names_, inner_;  // absolute; relative to the root
  bool is_file_ = false;
  std::int64_t skipped_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> visited_;  // folders: device, inode
};

}  // namespace halo
