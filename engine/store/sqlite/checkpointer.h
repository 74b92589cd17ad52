// SPDX-License-Identifier: MIT
// Moves what was committed from the write-ahead log to the store file, on a thread and a connection
// of its own, so that neither a writer nor its caller waits for the disk. Commits go on meanwhile;
// only what they add during the move is moved while they wait, and then the log starts over.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace halo {

class Checkpointer {
 public:
  // Runs what it is given while nobody, in this process or another, writes to the store.
  using Alone = std::function<void(const std::function<void()>&)>;

  // `alone` must stay callable as long as this lives.
  Checkpointer(std::string path, Alone alone);
  ~Checkpointer();  // what is under way is finished first
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // After a commit that left so many pages in the log. Any thread.
  void Tend(int log_pages) noexcept;

 private:
  void Work();
  void Move(int log_pages);

  const std::string path_;
  const Alone alone_;
  std::mutex mutex_;
  std::condition_variable wake_;
  int log_pages_ = 0;  // for which there is work to do
  bool closing_ = false;
  std::thread thread_;  // from the first work on
};

}  // namespace halo
