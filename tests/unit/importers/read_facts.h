// SPDX-License-Identifier: MIT
// What a store knows of an input: its traces as text, and what was refused.
#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace halo {

// A store in a folder of its own, which is removed with it.
class ScratchStore {
 public:
  ScratchStore();
  ~ScratchStore();
  Engine& engine() { return *engine_; }
  // Imports a file or folder; returns the number of refused parts.
  std::int64_t Ingest(const std::string& path);
  // Imports an input in memory.
  std::int64_t IngestBytes(std::string_view bytes);

 private:
  std::string folder_;
  std::unique_ptr<Engine> engine_;
};

// Every trace, the oldest trace id first:
//   trace OUTCOME by RULE task TASK session SESSION: N ms
//     KIND NAME MODEL 10+5 tokens 20 ms FAILED SIGNATURE {arguments} -> result
std::string DumpFacts(Engine& engine);

}  // namespace halo
