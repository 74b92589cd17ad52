// SPDX-License-Identifier: MIT
#include "tools/common/ids.h"

#include <algorithm>
#include <vector>

#include "schemas/nearest.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::string_view kModePrefix = "fm_";
constexpr std::size_t kFewestHexDigits = 16;
constexpr std::size_t kMostPlain = 64;

// Whether the id can stand in an example call as it is.
bool IsPlain(std::string_view id) {
  return !id.empty() && id.size() <= kMostPlain && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_';
  });
}

bool IsHex(std::string_view id) {
  return id.size() >= kFewestHexDigits &&
         id.find_first_not_of("0123456789abcdefABCDEF-") == std::string_view::npos;
}

std::string IsATrace(std::string_view id, std::string_view how_sure) {
  return Cat("; ", Quoted(id), " ", how_sure, ": call explain_trace ",
             IsPlain(id) ? Cat(R"({"trace_id":")", id, "\"}") : "with it");
}

}  // namespace

std::string OtherIdKind(std::string_view id) {
  if (id.starts_with(kModePrefix)) {
    return Cat("; ", Quoted(id), " is the id of a failure mode: call get_failure_mode ",
               IsPlain(id) ? Cat(R"({"id":")", id, "\"}") : "with it");
  }
  return IsHex(id) ? IsATrace(id, "looks like a trace id") : std::string();
}

Result<ModeId> ReadModeId(Engine& engine, const std::string& text, std::string_view field) {
  if (const ModeId id = ParseModeId(text); id != 0) return id;
  std::string message = Cat(field, ": expected an id such as \"fm_0123456789ab\", as ",
                            "list_failure_modes gives them; got ", Quoted(text));
  if (!text.starts_with(kModePrefix)) {
    const Result<TraceReading> trace = engine.ReadTrace({"", text});
    message.append(trace ? IsATrace(text, "is a trace") : OtherIdKind(text));
  }
  Question everything;
  everything.unit = engine.config().unit;
  const Result<ModeRanking> ranking = engine.RankedModes(everything);
  if (!ranking) return Error{Code::kInvalidArgument, message};
  std::vector<std::string> ids;
  for (const RankedMode& mode : ranking->modes) ids.push_back(ModeIdText(mode.stats.id));
  const std::vector<std::string_view> known(ids.begin(), ids.end());
  if (const std::string_view near = Nearest(text, known); !near.empty()) {
    message.append("; did you mean ").append(near).append("?");
  }
  return Error{Code::kInvalidArgument, std::move(message)};
}

Result<TraceReading> ReadTraceById(Engine& engine, const TraceKey& key, std::stop_token stop) {
  Result<TraceReading> reading = engine.ReadTrace(key, std::move(stop));
  if (reading || !key.trace_id.starts_with(kModePrefix)) return reading;
  std::string message = Cat("$.trace_id: expected the id of a trace", OtherIdKind(key.trace_id));
  if (IsPlain(key.trace_id)) {
    message.append(Cat(R"(; search_traces {"filters":{"failure_mode":")", key.trace_id,
                       R"("}} lists the traces that show it)"));
  }
  return Error{Code::kInvalidArgument, std::move(message)};
}

}  // namespace halo
