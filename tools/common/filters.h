// SPDX-License-Identifier: MIT
// From the filters of an argument to a question to the engine. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "schemas/common.h"

namespace halo {

// Times relative to now are made absolute in `filters`, so that a cursor that carries it goes on
// with the same question. kInvalidArgument names the field.
Result<Question> MakeQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                              std::stop_token stop = {});

// A question that has no `status`: for tools over traces, where it would mean nothing.
Result<Question> MakeTraceQuestion(const Engine& engine, std::optional<wire::Filters>& filters,
                                   std::string_view tool, std::stop_token stop = {});

// The filters as compact JSON for the example calls in an answer: `"filters":{...}`, or empty.
// nullopt where one of them is more than a name: a call is there to be copied, and a sentence that
// came out of a trace must not be copied with it.
std::optional<std::string> FiltersJson(const std::optional<wire::Filters>& filters);

// Why nothing passed: the store is empty and how to fill it, or which filter removes how much and
// what it could have meant. For the notes of an answer.
std::vector<Prose> WhyEmpty(Engine& engine, const std::optional<wire::Filters>& filters);

}  // namespace halo
