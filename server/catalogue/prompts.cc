// SPDX-License-Identifier: MIT
// The prompts. Each leads a coding agent from evidence to a change that is shown to work, and
// contains the current numbers.
#include <boost/json/array.hpp>
#include <utility>

#include "engine/base/clock.h"
#include "schemas/escape.h"
#include "server/catalogue/halo_catalogue.h"
#include "server/catalogue/prompt_parts.h"
#include "tools/answer/phrases.h"
#include "tools/common/review_advice.h"
#include "tools/common/time_text.h"

namespace halo {
namespace {

namespace json = boost::json;

// In whole seconds, which is precise enough for a filter.
std::string Now() { return TimeText(NowNs() / 1'000'000'000 * 1'000'000'000); }

std::string Numbered(int number, std::string_view title) {
  return Cat("\n", number, ". ", title, "\n");
}

// The comparison that ends every prompt: the same calls for runs before and since the change.
std::string CompareStep(const PromptScope& scope, std::string_view change) {
  return Cat("Compare the runs since the change with those before it. The change happened at ",
             change, " (replace that by the real time if it differs):\n- before: ",
             scope.Call("list_failure_modes", {}, change), " and ",
             scope.Call("get_overview", {}, change),
             "\n- since: ", scope.Call("list_failure_modes", change), " and ",
             scope.Call("get_overview", change),
             "\nCompare the rates of the mode and their 95 % intervals. If the intervals overlap, "
             "more runs are needed; say so. Also check for new and rising modes, the share of "
             "failed outcomes, cost and duration: a change that only moves a failure or costs more "
             "is not a fix. If runs carry a version, the filter `version` can replace the time.\n");
}

// Proposes a review where rules see too little; else empty.
std::string ReviewFirst(Engine& engine, const PromptScope& scope) {
  if (!scope.Argument("mode").empty()) return {};
  const Result<OverviewStats> stats = engine.Overview(scope.question);
  if (!stats) return {};
  const auto proposal = ProposeReview(engine, scope.filters, scope.question, *stats);
  if (!proposal) return {};
  return Cat("First: ", PlainText(proposal->why), " Begin with `", proposal->call.str(),
             "`; the prompt `review` says how. What readers find is ranked with the rest.\n\n");
}

// The prompt if no run shows the named failure mode, or no mode recurs.
RpcResult NothingToFix(Engine& engine, const PromptScope& scope) {
  std::string text = "The user wants the failure modes of this AI agent fixed.\n";
  if (!scope.Argument("mode").empty()) {
    const auto found = NamedMode(engine, scope, scope.question);
    if (!found) return found.error();
    text.append(Cat("These runs do not show ", ModeIdText(found->id),
                    ", so there is nothing to fix: ", RateSentence(*found),
                    " Say so, and stop.\n"));
  } else {
    text.append(ReviewFirst(engine, scope));
    text.append(Cat("No failure mode recurs in these runs. Look at ",
                    scope.Call("list_failure_modes", {}, {}, "\"include_one_offs\":true"),
                    "; unless it shows one worth fixing, say so and stop. What remains is cost and "
                    "time: ",
                    scope.Call("get_expensive_spans"), ".\n"));
  }
  return PromptText("There is no failure mode to fix", text.append("\n").append(Rules()));
}

RpcResult FixTopFailureModes(Engine& engine, const PromptScope& scope) {
  const auto modes = ScopeModes(engine, scope, 3);
  if (!modes) return modes.error();
  std::string text =
      "Improve the harness of this AI agent with evidence from its traces. halo-mcp has read them "
      "and ranks the recurring failure modes. Work on one failure mode at a time, in this "
      "order.\n\n";
  if (modes->empty()) return NothingToFix(engine, scope);
  text.append(ReviewFirst(engine, scope));
  text.append(Cat("The most important ones now:\n", ModeLines(*modes),
                  "Start with `get_overview {}` (what limits trust in the data) and "
                  "`get_failure_mode {\"id\":\"",
                  ModeIdText(modes->front().stats.id), "\"}`.\n"));
  text.append(Numbered(1, "Cause and change")).append(HowToFix());
  text.append(Numbered(2, "Run again")).append(HowToRerun());
  text.append(Numbered(3, "Verify")).append(CompareStep(scope, Now()));
  text.append(
      "If the rate fell as expected, continue with the next mode; if not, undo the change and look "
      "at new examples.\n");
  text.append(Numbered(4, "Report"))
      .append(
          "For each mode: the cause with evidence, the change, the rates before and after with the "
          "numbers of runs, and a verdict (fixed, improved, unchanged, worse, or too few "
          "runs).\n\n");
  return PromptText("Fix the failure modes that matter most, and show that it worked",
                    text.append(Rules()));
}

RpcResult CutCost(Engine&, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = Cat(
      "Make this AI agent cheaper without making it worse. halo-mcp has read its traces.\n",
      Numbered(1, "Where the money goes"), "- ", scope.Call("get_overview", since),
      ": cost per run, how much of it is priced, the outcomes to preserve.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"cost")"), " and ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"cost","group":"model")"),
      ": operations and models by share of the total.\n- ",
      scope.Call("list_failure_modes", since, {}, R"("sort":"wasted")"),
      ": what is spent on failures. Removing waste is the best saving, because it also improves "
      "quality.\n- ",
      scope.Call("search_traces", since, {}, R"("sort":"cost","limit":5)"),
      ": the most expensive runs; explain_trace shows why. Do not optimise for one outlier.\n",
      Numbered(2, "Change, most expensive first"), "For waste in a failure mode:\n", HowToFix(),
      "For an expensive operation, look at the input of its calls with read_spans. Try in this "
      "order: send less (drop history, tool results and instructions that no answer uses), send it "
      "once (stable prefix first, so that it is cached; see cached_tokens), ask for less output, "
      "call less often (batch, reuse results), and only then use a cheaper model for calls with "
      "simple answers. Make one change at a time.\n",
      Numbered(3, "Run again"), HowToRerun(), Numbered(4, "Verify"), CompareStep(scope, Now()),
      "Compare the cost per run, not the total, on the same tasks. A saving only counts if the "
      "share of failed outcomes did not rise.\n",
      Numbered(5, "Report"),
      "Cost per run before and after with the numbers of runs, the saving of each change, and what "
      "you left alone because it would have cost quality.\n\n",
      Rules());
  return PromptText("Find where the money goes and reduce cost without losing quality", text);
}

