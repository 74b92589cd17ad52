// SPDX-License-Identifier: MIT
#include "engine/importers/all_importers.h"

#include "engine/importers/halo_jsonl.h"
#include "engine/importers/importer.h"
#include "engine/importers/otlp_json.h"

namespace halo {

std::span<const Importer> AllImporters() {
  static const Importer kAll[] = {kOtlpJson, kHaloJsonl};
  return kAll;
}

}  // namespace halo
