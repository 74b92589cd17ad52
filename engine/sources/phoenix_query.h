// SPDX-License-Identifier: MIT
// The requests of Arize Phoenix's REST API, as its OpenAPI definition has them. Pure functions; any
// thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/sources/pull_source.h"

namespace halo::phoenix {

inline constexpr int kTracesPerPage = 100;
inline constexpr int kSpansPerPage = 1000;

// `project` is a name or an id.
std::string TracesPath(std::string_view project, const PullWindow& window, std::string_view cursor);
std::string SpansPath(std::string_view project, std::span<const std::string> trace_ids, int limit,
                      std::string_view cursor);
// All spans that started in the window, for servers that do not list traces.
std::string SpansInWindowPath(std::string_view project, const PullWindow& window, int limit,
                              std::string_view cursor);
std::string SpanAnnotationsPath(std::string_view project, std::span<const std::string> span_ids,
                                std::string_view cursor);
std::string TraceAnnotationsPath(std::string_view project, std::span<const std::string> trace_ids,
                                 std::string_view cursor);
std::string ProjectPath(std::string_view project);
// The body of a GraphQL request for the numbers of traces and spans in the window.
std::string CountQuery(std::string_view project_id, const PullWindow& window);

}  // namespace halo::phoenix