RpcResult SpeedUp(Engine&, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = Cat(
      "Make this AI agent faster without making it worse. halo-mcp has read its traces. Only time "
      "on the critical path counts: what runs in parallel with something longer is free.\n",
      Numbered(1, "Where the time goes"), "- ", scope.Call("get_overview", since),
      ": the runs, the outcomes to preserve.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"critical_path")"),
      ": operations by their share of the critical path, with p50, p95 and outliers.\n- ",
      scope.Call("get_expensive_spans", since, {}, R"("by":"critical_path","group":"tool")"),
      ": the same by tool.\n- ", scope.Call("list_bottlenecks", since),
      ": what leaving an operation out would save, calls that could run in parallel or as one, "
      "gaps "
      "and stalls.\n- ",
      scope.Call("list_failure_modes", since, {}, R"("sort":"wasted")"),
      ": loops, retries and polling cost time too.\n- ",
      scope.Call("search_traces", since, {}, R"("sort":"duration","limit":5)"),
      ": take two slow runs of different tasks and read critical_path and outline in "
      "explain_trace.\n",
      Numbered(2, "Change, largest share first"), "For time lost in a failure mode:\n", HowToFix(),
      "For everything else on the critical path: run independent calls in parallel; replace a call "
      "in a loop by one batch call; let the tool block instead of having the model poll; gaps "
      "between spans are the harness's own work or its back-off; shorten the output or input of "
      "long model calls. Make one change at a time.\n",
      Numbered(3, "Run again"), HowToRerun(), Numbered(4, "Verify"), CompareStep(scope, Now()),
      "Compare the durations of the same operations and of runs of the same tasks, by p50 and p95, "
      "not by the mean. A gain only counts if the share of failed outcomes did not rise.\n",
      Numbered(5, "Report"),
      "Durations before and after with the numbers of runs, the gain of each change, and what else "
      "is on the critical path.\n\n",
      Rules());
  return PromptText("Find where the time goes and reduce it without losing quality", text);
}

// "40 settled runs, 6 failed, 2 of unknown outcome".
std::string SideText(const Result<OverviewStats>& side) {
  if (!side) return "unknown";
  return Cat(Plural(side->units, "settled run"), ", ",
             side->outcomes[static_cast<std::size_t>(Outcome::kFailure)], " failed, ",
             side->outcomes[static_cast<std::size_t>(Outcome::kUnknown)], " of unknown outcome");
}

// The runs before and since a point in time.
struct Sides {
  std::string text;
  bool comparable = true;
};

