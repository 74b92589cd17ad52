// SPDX-License-Identifier: MIT
// Input and output of explain_trace. Units as in common.h; at_ms is the time since the first known
// start in the trace.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

// The id of a trace, and the main facts of the run.
struct TraceHead {
  TraceId id;
  TraceName project, name, session, task, version;
  Words started, outcome, outcome_decided_by;
  std::optional<std::int64_t> duration_ms;
  std::int64_t spans = 0, llm_calls = 0, tool_calls = 0, steps = 0;
  std::int64_t failed_spans = 0;
  bool settled = true;
  std::vector<TraceName> agents, models;
  std::int64_t more_agents = 0, more_models = 0;

  static constexpr auto Fields() {
    using Self = TraceHead;
    return std::tuple{Field("id", &Self::id),
                      Field("project", &Self::project),
                      Field("name", &Self::name),
                      Field("outcome", &Self::outcome),
                      Field("outcome_decided_by", &Self::outcome_decided_by),
                      Option("session", &Self::session),
                      Option("task", &Self::task),
                      Option("version", &Self::version),
                      Option("started", &Self::started),
                      Option("duration_ms", &Self::duration_ms),
                      Option("settled", &Self::settled),
                      Field("spans", &Self::spans),
                      Field("steps", &Self::steps, "model and tool calls"),
                      Field("llm_calls", &Self::llm_calls),
                      Field("tool_calls", &Self::tool_calls),
                      Field("failed_spans", &Self::failed_spans),
                      Option("agents", &Self::agents),
                      Option("more_agents", &Self::more_agents),
                      Option("models", &Self::models),
                      Option("more_models", &Self::more_models)};
  }
};

struct ExplainTraceInput {
  std::string trace_id;
  std::optional<std::string> project;
  std::int64_t outline_lines = 40, findings_from = 0;

  static constexpr auto Fields() {
    using Self = ExplainTraceInput;
    return std::tuple{
        Field("trace_id", &Self::trace_id, "or a unique prefix of at least 6 characters")
            .Example("\"4bf92f3577b34da6a3ce929d0e0e4736\""),
        Option("project", &Self::project),
        Option("outline_lines", &Self::outline_lines, "", {1, 400}).Example("40"),
        Option("findings_from", &Self::findings_from, "", {0, 1e6})};
  }
};

// How a later failed span relates to the first one.
enum class Aftermath : std::uint8_t { kPassedOn, kSameAgain, kThenFailed };
constexpr auto Names(Aftermath) {
  return std::array{Named{Aftermath::kPassedOn, "passed on to"},
                    Named{Aftermath::kSameAgain, "same error again"},
                    Named{Aftermath::kThenFailed, "then failed"}};
}

struct ExplainTraceOutput {
  struct Spend {
    Prose name;
    Words kind;
    std::int64_t calls = 0, tokens = 0;
    std::optional<std::int64_t> micro_usd;

    static constexpr auto Fields() {
      using Self = Spend;
      return std::tuple{Field("name", &Self::name), Field("kind", &Self::kind),
                        Field("calls", &Self::calls), Option("micro_usd", &Self::micro_usd),
                        Field("tokens", &Self::tokens)};
    }
  };
  struct Cost {
    std::optional<std::int64_t> micro_usd;  // absent: no call has a known price
    std::int64_t unpriced_calls = 0;
    Tokens tokens;
    Wasted wasted;
    std::vector<Spend> top;

    static constexpr auto Fields() {
      using Self = Cost;
      return std::tuple{Option("micro_usd", &Self::micro_usd),
                        Option("unpriced_calls", &Self::unpriced_calls),
                        Field("tokens", &Self::tokens), Field("wasted", &Self::wasted),
                        Option("top", &Self::top)};
    }
  };
  struct Finding {
    Words mode_id, entry_id, detector, category, generality;
    Confidence confidence = Confidence::kCandidate;
    Prose title;
    std::vector<TraceId> span_ids;
    std::int64_t spans = 0, occurrences = 0, traces_with_mode = 0;
    Wasted wasted;
    std::optional<Quote> quote;
    std::vector<Evidence> evidence;

