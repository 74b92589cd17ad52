// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <memory>

#include "engine/analysis/apply_rules.h"
#include "engine/detectors/detector.h"
#include "engine/model/reject_reasons.h"
#include "engine/model/span_facts.h"
#include "server/commands/command.h"
#include "server/protocol/server_info.h"
#include "tools/answer/phrases.h"
#include "tools/common/filters.h"
#include "tools/common/time_text.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

constexpr Patience kWriteTime{2'000};

// Prints one line per check, and records whether anything needs attention.
class Checkup {
 public:
  void Good(const std::string& text) { Line("ok    ", text); }
  void Note(const std::string& text) { Line("note  ", text); }
  void Warn(const std::string& text) {
    Line("WARN  ", text);
    warned_ = true;
  }
  bool warned() const { return warned_; }

 private:
  static void Line(const char* mark, const std::string& text) { std::cout << mark << text << "\n"; }
  bool warned_ = false;
};

void CheckStore(Engine& engine, Checkup& checkup) {
  const Result<StoreInfo> info = engine.Info();
  if (!info) return checkup.Warn(info.error().message);
  checkup.Good(Cat("store ", info->url, ": schema ", info->schema_version, ", ",
                   Plural(info->traces, "trace"), ", ", Plural(info->spans, "span"), ", ",
                   CountText(info->bytes / 1024), " KB for ", CountText(info->payload_bytes / 1024),
                   " KB of payload, ", Plural(info->sources, "source")));
  std::string_view path = info->url;
  if (path.starts_with("sqlite:")) path.remove_prefix(7);
  if (access(std::string(path).c_str(), W_OK) == 0) {
    checkup.Good("the store is writable");
  } else {
    checkup.Warn(Cat("the store is not writable by this user: ", path));
  }
  std::error_code error;
  const auto space = std::filesystem::space(std::filesystem::path(path).parent_path(), error);
  if (!error && space.available < (std::uintmax_t{1} << 30)) {
    checkup.Warn("less than 1 GB is free on the disk of the store");
  }
}

// Whether the store accepts writes now, and problems reported by servers that follow files.
void CheckStoring(Engine& engine, Checkup& checkup) {
  if (const Result<void> writable = engine.CheckWritable(kWriteTime); !writable) {
    checkup.Warn("the store does not accept writes now: " + writable.error().message);
  }
  const FollowStatus following = engine.Following();
  for (const FollowTrouble& trouble : following.troubles) checkup.Warn(TroubleLine(trouble));
}

void CheckRules(Engine& engine, Checkup& checkup) {
  checkup.Good(Cat("halo-mcp ", HaloServer().version, ": detectors ", kDetectorsVersion, ", facts ",
                   kFactsVersion, ", prices of ", engine.price_date()));
  const Result<Provenance> provenance = engine.CurrentProvenance();
  if (!provenance) return checkup.Warn(provenance.error().message);
  if (!provenance->stamp_warning.empty()) checkup.Warn(provenance->stamp_warning);
  if (provenance->stale_traces > 0) {
    checkup.Note(Cat(Plural(provenance->stale_traces, "trace"),
                     provenance->stale_traces == 1 ? " has" : " have",
                     " changed and will be analysed by the next query"));
  }
}

// Rules of halo.toml that match everything or nothing, or that nobody can check.
void CheckPatternRules(Engine& engine, const Question& question, Checkup& checkup) {
  const std::vector<Rule>& rules = engine.config().rules;
  if (rules.empty()) return;
  const Result<ModeRanking> ranking = engine.RankedModes(question);
  const Result<std::vector<RulePrecision>> precisions = engine.RulePrecisions();
  if (!ranking) return checkup.Warn(ranking.error().message);
  if (!precisions) return checkup.Warn(precisions.error().message);
  const std::int64_t all = ranking->totals.units;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    std::int64_t matched = 0;
    for (const RankedMode& mode : ranking->modes) {
      if (mode.stats.id == ModeOfRule(rules[i])) matched = mode.stats.units;
    }
    const RulePrecision& is = (*precisions)[i];
    const std::string rule = Cat("rule ", CleanName(rules[i].name, 64), " matches ",
                                 CountText(matched), " of ", Plural(all, "run"));
    if (all > 0 && matched == 0) {
      checkup.Warn(rule + ": check its filter (search_traces takes the same), or remove it");
    } else if (all > 1 && matched == all) {
      checkup.Warn(rule + ": it tells no run from another; narrow its filter, or remove it");
    } else if (!is.known_category) {
      checkup.Warn(Cat(rule, ", but no note has its category ", CleanName(rules[i].category, 64),
                       ": note_runs {} shows those that exist"));
    } else if (is.judged < kFewestJudgedRuns) {
      checkup.Note(Cat(rule, "; of ", Plural(is.judged, "noted one"), " ", is.right,
                       is.right == 1 ? " shows" : " show", " its category: a candidate until ",
                       kFewestJudgedRuns, " are noted (review_runs with draw entry)"));
    } else {
      const std::string text =
          Cat(rule, "; of ", Plural(is.judged, "noted one"), " ", is.right,
              " show its category, so it is ",
              is.confidence() == Confidence::kLikely ? "likely" : "a candidate");
      is.interval.high < 0.5 ? checkup.Warn(text + ": narrow its filter, or remove it")
                             : checkup.Good(text);
    }
  }
}

