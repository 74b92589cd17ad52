// SPDX-License-Identifier: MIT
// The prompts: each makes a coding agent go the whole way from evidence to a change that is shown
// to work, with the numbers of the moment in it.
#include <boost/json/array.hpp>
#include <utility>

#include "engine/base/clock.h"
#include "server/catalogue/halo_catalogue.h"
#include "server/catalogue/prompt_parts.h"
#include "tools/answer/phrases.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

namespace json = boost::json;

// To the second, which is all that a filter needs.
std::string Now() { return TimeText(NowNs() / 1'000'000'000 * 1'000'000'000); }

std::string Numbered(int number, std::string_view title) {
  return Cat("\n", number, ". ", title, "\n");
}

// The comparison that ends every loop: the same questions about runs before and since the change.
std::string CompareStep(const PromptScope& scope, std::string_view change) {
  return Cat("Compare runs since the change with those before; the change is what came after ",
             change, " (put in the real time if it is another):\n- before: ",
             scope.Call("list_failure_modes", {}, change), " and ",
             scope.Call("get_overview", {}, change),
             "\n- since: ", scope.Call("list_failure_modes", change), " and ",
             scope.Call("get_overview", change),
             "\nCompare the rate of the mode with its 95 % interval: where the intervals overlap, "
             "more runs are needed, and say so. Look as well at modes that are new or rose, at the "
             "share of failed outcomes, and at cost and duration: a fix that moves a failure or "
             "costs more is none. A filter by version does the same where runs carry one.\n");
}

// Where no run shows the named failure mode, or none recurs.
RpcResult NothingToFix(Engine& engine, const PromptScope& scope) {
  std::string text = "The user wants the failure modes of this AI agent fixed.\n";
  if (!scope.Argument("mode").empty()) {
    const auto found = NamedMode(engine, scope, scope.question);
    if (!found) return found.error();
    text.append(Cat("Of ", ModeIdText(found->id), " there is nothing to fix in these runs: ",
                    RateSentence(*found), " Say so, and stop.\n"));
  } else {
    text.append(Cat("No failure mode recurs in these runs. Look at ",
                    scope.Call("list_failure_modes", {}, {}, "\"include_one_offs\":true"),
                    "; unless it shows one that is worth it, say so and stop. Cost and time are "
                    "what is left: ",
                    scope.Call("get_expensive_spans"), ".\n"));
  }
  return PromptText("There is no failure mode to fix", text.append("\n").append(Rules()));
}

RpcResult FixTopFailureModes(Engine& engine, const PromptScope& scope) {
  const auto modes = ScopeModes(engine, scope, 3);
  if (!modes) return modes.error();
  std::string text =
      "Improve the harness of this AI agent with evidence from its traces. halo-mcp has read them "
      "and ranks what goes wrong again and again. Take one failure mode at a time, first to "
      "last.\n\n";
  if (modes->empty()) return NothingToFix(engine, scope);
  text.append(Cat("Now, the most important are:\n", ModeLines(*modes),
                  "Begin with `get_overview {}` (what limits trust in the data) and "
                  "`get_failure_mode {\"id\":\"",
                  ModeIdText(modes->front().stats.id), "\"}`.\n"));
  text.append(Numbered(1, "Cause and change")).append(HowToFix());
  text.append(Numbered(2, "Run again")).append(HowToRerun());
  text.append(Numbered(3, "Verify")).append(CompareStep(scope, Now()));
  text.append(
      "If the rate fell as it should, go on with the next mode; if not, undo the change "
      "and look at new examples.\n");
  text.append(Numbered(4, "Report"))
      .append(
          "For each mode: cause with evidence, the change, rate before and after with numbers "
          "of runs, verdict (fixed, improved, unchanged, worse, or too few runs).\n\n");
  return PromptText("Fix the failure modes that matter most, and show that it worked",
                    text.append(Rules()));
}

