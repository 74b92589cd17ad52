// SPDX-License-Identifier: MIT
// The requests of Langfuse's public API, as its OpenAPI definition has them. Pure functions; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/model/service_connection.h"
#include "engine/sources/pull_source.h"

namespace halo::langfuse {

inline constexpr int kTracesPerPage = 100;         // the most that it allows
inline constexpr int kObservationsPerPage = 1000;  // v2
inline constexpr int kLegacyPerPage = 100;

// Traces of the window, oldest first. `fields`: selects field groups, which old servers refuse.
std::string TracesPath(const ServiceConnection& filter, const PullWindow& window, int page,
                       int limit, bool fields);
// The roots of the traces of the window, newest first, for servers without that list (version 4).
std::string RootsPath(const ServiceConnection& filter, const PullWindow& window,
                      std::string_view cursor);
std::string ObservationsPath(std::span<const std::string> trace_ids, int limit,
                             std::string_view cursor);
std::string LegacyObservationsPath(std::string_view trace_id, int page);
std::string TracePath(std::string_view trace_id);
// Observations that started in the window; its answer has their number.
std::string CountObservationsPath(const ServiceConnection& filter, const PullWindow& window);
// Scores by trace (version 3 of the endpoint) and by their own ids (version 2).
std::string ScoresPath(std::span<const std::string> trace_ids, std::string_view cursor);
std::string ScoresByIdPath(std::span<const std::string> score_ids);

}  // namespace halo::langfuse