// Some emitters write one trace per model call; then a session is the run.
void CheckUnit(const OverviewStats& stats, Checkup& checkup) {
  if (const std::string advice = UnitAdvice(stats); !advice.empty()) {
    checkup.Warn(advice);
  } else if (const Prose choice = UnitChoice(stats); !choice.empty()) {
    checkup.Note(PlainText(choice));
  } else if (stats.unit == Unit::kAuto) {
    checkup.Good("what counts as one run is set by project");
  } else {
    checkup.Good(Cat("a ", UnitName(stats.unit), " counts as one run"));
  }
}

void CheckOutcomes(const OverviewStats& stats, Unit unit, Checkup& checkup) {
  const auto count = [&](Outcome outcome) {
    return stats.outcomes[static_cast<std::size_t>(outcome)];
  };
  const std::string text = OutcomesSentence(stats, unit);
  if (stats.units > 0 && count(Outcome::kUnknown) * 2 > stats.units) {
    checkup.Warn(text +
                 " Label runs (halo-mcp label FILE), or name the attribute that records the "
                 "outcome in halo.toml ([outcome] attributes).");
  } else if (count(Outcome::kFailure) < 5 || count(Outcome::kSuccess) < 5) {
    checkup.Note(text +
                 " With fewer than 5 failed or successful runs, no mode can be associated with "
                 "failure.");
  } else {
    checkup.Good(text);
  }
}

void CheckRejects(Engine& engine, Checkup& checkup) {
  const Result<std::vector<RejectCount>> rejects = engine.Rejects();
  if (!rejects) return checkup.Warn(rejects.error().message);
  for (const RejectCount& reject : *rejects) {
    if (reject.reason == kMetricsNotKept) continue;  // intended
    if (reject.source.empty()) {
      checkup.Warn(Cat(Plural(reject.count, "part"), " of what was received: ", reject.reason, ", ",
                       ExplainReject(reject.reason)));
      continue;
    }
    checkup.Warn(Cat(Plural(reject.count, "part"), " of the input ",
                     reject.count == 1 ? "was" : "were", " skipped: ", reject.reason, ", first in ",
                     CleanName(reject.source, 300), " at byte ", reject.offset));
  }
}

// Model calls without a known price, and their share of all tokens. The share is an upper bound if
// an operation has a price for some of its calls.
void CheckPrices(Engine& engine, const Question& question, const OverviewStats& stats,
                 Checkup& checkup) {
  if (stats.unpriced_calls == 0) return;
  std::string models;
  for (const std::string& model : stats.unpriced_models) {
    if (model.empty()) continue;
    models.append(models.empty() ? "" : ", ").append(CleanName(model, 60));
  }
  const Result<std::vector<OperationStats>> operations =
      engine.Operations(question, OperationGroup::kOperation);
  const std::int64_t all = stats.usage.total();
  std::int64_t tokens = 0;
  bool partly = false;
  for (const OperationStats& one : operations ? *operations : std::vector<OperationStats>()) {
    if (one.unpriced == 0) continue;
    tokens += one.usage.total();
    partly = partly || one.nano_usd > 0;
  }
  std::string share;
  if (all > 0) {
    share = Cat(", ", partly ? "up to " : "", CountText(tokens), " of ", Plural(all, "token"), " (",
                PercentText(static_cast<double>(tokens) / static_cast<double>(all)), ")");
  }
  const std::string named =
      models.empty() ? std::string(" by unnamed models") : Cat(" (", CutText(models, 300), ")");
  checkup.Warn(Cat(Plural(stats.unpriced_calls, "model call"), " without a known price", named,
                   share, ": add [[prices]] to halo.toml"));
}

std::string NameList(const std::vector<NamedCount>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    text += Cat(text.empty() ? "" : ", ", CleanName(names[i].name, 64), " (",
                CountText(names[i].spans), ")");
  }
  if (names.size() > most) text += Cat(" and ", names.size() - most, " more");
  return text;
}

