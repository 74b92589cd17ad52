// SPDX-License-Identifier: MIT
#include "engine/summaries/mode_members.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace halo {

ModeMember DescribeMode(const SummaryTable& table, std::uint32_t mode) {
  const FindingColumns& f = table.columns().findings;
  const std::uint32_t finding = table.finding_of(mode);
  return {table.mode_id(mode),
          f.detector[finding],
          {std::string(table.Text(f.agent[finding])), std::string(table.Text(f.tool[finding])),
           std::string(table.Text(f.span_name[finding]))},
          std::string(table.Text(f.signature[finding])),
          0};
}

void AddMembersTo(ModeStats& out, const Entries& entries, std::uint32_t entry,
                  const SummaryTable& table,
                  const std::function<std::int64_t(std::uint32_t mode)>& traces_of) {
  for (const std::uint32_t mode : entries.Members(entry)) {
    if (mode == entries.Head(entry)) continue;
    ModeMember member = DescribeMode(table, mode);
    member.traces = traces_of(mode);
    (entries.IsEffect(mode) ? out.effects : out.variants).push_back(std::move(member));
  }
  for (std::vector<ModeMember>* const members : {&out.variants, &out.effects}) {
    std::sort(members->begin(), members->end(), [](const ModeMember& a, const ModeMember& b) {
      return a.traces != b.traces ? a.traces > b.traces : a.id < b.id;
    });
  }
}

}  // namespace halo
