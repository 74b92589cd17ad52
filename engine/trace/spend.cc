// SPDX-License-Identifier: MIT
#include "engine/trace/spend.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

#include "engine/model/reading.h"
#include "engine/trace/same_model.h"

namespace halo {
namespace {

TokenUsage Less(const TokenUsage& all, const TokenUsage& part) {
  const auto less = [](std::int64_t a, std::int64_t b) { return std::max<std::int64_t>(0, a - b); };
  return {less(all.input, part.input), less(all.output, part.output),
          less(all.cache_read, part.cache_read), less(all.cache_write, part.cache_write),
          less(all.reasoning, part.reasoning)};
}

bool Covers(const TokenUsage& outer, const TokenUsage& inner) {
  return outer.input >= inner.input && outer.output >= inner.output;
}

// Whether both describe the same call. An emitter may include cached tokens or reasoning at one
// level but not at another.
bool Repeats(const TokenUsage& a, const TokenUsage& b) {
  const std::int64_t input = std::abs(a.input - b.input);
  const std::int64_t output = std::abs(a.output - b.output);
  const std::int64_t read = std::max(a.cache_read, b.cache_read);
  const std::int64_t write = std::max(a.cache_write, b.cache_write);
  const std::int64_t thoughts = std::max(a.reasoning, b.reasoning);
  return b.total() > 0 && (output == 0 || output == thoughts) &&
         (input == 0 || input == read || input == write || input == read + write);
}

// The counted usage of the calls of one model below a span.
struct ModelSum {
  StringId model = 0;    // 0: unknown
  bool wrapped = false;  // some are outside tool calls and other agents
  bool unpriced = false;
  std::int64_t nano_usd = 0;  // of the wrapped ones, like `usage`
  TokenUsage usage;
};

constexpr std::size_t kMaxModels = 8;  // further models share one entry without a name

// The counted usage below a span.
struct Below {
  TokenUsage all;
  std::int64_t all_nano_usd = 0;
  std::int64_t calls = 0;
  TokenUsage last;  // usage reported by the latest call
  std::array<ModelSum, kMaxModels> models;
  std::size_t model_count = 0;

  ModelSum& Of(StringId model) {
    for (std::size_t i = 0; i < model_count; ++i) {
      if (models[i].model == model) return models[i];
    }
    if (model_count < kMaxModels) {
      models[model_count].model = model;
      return models[model_count++];
    }
    models.back().model = 0;
    return models.back();
  }

  void Add(const ModelSum& more) {
    ModelSum& sum = Of(more.model);
    sum.wrapped = sum.wrapped || more.wrapped;
    sum.unpriced = sum.unpriced || more.unpriced;
    sum.nano_usd += more.nano_usd;
    sum.usage += more.usage;
  }

  // `earlier` started before everything in here.
  void Add(const Below& earlier) {
    all += earlier.all;
    all_nano_usd += earlier.all_nano_usd;
    calls += earlier.calls;
    if (last.total() == 0) last = earlier.last;
    for (std::size_t i = 0; i < earlier.model_count; ++i) Add(earlier.models[i]);
  }

  // Called when passing a tool call or an agent on the way up.
  void Unwrap() {
    for (std::size_t i = 0; i < model_count; ++i) {
      models[i].wrapped = false;
      models[i].usage = {};
      models[i].nano_usd = 0;
    }
  }
};

// The usage and cost below a span, with which its own figures are compared.
struct Base {
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  bool one_model = true;  // all of it is from the span's own model
  bool unpriced = false;  // none of it has a price

  void Add(const ModelSum& sum, bool same) {
    usage += sum.usage;
    nano_usd += sum.nano_usd;
    one_model = one_model && same;
  }
};

class Assigner {
 public:
  Assigner(const std::vector<SpanIndex>& top_down, Trace& trace)
      : top_down_(top_down), trace_(trace) {}

  void Run() {
    const std::size_t size = trace_.spans.size();
    trace_.spend.assign(size, {});
    trace_.wraps_call.assign(size, 0);
    trace_.within_llm.assign(size, -1);
    below_of_.assign(size, -1);
    std::vector<std::uint8_t> holds_llm(size, 0);  // not in a tool call or another agent
    for (auto it = top_down_.rbegin(); it != top_down_.rend(); ++it) {
      const SpanIndex i = *it, parent = trace_.parent[i];
      const Kind kind = trace_.spans[i].kind;
      Judge(i, holds_llm[i]);
      if (parent == -1) continue;
      Propagate(i, parent);
      if (kind == Kind::kAgent || kind == Kind::kTool) continue;
      if (kind == Kind::kLlm || holds_llm[i]) holds_llm[parent] = 1;
    }
    AssignAncestors();
  }

 private:
  const SpanFacts& Facts(SpanIndex i) const { return trace_.spans[i]; }

  bool Same(StringId a, StringId b) const {
    return a == b || a == 0 || b == 0 || IsSameModel(trace_.Text(a), trace_.Text(b));
  }

