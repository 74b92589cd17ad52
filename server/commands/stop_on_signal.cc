// SPDX-License-Identifier: MIT
#include "server/commands/stop_on_signal.h"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace halo {
namespace {

sigset_t StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

StopOnSignal::StopOnSignal() {
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  wake_ = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] { Wait(); });
}

StopOnSignal::~StopOnSignal() {
  const std::uint64_t one = 1;
  if (write(wake_, &one, sizeof one) < 0) stop_.request_stop();
  thread_.join();
  close(wake_);
  const sigset_t signals = StopSignals();
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

void StopOnSignal::Wait() {
  const sigset_t signals = StopSignals();
  const int descriptor = signalfd(-1, &signals, SFD_CLOEXEC);
  std::array<pollfd, 2> events{{{descriptor, POLLIN, 0}, {wake_, POLLIN, 0}}};
  poll(events.data(), events.size(), -1);
  if (events[0].revents & POLLIN) {
    signalfd_siginfo taken;
    if (read(descriptor, &taken, sizeof taken) > 0) stop_.request_stop();
    // From now on this thread receives a second signal, which ends the process.
    pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
    pollfd rest{wake_, POLLIN, 0};
    poll(&rest, 1, -1);
  }
  close(descriptor);
}

}  // namespace halo