Sides DescribeSides(Engine& engine, const PromptScope& scope, std::int64_t split_ns) {
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
          "One side has no runs, so there is nothing to compare: say so, and ask the user for "
          "another time or for more runs. ",
          scope.Call("get_overview"), " shows the time range of the runs.\n\n", Rules()));
}

RpcResult ExplainRegression(Engine& engine, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text =
      "The user suspects that this AI agent has become worse. Find out whether its traces show "
      "that and, if they do, what changed.\n";
  text.append(Numbered(1, "When"));
  if (since.empty()) {
    text.append(Cat(
        "The user gave no time. ", scope.Call("list_failure_modes", {}, {}, R"("sort":"recent")"),
        " shows trends; for rising or new modes, the timeline in get_failure_mode shows "
        "when they began. Compare that with the history of the harness (`git log`), of "
        "models and of tools. Call that time T. If nothing is rising or new, say that "
        "the traces show no regression, and stop.\n"));
  } else {
    const Sides sides = DescribeSides(engine, scope, *scope.since_ns);
    if (!sides.comparable) return NothingToCompare(scope, sides.text);
    text.append(
        Cat("The time to check is ", since,
            ". Check with the timeline in get_failure_mode whether anything changed at that "
            "time. ",
            sides.text));
  }
  const std::string split = since.empty() ? Now() : since;
  text.append(Numbered(2, "What"))
      .append(Cat(
          "Make the same calls for both sides",
          since.empty() ? Cat(" (replace ", split, " by T, in RFC 3339)") : std::string(),
          ":\n- before: ", scope.Call("get_overview", {}, split), ", ",
          scope.Call("list_failure_modes", {}, split, R"("limit":20)"), ", ",
          scope.Call("get_expensive_spans", {}, split),
          "\n- since: ", scope.Call("get_overview", split), ", ",
          scope.Call("list_failure_modes", split, {}, R"("limit":20)"), ", ",
          scope.Call("get_expensive_spans", split),
          "\n- both: `compare_traces {\"a\":{\"until\":\"", split, "\"},\"b\":{\"since\":\"", split,
          "\"}}` tests the differences, shows what the runs of one side do more often, and says "
          "whether the sides are comparable",
          "\nFirst check whether the two sides are comparable: the same tasks, agents and "
          "models in about the same shares (get_overview). If not, filter both to what they "
          "have in common. Then list what differs by more than chance: modes whose 95 % "
          "intervals do not overlap, the share of failed outcomes, cost and duration per run. "
          "If nothing does, say that the traces show no regression and, from the intervals, how "
          "large one could still be, and go to the report.\n"));
  text.append(Numbered(3, "Why"))
      .append("For each new or rising mode, without changing anything yet:\n")
      .append(HowToFindCause())
      .append(
          "Compare an example with a run of the same task from "
          "before (search_traces with the filter task and until), step by step with "
          "explain_trace, and find the first step at which they differ. Name the commit, model, "
          "prompt or tool change that explains it, and how certain that is.\n");
  text.append(Numbered(4, "Report"))
      .append(
          "Whether the agent became worse; if so by how much, since when, the root cause with "
          "trace and span ids on both sides, what you ruled out, and the change you propose. Make "
          "the change only if the user agrees, then run again and verify as with every fix.\n\n");
  return PromptText("Find out whether and why the agent became worse", text.append(Rules()));
}

// The mode that the change was meant to fix, with its rates.
boost::system::result<std::string, RpcError> TargetText(Engine& engine, const PromptScope& scope) {
  const auto found = NamedMode(engine, scope, scope.question);
  if (!found) return found.error();
  const std::string id = ModeIdText(found->id);
  std::string out = Cat("It was meant to fix:\n",
                        found->absent() ? Cat("1. ", id, "; ", RateSentence(*found), "\n")
                                        : ModeLines({*found->mode}));
  if (scope.since_ns) {
    Question since = scope.question;
    since.filter.since_ns = scope.since_ns;
    const auto now = NamedMode(engine, scope, since);
    if (!now) return now.error();
    out.append(Cat("Since the change: ", RateSentence(*now), "\n"));
  }
  const Result<std::vector<Fix>> fixes = engine.Fixes();
  if (!fixes) return RpcError{kInternalError, EscapeText(fixes.error().message)};
  return out.append(Cat("Read `get_failure_mode {\"id\":\"", id,
                        "\"}`: acceptance says how many runs without the mode show that it is "
                        "gone. ",
                        fixes->empty() ? "No change is recorded yet: record_fix does so, also "
                                         "afterwards (since), and verify_fix then gives the "
                                         "verdict.\n"
                                       : "`verify_fix {}` gives the verdict on the last recorded "
                                         "change.\n"));
}

