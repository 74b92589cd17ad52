// SPDX-License-Identifier: MIT
// Clocks, child processes and the table of the benchmark.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace halo::bench {

double WallSeconds();    // monotonic
double ThreadSeconds();  // CPU time of this thread

struct ChildRun {
  double seconds = 0;      // wall time
  double cpu_seconds = 0;  // user and system
  double peak_mb = 0;      // resident
  int status = 0;          // of waitpid
};
// Runs a program and discards its output. Ends the benchmark if the program fails.
ChildRun Run(const std::vector<std::string>& command);
// Starts a program in the background.
pid_t Start(const std::vector<std::string>& command, int input = -1, int output = -1);
void Stop(pid_t child);  // SIGTERM, then waits

double Percentile(std::vector<double> values, double share);
std::string Milliseconds(double seconds);
std::string Fixed(double number, int digits);

struct Row {
  std::string what, must, aim, measured;
  bool met = false;
};
// Prints the rows as markdown. Returns whether all targets are met.
bool PrintTable(const std::vector<Row>& rows);

[[noreturn]] void Fail(const std::string& why);

}  // namespace halo::bench
