// SPDX-License-Identifier: MIT
// Records of note_runs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "schemas/common.h"
#include "schemas/review.h"

namespace halo::wire {

enum class Verdict : std::uint8_t { kGood, kBad, kUnsure };
constexpr auto Names(Verdict) {
  return std::array{Named{Verdict::kGood, "good"}, Named{Verdict::kBad, "bad"},
                    Named{Verdict::kUnsure, "unsure"}};
}
enum class Weight : std::uint8_t { kLow, kMedium, kHigh };
constexpr auto Names(Weight) {
  return std::array{Named{Weight::kLow, "low"}, Named{Weight::kMedium, "medium"},
                    Named{Weight::kHigh, "high"}};
}

struct NoteRunsInput {
  struct Problem {
    std::string category, quote;
    std::optional<std::int64_t> turn;
    std::optional<std::string> span_id;
    Weight severity = Weight::kMedium;

    static constexpr auto Fields() {
      using Self = Problem;
      return std::tuple{Field("category", &Self::category, "in your words, short"),
                        Option("quote", &Self::quote, "exact; none for what is missing"),
                        Option("turn", &Self::turn, "number in the dossier", {1, 1e6}),
                        Option("span_id", &Self::span_id, "instead of turn"),
                        Option("severity", &Self::severity)};
    }
  };
  struct Note {
    std::string trace_id;
    Verdict verdict = Verdict::kUnsure;
    std::vector<Problem> problems;
    std::string comment;
    std::vector<std::string> right, wrong;

    static constexpr auto Fields() {
      using Self = Note;
      return std::tuple{Field("trace_id", &Self::trace_id),
                        Field("verdict", &Self::verdict),
                        Option("problems", &Self::problems, "the first that went wrong at first"),
                        Option("comment", &Self::comment),
                        Option("right", &Self::right, "fm_ ids of its findings"),
                        Option("wrong", &Self::wrong)};
    }
  };
  struct Edit {
    std::vector<std::string> merge;
    std::optional<std::string> rename, split;
    std::string to;
    std::vector<std::string> trace_ids;

    static constexpr auto Fields() {
      using Self = Edit;
      return std::tuple{Option("merge", &Self::merge, "names or ids"),
                        Option("rename", &Self::rename), Option("split", &Self::split),
                        Field("to", &Self::to),
                        Option("trace_ids", &Self::trace_ids, "of a split: what moves")};
    }
  };

  std::vector<Note> notes;
  std::vector<Edit> categories;
  std::vector<std::int64_t> undo;
  std::string who = "agent";
  std::optional<std::string> project;
  std::optional<bool> evaluators;

  static constexpr auto Fields() {
    using Self = NoteRunsInput;
    return std::tuple{
        Option("notes", &Self::notes)
            .Example(R"([{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","verdict":"bad",)"
                     R"("problems":[{"category":"refund promised, not issued","turn":7,)"
                     R"("quote":"your refund is on its way"}]}])"),
        Option("categories", &Self::categories, "each: merge, rename or split")
            .Example(R"([{"merge":["wrong price","price off"],"to":"wrong price"}])"),
        Option("undo", &Self::undo, "numbers of what was stored"),
        Option("evaluators", &Self::evaluators,
               "true: their scores as notes of unread runs; false: no more"),
        Option("who", &Self::who, "the reader"),
        Option("project", &Self::project)};
  }
};

struct NoteRunsOutput {
  struct Refused {
    TraceId trace_id;
    Words why;
    std::int64_t problem = 0;
    std::optional<Quote> nearest;

    static constexpr auto Fields() {
      using Self = Refused;
      return std::tuple{Field("trace_id", &Self::trace_id), Field("why", &Self::why),
                        Option("problem", &Self::problem, "which of the note, from 1"),
                        Option("nearest", &Self::nearest)};
    }
  };
  struct Stored {
    std::int64_t number = 0;
    TraceId trace_id;

    static constexpr auto Fields() {
      return std::tuple{Field("number", &Stored::number),
                        Option("trace_id", &Stored::trace_id, "of a note")};
    }
  };

  Prose headline;
  std::vector<Refused> refused;
  std::vector<Stored> stored;
  std::int64_t outcomes_set = 0;
  std::optional<ReviewProgress> progress;
  std::vector<OutcomeAgreement> with_outcomes;
  std::vector<ReviewedRow> categories;
  std::int64_t more_categories = 0;
  std::vector<Prose> notes;
  std::vector<Words> next;

  static constexpr auto Fields() {
    using Self = NoteRunsOutput;
    return std::tuple{
        Field("headline", &Self::headline),
        Option("refused", &Self::refused, "notes that were not stored"),
        Option("stored", &Self::stored, "numbers, to undo"),
        Option("outcomes_set", &Self::outcomes_set, "runs whose outcome is now the verdict"),
        Option("progress", &Self::progress),
        Option("with_outcomes", &Self::with_outcomes, "verdicts and outcomes that others decided"),
        Option("categories", &Self::categories, "what readers said"),
        Option("more_categories", &Self::more_categories),
        Option("notes", &Self::notes),
        Option("next", &Self::next)};
  }
};

}  // namespace halo::wire
