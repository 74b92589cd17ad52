// SPDX-License-Identifier: MIT
#include "schemas/common.h"
#include "tools/answer/phrases.h"
#include "tools/answer/tool.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/reviewed_modes.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

struct TriageFailureModeInput {
  std::string id;
  wire::Status status = wire::Status::kOpen;
  std::string reason;
  std::optional<std::string> expires;

  static constexpr auto Fields() {
    using Self = TriageFailureModeInput;
    return std::tuple{
        Field("id", &Self::id).Example("\"fm_0123456789ab\""),
        Field("status", &Self::status, "accepted: intended behaviour; ignored: not worth a fix"),
        Option("reason", &Self::reason, "required unless open"),
        Option("expires", &Self::expires, "then open again: RFC 3339 or +30d").Example("\"+30d\"")};
  }
};

struct TriageFailureModeOutput {
  Words id, status, before, expires, effect;
  Prose title;
  TraceText reason;
  std::int64_t traces = 0;
  std::vector<Words> notes, next;

  static constexpr auto Fields() {
    using Self = TriageFailureModeOutput;
    return std::tuple{Field("id", &Self::id),          Field("title", &Self::title),
                      Field("status", &Self::status),  Field("before", &Self::before),
                      Option("reason", &Self::reason), Option("expires", &Self::expires),
                      Field("traces", &Self::traces),  Field("effect", &Self::effect),
                      Option("notes", &Self::notes),   Field("next", &Self::next)};
  }
};

constexpr std::size_t kMaxReason = 1000;

Result<Triage> ToTriage(Engine& engine, const TriageFailureModeInput& in, std::int64_t now_ns) {
  Triage triage;
  const Result<ModeId> id = ReadEntryId(engine, in.id, "$.id");
  if (!id) return id.error();
  triage.mode = *id;
  triage.status = in.status == wire::Status::kOpen       ? TriageStatus::kOpen
                  : in.status == wire::Status::kAccepted ? TriageStatus::kAccepted
                                                         : TriageStatus::kIgnored;
  if (triage.status != TriageStatus::kOpen && in.reason.empty()) {
    return Error{
        Code::kInvalidArgument,
        "$.reason is required with this status: a sentence for whoever reads it later, for "
        "example \"the tool is meant to be polled\""};
  }
  triage.reason = OneLine(in.reason, kMaxReason);
  triage.decided_ns = now_ns;
  if (!in.expires) return triage;
  const Result<std::int64_t> expires = ParseTime(*in.expires, now_ns, "$.expires");
  if (!expires) return expires.error();
  if (*expires <= now_ns) {
    return Error{Code::kInvalidArgument, "$.expires: must lie in the future, for example \"+30d\""};
  }
  triage.expires_ns = *expires;
  return triage;
}

Result<RankedMode> EntryOf(Engine& engine, const Question& question, ModeId id) {
  const auto reviewed = ReadReviewedModes(engine, {}, question, {});
  if (!reviewed) return reviewed.error();
  for (const ReviewedMode& one : *reviewed) {
    if (one.mode.stats.id == id) return one.mode;
  }
  return engine.Mode(question, id);
}

std::string Effect(TriageStatus status) {
  switch (status) {
    case TriageStatus::kAccepted:
      return "Intended behaviour: left out of list_failure_modes unless filters.status is "
             "accepted.";
    case TriageStatus::kIgnored:
      return "Left out of list_failure_modes unless filters.status is ignored.";
    case TriageStatus::kOpen:
      break;
  }
  return "Listed again.";
}

Result<TriageFailureModeOutput> TriageFailureMode(Engine& engine, const TriageFailureModeInput& in,
                                                  const CallContext&) {
  const Question question = WholeStore(engine);
  const Result<Triage> triage = ToTriage(engine, in, question.now_ns);
  if (!triage) return triage.error();
  const Result<RankedMode> mode = EntryOf(engine, question, triage->mode);
  if (!mode) return mode.error();
  const Result<Triage> stored = engine.PutTriage(*triage);
  if (!stored) return stored.error();

  TriageFailureModeOutput out;
  out.id = ModeIdText(stored->mode);
  out.title = mode->title;
  out.status = Words(StatusName(triage->status));
  out.before = Words(StatusName(mode->triage.status));
  out.reason = TraceText(triage->reason, kMaxReason);
  out.expires = TimeText(triage->expires_ns);
  out.traces = mode->stats.traces;
  out.effect = Effect(triage->status);
  out.next = {"list_failure_modes {}"};
  if (triage->status != TriageStatus::kOpen) {
    out.next.push_back(Cat(R"(triage_failure_mode {"id":")", out.id, R"(","status":"open"})"));
  }
  return out;
}

}  // namespace

Tool TriageFailureModeTool() {
  return MakeTool(
      ToolInfo{
          .name = "triage_failure_mode",
          .title = "Decide on a failure mode",
          .description =
              "Sets what the user decided about one failure mode: accepted (intended behaviour, "
              "for example polling), ignored (not worth a fix), or open again. Accepted and "
              "ignored modes no longer appear in list_failure_modes. Needs a reason, and may "
              "expire. Changes only this decision, no trace and no statistic; ask the user before "
              "you hide a mode.",
          .annotations = {.read_only = false},
          .search_hint = "ignore accept dismiss suppress failure mode",
      },
      &TriageFailureMode);
}

}  // namespace halo
