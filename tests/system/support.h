// SPDX-License-Identifier: MIT
// Shared by the system tests: traces, folders, answers, processes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"

namespace halo::system_test {

// A new folder that is removed with its content when the test ends.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string At(std::string_view name) const { return (path_ / name).string(); }
  std::string StoreUrl(std::string_view name) const { return "sqlite:" + At(name); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Requests of one span each, the spans of `traces` traces in order.
std::vector<std::string> SpanLines(int traces, std::uint64_t seed);
void WriteFile(const std::string& path, std::string_view bytes);
std::string Join(const std::vector<std::string>& lines);

std::unique_ptr<Engine> Open(const std::string& url);
IngestReport Ingest(Engine& engine, const std::vector<std::string>& paths);

// The answers of all tools, as bytes: two stores with equal answers are equal for a user.
std::string Answers(Engine& engine);

// Where two answers first differ, with context; empty if they are equal.
std::string FirstDifference(std::string_view one, std::string_view other);

// Starts the program under test and discards its output.
pid_t StartProgram(const std::vector<std::string>& arguments);
// Waits for the process; returns its exit code, or 128 plus the signal.
int WaitFor(pid_t child);

}  // namespace halo::system_test
