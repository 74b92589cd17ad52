// SPDX-License-Identifier: MIT
// The members of an entry, as answers name them. Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>

#include "engine/model/question.h"
#include "engine/summaries/entries.h"
#include "engine/summaries/summary_table.h"

namespace halo {

// The fields of a mode that do not depend on the question.
ModeMember DescribeMode(const SummaryTable& table, std::uint32_t mode);

// Adds the variants and effects of an entry, those in most traces first. `traces_of`: the traces of
// the question that show a mode, by its number.
void AddMembersTo(ModeStats& out, const Entries& entries, std::uint32_t entry,
                  const SummaryTable& table,
                  const std::function<std::int64_t(std::uint32_t mode)>& traces_of);

}  // namespace halo
