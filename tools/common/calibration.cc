// SPDX-License-Identifier: MIT
#include "tools/common/calibration.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "engine/analysis/detector_precision.h"
#include "tools/answer/phrases.h"
#include "tools/common/review_outcomes.h"

namespace halo {
namespace {

enum Source : std::uint8_t { kPeople, kEvaluators, kRecorded, kSources };
constexpr std::array<std::string_view, kSources> kSourceNames = {"people", "evaluators",
                                                                 "recorded"};

// Runs by verdict and outcome.
struct Table {
  std::int64_t both = 0, bad_only = 0, failed_only = 0, neither = 0;

  std::int64_t runs() const { return both + bad_only + failed_only + neither; }
};

wire::OutcomeAgreement ToWire(Source source, const Table& table) {
  wire::OutcomeAgreement out;
  out.with = Words(kSourceNames[source]);
  out.runs = table.runs();
  out.bad_and_failed = table.both;
  out.bad_only = table.bad_only;
  out.failed_only = table.failed_only;
  const auto share = [&](std::int64_t all, auto& value, auto& low, auto& high) {
    if (all == 0) return;
    const ShareInterval interval = WilsonInterval(table.both, all);
    value = static_cast<double>(table.both) / static_cast<double>(all);
    low = interval.low;
    high = interval.high;
  };
  share(table.both + table.bad_only, out.precision, out.precision_low, out.precision_high);
  share(table.both + table.failed_only, out.recall, out.recall_low, out.recall_high);
  const Kappa kappa =
      IntraclassKappa({table.both, table.bad_only + table.failed_only, table.neither});
  if (kappa.known) {
    out.kappa = kappa.value;
    out.kappa_low = kappa.low;
    out.kappa_high = kappa.high;
  }
  return out;
}

std::string Spread(double value, double low, double high) {
  return Cat(PercentText(value), " (95 % interval ", PercentText(low), " to ", PercentText(high),
             ")");
}

// Two decimals.
std::string KappaText(double value) {
  const int hundredths = static_cast<int>(value * 100 + (value < 0 ? -0.5 : 0.5));
  const int part = std::abs(hundredths) % 100;
  return Cat(hundredths < 0 ? "-" : "", std::abs(hundredths) / 100, part < 10 ? ".0" : ".", part);
}

std::string NumbersOf(const wire::OutcomeAgreement& one) {
  std::string out;
  if (one.precision) {
    out += Cat("of those called bad, ",
               Spread(*one.precision, *one.precision_low, *one.precision_high), " failed");
  }
  if (one.recall) {
    out += Cat(out.empty() ? "" : "; ", "of those that failed, ",
               Spread(*one.recall, *one.recall_low, *one.recall_high), " were called bad");
  }
  if (one.kappa) {
    out += Cat(out.empty() ? "" : "; ", "kappa ", KappaText(*one.kappa), " (",
               KappaText(*one.kappa_low), " to ", KappaText(*one.kappa_high), ")");
  }
  return out;
}

}  // namespace

bool IsByPerson(const ReviewBook& book, const Label& label) {
  return label.why != kVerdictReason && !label.who.empty() && label.who != "agent" &&
         !book.IsReader(label.who);
}

Result<std::vector<wire::OutcomeAgreement>> AgreementWithOutcomes(Engine& engine,
                                                                  const ReviewBook& book) {
  std::vector<TraceKey> keys;
  for (const auto& [key, run] : book.notes()) {
    const BookNote& note = *run.counting();
    const bool says = note.note.verdict != ReadVerdict::kUnsure && note.who != kEvaluatorsReader;
    if (says && !book.IsExample(key)) keys.push_back(key);
  }
  std::vector<wire::OutcomeAgreement> out;
  if (keys.empty()) return out;
  const auto labelled = engine.FindTraces(keys);
  if (!labelled) return labelled.error();
  const auto summaries = engine.Summaries(keys);
  if (!summaries) return summaries.error();
  std::array<Table, kSources> tables;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const Result<LabelledTrace>& trace = (*labelled)[i];
    const Result<TraceSummary>& summary = (*summaries)[i];
    if (!trace || !summary || summary->outcome == Outcome::kUnknown) continue;
    if (trace->label && trace->label->why == kVerdictReason) continue;
    const bool failed = summary->outcome == Outcome::kFailure;
    const bool bad = book.NotesOf(keys[i])->counting()->note.verdict == ReadVerdict::kBad;
    Table& table = tables[trace->label && IsByPerson(book, *trace->label)    ? kPeople
                          : summary->outcome_rule == OutcomeRule::kEvaluator ? kEvaluators
                                                                             : kRecorded];
    ++(failed && bad ? table.both
       : bad         ? table.bad_only
       : failed      ? table.failed_only
                     : table.neither);
  }
  for (const Source source : {kPeople, kEvaluators, kRecorded}) {
    if (tables[source].runs() > 0) out.push_back(ToWire(source, tables[source]));
  }
  return out;
}

Prose AgreementSentence(const std::vector<wire::OutcomeAgreement>& agreements) {
  Prose out;
  bool people = false;
  for (const wire::OutcomeAgreement& one : agreements) {
    const bool are_people = one.with.str() == kSourceNames[kPeople];
    people = people || are_people;
    const std::string numbers = NumbersOf(one);
    if (one.with.str() == kSourceNames[kRecorded]) continue;
    out.Add(out.empty() ? "" : " ", "Readers and ", one.with, " on ", Plural(one.runs, "run"),
            are_people ? " that were no examples: " : ": ",
            Words(numbers.empty() ? std::string("none is bad or failed") : numbers), ".");
  }
  if (!people) {
    out.Add(out.empty() ? "" : " ",
            "What is a failure is the reader's own word: no person labelled runs that were read.");
  }
  return out;
}

Prose AgreementSentence(Engine& engine) {
  const auto book = engine.Reviews();
  if (!book || (*book)->notes().empty()) return {};
  const auto agreements = AgreementWithOutcomes(engine, **book);
  return agreements ? AgreementSentence(*agreements) : Prose();
}

bool PeopleDoubtReaders(const std::vector<wire::OutcomeAgreement>& agreements) {
  return std::any_of(agreements.begin(), agreements.end(), [](const wire::OutcomeAgreement& one) {
    const std::int64_t bad = one.bad_and_failed + one.bad_only;
    return one.with.str() == kSourceNames[kPeople] && bad >= kFewestJudged &&
           2 * one.bad_and_failed < bad;
  });
}

}  // namespace halo
