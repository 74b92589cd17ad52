// SPDX-License-Identifier: MIT
#include "engine/importers/langfuse_members.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "engine/importers/tree_span_reader.h"

namespace halo::langfuse {
namespace {

constexpr Row kObservation[] = {
    {"id", Use::kId},
    {"traceid", Use::kTraceId},
    {"parentobservationid", Use::kParent},
    {"name", Use::kName},
    {"type", Use::kType},
    {"starttime", Use::kStart},
    {"endtime", Use::kEnd},
    {"level", Use::kLevel},
    {"statusmessage", Use::kStatusMessage},
    {"model", Use::kModel},
    {"providedmodelname", Use::kModel},
    {"input", Use::kAttribute, "langfuse.observation.input"},
    {"output", Use::kAttribute, "langfuse.observation.output"},
    {"modelparameters", Use::kAttribute, "langfuse.observation.model.parameters"},
    {"metadata", Use::kMetadata},
    {"usagedetails", Use::kUsage},
    {"costdetails", Use::kCosts},
    {"environment", Use::kAttribute, "langfuse.environment"},
    {"version", Use::kAttribute, "langfuse.version"},
    {"projectid", Use::kAttribute, "langfuse.project.id"},
    {"sessionid", Use::kAttribute, "langfuse.session.id"},
    {"userid", Use::kAttribute, "langfuse.user.id"},
    {"tracename", Use::kAttribute, "langfuse.trace.name"},
    {"tracetags", Use::kAttribute, "langfuse.trace.tags"},
    {"tags", Use::kAttribute, "langfuse.trace.tags"},
    {"promptname", Use::kAttribute, "langfuse.observation.prompt.name"},
    {"promptversion", Use::kAttribute, "langfuse.observation.prompt.version"},
    // Sums and copies of what is read above.
    {"usage", Use::kSkip},
    {"inputusage", Use::kSkip},
    {"outputusage", Use::kSkip},
    {"totalusage", Use::kSkip},
    {"inputtokens", Use::kSkip},
    {"outputtokens", Use::kSkip},
    {"prompttokens", Use::kSkip},
    {"completiontokens", Use::kSkip},
    {"totaltokens", Use::kSkip},
    {"inputcost", Use::kSkip},
    {"outputcost", Use::kSkip},
    {"totalcost", Use::kSkip},
    {"calculatedinputcost", Use::kSkip},
    {"calculatedoutputcost", Use::kSkip},
    {"calculatedtotalcost", Use::kSkip},
    {"latency", Use::kSkip},
    {"createdat", Use::kSkip},
    {"updatedat", Use::kSkip},
    {"usagepricingtierid", Use::kSkip},
    {"usagepricingtiername", Use::kSkip},
    {"internalmodelid", Use::kSkip},
};

constexpr Row kShared[] = {
    {"sessionid", Use::kAttribute, "langfuse.session.id"},
    {"userid", Use::kAttribute, "langfuse.user.id"},
    {"name", Use::kAttribute, "langfuse.trace.name"},
    {"tags", Use::kAttribute, "langfuse.trace.tags"},
    {"environment", Use::kAttribute, "langfuse.environment"},
    {"release", Use::kAttribute, "langfuse.release"},
    {"version", Use::kAttribute, "langfuse.version"},
    {"projectid", Use::kAttribute, "langfuse.project.id"},
};

constexpr Row kOfRoot[] = {
    {"scores", Use::kSkip},     {"metadata", Use::kMetadata}, {"observations", Use::kSkip},
    {"id", Use::kSkip},         {"timestamp", Use::kSkip},    {"createdat", Use::kSkip},
    {"updatedat", Use::kSkip},  {"latency", Use::kSkip},      {"totalcost", Use::kSkip},
    {"bookmarked", Use::kSkip}, {"sessionid", Use::kSkip},    {"userid", Use::kSkip},
    {"name", Use::kSkip},       {"tags", Use::kSkip},         {"environment", Use::kSkip},
    {"release", Use::kSkip},    {"version", Use::kSkip},      {"projectid", Use::kSkip},
};

template <std::size_t N>
const Row* FindRow(const Row (&rows)[N], std::string_view key) {
  const FoldedKey folded(key);
  const auto* const found = std::find_if(std::begin(rows), std::end(rows),
                                         [&](const Row& row) { return row.key == folded.text(); });
  return found == std::end(rows) ? nullptr : found;
}

}  // namespace

const Row* FindOfObservation(std::string_view key) { return FindRow(kObservation, key); }
const Row* FindShared(std::string_view key) { return FindRow(kShared, key); }
const Row* FindOfRoot(std::string_view key) { return FindRow(kOfRoot, key); }

}  // namespace halo::langfuse
