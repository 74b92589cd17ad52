// SPDX-License-Identifier: MIT
// Who may write to a store now: one writer among all threads and processes, first come first
// served, so that a small write is not starved by bulk writers that ask again at once. Locks on a
// side file, which the kernel releases when their holder dies.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "engine/result.h"
#include "engine/store/store.h"

namespace halo {

class WriterLease {
 public:
  // Waits in line for at most `patience`; then kUnavailable. Released when it dies.
  static Result<WriterLease> Take(const std::string& lease_path,
                                  std::chrono::milliseconds patience);

  WriterLease(WriterLease&& other) noexcept;
  WriterLease& operator=(WriterLease&&) = delete;
  ~WriterLease();

 private:
  explicit WriterLease(int file) : file_(file) {}
  int file_;
};

// Null while anybody else holds the lease of that name.
Result<std::unique_ptr<Lease>> TryNamedLease(const std::string& lease_path, std::string_view name);

}  // namespace halo
