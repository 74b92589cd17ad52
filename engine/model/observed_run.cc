// SPDX-License-Identifier: MIT
#include "engine/model/observed_run.h"

#include "engine/base/hash.h"

namespace halo {

std::uint64_t RunHash(const ObservedRun& run) {
  return MixHash(MixHash(0, Fnv1a(run.key.project)), Fnv1a(run.key.trace_id));
}

}  // namespace halo
