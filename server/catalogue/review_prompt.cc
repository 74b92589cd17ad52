// SPDX-License-Identifier: MIT
#include "engine/analysis/review_book.h"
#include "schemas/escape.h"
#include "server/catalogue/halo_catalogue.h"
#include "server/catalogue/prompt_parts.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

constexpr std::string_view kHowToRead =
    "For each run: read its dossier to the end. Decide whether the user got what was asked for, by "
    "the rules of the system prompt. If not, find the first thing that went wrong; what follows "
    "from "
    "it is not another problem. Say in a few words what happened (\"quotes the price of another "
    "order\"), not why, and copy an exact quote that shows it, with its turn. Do not guess causes, "
    "do "
    "not look for what you expect, and do not copy the categories of other runs if another word "
    "fits "
    "better. Where the dossier leaves out (…) what you need, ask for the run at length with "
    "`review_runs` and its trace_id. Say unsure rather than guess. Then look at the findings of "
    "rules at "
    "the end of the dossier, and say of each whether it is right or wrong.\n";

}  // namespace

RpcResult ReviewText(Engine& engine, const PromptScope& scope) {
  const Result<OverviewStats> stats = engine.Overview(scope.question);
  if (!stats) return RpcError{kInternalError, EscapeText(stats.error().message)};
  const Result<std::vector<ReviewEvent>> events = engine.ReviewEvents();
  if (!events) return RpcError{kInternalError, EscapeText(events.error().message)};
  const auto read = static_cast<std::int64_t>(ReviewBook(*events).notes().size());
  const std::string draw = scope.Call("review_runs");
  const std::string text = Cat(
      "Find out what this AI agent does wrong by reading its runs. halo-mcp draws them, keeps what "
      "you note and counts it; ",
      Plural(stats->units, "settled run"), " pass the filter, ", Plural(read, "run"),
      " were read so far.\n\n1. Read\nCall ", draw, ". ", kHowToRead,
      "Send verdicts and problems with `note_runs`; it refuses quotes that are not in the run, "
      "with "
      "the nearest text: correct and send these again. Then draw the next ones. Read before you "
      "name: group nothing in the first ten runs.\n\n2. Group\nEvery ten runs, look at the "
      "categories in the answer of `note_runs {}` and join those that one change of the harness "
      "would cure (\"categories\":[{\"merge\":[...],\"to\":\"...\"}]), rename what is vague, split "
      "what needs two cures.\n\n3. Stop\nStop when new_category_at_most is below 0.15, or after 60 "
      "runs. Then look for more of what is rare with ",
      scope.Call("review_runs", {}, {}, R"("draw":"uncovered")"), " and ",
      scope.Call("review_runs", {}, {}, R"("draw":"diverse")"),
      ": these runs do not change the shares.\n\n4. Fix\nTake the categories with the largest "
      "share "
      "and severity first, together with ",
      scope.Call("list_failure_modes"),
      ". For each, find the cause in the harness from three of its runs and one good run, and "
      "change "
      "one thing at a time. From five runs on, `review_runs` with draw entry and the id of the "
      "category says what its runs have in common. Record the change with `record_fix` and that "
      "id; `verify_fix` then leads through a blind reading of runs before and after.\n\n5. "
      "Report\nEach category with its share and interval, the number of runs that were read, the "
      "agreement of second readings, and one quote. Say how far readers and people agree, or that "
      "the shares are a reader's.\n\n");
  return PromptText("Read runs of an agent, and count what is wrong with them", Cat(text, Rules()));
}

}  // namespace halo