RpcResult VerifyLastFix(Engine& engine, const PromptScope& scope) {
  const std::string since = scope.Argument("since");
  std::string text = "Find out whether the last change to this AI agent's harness worked.\n";
  text.append(Numbered(1, "What was changed, and when"));
  if (since.empty()) {
    text.append(
        "Find the time at which the changed harness was deployed; the time of the commit is the "
        "earliest possible (`git log -1 --format=%cI`). Use it for since and until below instead "
        "of the time given there.\n");
  } else {
    text.append(Cat("The change was deployed at ", since, ".\n"));
  }
  if (scope.Argument("mode").empty()) {
    text.append(
        "Determine from the commit or the user which failure modes the change was meant to fix; "
        "`list_failure_modes {\"sort\":\"traces\"}` gives their ids.\n");
  } else {
    const auto target = TargetText(engine, scope);
    if (!target) return target.error();
    text.append(*target);
  }
  text.append(Numbered(2, "New runs"));
  text.append(Cat("Check how many there are: ",
                  scope.Call("get_overview", since.empty() ? Now() : since), ". If too few: "))
      .append(HowToRerun());
  text.append(Numbered(3, "Compare")).append(CompareStep(scope, since.empty() ? Now() : since));
  text.append(
      "Check that both sides have the same tasks, agents and models; filter to what they have in "
      "common. Read two runs since the change with explain_trace: does the harness now behave as "
      "intended, or did the situation just not occur?\n");
  text.append(Numbered(4, "Verdict"))
      .append(
          "One of: fixed (absent from enough runs), improved (interval below the old rate), "
          "unchanged, worse, moved (another mode rose instead), or inconclusive (say how many more "
          "runs are needed). Give both rates, intervals and numbers of runs, and trace ids. If the "
          "change did not work, say what the new examples show.\n\n");
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
      return PromptText("There are no traces yet",
                        Cat("halo-mcp has no traces yet, so there is nothing to analyse.\n",
                            *nothing, "Help the user to do that, then use this prompt again.\n"));
    }
    return build(engine, *scope);
  };
}

}  // namespace

std::vector<Prompt> HaloPrompts(Engine& engine) {
  const Argument agent{"agent", "Only runs of this agent", false, AgentCandidates(engine)};
  const Argument model{"model", "Only runs that use this model", false, ModelCandidates(engine)};
  const Argument project{"project", "Only this project", false, ProjectCandidates(engine)};
  const Argument mode{"mode", "Id of one failure mode: fm_ and 12 hex digits", false,
                      ModeCandidates(engine)};
  const auto since = [](std::string what) {
    return Argument{"since", std::move(what), false, TimeCandidates()};
  };
  const std::string recent = "Start of the time range: RFC 3339, or for example -24h";
  return {
      {"cut_cost",
       "Cut the cost of an agent",
       "Find where the money of an agent's runs goes, change the harness, and show that it is "
       "cheaper and not worse.",
       {agent, model, project, since(recent)},
       Bind(engine, &CutCost)},
      {"explain_regression",
       "Explain why an agent got worse",
       "Find what changed between runs before and since a point in time, and its cause.",
       {since("When it became worse: RFC 3339, or for example -24h"), agent, model, project},
       Bind(engine, &ExplainRegression)},
      {"fix_top_failure_modes",
       "Fix the top failure modes",
       "Fix the worst failure modes of an agent: evidence, a change in the harness, new runs, "
       "proof.",
       {agent, mode, model, project},
       Bind(engine, &FixTopFailureModes)},
      InstrumentPrompt(engine),
      {"review",
       "Read runs and count what is wrong",
       "Read runs that are drawn at random, note what goes wrong in them, group and count it, and "
       "stop when nothing new is to be expected.",
       {agent, model, project},
       Bind(engine, &ReviewText)},
      {"speed_up",
       "Make an agent faster",
       "Find what an agent's runs wait for, change the harness, and show that it is faster and not "
       "worse in quality.",
       {agent, model, project, since(recent)},
       Bind(engine, &SpeedUp)},
      {"verify_last_fix",
       "Verify the last fix",
       "Compare runs before and since a change and say whether it worked.",
       {since("When the change was deployed: RFC 3339, or for example -24h"), mode, agent, project},
       Bind(engine, &VerifyLastFix)},
  };
}

}  // namespace halo
