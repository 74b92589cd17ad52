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

std::string FormatNames(std::string_view conjunction) {
  const std::span<const Importer> all = AllImporters();
  std::string names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_last = i + 1 == all.size();
    if (i > 0) names += is_last ? " " + std::string(conjunction) + " " : ", ";
    names += all[i].short_name;
  }
  return names;
}

}  // namespace halo
