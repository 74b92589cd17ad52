// SPDX-License-Identifier: MIT
// Input and output of get_overview. Units as in common.h.
#pragma once

#include "schemas/common.h"
#include "schemas/review.h"

namespace halo::wire {

struct GetOverviewInput {
  std::optional<Filters> filters;

  static constexpr auto Fields() {
    return std::tuple{Option("filters", &GetOverviewInput::filters)};
  }
};

struct GetOverviewOutput {
  struct Dataset {
    std::int64_t traces = 0, spans = 0, sessions = 0, open_traces = 0, runs = 0;
    std::int64_t abandoned_traces = 0;
    std::int64_t llm_calls = 0, tool_calls = 0, failed_spans = 0;
    Words first, last, unit;

    static constexpr auto Fields() {
      using Self = Dataset;
      return std::tuple{
          Field("traces", &Self::traces),
          Field("spans", &Self::spans),
          Field("sessions", &Self::sessions),
          Option("first", &Self::first),
          Option("last", &Self::last),
          Option("open_traces", &Self::open_traces),
          Option("abandoned_traces", &Self::abandoned_traces, "settled without an ended root"),
          Field("runs", &Self::runs, "settled units"),
          Field("unit", &Self::unit),
          Field("llm_calls", &Self::llm_calls),
          Field("tool_calls", &Self::tool_calls),
          Field("failed_spans", &Self::failed_spans)};
    }
  };
  struct Cost {
    std::optional<std::int64_t> micro_usd;  // absent: no call has a known price
    std::int64_t unpriced_calls = 0, reported_calls = 0, computed_calls = 0;
    std::int64_t mismatches = 0;
    Words prices;
    std::vector<TraceName> unpriced_models;
    std::int64_t more_unpriced_models = 0;
    std::map<Words, std::int64_t> cached_tokens;

    static constexpr auto Fields() {
      using Self = Cost;
      return std::tuple{
          Option("micro_usd", &Self::micro_usd),
          Option("unpriced_calls", &Self::unpriced_calls),
          Option("unpriced_models", &Self::unpriced_models),
          Option("more_unpriced_models", &Self::more_unpriced_models),
          Option("reported_calls", &Self::reported_calls),
          Option("computed_calls", &Self::computed_calls),
          Option("mismatches", &Self::mismatches, "reported and computed cost differ"),
          Field("prices", &Self::prices),
          Option("cached_tokens", &Self::cached_tokens, "calls by counting rule")};
    }
  };
  // The traces that have not settled, which the tokens and cost of the overview exclude.
  struct Open {
    std::int64_t traces = 0, tokens = 0;
    std::optional<std::int64_t> micro_usd;  // absent: no call has a known price
    std::int64_t unpriced_calls = 0;

    static constexpr auto Fields() {
      using Self = Open;
      return std::tuple{Field("traces", &Self::traces), Field("tokens", &Self::tokens),
                        Option("micro_usd", &Self::micro_usd),
                        Option("unpriced_calls", &Self::unpriced_calls)};
    }
  };
  struct Health {
    Words issue, means;
    TraceText example;
    std::int64_t count = 0;

    static constexpr auto Fields() {
      using Self = Health;
      return std::tuple{Field("issue", &Self::issue), Field("count", &Self::count),
                        Field("means", &Self::means), Option("example", &Self::example)};
    }
  };
  struct Name {
    TraceName name;
    std::int64_t traces = 0, spans = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("name", &Name::name), Field("traces", &Name::traces),
                        Field("spans", &Name::spans)};
    }
  };
  // What the conventions did not find in spans that should have it.
  struct Missing {
    Words what;  // "kind", "model", "tokens", "tool_name"
    std::int64_t count = 0, of = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("what", &Missing::what), Field("count", &Missing::count),
                        Field("of", &Missing::of)};
    }
  };
  struct TopMode {
    Words id, generality;
    Confidence confidence = Confidence::kCandidate;
    Prose title, note;
    std::int64_t traces = 0;
    double rate = 0;
    Wasted wasted;

    static constexpr auto Fields() {
      using Self = TopMode;
      return std::tuple{Field("id", &Self::id),         Field("title", &Self::title),
                        Option("note", &Self::note),    Field("confidence", &Self::confidence),
                        Field("traces", &Self::traces), Field("rate", &Self::rate),
                        Field("wasted", &Self::wasted), Field("generality", &Self::generality)};
    }
  };

  Prose headline;
  Dataset dataset;
  Outcomes outcomes;
  std::vector<TopMode> top_modes;
  std::int64_t modes = 0, hidden_one_offs = 0, hidden_candidates = 0, failed_without_mode = 0;
  Tokens tokens;
  Cost cost;
  std::optional<Open> open;
  std::vector<Health> health;
  std::vector<Name> projects, agents, models, tools, services;
  std::vector<Name> dialects, unread_keys;
  std::vector<Missing> missing;
  std::vector<JudgedDetector> judged;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = GetOverviewOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Field("dataset", &Self::dataset),
                      Field("outcomes", &Self::outcomes),
                      Option("top_modes", &Self::top_modes),
                      Field("modes", &Self::modes, "proven or likely, no one-offs"),
                      Option("hidden_one_offs", &Self::hidden_one_offs),
                      Option("hidden_candidates", &Self::hidden_candidates),
                      Option("failed_without_mode", &Self::failed_without_mode),
                      Field("tokens", &Self::tokens),
                      Field("cost", &Self::cost),
                      Option("open", &Self::open, "runs in progress, not in the other numbers"),
                      Field("health", &Self::health, "what bounds trust in the numbers"),
                      Option("missing", &Self::missing, "spans without what they should tell"),
                      Option("dialects", &Self::dialects, "conventions that spans follow"),
                      Option("unread_keys", &Self::unread_keys, "attributes that none explains"),
                      Option("projects", &Self::projects, "if there are several"),
                      Option("agents", &Self::agents),
                      Option("models", &Self::models),
                      Option("tools", &Self::tools),
                      Option("services", &Self::services),
                      Option("judged", &Self::judged, "detectors, by readers (note_runs)"),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
