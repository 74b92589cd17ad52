// SPDX-License-Identifier: MIT
// A lock for one writer among all threads and processes, first come first served, so that bulk
// writers do not starve a small write. Uses locks on a side file, which the kernel releases when
// their holder dies.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "engine/store/store.h"

namespace halo {

class WriterLease {
 public:
  // Waits in the queue for at most `patience`, then fails with kUnavailable. Released when
  // destroyed.
  static Result<WriterLease> Take(const std::string& lease_path,
                                  std::chrono::milliseconds patience);

  WriterLease(WriterLease&& other) noexcept;
  WriterLease& operator=(WriterLease&&) = delete;
  ~WriterLease();

 private:
  explicit WriterLease(int file) : file_(file) {}
  int file_;
};

// Leases by name on one descriptor. Thread-safe; leases may outlive it.
class NamedLeases {
 public:
  explicit NamedLeases(std::string lease_path);

  // Null while anyone else holds the lease of that name.
  Result<std::unique_ptr<Lease>> Try(std::string_view name);

 private:
  struct Held;
  const std::string path_;
  const std::shared_ptr<Held> held_;
};

}  // namespace halo
