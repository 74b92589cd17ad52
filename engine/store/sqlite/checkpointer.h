// SPDX-License-Identifier: MIT
// Moves committed pages from the write-ahead log to the store file on its own thread and
// connection, so that no writer waits for the disk. Commits continue meanwhile; the pages that they
// add are then moved while writers wait, and the log starts over.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace halo {

class Checkpointer {
 public:
  // Runs its argument while no process writes to the store.
  using Alone = std::function<void(const std::function<void()>&)>;

  // `alone` must stay callable until the destructor returns.
  Checkpointer(std::string path, Alone alone);
  ~Checkpointer();  // finishes a checkpoint in progress
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // Moves all pages and truncates file and log as far as no reader prevents it. Waits for writers.
  void ShrinkFile();

  // Call this after a commit with the number of pages in the log. Any thread.
  void Tend(int log_pages) noexcept;

 private:
  void Work();
  void Move(int log_pages);

  const std::string path_;
  const Alone alone_;
  std::mutex mutex_;
  std::condition_variable wake_;
  int log_pages_ = 0;  // 0: nothing to do
  bool closing_ = false;
  std::thread thread_;  // started when there is work
};

}  // namespace halo
