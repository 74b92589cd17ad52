// SPDX-License-Identifier: MIT
// Records that several tools share. Money is in millionths of a US dollar, except for min_cost and
// median_waste_usd, which are in dollars. Durations are in milliseconds, points in time are RFC
// 3339 in UTC. Shares and rates are between 0 and 1; rate_low and rate_high bound a rate with 95 %
// confidence.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/fields.h"

namespace halo::wire {

enum class Outcome : std::uint8_t { kSuccess, kFailure, kUnknown };
constexpr auto Names(Outcome) {
  return std::array{Named{Outcome::kSuccess, "success"}, Named{Outcome::kFailure, "failure"},
                    Named{Outcome::kUnknown, "unknown"}};
}

// What the user decided about a failure mode.
enum class Status : std::uint8_t { kOpen, kAccepted, kIgnored };
constexpr auto Names(Status) {
  return std::array{Named{Status::kOpen, "open"}, Named{Status::kAccepted, "accepted"},
                    Named{Status::kIgnored, "ignored"}};
}

// How sure it is that a finding is a failure: see docs/detectors.md.
enum class Confidence : std::uint8_t { kProven, kLikely, kCandidate };
constexpr auto Names(Confidence) {
  return std::array{Named{Confidence::kProven, "proven"}, Named{Confidence::kLikely, "likely"},
                    Named{Confidence::kCandidate, "candidate"}};
}

// Selects traces; all given conditions must hold.
struct Filters {
  std::optional<std::string> project, service, agent, model, tool, session, task, user;
  std::optional<std::string> environment, failure_mode, version, tag, since, until, trace_id;
  std::optional<Outcome> outcome;
  std::optional<bool> has_error, no_mode;
  std::optional<Status> status;
  std::optional<std::string> not_tool, not_agent, ends_with_tool;
  std::optional<std::int64_t> min_calls, max_calls;
  std::optional<double> min_cost;
  std::optional<std::int64_t> min_duration_ms;
  std::vector<std::string> behaviours;

  static constexpr auto Fields() {
    using Self = Filters;
    return std::tuple{
        Option("project", &Self::project),
        Option("service", &Self::service),
        Option("agent", &Self::agent),
        Option("model", &Self::model),
        Option("tool", &Self::tool),
        Option("session", &Self::session),
        Option("task", &Self::task),
        Option("user", &Self::user),
        Option("environment", &Self::environment),
        Option("outcome", &Self::outcome),
        Option("has_error", &Self::has_error),
        Option("no_mode", &Self::no_mode),
        Option("failure_mode", &Self::failure_mode, "fm_ id").Example("\"fm_0123456789ab\""),
        Option("status", &Self::status, "of failure modes"),
        Option("version", &Self::version),
        Option("tag", &Self::tag),
        Option("trace_id", &Self::trace_id),
        Option("since", &Self::since, "RFC 3339 or -24h").Example("\"-24h\""),
        Option("until", &Self::until).Example("\"2026-01-31T12:00:00Z\""),
        Option("not_tool", &Self::not_tool),
        Option("not_agent", &Self::not_agent),
        Option("min_calls", &Self::min_calls, "", {0, 1e9}),
        Option("max_calls", &Self::max_calls, "", {0, 1e9}),
        Option("ends_with_tool", &Self::ends_with_tool),
        Option("min_cost", &Self::min_cost, "USD", {0, 1e9}),
        Option("min_duration_ms", &Self::min_duration_ms, "", {0, 1e12}),
        Option("behaviours", &Self::behaviours).Example(R"(["last search"])"),
    };
  }
};

// Where in the harness a failure occurs.
struct Locus {
  TraceName agent, tool, span_name;

  static constexpr auto Fields() {
    return std::tuple{Option("agent", &Locus::agent), Option("tool", &Locus::tool),
                      Option("span_name", &Locus::span_name)};
  }
};

// An exact piece of a stored value, from byte `offset`; read_spans reads on from there by path and
// offset.
struct Quote {
  TraceId trace_id, span_id, path;
  TraceText text;
  std::int64_t offset = 0;

  static constexpr auto Fields() {
    using Self = Quote;
    return std::tuple{Field("trace_id", &Self::trace_id), Field("span_id", &Self::span_id),
                      Option("path", &Self::path), Option("offset", &Self::offset),
                      Field("text", &Self::text)};
  }
};

// A value that shows a finding. `role` says what it is: asked, arguments, schema, failed, result,
// seen, repeated or answer.
struct Evidence {
  Words role;
  TraceId span_id, path;
  std::int64_t offset = 0;
  TraceText quote;

  static constexpr auto Fields() {
    using Self = Evidence;
    return std::tuple{Field("role", &Self::role), Field("span_id", &Self::span_id),
                      Field("path", &Self::path), Option("offset", &Self::offset),
                      Field("quote", &Self::quote)};
  }
};

struct Tokens {
  std::int64_t total = 0, input = 0, output = 0, cache_read = 0, cache_write = 0, reasoning = 0;

