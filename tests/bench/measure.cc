// SPDX-License-Identifier: MIT
#include "tests/bench/measure.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace halo::bench {
namespace {

double Seconds(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double Seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

double WallSeconds() { return Seconds(CLOCK_MONOTONIC); }
double ThreadSeconds() { return Seconds(CLOCK_THREAD_CPUTIME_ID); }

pid_t Start(const std::vector<std::string>& command, int input, int output) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0) Fail("fork failed");
  if (child == 0) {
    const int null = open("/dev/null", O_RDWR);
    dup2(input >= 0 ? input : null, 0);
    dup2(output >= 0 ? output : null, 1);
    dup2(null, 2);
    execvp(arguments[0], arguments.data());
    _exit(127);
  }
  return child;
}

ChildRun Run(const std::vector<std::string>& command) {
  ChildRun run;
  const double start = WallSeconds();
  const pid_t child = Start(command);
  rusage usage{};
  if (wait4(child, &run.status, 0, &usage) != child) Fail("wait failed");
  run.seconds = WallSeconds() - start;
  run.cpu_seconds = Seconds(usage.ru_utime) + Seconds(usage.ru_stime);
  run.peak_mb = static_cast<double>(usage.ru_maxrss) / 1024;
  if (run.status != 0) {
    std::string words;
    for (const std::string& word : command) words += word + " ";
    Fail("failed: " + words);
  }
  return run;
}

void Stop(pid_t child) {
  kill(child, SIGTERM);
  waitpid(child, nullptr, 0);
}

double Percentile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = std::ceil(share * static_cast<double>(values.size())) - 1;
  return values[static_cast<std::size_t>(std::max(at, 0.0))];
}

std::string Fixed(double number, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", digits, number);
  return buffer;
}

std::string Milliseconds(double seconds) {
  const double ms = seconds * 1000;
  return Fixed(ms, ms < 10 ? 1 : 0) + " ms";
}

bool PrintTable(const std::vector<Row>& rows) {
  std::printf("| what | must | aim | measured | |\n| --- | --- | --- | --- | --- |\n");
  for (const Row& row : rows) {
    std::printf("| %s | %s | %s | %s | %s |\n", row.what.c_str(), row.must.c_str(), row.aim.c_str(),
                row.measured.c_str(), row.met ? "holds" : "**missed**");
  }
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.met; });
}

void Fail(const std::string& why) {
  std::fprintf(stderr, "bench: %s\n", why.c_str());
  std::exit(1);
}

}  // namespace halo::bench
