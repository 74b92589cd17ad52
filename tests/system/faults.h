// SPDX-License-Identifier: MIT
// Injects real faults around a store, and removes them.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "engine/engine.h"

namespace halo::system_test {

// A process that takes the write lock of a store on command, within a transaction that has written,
// and can be stopped there. Create it before this process opens any store, because SQLite's state
// must not be inherited through a fork.
class LockHolder {
 public:
  explicit LockHolder(std::string store_path);
  ~LockHolder();
  LockHolder(const LockHolder&) = delete;
  LockHolder& operator=(const LockHolder&) = delete;
  void Lock();
  void Unlock();
  pid_t pid() const { return child_; }

 private:
  void Command(char word);

  std::string path_;
  pid_t child_ = -1;
  int commands_ = -1, answers_ = -1;
};

// A small file system in memory. If this user may not mount one, Mount prints that and returns
// null.
class SmallDisk {
 public:
  static std::unique_ptr<SmallDisk> Mount(const std::string& folder, int kilobytes);
  ~SmallDisk();
  void Fill();   // to the last byte
  void Clear();  // what Fill wrote

 private:
  explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

// Makes a folder read-only for processes that open its files from now on. If this user may not,
// prints that and returns false.
bool MakeReadOnly(const std::string& folder);
void MakeWritable(const std::string& folder);

// Sets whether SQLite's writes in this process fail with EIO.
void FailWrites(bool fail);

void Eventually(const std::function<bool()>& holds);

// A tool's answer as JSON text, or its error.
std::string CallTool(Engine& engine, std::string_view name, std::string_view arguments = "{}");

// Runs the program; returns its exit code and output.
std::pair<int, std::string> RunProgram(const std::string& arguments);

}  // namespace halo::system_test
