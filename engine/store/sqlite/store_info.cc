// SPDX-License-Identifier: MIT
#include "engine/store/sqlite/store_info.h"

#include <filesystem>

#include "engine/store/sqlite/reclaim_space.h"
#include "engine/store/sqlite/schema.h"
#include "engine/store/sqlite/write_log.h"

namespace halo {

StoreInfo ReadStoreInfo(Database& database, const std::string& path) {
  const State state = ReadState(database);
  StoreInfo info;
  info.url = "sqlite:" + path;
  info.schema_version = SchemaVersion();
  std::error_code missing;
  for (const char* suffix : {"", "-wal"}) {
    const std::uintmax_t size = std::filesystem::file_size(path + suffix, missing);
    if (!missing) info.bytes += static_cast<std::int64_t>(size);
  }
  info.used_bytes = UsedBytes(database);
  info.payload_bytes = state.payload_bytes;
  info.traces = state.traces;
  info.spans = state.spans;
  info.stale_traces = database.Number("SELECT count(*) FROM traces WHERE stale");
  info.sources = database.Number("SELECT count(*) FROM sources");
  return info;
}

}  // namespace halo