  static bool CarriesUsage(const SpanFacts& span) {
    return span.has_usage && span.usage.total() > 0;
  }

  void Judge(SpanIndex i, bool holds_llm) {
    const Below* const below = below_of_[i] == -1 ? nullptr : &pool_[below_of_[i]];
    if (CallsModel(Facts(i).kind)) {
      JudgeCall(i, below, holds_llm);
    } else {
      JudgeGroup(i, below);
    }
  }

  void JudgeCall(SpanIndex i, const Below* below, bool holds_llm) {
    const SpanFacts& span = Facts(i);
    Base same, all;
    bool has_same = false, unpriced = span.cost_source == CostSource::kUnpriced;
    for (std::size_t m = 0; below && m < below->model_count; ++m) {
      const ModelSum& sum = below->models[m];
      if (!sum.wrapped) continue;
      const bool is_same = Same(span.model, sum.model);
      has_same = has_same || is_same;
      unpriced = unpriced || sum.unpriced;
      if (is_same) same.Add(sum, true);
      all.Add(sum, is_same);
    }
    if (!CarriesUsage(span)) {
      trace_.wraps_call[i] = holds_llm;
      return Count(i, {}, holds_llm ? all : Base{});
    }
    // A model name without a price may be a gateway's alias for the model that answered.
    const bool renames =
        !has_same && Repeats(span.usage, all.usage) && (unpriced || (below && below->calls > 1));
    if (!has_same && !renames) return Count(i, span.usage, {});
    trace_.wraps_call[i] = holds_llm;
    if (renames || Repeats(span.usage, all.usage)) return Count(i, {}, all);
    if (Repeats(span.usage, same.usage) || Repeats(span.usage, below->last)) {
      return Count(i, {}, same);
    }
    // The inner call reports no usage.
    if (same.usage.total() == 0) return Count(i, span.usage, {});
    if (Covers(span.usage, all.usage)) return Count(i, Less(span.usage, all.usage), all);
    if (Covers(span.usage, same.usage)) return Count(i, Less(span.usage, same.usage), same);
    trace_.wraps_call[i] = 0;
    Count(i, span.usage, {});
  }

  void JudgeGroup(SpanIndex i, const Below* below) {
    const SpanFacts& span = Facts(i);
    if (!below) return Count(i, CarriesUsage(span) ? span.usage : TokenUsage{}, {});
    Base base{below->all, below->all_nano_usd, true, below->all_nano_usd == 0};
    TokenUsage own;  // usage that is not below an agent or a tool call
    bool names_other = span.model != 0;
    for (std::size_t m = 0; m < below->model_count; ++m) {
      const bool same = Same(span.model, below->models[m].model);
      base.one_model = base.one_model && same;
      names_other = names_other && !same;
      base.unpriced = base.unpriced && below->models[m].unpriced;
      own += below->models[m].usage;
    }
    if (!CarriesUsage(span)) return Count(i, {}, base);
    if (below->all.total() == 0) return Count(i, span.usage, base);
    if (Repeats(span.usage, below->all) || Repeats(span.usage, own) ||
        Repeats(span.usage, below->last)) {
      return Count(i, {}, base);
    }
    if (Covers(span.usage, below->all)) return Count(i, Less(span.usage, below->all), base);
    Count(i, names_other ? span.usage : TokenUsage{}, names_other ? Base{} : base);
  }

  // Counts `usage` at the span; its cost also includes `base`.
  void Count(SpanIndex i, const TokenUsage& usage, const Base& base) {
    const SpanFacts& span = Facts(i);
    Spend& spend = trace_.spend[i];
    spend.usage = usage;
    const std::int64_t beyond = std::max<std::int64_t>(0, span.cost_nano_usd - base.nano_usd);
    // Codex names the model of a call only around the span that has its counts.
    const bool prices_below = span.cost_source == CostSource::kComputed && base.unpriced &&
                              base.one_model && usage.total() == 0 && base.usage.total() > 0;
    if (span.cost_source == CostSource::kReported || prices_below) {
      spend.nano_usd = beyond;
    } else if (usage.total() == span.usage.total()) {
      spend.nano_usd = span.cost_nano_usd;
    } else if (usage.total() > 0 && base.one_model) {
      spend.nano_usd = beyond;
    } else if (usage.total() > 0) {
      // The models of the rest are unknown: split the cost by tokens.
      spend.nano_usd = static_cast<std::int64_t>(static_cast<double>(span.cost_nano_usd) *
                                                 static_cast<double>(usage.total()) /
                                                 static_cast<double>(span.usage.total()));
    }
    // The counts were refused: the usage is unknown, unless descendants report it.
    const bool is_refused = span.cost_source == CostSource::kUnpriced && !CarriesUsage(span) &&
                            base.usage.total() == 0 && base.nano_usd == 0;
    if (usage.total() > 0 || spend.nano_usd > 0 || is_refused) spend.source = span.cost_source;
    if (span.cost_source == CostSource::kReported && spend.nano_usd > 0 && !CallsModel(span.kind)) {
      trace_.spans[i].readings |= BitOf(Reading::kCostOfParent);
    }
  }

