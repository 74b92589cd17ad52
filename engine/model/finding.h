// SPDX-License-Identifier: MIT
// One detector's finding in one trace: its locus, evidence and waste.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/model/span_facts.h"

namespace halo {

// Index into Trace::spans; -1: none.
using SpanIndex = std::int32_t;

// The place in the harness where a failure occurs. It excludes the model, which is a dimension.
struct Locus {
  std::string agent;
  std::string tool;
  std::string span_name;  // normalised; empty if the tool identifies the place

  bool operator==(const Locus&) const = default;
};

// The role of a piece of evidence in the trace, in the order in which a reader should see them:
// what was asked, what happened, what the model was told.
enum class EvidenceRole : std::uint8_t {
  kAsked,      // the message of the model that asked for an action
  kArguments,  // the arguments of a tool call, made or only requested
  kSchema,     // the definition of the called tool that the model was offered
  kFailed,     // the text of an error or of a limit
  kResult,     // the result of an action
  kSeen,       // the message with which the next model call was told the result
  kRepeated,   // a later occurrence of the same
  kAnswer,     // the output of a model, or its finish reason
};
inline constexpr EvidenceRole kLastEvidenceRole = EvidenceRole::kAnswer;
std::string_view EvidenceRoleName(EvidenceRole role);  // "asked", ...

// What the signature of a detector's findings is. Decides which modes may be one defect.
enum class SignatureKind : std::uint8_t {
  kFixed,      // a class of behaviour, or a name: different signatures are different defects
  kErrorText,  // the normalised text of an error
  kArguments,  // how the arguments of a call do not fit the tool
};

// What gives a run the opportunity to show a finding, whether it fails or not. Runs with it are the
// denominator of a rate.
enum class Opportunity : std::uint8_t {
  kCall,   // the agent of the locus called its tool, or ran a span of its name
  kAgent,  // the agent of the locus ran: for what is missing or forbidden, and for ends of runs
};

// What other runs must show for a finding to hold: those settled runs of the project that measured
// the same for the detector at the same place (agent, and tool or span name).
enum class Condition : std::uint8_t {
  kNone,  // it holds by itself
  // Measures are of ChatOrCall. The share of the other runs with kCalls is at least `limit`
  // thousandths, and hardly any is a chat.
  kOthersCall,
  // Measures are nanoseconds, of long calls only. `value` is more than `limit` thousandths of the
  // median of all calls.
  kOverMedian,
  // Measures are hashes of texts, beside one of TextKind. No other run got the text `value` among
  // different ones, and at least `limit` thousandths of the other runs got different texts.
  kTextOfFault,
};
inline constexpr Condition kLastCondition = Condition::kTextOfFault;

// Values of Measure under Condition::kOthersCall.
enum class ChatOrCall : std::uint8_t { kAnswersOnly, kCalls, kIsChat };
// Values of Measure under Condition::kTextOfFault, in place of a hash.
enum class TextKind : std::uint8_t { kOneText, kDifferentTexts };

// What a run shows, whether it fails or not, for findings of other runs to be compared with.
struct Measure {
  std::uint8_t detector = 0;  // TraceDetector::id; set by the analysis
  std::string agent, name;    // the place: an agent, and the name of a tool or span or nothing
  std::int64_t value = 0;
  std::int32_t count = 1;
};

// A value that shows a finding. Its position in the span is either known (`quote`) or that of a
// message (`place`), which is looked up in the payload when somebody asks for it.
struct Evidence {
  EvidenceRole role = EvidenceRole::kFailed;
  SpanIndex span = -1;
  QuoteRef quote;
  std::string place;  // see message_place.h
};

// The tag of an error with which a tool refuses by a rule of its business: it wasted nothing.
inline constexpr std::string_view kDomainRefusal = "domain_refusal";

struct Finding {
  Locus locus;
  std::string signature;
  std::vector<SpanIndex> spans;    // spans that show it, the most significant first
  std::vector<Evidence> evidence;  // values that show it, the most significant first
  std::vector<SpanIndex> wasted;   // spans that were wasted, with all their descendants
  std::int64_t wasted_gap_ns = 0;  // additional idle time between them, such as back-off
  std::int64_t late_ns = 0;        // time of the first span that would not have been spent
  // Tokens in the input of model calls that would not have been there.
  std::vector<std::pair<SpanIndex, std::int64_t>> carried;
  std::string tag;               // for example the transport class of an error cluster
  std::int32_t occurrences = 1;  // in this trace
  Opportunity opportunity = Opportunity::kCall;
  Condition condition = Condition::kNone;
  std::int64_t value = 0, limit = 0;  // see Condition

  // Adds a value as evidence, unless it was not recorded. The first one is the finding's quote.
  void Cite(EvidenceRole role, SpanIndex span, const QuoteRef& quote) {
    if (quote.path != 0) evidence.push_back({role, span, quote, {}});
  }
  void Cite(EvidenceRole role, SpanIndex span, std::string place) {
    evidence.push_back({role, span, {}, std::move(place)});
  }
};

enum class Severity : std::uint8_t { kLow, kMedium, kHigh };

// How sure it is that a finding is a failure.
enum class Confidence : std::uint8_t {
  // The trace says so: an error status of its own, a rejection, a limit, a refusal, a truncation, a
  // run without an answer, or equal arguments and results of a repeat.
  kProven,
  // A rule whose findings, on at least two independently labelled sets, lie on turns that people
  // marked as the mistake about twice as often as random turns do.
  kLikely,
  kCandidate,  // a rule of which neither is known
};
std::string_view ConfidenceName(Confidence confidence);  // "proven", ...

}  // namespace halo
