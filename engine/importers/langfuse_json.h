// SPDX-License-Identifier: MIT
// Langfuse's traces and observations, as its API answers, its blob storage exports and its UI saves
// them: a trace with its observations in it or beside it, or observations alone. The attributes are
// those that Langfuse's SDKs export with OpenTelemetry. A trace over 32 MB is clipped.
#pragma once

#include "engine/importers/importer.h"

namespace halo {

extern const Importer kLangfuseJson;

}  // namespace halo
