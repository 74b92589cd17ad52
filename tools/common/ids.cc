// SPDX-License-Identifier: MIT
#include "tools/common/ids.h"

#include <algorithm>
#include <vector>

#include "engine/analysis/review_book.h"
#include "engine/base/ascii.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::string_view kModePrefix = "fm_";
constexpr std::size_t kFewestHexDigits = 16;
constexpr std::size_t kMostPlain = 64;

// Whether the id can be written into an example call.
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

std::string_view TrimQuotes(std::string_view text) {
  constexpr std::string_view kAround = " \t\r\n\"'`";
  const std::size_t first = text.find_first_not_of(kAround);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kAround) - first + 1);
}

}  // namespace

std::optional<ModeId> ModeIdIn(std::string_view text) {
  std::string id(TrimQuotes(text));
  for (char& c : id) c = ascii::Lower(c);
  const ModeId mode = ParseModeId(id);
  // ParseModeId returns 0 for invalid text; fm_000000000000 is valid, although no mode has it.
  if (mode == 0 && id != ModeIdText(0)) return std::nullopt;
  return mode;
}

std::string OtherIdKind(std::string_view id) {
  if (const std::optional<ModeId> mode = ModeIdIn(id)) {
    return Cat("; ", Quoted(id), " is the id of a failure mode: call get_failure_mode ",
               R"({"id":")", ModeIdText(*mode), "\"}");
  }
  if (id.starts_with(kModePrefix)) {
    return Cat("; ", Quoted(id), " starts like the id of a failure mode, which has 12 digits: ",
               "list_failure_modes shows whole ids");
  }
  return IsHex(id) ? IsATrace(id, "looks like a trace id") : std::string();
}

Result<ModeId> ReadModeId(Engine& engine, const std::string& text, std::string_view field) {
  const Result<ModeId> id = ReadEntryId(engine, text, field);
  if (!id) return id;
  const auto book = engine.Reviews();
  if (!book) return book.error();
  if (!(*book)->FindCategory(*id)) return id;
  return Error{Code::kInvalidArgument,
               Cat(field, ": ", ModeIdText(*id),
                   " is a category of what readers noted, not a failure mode of a detector, which "
                   "this needs; get_failure_mode shows it")};
}

Result<ModeId> ReadEntryId(Engine& engine, const std::string& text, std::string_view field) {
  if (const std::optional<ModeId> id = ModeIdIn(text)) {
    const auto book = engine.Reviews();
    if (!book) return book.error();
    const Category* const category = (*book)->FindCategory(*id);
    return category ? category->id : *id;
  }
  std::string message = Cat(field, ": expected an id such as \"fm_0123456789ab\", as ",
                            "list_failure_modes gives them; got ", Quoted(text));
  if (!text.starts_with(kModePrefix)) {
    const Result<TraceReading> trace = engine.ReadTrace({"", text});
    message.append(trace ? IsATrace(text, "is a trace") : OtherIdKind(text));
  }
  Question everything;
  everything.units = engine.config().units;
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
  if (key.trace_id.empty()) {
    return Error{
        Code::kInvalidArgument,
        "$.trace_id: expected the id of a trace, as search_traces gives them; got an empty "
        "text"};
  }
  Result<TraceReading> reading = engine.ReadTrace(key, std::move(stop));
  const std::optional<ModeId> mode = ModeIdIn(key.trace_id);
  if (reading || (!mode && !key.trace_id.starts_with(kModePrefix))) return reading;
  std::string message = Cat("$.trace_id: expected the id of a trace", OtherIdKind(key.trace_id));
  if (mode) {
    message.append(Cat(R"(; search_traces {"filters":{"failure_mode":")", ModeIdText(*mode),
                       R"("}} lists the traces that show it)"));
  }
  return Error{Code::kInvalidArgument, std::move(message)};
}

}  // namespace halo