  // Adds the span and its Below to its parent's Below.
  void Propagate(SpanIndex i, SpanIndex parent) {
    const SpanFacts& span = Facts(i);
    const bool carries = CarriesUsage(span) || span.cost_nano_usd > 0;
    const bool reports = carries || (span.kind == Kind::kLlm && !trace_.wraps_call[i]);
    const bool apart = span.kind == Kind::kAgent || span.kind == Kind::kTool;
    if (below_of_[i] == -1) {
      if (reports) AddOwn(i, apart, MakeBelow(parent));
      return;
    }
    Below& mine = pool_[below_of_[i]];
    if (reports) {
      if (CarriesUsage(span)) mine.last = {};
      AddOwn(i, apart, mine);
    }
    if (apart) mine.Unwrap();
    if (below_of_[parent] == -1) {
      below_of_[parent] = std::exchange(below_of_[i], -1);
    } else {
      pool_[below_of_[parent]].Add(mine);
    }
  }

  Below& MakeBelow(SpanIndex i) {
    if (below_of_[i] == -1) {
      below_of_[i] = static_cast<std::int32_t>(pool_.size());
      pool_.emplace_back();
    }
    return pool_[below_of_[i]];
  }

  // Adds the span itself; `into` contains spans that started later.
  void AddOwn(SpanIndex i, bool apart, Below& into) {
    const SpanFacts& span = Facts(i);
    const Spend& spend = trace_.spend[i];
    ModelSum sum{span.model, !apart, spend.source == CostSource::kUnpriced, 0, {}};
    if (!apart) {
      sum.nano_usd = spend.nano_usd;
      sum.usage = spend.usage;
    }
    into.Add(sum);
    into.all += spend.usage;
    into.all_nano_usd += spend.nano_usd;
    into.calls += spend.usage.total() > 0;
    if (into.last.total() == 0 && CarriesUsage(span)) into.last = span.usage;
  }

  // Determines which call each span is in, and whether an ancestor's cost or usage includes its
  // own.
  void AssignAncestors() {
    const std::size_t size = trace_.spans.size();
    std::vector<std::uint8_t> priced_above(size, 0), counted_above(size, 0);
    for (const SpanIndex i : top_down_) {
      const SpanIndex parent = trace_.parent[i];
      const SpanFacts& span = Facts(i);
      Spend& spend = trace_.spend[i];
      if (parent != -1) {
        const SpanFacts& above = Facts(parent);
        const bool is_call = CallsModel(above.kind) && !trace_.wraps_call[parent];
        // A cost that does not exceed the known cost below it includes nothing else.
        const Spend& spend_above = trace_.spend[parent];
        const bool prices_below =
            above.cost_source == CostSource::kReported ||
            (above.cost_source == CostSource::kComputed && spend_above.usage.total() == 0);
        priced_above[i] =
            priced_above[parent] || (!is_call && prices_below && spend_above.nano_usd > 0);
        counted_above[i] =
            counted_above[parent] || (!is_call && trace_.spend[parent].usage.total() > 0);
        if (span.kind != Kind::kAgent && above.kind != Kind::kTool) {
          trace_.within_llm[i] =
              above.kind == Kind::kLlm && is_call ? parent : trace_.within_llm[parent];
        }
      }
      spend.priced_above = priced_above[i] != 0;
      spend.reports_nothing =
          span.kind == Kind::kLlm && !trace_.wraps_call[i] && !span.failed && !CarriesUsage(span);
      spend.counted_above = counted_above[i] != 0;
      // Its unreported spend is part of an ancestor's sum.
      if (spend.usage.total() == 0 && spend.unpriced() && counted_above[i]) {
        spend.source = CostSource::kNone;
      }
    }
    DetachNextTurns();
  }

  // Some emitters nest the requested tool and the next model call inside a model call. That next
  // call is not part of it.
  void DetachNextTurns() {
    const std::size_t size = trace_.spans.size();
    std::vector<SpanIndex> first_tool(size, -1);
    for (std::size_t i = 0; i < size; ++i) {
      const SpanIndex call = trace_.within_llm[i];
      if (call == -1) continue;
      const Kind kind = trace_.spans[i].kind;
      if (kind == Kind::kTool && first_tool[call] == -1) {
        first_tool[call] = static_cast<SpanIndex>(i);
      } else if (kind == Kind::kLlm && first_tool[call] != -1) {
        trace_.within_llm[i] = -1;
      }
    }
  }

  const std::vector<SpanIndex>& top_down_;
  Trace& trace_;
  std::vector<std::int32_t> below_of_;  // by span: index into pool_; -1: nothing counted below it
  std::vector<Below> pool_;
};

}  // namespace

void AssignSpend(const std::vector<SpanIndex>& top_down, Trace& trace) {
  Assigner(top_down, trace).Run();
}

}  // namespace halo
