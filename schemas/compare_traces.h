// SPDX-License-Identifier: MIT
// Input and output of compare_traces. Units as in common.h; of each pair of numbers, the first is
// of side a.
#pragma once

#include "schemas/common.h"

namespace halo::wire {

struct CompareTracesInput {
  std::optional<Filters> filters;
  std::map<std::string, std::string> a, b;
  std::vector<std::string> traces;
  std::int64_t limit = 8;

  static constexpr auto Fields() {
    using Self = CompareTracesInput;
    return std::tuple{
        Option("a", &Self::a, "filters of side a; default: outcome failure")
            .Example(R"({"version":"2"})"),
        Option("b", &Self::b, "filters of side b; default: success, or with a given: all others")
            .Example(R"({"version":"1"})"),
        Option("filters", &Self::filters, "of both sides"),
        Option("traces", &Self::traces, "two trace ids: aligns their turns instead")
            .Example(R"(["id","id"])"),
        Option("limit", &Self::limit, "rows of each list", {1, 50}).Example("8")};
  }
};

struct CompareTracesOutput {
  struct Side {
    Prose what;
    std::int64_t traces = 0, runs = 0, success = 0, failure = 0;

    static constexpr auto Fields() {
      return std::tuple{Field("what", &Side::what), Field("traces", &Side::traces),
                        Field("runs", &Side::runs), Option("success", &Side::success),
                        Option("failure", &Side::failure)};
    }
  };
  // A share of each side. difference = a - b with its 95 % interval; q: p
  // corrected for all rows.
  struct Rate {
    std::int64_t a_hits = 0, a_runs = 0, b_hits = 0, b_runs = 0;
    double difference = 0, low = 0, high = 0, q = 1;

    static constexpr auto Fields() {
      return std::tuple{Field("a_hits", &Rate::a_hits),
                        Field("a_runs", &Rate::a_runs),
                        Field("b_hits", &Rate::b_hits),
                        Field("b_runs", &Rate::b_runs),
                        Field("difference", &Rate::difference),
                        Field("low", &Rate::low),
                        Field("high", &Rate::high),
                        Field("q", &Rate::q)};
    }
  };
  // Medians; ratio = a / b.
  struct Amount {
    Words what;  // tokens, micro_usd or ms
    std::int64_t a = 0, b = 0, a_known = 0, b_known = 0;
    std::optional<double> ratio, low, high;

    static constexpr auto Fields() {
      return std::tuple{Field("what", &Amount::what),
                        Field("a", &Amount::a),
                        Field("b", &Amount::b),
                        Field("a_known", &Amount::a_known),
                        Field("b_known", &Amount::b_known),
                        Option("ratio", &Amount::ratio),
                        Option("low", &Amount::low),
                        Option("high", &Amount::high)};
    }
  };
  struct Mode {
    Words id, confidence;
    Prose title;
    Rate rate;

    static constexpr auto Fields() {
      return std::tuple{Field("id", &Mode::id), Field("title", &Mode::title),
                        Field("confidence", &Mode::confidence), Field("rate", &Mode::rate)};
    }
  };
  struct Behaviour {
    Prose what;
    std::optional<double> ratio, low, high;
    Rate rate;
    TraceId a_trace, b_trace;

    static constexpr auto Fields() {
      using Self = Behaviour;
      return std::tuple{Field("what", &Self::what),
                        Option("ratio", &Self::ratio, "a / b among runs of like length"),
                        Option("low", &Self::low),
                        Option("high", &Self::high),
                        Field("rate", &Self::rate),
                        Option("a_trace", &Self::a_trace, "one of the two does it, one does not"),
                        Option("b_trace", &Self::b_trace)};
    }
  };
  // How far the mixes of both sides differ, 0 to 1.
  struct Drift {
    Words what;
    std::optional<double> variation;  // absent: cannot be known
    bool limits = false;
    TraceName a, b;  // the most frequent ones

    static constexpr auto Fields() {
      return std::tuple{Field("what", &Drift::what), Option("variation", &Drift::variation),
                        Option("limits", &Drift::limits), Option("a", &Drift::a),
                        Option("b", &Drift::b)};
    }
  };
  // What both runs did side by side; equal ones in a row are one.
  struct Turn {
    Words match;  // same, other_arguments, other_result, only_a or only_b
    Words kind;   // call, hand_off or answer
    TraceName name;
    std::int64_t count = 1;
    TraceId a_span, b_span;
    Words failed;  // a, b or both

    static constexpr auto Fields() {
      return std::tuple{Field("match", &Turn::match),    Field("kind", &Turn::kind),
                        Field("name", &Turn::name),      Option("count", &Turn::count),
                        Option("a_span", &Turn::a_span), Option("b_span", &Turn::b_span),
                        Option("failed", &Turn::failed)};
    }
  };

  Prose headline;
  bool comparable = true;
  Side a, b;
  std::optional<Rate> failures;
  std::vector<Amount> amounts;
  std::vector<Mode> modes;
  std::vector<Behaviour> behaviours;
  std::vector<Drift> drift;
  std::vector<Turn> turns;
  std::int64_t modes_total = 0, behaviours_total = 0, turns_total = 0;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = CompareTracesOutput;
    return std::tuple{Field("headline", &Self::headline),
                      Field("comparable", &Self::comparable),
                      Field("a", &Self::a),
                      Field("b", &Self::b),
                      Option("failures", &Self::failures, "of known outcomes"),
                      Option("amounts", &Self::amounts, "medians"),
                      Field("modes", &Self::modes),
                      Option("modes_total", &Self::modes_total),
                      Field("behaviours", &Self::behaviours),
                      Option("behaviours_total", &Self::behaviours_total),
                      Option("turns", &Self::turns),
                      Option("turns_total", &Self::turns_total),
                      Option("drift", &Self::drift),
                      Option("notes", &Self::notes),
                      Field("next", &Self::next)};
  }
};

}  // namespace halo::wire
