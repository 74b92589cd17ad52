// SPDX-License-Identifier: MIT
#include "server/commands/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace halo {
namespace {

constexpr std::chrono::milliseconds kInterval(100);
constexpr int kWidth = 30;

}  // namespace

ProgressBar::ProgressBar() : terminal_(isatty(STDERR_FILENO) == 1) {}

Progress ProgressBar::Callback() {
  if (!terminal_) return {};
  return [this](double done, double total, std::string_view what) { Draw(done, total, what); };
}

void ProgressBar::Clear() {
  const std::lock_guard lock(mutex_);
  if (!drawn_) return;
  std::fputs("\r\x1b[K", stderr);
  drawn_ = false;
}

void ProgressBar::Draw(double done, double total, std::string_view what) {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (now - last_ < kInterval) return;
  last_ = now;
  drawn_ = true;
  const int size = static_cast<int>(std::min<std::size_t>(what.size(), 40));
  if (total <= 0) {
    std::fprintf(stderr, "\r\x1b[K%.0f %.*s", done, size, what.data());
    return;
  }
  const double share = std::clamp(done / total, 0.0, 1.0);
  const std::string bar(static_cast<std::size_t>(share * kWidth), '#');
  std::fprintf(stderr, "\r\x1b[K[%-*s] %3.0f %% %.*s", kWidth, bar.c_str(), share * 100, size,
               what.data());
}

}  // namespace halo
