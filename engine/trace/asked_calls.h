// SPDX-License-Identifier: MIT
// The calls that the answers of a trace's model calls ask for, and which of them an action runs.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/trace/strands.h"

namespace halo {

struct AskedCall {
  SpanIndex llm = -1;
  std::int32_t at = -1;  // among the calls of that answer
  const CallFacts* facts = nullptr;
  bool has_action = false;
};

class AskedCalls {
 public:
  AskedCalls(const Trace& trace, const Strands& strands);

  const std::vector<AskedCall>& all() const { return all_; }  // by time
  std::int32_t CountOf(SpanIndex llm) const { return begin_[llm + 1] - begin_[llm]; }
  // The index in all() of a call of the model; it must exist.
  std::int32_t IndexOf(SpanIndex llm, std::int32_t call) const { return begin_[llm] + call; }
  void Take(std::int32_t index) { all_[index].has_action = true; }
  // The last call before the action with this id, in its strand if there is one; -1 if none.
  std::int32_t FindId(std::uint64_t id, std::int32_t strand, SpanIndex action) const;
  // The last call before the action in its strand with this tool and arguments, and without an
  // action; of several in one answer, the first.
  std::int32_t FindRequest(std::uint64_t request, std::int32_t strand, SpanIndex action) const;

 private:
  using ByKey = std::unordered_map<std::uint64_t, std::vector<std::int32_t>>;

  const Strands& strands_;
  std::vector<AskedCall> all_;
  std::vector<std::int32_t> begin_;  // by span
  ByKey by_id_, by_request_;
};

}  // namespace halo