    static constexpr auto Fields() {
      using Self = Finding;
      return std::tuple{Field("mode_id", &Self::mode_id),
                        Option("entry_id", &Self::entry_id, "of the list, if another mode's"),
                        Field("title", &Self::title),
                        Field("confidence", &Self::confidence),
                        Field("detector", &Self::detector),
                        Field("category", &Self::category),
                        Option("generality", &Self::generality),
                        Option("traces_with_mode", &Self::traces_with_mode),
                        Field("occurrences", &Self::occurrences),
                        Field("wasted", &Self::wasted),
                        Field("span_ids", &Self::span_ids),
                        Option("spans", &Self::spans, "when span_ids shows only some"),
                        Option("quote", &Self::quote),
                        Option("evidence", &Self::evidence, "along the turn, in order")};
    }
  };
  // A failed span after the first one.
  struct Consequence {
    Aftermath how = Aftermath::kThenFailed;
    TraceId span_id;
    TraceName name;
    std::optional<std::int64_t> at_ms;  // absent: not known
    std::int64_t count = 1;

    static constexpr auto Fields() {
      using Self = Consequence;
      return std::tuple{Field("how", &Self::how), Field("name", &Self::name),
                        Field("span_id", &Self::span_id), Option("at_ms", &Self::at_ms),
                        Option("count", &Self::count)};
    }
  };
  struct FirstFailure {
    TraceId span_id;
    TraceName name;
    Words kind, rule;
    TraceText signature;
    std::optional<std::int64_t> at_ms;
    std::optional<Quote> quote;
    std::vector<Consequence> cascade;

    static constexpr auto Fields() {
      using Self = FirstFailure;
      return std::tuple{Field("span_id", &Self::span_id),
                        Field("name", &Self::name),
                        Field("kind", &Self::kind),
                        Option("at_ms", &Self::at_ms),
                        Field("rule", &Self::rule, "the rule by which it failed"),
                        Option("signature", &Self::signature),
                        Option("quote", &Self::quote),
                        Option("cascade", &Self::cascade)};
    }
  };
  // The turn of the earliest finding that is no candidate.
  struct WrongTurn {
    Words mode_id;
    TraceId span_id, asked_by, seen_by, recovered_by;
    std::int64_t turn = 0, turns = 0;
    std::optional<std::int64_t> at_ms;  // absent: not known

    static constexpr auto Fields() {
      using Self = WrongTurn;
      return std::tuple{
          Field("mode_id", &Self::mode_id),
          Option("turn", &Self::turn, "of the model's calls, from 1"),
          Option("turns", &Self::turns),
          Option("at_ms", &Self::at_ms),
          Field("span_id", &Self::span_id),
          Option("asked_by", &Self::asked_by),
          Option("seen_by", &Self::seen_by),
          Option("recovered_by", &Self::recovered_by, "a later call of the tool that succeeded")};
    }
  };
  struct PathPart {
    Prose name;
    Words kind;
    TraceId longest_span_id;
    std::int64_t ms = 0, calls = 0;
    double share = 0;

    static constexpr auto Fields() {
      using Self = PathPart;
      return std::tuple{
          Field("name", &Self::name),   Field("kind", &Self::kind),
          Field("ms", &Self::ms),       Field("share", &Self::share),
          Field("calls", &Self::calls), Field("longest_span_id", &Self::longest_span_id)};
    }
  };

  // What somebody who checked the run said of its outcome.
  struct Label {
    Words outcome, at;
    TraceName who;
    TraceText why;

    static constexpr auto Fields() {
      return std::tuple{Field("outcome", &Label::outcome), Field("who", &Label::who),
                        Field("at", &Label::at), Option("why", &Label::why)};
    }
  };

  Prose headline, narrative;
  TraceHead trace;
  std::vector<Label> labels;
  std::vector<Finding> findings, candidates;
  std::int64_t findings_total = 0, candidates_total = 0;
  std::optional<WrongTurn> first_wrong;
  std::optional<FirstFailure> first_failure;
  std::optional<Quote> asked, answered;
  std::vector<PathPart> critical_path;
  Cost cost;
  Prose checked;
  std::vector<Prose> not_judged, outline, notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ExplainTraceOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Field("narrative", &Self::narrative),
                      Field("trace", &Self::trace),
                      Option("labels", &Self::labels, "newest first: it decides the outcome"),
                      Field("findings", &Self::findings),
                      Field("findings_total", &Self::findings_total),
                      Option("first_wrong", &Self::first_wrong),
                      Option("candidates", &Self::candidates, "unmeasured rules: read before use"),
                      Option("candidates_total", &Self::candidates_total),
                      Field("checked", &Self::checked),
                      Option("not_judged", &Self::not_judged, "what the data does not show"),
                      Option("first_failure", &Self::first_failure),
                      Option("asked", &Self::asked),
                      Option("answered", &Self::answered),
                      Field("critical_path", &Self::critical_path),
                      Field("cost", &Self::cost),
                      Field("outline", &Self::outline),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
