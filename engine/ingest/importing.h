// SPDX-License-Identifier: MIT
// Imports that a client may ask for: files under allowed folders, and the connections of halo.toml.
#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ingest/ingest_report.h"
#include "engine/ingest/ingester.h"
#include "engine/ingest/puller.h"
#include "engine/ingest/refresh.h"
#include "engine/ingest/rules.h"
#include "engine/model/service_connection.h"
#include "engine/store/store.h"

namespace halo {

// Thread-safe. Everything given must outlive it.
class Importing {
 public:
  struct Parts {
    Store& store;
    const Rules& rules;
    Refresher& refresher;
    Ingester& ingester;
    int threads = 1;
  };
  Importing(const Parts& parts, std::vector<ServiceConnection> connections)
      : parts_(parts), connections_(std::move(connections)) {}

  const std::vector<ServiceConnection>& connections() const { return connections_; }

  // See RootedFiles. Analyses what it read.
  Result<IngestReport> Beneath(const std::vector<std::string>& roots, const std::string& path,
                               const IngestOptions& options);
  // See PullTraces. Analyses what it read.
  Result<PullReport> Pull(const ServiceConnection& connection, const PullOptions& options);

 private:
  Result<void> Analyse(const Progress& progress, const std::stop_token& stop);

  const Parts parts_;
  const std::vector<ServiceConnection> connections_;
};

}  // namespace halo