RpcResult CutCost(Engine&, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = Cat(
      "Make this AI agent cheaper without making it worse. halo-mcp has read its traces.\n",
      Numbered(1, "Where the money goes"), "- ", scope.Call("get_overview", since),
      ": cost per run, how much of it is priced, outcomes to be kept.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"cost")"), " and ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"cost","group":"model")"),
      ": operations and models by share of the total.\n- ",
      scope.Call("list_failure_modes", since, {}, R"("sort":"wasted")"),
      ": what is spent on failures. Removing waste is the best saving, since it also helps "
      "quality.\n- ",
      scope.Call("search_traces", since, {}, R"("sort":"cost","limit":5)"),
      ": the dearest runs; explain_trace shows why. Do not optimise for one outlier.\n",
      Numbered(2, "Change, dearest first"), "For waste in a failure mode:\n", HowToFix(),
      "For an expensive operation, look in read_spans at what its calls are sent, and take in this "
      "order: send less (drop history, tool results and instructions that no answer uses), send it "
      "once (stable prefix first, so that it is cached; see cached_tokens), ask for less output, "
      "call less often (batch, keep results), and only then a cheaper model for calls whose "
      "answers are simple. One change at a time.\n",
      Numbered(3, "Run again"), HowToRerun(), Numbered(4, "Verify"), CompareStep(scope, Now()),
      "Compare cost per run, not in all, on the same tasks. It only counts if the share of failed "
      "outcomes did not rise.\n",
      Numbered(5, "Report"),
      "Cost per run before and after with numbers of runs, each change with its share, and what "
      "was left because it would have cost quality.\n\n",
      Rules());
  return PromptText("Find what the money is spent on and save it without loss of quality", text);
}

RpcResult SpeedUp(Engine&, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = Cat(
      "Make this AI agent faster without making it worse. halo-mcp has read its traces. Only time "
      "on the critical path counts: what runs beside something longer is free.\n",
      Numbered(1, "Where the time goes"), "- ", scope.Call("get_overview", since),
      ": runs, outcomes to be kept.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"critical_path")"),
      ": operations by their share of the critical path, with p50, p95 and outliers.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"critical_path","group":"tool")"),
      ": the same by tool.\n- ", scope.Call("list_failure_modes", since, {}, R"("sort":"wasted")"),
      ": loops, retries and polling wait as well as fail.\n- ",
      scope.Call("search_traces", since, {}, R"("sort":"duration","limit":5)"),
      ": take two slow runs of different tasks and read critical_path and outline in "
      "explain_trace.\n",
      Numbered(2, "Change, largest share first"), "For time lost in a failure mode:\n", HowToFix(),
      "Else, for what is on the critical path: independent calls one after the other should run "
      "together; a call in a loop should be one call for all; a wait should block in the tool "
      "rather than be polled by the model; gaps between spans are the harness's own work or its "
      "back-off; long model calls want less output or less input. One change at a time.\n",
      Numbered(3, "Run again"), HowToRerun(), Numbered(4, "Verify"), CompareStep(scope, Now()),
      "Compare the durations of the same operations and of runs of the same tasks, p50 and p95, "
      "not the mean. It only counts if the share of failed outcomes did not rise.\n",
      Numbered(5, "Report"),
      "Duration before and after with numbers of runs, each change with what it saved, and what "
      "else is on the critical path.\n\n",
      Rules());
  return PromptText("Find what runs wait for and shorten it without loss of quality", text);
}

// How many settled runs lie on each side of the time, and how they ended: "40 runs, 6 failed".
std::string SideText(const Result<OverviewStats>& side) {
  if (!side) return "not known";
  return Cat(Plural(side->units, "settled run"), ", ",
             side->outcomes[static_cast<std::size_t>(Outcome::kFailure)], " failed, ",
             side->outcomes[static_cast<std::size_t>(Outcome::kUnknown)], " of unknown outcome");
}

// What is known of the runs before and since a time.
struct Sides {
  std::string text;
  bool comparable = true;
};

Sides TellSides(Engine& engine, const PromptScope& scope, std::int64_t split_ns) {
  Question before = scope.question, since = scope.question;
  before.filter.until_ns = since.filter.since_ns = split_ns;
  const Result<OverviewStats> earlier = engine.Overview(before), later = engine.Overview(since);
  return {Cat("Before that time: ", SideText(earlier), ". Since: ", SideText(later), ".\n"),
          !earlier || !later || (earlier->units > 0 && later->units > 0)};
}

