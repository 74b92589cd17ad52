// SPDX-License-Identifier: MIT
#include "tools/story/advice.h"

#include <algorithm>
#include <iterator>

namespace halo {
namespace {

constexpr Advice kAdvice[] = {
    {"error_cluster", "fail with the same error at the same place",
     "the code of this tool or call, and what the harness does with its error",
     "Remove the cause the error names. Where the model's own arguments cause it, say in the "
     "tool's "
     "description and schema what is accepted, and return an error text that says how to do "
     "better.",
     "Catching the error and returning an empty success: the run goes on without knowing."},
    {"exact_repeat",
     "make the same call with the same arguments and get the same result again and "
     "again",
     "the loop that feeds tool results back, the tool's description, and the stop rule",
     "Make sure the result reaches the model in full and says what it means (an empty result, "
     "too). "
     "Let the harness notice a repeated call and answer that nothing new will come, or stop.",
     "Only lowering the step limit: the run then fails earlier, and still does not progress."},
    {"error_repeat", "repeat the same failing call unchanged",
     "the error text the tool returns to the model, and the retry rule of the harness",
     "Return an error that says what is wrong (the argument, what was expected and an example) and "
     "whether trying again can help; refuse an identical call after its second failure.",
     "More retries: the arguments do not change, so neither will the result."},
    {"cycle", "repeat a cycle of the same calls with the same results",
     "the prompt's plan or hand-off rules, the memory of what was tried, and the stop rule",
     "Keep what was tried and found in the context the model sees, and break the cycle where two "
     "agents or two steps wait for each other.",
     "Raising the step limit: it only makes the circle longer."},
    {"poll_no_progress", "ask for the same thing over and over while nothing changes",
     "how the harness waits for long work",
     "Wait in the tool (block until done, or with a deadline) instead of in the model, or return "
     "when to ask again.",
     "A sleep tool: each look still costs a model call."},
    {"invalid_call", "call a tool in a way its definition does not allow",
     "the tool's definition (names, required arguments, types), the prompt that mentions the tool, "
     "and the list of tools that is offered",
     "Make prompt and definition agree on the names; describe each argument with an example; "
     "validate before the call and return what was wrong.",
     "Accepting and ignoring unknown arguments: the call then does something other than intended."},
    {"retry_storm", "try a failing request many times in a row",
     "the retry policy of the client (SDK settings, decorators, wrappers around each other)",
     "Retry only what can succeed later, with exponential back-off and jitter, honour Retry-After, "
     "cap the attempts, and retry in one layer only.",
     "Retrying faster or more often: it adds load to what is already failing."},
    {"truncated", "get an answer that was cut off at the output limit",
     "max_tokens (or the like) of this call, and what the prompt asks to be written in one go",
     "Raise the limit to what the answer needs, ask for less at once, or continue from the cut; "
     "treat "
     "the finish reason length as an error.",
     "Parsing the cut answer as if it were whole."},
    {"refusal", "are refused by the model or a content filter",
     "the prompt and the content that reaches this call",
     "Find what triggers it in the quoted input; say the legitimate purpose in the system prompt, "
     "or keep such content out; handle the refusal as an outcome of its own.",
     "Asking again unchanged."},
    {"error_as_success", "take an error page, a log-in wall or a check for robots for a result",
     "the code of the tool, where it turns a response into a result, and what it does with the "
     "status and the address after redirects",
     "Check status, final address and content before returning; return an error that says what "
     "happened and what to try instead; log the tool in, or use an API in place of the page.",
     "Asking the model to notice such pages: it will, but only after a wasted call."},
    {"user_corrects", "are told by their users that the answer is wrong or not what was asked",
     "the quoted answer, the prompt that led to it, and what the user had said before",
     "Read three of them and group them: lost early messages (context), a wrong tool result, or a "
     "misread request each need their own fix.",
     "Making the agent apologise."},
    {"no_tool_use", "answer the first message without calling any of the tools they were offered",
     "the prompt's rule for when to use a tool, the descriptions of the tools, and tool_choice",
     "Compare the prompt of such a run with one that called: say which questions need which tool, "
     "make the tool's description match the words of the task, and force a first call where "
     "every task needs one.",
     "Forcing a tool for every message: small talk then costs a call."},
    {"same_answer_for_all", "get one and the same text from a tool, whatever they ask it",
     "the tool's code between the arguments and the result: cache keys, defaults, stubs, the "
     "names of parameters",
     "Call the tool twice by hand with different arguments. Put all arguments into the cache key, "
     "and refuse arguments that the tool does not read.",
     "Asking the model to check the answer: it has nothing to check it against."},
    {"ungrounded_argument", "call a tool with an id or an address that the model made up",
     "where the model should have had the value from: the prompt, an earlier tool, a lost message; "
     "and examples in the prompt or schema that look like real ids",
     "Offer a tool that finds the id, say that ids come from it or from the user, and take "
     "realistic ids out of examples. Let the tool answer an unknown id with how to find one.",
     "Validating the format only: an invented id has the right format."},
    {"echoed_action", "run code that only prints a text of the model's own",
     "the prompt's description of what code can reach, and which functions it is offered",
     "Show in the prompt how a tool is called from code, and return a hint where the output is a "
     "literal of the code.",
     "Printing less: the action still does not happen."},
    {"lost_result", "never show the model the result of a call that was made",
     "the code that appends results to the messages: loops over several calls of one answer, "
     "dictionaries by tool name, early returns",
     "Append one result message for each call id of the answer, and assert before the next model "
     "call that none is missing.",
     "Asking the model to call one tool at a time: the next harness loses the result again."},
    {"cut_result", "show the model only the beginning of a result",
     "the limit on the length of results and where it is applied",
     "Cut where the tool knows what matters: return the parts that were asked for, or pages with "
     "a way to ask for the next, and say in the text that it was cut and how to get the rest.",
     "Raising the limit without end: the prompt then carries it through the whole run."},
    {"redundant_call", "call a tool again for what they have been told already",
     "whether the earlier result is still in the prompt, and how easily it is found there",
     "Keep results in the context, answer an identical call from a cache, or let one step hand "
     "what it found to the next.",
     "Forbidding repeated calls: after a change of the data they are right."},
    {"oversized_result", "carry a very large result through all later model calls",
     "what the tool returns, and what the harness keeps in the conversation",
     "Return the fields or lines that were asked for; store the rest outside and give the model a "
     "way to read parts; drop or summarise the result once it was used.",
     "Cutting it blindly: the model then misses what it needs."},
    {"context_bloat", "send prompts that grow with every call",
     "what is added to the conversation on each turn, the largest first, and what is ever removed",
     "Shorten results before they are added, drop those that were used, and keep a stable "
     "beginning so that the cache works.",
     "A larger context window: cost and time still grow."},
    {"stall", "wait for one call far longer than for others of its kind",
     "the time-out and retry settings of this call, and what it waits for (queue, cold start, "
     "lock, rate limit)",
     "Set a time-out near the usual time, retry once or answer without it; where several stalled "
     "at the same time, look at the service behind.",
     "Raising the time-out."},
    {"rejected_turn", "have what the model wrote or asked for rejected, and no span shows it",
     "the tool interface: the schema that the model is offered, the parser of its output, and the "
     "text that says what was wrong",
     "In this order: refine the schema or the output format (names, types, an example), check the "
     "arguments before the call, and return an error that names what was expected. It is fixed "
     "when the next prompts hold no rejection, and runs need no more calls than before.",
     "Accepting what does not parse, or trying again with the same prompt."},
    {"stopped_early", "end with a text that announces or writes a call in place of making it",
     "the lifecycle: the code that decides that an answer is the last one, and what the prompt "
     "says "
     "about announcing steps and about how calls are written",
     "In this order: a finish guard (an answer that announces an action or holds a call is not the "
     "last one: let the model go on), one way of calling that prompt and loop agree on, and a "
     "check "
     "of the final answer. It is fixed when the last call of these runs is an answer.",
     "Only telling the model in the prompt not to announce: other wordings come through."},
    {"announced_not_done", "say that they act now, and do nothing before a user writes again",
     "the lifecycle: when the loop hands over to the user, and the rules of the prompt for it",
     "In this order: let the loop go on after an announcement, then ask in the prompt for the call "
     "in place of the announcement. It is fixed when the call follows in the same turn.",
     "Removing the announcements only: the call is still missing."},
    {"plan_not_followed", "plan to call a tool and never call it",
     "verification: budgets and stop rules that cut the plan short, and what checks an answer "
     "before it is returned",
     "In this order: see what ended the run (a budget, an early answer), make the planned step "
     "a condition of the final answer, and keep the plan in the context. It is fixed when the "
     "planned tool is called in as many runs as plan it.",
     "Leaving the plan out of the prompt: the step is then skipped without a trace."},
    {"unsupported_claim", "claim a check or a source although nothing was called",
     "verification: the prompt's demand for an answer, and what compares an answer with the calls "
     "behind it",
     "In this order: require a call before an answer that needs one (tool choice), check that each "
     "claimed source is a result of the run, and let the prompt allow \"I have not checked\". It "
     "is "
     "fixed when runs that claim a check hold the call.",
     "Forbidding the words of the claim: the answer is then as unfounded, and harder to find."},
    {"made_up_data", "work with data that they say are assumed, simulated or placeholders",
     "context and verification: which data the tools could have given, and a prompt that demands a "
     "figure whatever is known",
     "In this order: give the agent the tool or the data that it lacks, let it answer that a "
     "figure "
     "is not known, and refuse a final answer that rests on assumed data. It is fixed when each "
     "figure is in a result of the run.",
     "Forbidding the word \"assume\": the data are then made up without saying so."},
    {"limit_hit", "stop at a limit of turns, steps, recursion or budget",
     "the limit and what uses it up: loops, oversized plans, a missing stop condition",
     "See what the steps before the limit did (explain_trace). Fix the loop or the missing stop "
     "condition first; raise the limit only if the steps were all useful.",
     "Raising the limit first: loops use up any limit."},
    {"empty_final", "end with an empty answer",
     "the code that takes the final message, and the prompt's rule for the end of a run",
     "Ask for a final answer where the message is empty, and check whether the answer is in "
     "another field (reasoning, a tool call, a cut output).",
     "Returning the empty text to the user."},
    {"unfinished",
     "stop in the middle: a tool call without a following model step, or no end at all",
     "how the run ends: exceptions outside the loop, timeouts, cancelled tasks, export on exit",
     "Close the run in every path (finally), record why it ended, and flush the telemetry.",
     "Treating such runs as successes because no error was recorded."},
};

constexpr Advice kGeneral = {"", "show the same failure at the same place",
                             "the code and the prompt at this place",
                             "Remove the cause that the examples have in common.",
                             "A special case for one of the example runs."};

}  // namespace

const Advice& AdviceFor(std::string_view detector) {
  const auto* found =
      std::find_if(std::begin(kAdvice), std::end(kAdvice),
                   [detector](const Advice& advice) { return advice.detector == detector; });
  return found == std::end(kAdvice) ? kGeneral : *found;
}

}  // namespace halo
