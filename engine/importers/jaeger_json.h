// SPDX-License-Identifier: MIT
// Jaeger's JSON: what its UI saves and /api/traces answers, documents of its Elasticsearch storage,
// and the JSON of its protobuf and Thrift models. A trace over 32 MB is clipped, since the
// processes that its spans name come after them.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kJaegerJson;

}  // namespace halo
