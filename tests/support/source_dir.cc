// SPDX-License-Identifier: MIT
#include "tests/support/source_dir.h"

namespace halo {

std::filesystem::path SourceDir() { return HALO_SOURCE_DIR; }

}  // namespace halo
