// SPDX-License-Identifier: MIT
#include "tools/story/judged.h"

#include <algorithm>
#include <bit>

#include "engine/detectors/all_detectors.h"
#include "engine/trace/call_sequence.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

// Fewer runs than this say nothing about what runs of an agent usually do.
constexpr std::int64_t kFewestAlike = 5;

// "3 of 5 model calls", or "All 5 model calls".
std::string Part(std::int64_t count, std::int64_t all, std::string_view noun) {
  if (count == all && all > 1) return Cat("All ", Plural(all, noun));
  return Cat(count, " of ", Plural(all, noun));
}

// What one run lacks.
struct Lacks {
  std::int64_t model_calls = 0, tool_calls = 0;
  std::int64_t prompts = 0, answers = 0, definitions = 0, asking = 0, cut = 0;
  std::int64_t results = 0, arguments = 0;
};

Lacks CountLacks(const Trace& trace) {
  Lacks out;
  for (const Scope& scope : trace.scopes) {
    for (const SpanIndex step : scope.steps) {
      const SpanFacts& span = trace.spans[static_cast<std::size_t>(step)];
      if (span.kind == Kind::kTool) {
        ++out.tool_calls;
        out.results += span.result_quote.path == 0 && span.result_hash == 0 && !span.failed;
        // The hash is of the name too, so it does not tell.
        out.arguments += span.arguments_quote.path == 0;
      }
      if (span.kind != Kind::kLlm) continue;
      ++out.model_calls;
      out.prompts += span.prompt == 0;
      out.answers += !span.has_output && span.tool_call_count == 0 && !span.failed;
      out.cut += span.prompt_cut || span.clipped;
      if (span.tool_call_count == 0) continue;
      ++out.asking;
      out.definitions += !span.has_tool_definitions;
    }
  }
  return out;
}

void AddContent(const Lacks& lacks, std::vector<Prose>& out) {
  const std::int64_t calls = lacks.model_calls;
  if (calls > 0 && lacks.prompts == calls && lacks.answers == calls) {
    out.push_back(Cat("No message content is recorded (", Plural(calls, "model call"),
                      "): neither what the model was told nor what it said could be judged."));
    return;
  }
  if (lacks.prompts > 0) {
    out.push_back(Cat(Part(lacks.prompts, calls, "model call"),
                      " without a recorded prompt: what "
                      "the model was told there could not be judged."));
  }
  if (lacks.answers > 0) {
    out.push_back(
        Cat(Part(lacks.answers, calls, "model call"),
            " without a recorded answer: what the model said there could not be judged."));
  }
}

// `runs`, `without_tools`: of this agent.
std::string ToolShare(std::int64_t without_tools, std::int64_t runs) {
  return Cat(without_tools, " of ", Plural(runs, "settled run"), " of this agent (",
             PercentText(static_cast<double>(without_tools) / static_cast<double>(runs)), ")");
}

std::string Checked(std::int64_t applied, std::string_view to) {
  return Cat(applied, " of ", static_cast<std::int64_t>(AllTraceDetectors().size()),
             " rules applied to ", to);
}

}  // namespace

Judged WhatWasJudged(const TraceReading& reading, const OverviewStats& alike) {
  const TraceSummary& summary = reading.summary;
  const Lacks lacks = CountLacks(reading.trace);
  Judged out;
  out.checked = Checked(
      std::popcount(summary.eligible & ~(std::uint64_t{1} << kRuleDetectorId)),
      Cat(Plural(lacks.model_calls, "model call"), " and ", Plural(lacks.tool_calls, "tool call")));
  std::vector<Prose>& missing = out.not_judged;
  if (const std::int64_t unknown = summary.health.unknown_convention;
      2 * unknown > summary.span_count) {
    missing.push_back(Cat(Part(unknown, summary.span_count, "span"),
                          " follow no convention that is known: of these nothing but the status "
                          "could be judged."));
  }
  if (!reading.settled) missing.push_back("The run is still open: its end was not judged.");
  AddContent(lacks, missing);
  if (lacks.cut > 0) {
    missing.push_back(
        Cat(Part(lacks.cut, lacks.model_calls, "model call"),
            " with a prompt that a size limit cut: what it lost could not be judged."));
  }
  if (lacks.definitions > 0) {
    missing.push_back(Cat(Part(lacks.definitions, lacks.asking, "model call"),
                          " that asked for a tool without recorded tool definitions: whether the "
                          "calls fit the tools could not be judged."));
  }
  if (lacks.results > 0) {
    missing.push_back(Cat(Part(lacks.results, lacks.tool_calls, "tool call"),
                          " without a recorded result: what came back could not be judged."));
  }
  if (lacks.arguments > 0) {
    missing.push_back(Cat(Part(lacks.arguments, lacks.tool_calls, "tool call"),
                          " without recorded arguments: repeats could not be told apart."));
  }
  if (lacks.model_calls > 0 && summary.tool_calls == 0) {
    std::string text = "It called no tool, so whether its answer rests on anything was not judged";
    if (alike.units >= kFewestAlike) {
      text += Cat("; so it is in ", ToolShare(alike.units_without_tools, alike.units));
    }
    missing.push_back(text + ".");
  }
  if (summary.health.missing_parents > 0) {
    missing.push_back(Cat(Plural(summary.health.missing_parents, "span"),
                          " whose parent was not received: parts of the run may be missing."));
  }
  return out;
}

Judged WhatWasJudged(const OverviewStats& stats) {
  Judged out;
  out.checked =
      Cat(AllTraceDetectors().size(), " rules read ", Plural(stats.units, "settled run"), " with ",
          Plural(stats.llm_calls, "model call"), " and ", Plural(stats.tool_calls, "tool call"));
  std::vector<Prose>& missing = out.not_judged;
  const HealthCounts& health = stats.health;
  if (2 * health.unknown_convention > stats.spans) {
    missing.push_back(Cat(Part(health.unknown_convention, stats.spans, "span"),
                          " follow no convention that is known: of these nothing but the status "
                          "could be judged."));
  }
  if (health.llm_without_messages > 0) {
    missing.push_back(
        Cat(Part(health.llm_without_messages, stats.llm_calls, "model call"),
            " without recorded messages: what the model was told and said there could "
            "not be judged."));
  }
  if (health.calls_without_definitions > 0) {
    missing.push_back(Cat(Plural(health.calls_without_definitions, "model call"),
                          " asked for a tool without recorded tool definitions: whether the calls "
                          "fit the tools could not be judged."));
  }
  const std::int64_t cut =
      stats.readings[static_cast<std::size_t>(Reading::kCutJson)] + health.clipped_spans;
  if (cut > 0) {
    missing.push_back(
        Cat(Plural(cut, "span"), " with cut values: what they lost could not be judged."));
  }
  if (stats.units > 0 && stats.llm_calls > 0 && stats.units_without_tools > 0) {
    missing.push_back(Cat(stats.units_without_tools, " of ", Plural(stats.units, "run"),
                          " call no tool: whether their answers rest on anything was not judged."));
  }
  const std::int64_t unknown = stats.outcomes[static_cast<std::size_t>(Outcome::kUnknown)];
  if (unknown > 0) {
    missing.push_back(Cat(unknown, " of ", Plural(stats.units, "run"),
                          " have no known outcome: whether they did what was asked was not judged; "
                          "label_runs sets it."));
  }
  return out;
}

}  // namespace halo
