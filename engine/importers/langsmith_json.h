// SPDX-License-Identifier: MIT
// LangSmith's runs: exports and answers of its API, one run a line or in lists, and the batch
// bodies that its SDKs post ({"post": [...], "patch": [...]}). The attributes are those of
// LangSmith's own OpenTelemetry export.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kLangSmithJson;

}  // namespace halo
