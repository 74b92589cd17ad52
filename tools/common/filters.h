// SPDX-License-Identifier: MIT
// Converts the `filters` argument to a question for the engine. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"

namespace halo {

// Without a project or service in `filters`, the question is about what the program is bound to
// (workspace.h); the project "*" means all. Replaces times relative to now by absolute ones in
// `filters`, so that a cursor that contains them continues the same question. kInvalidArgument
// names the field.
Result<Question> MakeQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                              std::stop_token stop = {});

// The question that nothing narrows, not even what the program is bound to.
Question WholeStore(const Engine& engine, std::stop_token stop = {});

// The same as MakeQuestion for tools that count traces; the filter `status`, which is one of
// failure modes, is an error.
Result<Question> MakeTraceQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                                   std::string_view tool, std::stop_token stop = {});

// The filters as compact JSON for the example calls in an answer: `"filters":{...}`, or empty.
// nullopt if a value is not a plain name or id: models copy these calls, and must not copy a
// sentence from a trace with them.
std::optional<std::string> FiltersJson(const std::optional<wire::Filters>& filters);

// Says how many traces `since` and `until` leave out because they record no times, and what selects
// such traces instead; empty if there are none.
std::vector<Prose> LeftOutByTime(Engine& engine, const Question& question);

// Explains why no trace passes the filters, for the notes of an answer: how to fill an empty store,
// or how many traces there are without each filter, and which names are similar.
std::vector<Prose> WhyEmpty(Engine& engine, const std::optional<wire::Filters>& filters);

// Explains why spans of an agent or a tool are not found: those that no trace of the filters has,
// with similar names. Empty if there are such spans.
std::vector<Prose> WhyNoSpan(Engine& engine, const std::optional<wire::Filters>& filters,
                             const std::optional<std::string>& agent,
                             const std::optional<std::string>& tool);

}  // namespace halo
