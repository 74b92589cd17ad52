// SPDX-License-Identifier: MIT
// Imports files, folders, standard input and bytes into a store once, without following them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/ingest/ingest_report.h"
#include "engine/ingest/rules.h"
#include "engine/sources/rooted_files.h"
#include "engine/store/store.h"

namespace halo {

// Thread-safe. Store and rules must outlive it.
class Ingester {
 public:
  Ingester(Store& store, const Rules& rules, int threads)
      : store_(store), rules_(rules), threads_(threads) {}

  // See Engine::IngestPaths and IngestBytes, and Importing::Beneath.
  Result<IngestReport> Paths(std::span<const std::string> paths, const IngestOptions& options);
  Result<IngestReport> Beneath(const RootedFiles& files, const IngestOptions& options);
  Result<IngestReport> Bytes(std::string_view name, std::string_view bytes,
                             const IngestOptions& options);

 private:
  struct Input;
  Result<IngestReport> TakeAll(const std::vector<Input>& inputs, const IngestOptions& options);
  // Adds a refused input to the report and, unless the key is empty, to the store; see
  // RefuseSource.
  Result<void> Refuse(const std::string& key, const Error& error, std::string_view name,
                      IngestReport& report);

  Store& store_;
  const Rules& rules_;
  const int threads_;
};

}  // namespace halo