RpcResult NothingToCompare(const PromptScope& scope, std::string_view sides) {
  return PromptText(
      "There are no runs on one side of that time",
      Cat("The user suspects that this AI agent has become worse at ", scope.Argument("since"),
          ". ", sides,
          "One side has no runs, so nothing can be compared: say so, and ask the user for another "
          "time or for more runs. ",
          scope.Call("get_overview"), " tells from when to when there are runs.\n\n", Rules()));
}

RpcResult ExplainRegression(Engine& engine, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text =
      "The user suspects that this AI agent has become worse. Find out whether its traces show "
      "that and, if they do, what changed.\n";
  text.append(Numbered(1, "When"));
  if (since.empty()) {
    text.append(Cat("The user gave no time. ",
                    scope.Call("list_failure_modes", {}, {}, R"("sort":"recent")"),
                    " shows trends; for modes that are rising or new, timeline in get_failure_mode "
                    "shows the time. Hold it against the history of the harness (`git log`) and of "
                    "models and tools. Call that time T. If nothing rises or is new, say that the "
                    "traces show no regression, and stop.\n"));
  } else {
    const Sides sides = TellSides(engine, scope, *scope.since_ns);
    if (!sides.comparable) return NothingToCompare(scope, sides.text);
    text.append(Cat("The time to check is ", since,
                    ". See with timeline in get_failure_mode whether a change really falls "
                    "there. ",
                    sides.text));
  }
  const std::string split = since.empty() ? Now() : since;
  text.append(Numbered(2, "What"))
      .append(
          Cat("Ask the same of both sides",
              since.empty() ? Cat(" (put T, as RFC 3339, in place of ", split, ")") : std::string(),
              ":\n- before: ", scope.Call("get_overview", {}, split), ", ",
              scope.Call("list_failure_modes", {}, split, R"("limit":20)"), ", ",
              scope.Call("get_expensive_spans", {}, split),
              "\n- since: ", scope.Call("get_overview", split), ", ",
              scope.Call("list_failure_modes", split, {}, R"("limit":20)"), ", ",
              scope.Call("get_expensive_spans", split),
              "\nFirst see whether the two sides can be compared: the same tasks, agents and "
              "models in about the same shares (get_overview). If not, filter both to what they "
              "share. Then list what differs by more than chance: modes whose 95 % intervals "
              "do not overlap, share of failed outcomes, cost and duration per run. If nothing "
              "does, say that no regression shows and how large one could still be by the "
              "intervals, and go to the report.\n"));
  text.append(Numbered(3, "Why"))
      .append("For each mode that is new or rose, without changing anything yet:\n")
      .append(HowToFindCause())
      .append(
          "Compare an example with a run of the same task from "
          "before (search_traces with the filter task and until), step by step with "
          "explain_trace, and find the first step at which they part. Name the commit, model, "
          "prompt or tool change that explains it, and how sure that is.\n");
  text.append(Numbered(4, "Report"))
      .append(
          "Whether the agent became worse: if so by how much, since when, the first cause with "
          "trace and span ids on both sides, what was ruled out, and the change you propose. "
          "Make it only if the user agrees, run again, and verify as with every fix.\n\n");
  return PromptText("Find out whether and why the agent became worse", text.append(Rules()));
}

// The mode that a change was aimed at, with its rates.
boost::system::result<std::string, RpcError> AimText(Engine& engine, const PromptScope& scope) {
  const auto found = NamedMode(engine, scope, scope.question);
  if (!found) return found.error();
  const std::string id = ModeIdText(found->id);
  std::string out =
      Cat("It was aimed at:\n", found->absent() ? Cat("1. ", id, "; ", RateSentence(*found), "\n")
                                                : ModeLines({*found->mode}));
  if (scope.since_ns) {
    Question since = scope.question;
    since.filter.since_ns = scope.since_ns;
    const auto now = NamedMode(engine, scope, since);
    if (!now) return now.error();
    out.append(Cat("Since the change: ", RateSentence(*now), "\n"));
  }
  return out.append(Cat("Read `get_failure_mode {\"id\":\"", id,
                        "\"}`: verification says how many runs without it show that it is "
                        "gone.\n"));
}