  static constexpr auto Fields() {
    using Self = Tokens;
    return std::tuple{Field("total", &Self::total),
                      Field("input", &Self::input),
                      Field("output", &Self::output),
                      Option("cache_read", &Self::cache_read),
                      Option("cache_write", &Self::cache_write),
                      Option("reasoning", &Self::reasoning)};
  }
};

// What would not have been spent without the failure. An amount that was not reported, timed or
// priced is absent.
struct Wasted {
  std::optional<std::int64_t> tokens, micro_usd, ms;

  static constexpr auto Fields() {
    using Self = Wasted;
    return std::tuple{Option("tokens", &Self::tokens), Option("micro_usd", &Self::micro_usd),
                      Option("ms", &Self::ms)};
  }
};

// Settled runs by outcome, and the number of outcomes that each rule decided.
struct Outcomes {
  std::int64_t success = 0, failure = 0, unknown = 0;
  std::map<Words, std::int64_t> decided_by;

  static constexpr auto Fields() {
    using Self = Outcomes;
    return std::tuple{Field("success", &Self::success), Field("failure", &Self::failure),
                      Field("unknown", &Self::unknown), Field("decided_by", &Self::decided_by)};
  }
};

// Runs of known outcome, with the mode and without it.
struct Association {
  std::int64_t failed_with = 0, runs_with = 0, failed_without = 0, runs_without = 0;

  static constexpr auto Fields() {
    using Self = Association;
    return std::tuple{
        Field("failed_with", &Self::failed_with), Field("runs_with", &Self::runs_with),
        Field("failed_without", &Self::failed_without), Field("runs_without", &Self::runs_without)};
  }
};

// A failure mode as a row of the ranked list.
struct ModeRow {
  // score = share_low * median waste * outcome_factor; only one of the three wastes is present.
  struct Factors {
    double share_low = 0;
    std::optional<double> median_waste_usd, median_waste_tokens, median_waste_ms;
    double outcome_factor = 1;

    static constexpr auto Fields() {
      using Self = Factors;
      return std::tuple{Field("share_low", &Self::share_low),
                        Option("median_waste_usd", &Self::median_waste_usd),
                        Option("median_waste_tokens", &Self::median_waste_tokens),
                        Option("median_waste_ms", &Self::median_waste_ms),
                        Field("outcome_factor", &Self::outcome_factor)};
    }
  };

  // A mode that the entry holds besides the one that it is named after: the same defect in other
  // words or another agent, or what it led to.
  struct Member {
    Words id, detector;
    TraceText signature;
    std::int64_t traces = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("id", &Member::id), Option("detector", &Member::detector),
                        Option("signature", &Member::signature), Field("traces", &Member::traces)};
    }
  };

  Words id, detector, category, severity, generality, trend, status;
  Confidence confidence = Confidence::kCandidate;
  Prose title, eligible_label, note;
  std::vector<Member> variants, effects;
  std::int64_t more_variants = 0, more_effects = 0;
  TraceText signature;
  Locus locus;
  std::int64_t traces = 0, eligible_traces = 0, runs = 0, occurrences = 0, tasks = 0, sessions = 0;
  double score = 0;
  std::optional<double> rate, rate_low, rate_high;  // absent: only readers saw it, of any draw
  Wasted wasted;
  Factors factors;
  std::optional<Association> association;
  TraceName transport;
  Words last_seen;
  std::optional<Quote> quote;
  std::vector<Quote> examples;

  static constexpr auto Fields() {
    using Self = ModeRow;
    return std::tuple{Field("id", &Self::id),
                      Field("title", &Self::title),
                      Option("note", &Self::note, "how failed and passed runs compare"),
                      Field("confidence", &Self::confidence),
                      Field("detector", &Self::detector),
                      Field("category", &Self::category),
                      Option("transport", &Self::transport),
                      Field("locus", &Self::locus),
                      Option("signature", &Self::signature),
                      Field("generality", &Self::generality),
                      Field("traces", &Self::traces),
                      Field("eligible_traces", &Self::eligible_traces),
                      Option("eligible_label", &Self::eligible_label),
                      Option("runs", &Self::runs),
                      Option("rate", &Self::rate),
                      Option("rate_low", &Self::rate_low),
                      Option("rate_high", &Self::rate_high),
                      Field("occurrences", &Self::occurrences),
                      Option("tasks", &Self::tasks),
                      Option("sessions", &Self::sessions),
                      Field("wasted", &Self::wasted),
                      Option("association", &Self::association),
                      Option("variants", &Self::variants, "the same defect in other words"),
                      Option("more_variants", &Self::more_variants),
                      Option("effects", &Self::effects, "modes that lie in its turns"),
                      Option("more_effects", &Self::more_effects),
                      Field("severity", &Self::severity),
                      Field("score", &Self::score),
                      Field("factors", &Self::factors),
                      Field("trend", &Self::trend),
                      Option("last_seen", &Self::last_seen),
                      Field("status", &Self::status),
                      Option("quote", &Self::quote),
                      Option("examples", &Self::examples, "other runs")};
  }
};

}  // namespace halo::wire
