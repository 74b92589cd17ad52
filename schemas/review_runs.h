// SPDX-License-Identifier: MIT
// Records of review_runs.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schemas/blind_reading.h"
#include "schemas/category_pattern.h"
#include "schemas/common.h"
#include "schemas/review.h"

namespace halo::wire {

enum class DrawWay : std::uint8_t { kRandom, kUncovered, kDiverse, kPairs, kEntry };
constexpr auto Names(DrawWay) {
  return std::array{Named{DrawWay::kRandom, "random"}, Named{DrawWay::kUncovered, "uncovered"},
                    Named{DrawWay::kDiverse, "diverse"}, Named{DrawWay::kPairs, "pairs"},
                    Named{DrawWay::kEntry, "entry"}};
}

struct ReviewRunsInput {
  std::optional<Filters> filters;
  DrawWay draw = DrawWay::kRandom;
  std::optional<std::string> entry, trace_id;
  std::int64_t count = 5, seed = 1;
  bool hide_outcome = false;
  std::string who = "agent";
  std::map<std::string, std::string> a, b;
  std::optional<std::string> fix;
  bool end = false;

  static constexpr auto Fields() {
    using Self = ReviewRunsInput;
    return std::tuple{
        Option("filters", &Self::filters, "other filters, another review"),
        Option(
            "draw", &Self::draw,
            "only random estimates shares; uncovered: failed, without a finding; diverse: unlike "
            "those read; pairs: a failed and a passed run of one task"),
        Option("entry", &Self::entry, "fm_ id; of a category: runs of its pattern")
            .Example("\"fm_0123456789ab\""),
        Option("trace_id", &Self::trace_id, "this run at length"),
        Option("count", &Self::count, "", {1, 10}),
        Option("seed", &Self::seed, "", {0, 1e9}),
        Option("hide_outcome", &Self::hide_outcome),
        Option("who", &Self::who, "the reader"),
        Option("a", &Self::a, "filters; with b: blind reading of two sides")
            .Example(R"({"version":"1"})"),
        Option("b", &Self::b).Example(R"({"version":"2"})"),
        Option("fix", &Self::fix, "blind: before and after it").Example("\"fix_0123456789ab\""),
        Option("end", &Self::end)};
  }
};

// What a rule found in a run.
struct RuleFinding {
  Words id, detector;
  TraceText quote;

  static constexpr auto Fields() {
    using Self = RuleFinding;
    return std::tuple{Field("id", &Self::id), Field("detector", &Self::detector),
                      Option("quote", &Self::quote)};
  }
};

// A run on one page.
struct RunDossier {
  TraceId trace_id;
  Words started, ends, prompt, tools, outcome, decided_by;
  TraceName agent, service, version, environment, user, session;
  std::vector<TraceName> tags;
  TraceText attributes, prompt_lines, turns;
  TraceId near_equal_to;
  std::int64_t traces = 0;
  std::vector<RuleFinding> findings;

  static constexpr auto Fields() {
    using Self = RunDossier;
    return std::tuple{
        Field("trace_id", &Self::trace_id),
        Option("started", &Self::started),
        Option("agent", &Self::agent),
        Option("service", &Self::service),
        Option("version", &Self::version),
        Option("environment", &Self::environment),
        Option("user", &Self::user),
        Option("session", &Self::session),
        Option("traces", &Self::traces, "of the session, which is the run"),
        Option("tags", &Self::tags),
        Option("attributes", &Self::attributes, "of the run's own span"),
        Option("prompt", &Self::prompt, "of texts"),
        Option("prompt_lines", &Self::prompt_lines, "where this run's prompt differs from it"),
        Option("tools", &Self::tools, "of texts"),
        Option("near_equal_to", &Self::near_equal_to, "a run of the same words, sent before"),
        Option("outcome", &Self::outcome),
        Option("decided_by", &Self::decided_by),
        Field("turns", &Self::turns, "numbered; … for what is cut"),
        Field("ends", &Self::ends),
        Option("findings", &Self::findings, "of rules, to be judged (note_runs right, wrong)")};
  }
};

struct ReviewRunsOutput {
  // A system prompt or a list of tools, of the first run that has it.
  struct Text {
    Words id;
    TraceId trace_id;
    TraceText text;

    static constexpr auto Fields() {
      return std::tuple{Field("id", &Text::id), Field("trace_id", &Text::trace_id),
                        Field("text", &Text::text)};
    }
  };

  Prose headline;
  std::vector<OwnersExample> examples;
  std::vector<Text> texts;
  std::vector<RunDossier> runs;
  std::optional<ReviewProgress> progress;
  std::optional<BlindReport> blind;
  std::optional<CategoryPatterns> patterns;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = ReviewRunsOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Option("examples", &Self::examples, "what the runs' owner calls a failure"),
                      Option("texts", &Self::texts, "sent once a review"),
                      Field("runs", &Self::runs),
                      Option("progress", &Self::progress),
                      Option("blind", &Self::blind),
                      Option("patterns", &Self::patterns, "of the category of entry"),
                      Option("notes", &Self::notes),
                      Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
