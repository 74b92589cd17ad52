// SPDX-License-Identifier: MIT
#include "engine/ingest/refuse_source.h"

#include <chrono>

#include "engine/model/reject_reasons.h"

namespace halo {

std::string KeyInProject(std::string key, const std::string& project) {
  if (!project.empty()) key += " in project " + project;
  return key;
}

std::string_view RefusalReason(const Error& error) {
  return error.code == Code::kUnsupported ? kUnknownFormat
         : error.code == Code::kCorrupt   ? kCorruptCompression
                                          : kUnreadableSource;
}

Result<void> RefuseSource(Store& store, const std::string& key, const Error& error,
                          std::string_view name, Patience patience) {
  Batch batch;
  batch.rejects.push_back({std::string(RefusalReason(error)), 0, std::string(name.substr(0, 200))});
  batch.source.emplace();  // without a size, so that the next import reads it again
  batch.source->key = key;
  batch.source->clear_rejects_from = 0;
  batch.arrived_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  const Result<AppendReceipt> stored = store.Append({&batch, 1}, patience);
  if (!stored) return stored.error();
  return {};
}

}  // namespace halo