// What the conventions could not read, and what each costs the user.
void CheckReading(const OverviewStats& stats, Checkup& checkup) {
  constexpr double kMany = 0.5;
  const auto check = [&](std::int64_t count, std::int64_t of, std::string_view what,
                         std::string_view cost) {
    if (count == 0 || of == 0) return;
    const double share = static_cast<double>(count) / static_cast<double>(of);
    const std::string text = Cat(CountText(count), " of ", CountText(of), " ", what, " (",
                                 PercentText(share), "): ", cost);
    if (share > kMany) {
      checkup.Warn(text);
    } else {
      checkup.Note(text);
    }
  };
  if (!stats.dialects.empty()) {
    checkup.Good("spans by dialect: " + NameList(stats.dialects, 12));
  }
  check(stats.health.unknown_convention, stats.spans, "spans follow no known convention",
        "model and tool calls among them are not recognised, so no detector, cost or count sees "
        "them");
  check(stats.health.llm_without_model, stats.llm_calls, "model calls name no model",
        "they have no price, and no model can be compared with them");
  check(stats.health.llm_without_tokens, stats.llm_calls, "model calls report no tokens",
        "they are missing from tokens, cost and waste. Some SDKs report the usage of a streamed "
        "call only if asked to (stream_options: include_usage)");
  check(stats.health.tools_named_by_span, stats.tool_calls, "tool calls name no tool",
        "the name of their span is used, so calls of one tool count as several tools where it "
        "varies");
  if (!stats.unread_keys.empty()) {
    checkup.Note(Cat("attribute keys that no convention reads, with the spans that have them: ",
                     NameList(stats.unread_keys, 12),
                     ". Their values can be searched and read, but count as no model, tokens, "
                     "arguments or result. If one of them is that, its dialect is not known yet: "
                     "docs/conventions.md lists those that are"));
  }
}

void CheckData(Engine& engine, const Question& question, const OverviewStats& stats,
               Checkup& checkup) {
  CheckReading(stats, checkup);
  CheckPrices(engine, question, stats, checkup);
  if (stats.health.redacted_secrets > 0) {
    checkup.Note(Cat(Plural(stats.health.redacted_secrets, "secret"),
                     stats.health.redacted_secrets == 1 ? " was" : " were",
                     " replaced by [redacted:KIND] before anything was stored"));
  }
  if (stats.health.duplicate_ids > 0) {
    checkup.Warn(
        Cat(Plural(stats.health.duplicate_ids, "span id"),
            stats.health.duplicate_ids == 1 ? " occurs" : " occur",
            " more than once in a trace with different content: the ended or later version "
            "counts. If different runs share ids, make the ids unique, or import the runs "
            "with different --project names"));
  }
  if (stats.health.missing_parents > 0) {
    checkup.Note(Cat(Plural(stats.health.missing_parents, "span"), " without their parent span"));
  }
}

std::string DamageText(const StoreDamage& damage) {
  return Cat(damage.count, " ", damage.part, " (", damage.detail, ")");
}

// Verifies the files of the store, even if it is too damaged to be opened.
void CheckIntegrity(const GlobalOptions& globals, bool repair, Checkup& checkup) {
  const Result<std::vector<StoreDamage>> damage =
      repair ? RepairStore(globals.store) : VerifyStore(globals.store);
  if (!damage) return checkup.Warn(damage.error().message);
  if (damage->empty())
    return checkup.Good("all pages, blocks and references of the store are intact");
  for (const StoreDamage& each : *damage) {
    checkup.Warn(repair ? Cat("removed from the store: ", DamageText(each))
                        : Cat("the store is damaged: ", DamageText(each)));
  }
  checkup.Warn(repair ? "ingest the same files again (halo-mcp ingest PATH...) to restore what was "
                        "removed; the rest of the store is intact"
                      : "run halo-mcp doctor --repair to remove the damaged parts, then halo-mcp "
                        "ingest PATH... with the same files to restore them (ingesting a file that "
                        "the store already knows does both)");
}

ExitCode Run(const GlobalOptions& globals, bool repair) {
  Checkup checkup;
  CheckIntegrity(globals, repair, checkup);
  const Result<std::unique_ptr<Engine>> engine = OpenEngine(globals);
  if (!engine) return Fail(engine.error());
  CheckStore(**engine, checkup);
  CheckStoring(**engine, checkup);
  CheckRules(**engine, checkup);
  if ((*engine)->workspace().unreadable) {
    checkup.Warn(
        "the halo.toml of this folder could not be read, as said above: answers to "
        "programs started here are about all projects");
  }
  std::optional<wire::Filters> none;
  const Question question = WholeStore(**engine);
  const Result<OverviewStats> stats = (*engine)->Overview(question);
  if (!stats) return Fail(stats.error());
  if (stats->traces == 0) {
    checkup.Warn(PlainText(WhyEmpty(**engine, none).front()));
    checkup.Warn(
        "`halo-mcp setup` prints the lines that record an agent; `halo-mcp ingest PATH...` "
        "reads files");
  } else {
    CheckUnit(*stats, checkup);
    CheckPatternRules(**engine, question, checkup);
    CheckOutcomes(*stats, stats->unit, checkup);
    CheckData(**engine, question, *stats, checkup);
  }
  CheckRejects(**engine, checkup);
  return checkup.warned() ? kExitPartial : kExitOk;
}

}  // namespace

void AddDoctor(const Cli& cli) {
  CLI::App* command =
      cli.app.add_subcommand("doctor", "Check the store, the rules and the quality of the data");
  command->footer("Exit code 3 if something needs attention.");
  auto repair = std::make_shared<bool>(false);
  command->add_flag("--repair", *repair,
                    "Remove damaged parts from the store, so that ingesting the same files again "
                    "restores them");
  command->callback([repair, globals = &cli.globals, exit_code = &cli.exit_code] {
    *exit_code = Run(*globals, *repair);
  });
}

}  // namespace halo
