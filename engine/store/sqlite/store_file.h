// SPDX-License-Identifier: MIT
// Creates the files of a store, and checks that they are still the ones that were opened.
#pragma once

#include <string>

#include "engine/base/result.h"
#include "engine/store/sqlite/database.h"

namespace halo {

// Creates the folder and an empty file unless they exist. Only the user may read them, since a
// store holds prompts. kUnavailable.
Result<void> CreateStoreFile(const std::string& path);

// kCorrupt unless the file is empty or an SQLite database. SQLite itself would report that only at
// the first query.
Result<void> CheckStoreFile(const std::string& path);

// The files at the time of opening. Immutable; any thread.
class StoreFile {
 public:
  explicit StoreFile(const std::string& path);
  // kUnavailable if another file, or none, is at the path now. The message says what to do.
  Result<void> CheckIntact() const;
  // Whether another store is at the path now, without the log of the one that was opened.
  bool MayReopen() const;

 private:
  const std::string path_;
  const FileIdentity file_, log_, log_index_;
};

}  // namespace halo