RpcResult VerifyLastFix(Engine& engine, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = "Find out whether the last change to this AI agent's harness worked.\n";
  text.append(Numbered(1, "What was changed, and when"));
  if (since.empty()) {
    text.append(
        "Take the time at which the changed harness went into use; if you do not know it, "
        "the commit's time is the earliest (`git log -1 --format=%cI`). Use it as since and "
        "until below in place of the time given there.\n");
  } else {
    text.append(Cat("The change went into use at ", since, ".\n"));
  }
  if (scope.Argument("mode").empty()) {
    text.append(
        "Say which failure modes the change was aimed at: the commit or the user tells; "
        "`list_failure_modes {\"sort\":\"traces\"}` gives their ids.\n");
  } else {
    const auto aim = AimText(engine, scope);
    if (!aim) return aim.error();
    text.append(*aim);
  }
  text.append(Numbered(2, "New runs"));
  text.append(Cat("See how many there are: ",
                  scope.Call("get_overview", since.empty() ? Now() : since), ". If too few: "))
      .append(HowToRerun());
  text.append(Numbered(3, "Compare")).append(CompareStep(scope, since.empty() ? Now() : since));
  text.append(
      "Check that both sides have the same tasks, agents and models; filter to what they "
      "share. Read two runs since the change with explain_trace: does the harness now do "
      "what was meant, or did the situation just not occur?\n");
  text.append(Numbered(4, "Verdict"))
      .append(
          "One of: fixed (none in enough runs), improved (interval below the old rate), "
          "unchanged, worse, moved (another mode rose in its place), or inconclusive (say how "
          "many more runs are needed). With both rates, intervals and numbers of runs, and "
          "trace ids. If it did not work, say what the new examples show.\n\n");
  return PromptText("Find out whether the last change worked", text.append(Rules()));
}

using Build = RpcResult (*)(Engine&, const PromptScope&);

Handler Bind(Engine& engine, Build build) {
  return [&engine, build](const Exchange& exchange) -> RpcResult {
    const auto scope = ReadScope(engine, exchange.params);
    if (!scope) return scope.error();
    const auto nothing = WhyNothing(engine, *scope);
    if (!nothing) return nothing.error();
    if (!nothing->empty()) {
      return PromptText(
          "There are no traces to work with yet",
          Cat("halo-mcp has no traces to work with, so that nothing can be said yet.\n", *nothing,
              "Help the user to do that, then use this prompt again.\n"));
    }
    return build(engine, *scope);
  };
}

}  // namespace

std::vector<Prompt> HaloPrompts(Engine& engine) {
  const Argument agent{"agent", "Only runs of this agent", false, AgentCandidates(engine)};
  const Argument model{"model", "Only runs that use this model", false, ModelCandidates(engine)};
  const Argument project{"project", "Only this project", false, ProjectCandidates(engine)};
  const Argument mode{"mode", "Id of one failure mode, fm_ and 12 digits", false,
                      ModeCandidates(engine)};
  const auto since = [](std::string what) {
    return Argument{"since", std::move(what), false, TimeCandidates()};
  };
  const std::string recent = "Look at runs from then on: RFC 3339, or -24h for example";
  return {
      {"cut_cost",
       "Cut the cost of an agent",
       "Find what the money of an agent's runs is spent on, change the harness, and show that it "
       "is cheaper and not worse.",
       {agent, model, project, since(recent)},
       Bind(engine, &CutCost)},
      {"explain_regression",
       "Explain why an agent got worse",
       "Find what changed between runs before and since a point in time, and its cause.",
       {since("When it became worse: RFC 3339, or -24h for example"), agent, model, project},
       Bind(engine, &ExplainRegression)},
      {"fix_top_failure_modes",
       "Fix the top failure modes",
       "Go the whole way for the worst failure modes of an agent: evidence, change in the harness, "
       "new runs, proof.",
       {agent, mode, model, project},
       Bind(engine, &FixTopFailureModes)},
      {"speed_up",
       "Make an agent faster",
       "Find what an agent's runs wait for, change the harness, and show that it is faster and not "
       "worse.",
       {agent, model, project, since(recent)},
       Bind(engine, &SpeedUp)},
      {"verify_last_fix",
       "Verify the last fix",
       "Compare runs before and since a change and say whether it worked.",
       {since("When the change went into use: RFC 3339, or -24h for example"), mode, agent,
        project},
       Bind(engine, &VerifyLastFix)},
  };
}

}  // namespace halo
