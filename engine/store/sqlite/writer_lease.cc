// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/writer_lease.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

namespace halo {
namespace {

using Clock = std::chrono::steady_clock;

// Bytes of the side file. The first eight hold the next ticket. Each waiter locks the byte of its
// ticket and waits for the lock of the one before: a CLH queue (Craig; Landin and Hagersten) of
// file locks. The holder's byte keeps writers exclusive even when a waiter in the middle has died.
constexpr off_t kTicketLock = 8;
constexpr off_t kHolder = 9;
constexpr off_t kLine = 1 << 20;
constexpr std::uint64_t kTickets = std::uint64_t{1} << 40;
constexpr off_t kNamed = off_t{1} << 61;

// Open file description locks also exclude threads that have their own descriptors.
bool SetLock(int file, off_t byte, short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = byte;
  lock.l_len = 1;
  return fcntl(file, F_OFD_SETLK, &lock) == 0;
}

bool TryLock(int file, off_t byte) { return SetLock(file, byte, F_WRLCK); }
void Unlock(int file, off_t byte) { SetLock(file, byte, F_UNLCK); }

// Polls instead of sleeping in the kernel, so that a suspended holder does not block everyone
// forever. The queue keeps its order.
bool LockBefore(int file, off_t byte, Clock::time_point deadline) {
  auto pause = std::chrono::microseconds(50);
  while (!TryLock(file, byte)) {
    if ((errno != EAGAIN && errno != EACCES && errno != EINTR) || Clock::now() > deadline) {
      return false;
    }
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(1000));
  }
  return true;
}

Result<int> OpenSideFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return Error{Code::kUnavailable, path + ": " + std::strerror(errno)};
  return file;
}

}  // namespace

Result<WriterLease> WriterLease::Take(const std::string& lease_path,
                                      std::chrono::milliseconds patience) {
  const Result<int> opened = OpenSideFile(lease_path);
  if (!opened) return opened.error();
  const int file = *opened;
  WriterLease lease(file);
  const Clock::time_point deadline = Clock::now() + patience;
  const auto busy = [&] {
    return Error{Code::kUnavailable,
                 "another process is writing to the store and gave no turn for " +
                     std::to_string(patience.count()) + " ms; try again, or end it (" + lease_path +
                     ")"};
  };

  if (!LockBefore(file, kTicketLock, deadline)) return busy();
  std::uint64_t ticket = 0;
  if (pread(file, &ticket, sizeof ticket, 0) != sizeof ticket) ticket = 0;
  ticket %= kTickets;
  const std::uint64_t next = ticket + 1;
  const bool counted = pwrite(file, &next, sizeof next, 0) == sizeof next;
  const off_t mine = kLine + static_cast<off_t>(next);
  const bool in_line = counted && TryLock(file, mine);
  Unlock(file, kTicketLock);
  // Without a ticket (the disk is full) the holder's byte still keeps writers exclusive.
  if (in_line) {
    if (!LockBefore(file, mine - 1, deadline)) return busy();
    Unlock(file, mine - 1);
  }
  if (!LockBefore(file, kHolder, deadline)) return busy();
  return lease;
}

WriterLease::WriterLease(WriterLease&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLease::~WriterLease() {
  if (file_ >= 0) close(file_);
}

// The locks of one open file description do not exclude each other, so a set records what this
// process holds.
struct NamedLeases::Held {
  ~Held() {
    if (file >= 0) close(file);
  }
  std::mutex mutex;
  int file = -1;  // opened with the first lease
  std::set<off_t> bytes;
};

NamedLeases::NamedLeases(std::string lease_path)
    : path_(std::move(lease_path)), held_(std::make_shared<Held>()) {}

Result<std::unique_ptr<Lease>> NamedLeases::Try(std::string_view name) {
  class NamedLease final : public Lease {
   public:
    NamedLease(std::shared_ptr<Held> held, off_t byte) : held_(std::move(held)), byte_(byte) {}
    ~NamedLease() override {
      const std::lock_guard lock(held_->mutex);
      Unlock(held_->file, byte_);
      held_->bytes.erase(byte_);
    }
    NamedLease(const NamedLease&) = delete;
    NamedLease& operator=(const NamedLease&) = delete;

   private:
    const std::shared_ptr<Held> held_;
    const off_t byte_;
  };

  const std::uint64_t hash = XXH3_64bits(name.data(), name.size());
  const off_t byte = kNamed + static_cast<off_t>(hash >> 4);
  const std::lock_guard lock(held_->mutex);
  if (held_->file < 0) {
    const Result<int> opened = OpenSideFile(path_);
    if (!opened) return opened.error();
    held_->file = *opened;
  }
  if (held_->bytes.contains(byte) || !TryLock(held_->file, byte)) return std::unique_ptr<Lease>();
  held_->bytes.insert(byte);
  return std::unique_ptr<Lease>(std::make_unique<NamedLease>(held_, byte));
}

}  // namespace halo
