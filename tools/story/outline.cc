// SPDX-License-Identifier: MIT
#include "tools/story/outline.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "engine/base/hash.h"
#include "tools/story/span_label.h"

namespace halo {
namespace {

constexpr std::size_t kMaxPeriod = 4;
constexpr int kMaxDepth = 12;

// `period` siblings that repeat `count` times; `first` is the index of the first in their list.
struct Group {
  std::uint32_t first = 0;
  std::uint32_t period = 1;
  std::uint32_t count = 1;
};

}  // namespace

// The groups of repeated siblings of the whole tree, computed from the leaves up.
class Outliner::Folds {
 public:
  explicit Folds(const Trace& trace) : trace_(trace) {
    const std::size_t size = trace.spans.size();
    shape_.resize(size);
    below_.resize(size);
    failed_below_.resize(size);
    group_begin_.resize(size + 1);
    group_end_.resize(size + 1);
    for (std::size_t i = 0; i < size; ++i) {
      if (trace.parent[i] < 0) roots_.push_back(static_cast<SpanIndex>(i));
    }
    const std::vector<SpanIndex> order = Preorder();
    for (auto node = order.rbegin(); node != order.rend(); ++node) Fold(*node);
    FoldSiblings(roots_, size);
  }

  // The children of `parent`; the roots if it is -1.
  std::span<const SpanIndex> Siblings(SpanIndex parent) const {
    return parent < 0 ? std::span<const SpanIndex>(roots_) : trace_.Children(parent);
  }
  std::span<const Group> Groups(SpanIndex parent) const {
    const std::size_t slot = parent < 0 ? shape_.size() : static_cast<std::size_t>(parent);
    return {groups_.data() + group_begin_[slot], group_end_[slot] - group_begin_[slot]};
  }
  std::int64_t below(SpanIndex span) const { return below_[Slot(span)]; }
  std::int64_t failed_below(SpanIndex span) const { return failed_below_[Slot(span)]; }

 private:
  static std::size_t Slot(SpanIndex span) { return static_cast<std::size_t>(span); }

  std::vector<SpanIndex> Preorder() const {
    std::vector<SpanIndex> order, stack(roots_.rbegin(), roots_.rend());
    while (!stack.empty()) {
      const SpanIndex node = stack.back();
      stack.pop_back();
      order.push_back(node);
      const auto children = trace_.Children(node);
      stack.insert(stack.end(), children.rbegin(), children.rend());
    }
    return order;
  }

  void Fold(SpanIndex node) {
    const SpanFacts& span = trace_.spans[Slot(node)];
    const auto children = trace_.Children(node);
    for (const SpanIndex child : children) {
      below_[Slot(node)] += 1 + below_[Slot(child)];
      failed_below_[Slot(node)] += trace_.spans[Slot(child)].failed + failed_below_[Slot(child)];
    }
    std::uint64_t hash =
        MixHash(static_cast<std::uint64_t>(span.kind) * 2 + span.failed, LabelOf(span));
    hash = MixHash(hash, span.error_signature);
    FoldSiblings(children, Slot(node));
    for (const Group& group : Groups(node)) {
      for (std::uint32_t i = 0; i < group.period; ++i) {
        hash = MixHash(hash, shape_[Slot(children[group.first + i])]);
      }
    }
    shape_[Slot(node)] = hash;
  }

  void FoldSiblings(std::span<const SpanIndex> siblings, std::size_t slot) {
    group_begin_[slot] = groups_.size();
    for (std::size_t at = 0; at < siblings.size();) {
      Group best{static_cast<std::uint32_t>(at), 1, 1};
      for (std::size_t period = 1; period <= kMaxPeriod; ++period) {
        const std::uint32_t count = Repeats(siblings, at, period);
        if (count >= 2 && count * period > best.count * best.period) {
          best.period = static_cast<std::uint32_t>(period);
          best.count = count;
        }
      }
      groups_.push_back(best);
      at += static_cast<std::size_t>(best.period) * best.count;
    }
    group_end_[slot] = groups_.size();
  }

  std::uint32_t Repeats(std::span<const SpanIndex> siblings, std::size_t at,
                        std::size_t period) const {
    std::size_t end = at + period;
    while (end < siblings.size() &&
           shape_[Slot(siblings[end])] == shape_[Slot(siblings[end - period])]) {
      ++end;
    }
    return end > siblings.size() ? 0 : static_cast<std::uint32_t>((end - at) / period);
  }

  const Trace& trace_;
  std::vector<SpanIndex> roots_;
  std::vector<std::uint64_t> shape_;
  std::vector<std::int64_t> below_, failed_below_;
  std::vector<Group> groups_;
  std::vector<std::size_t> group_begin_, group_end_;
};

class Outliner::Writer {
 public:
  Writer(const Trace& trace, const Folds& folds) : trace_(trace), folds_(folds) {}

  // The lines down to `depth` levels; stops after `most` lines.
  std::vector<Prose> Lines(int depth, std::size_t most, bool& cut) const {
    std::vector<Prose> lines;
    std::vector<Item> stack;
    PushGroups(-1, 0, stack);
    while (!stack.empty() && lines.size() < most) {
      const Item item = stack.back();
      stack.pop_back();
      if (item.group.period > 1) {
        lines.push_back(Cat(Indent(item.depth), item.group.count, " times:"));
        PushMembers(item, stack);
        continue;
      }
      const SpanIndex span = folds_.Siblings(item.parent)[item.group.first];
      const bool leaf = trace_.Children(span).empty();
      const bool hide = !leaf && item.depth + 1 >= depth;
      lines.push_back(Line(item, span, hide));
      cut = cut || hide;
      if (!hide) PushGroups(span, item.depth + 1, stack);
    }
    return lines;
  }

 private:
  struct Item {
    SpanIndex parent;
    Group group;
    int depth;
  };

  static std::string Indent(int depth) {
    return std::string(static_cast<std::size_t>(depth) * 2, ' ');
  }

  void PushGroups(SpanIndex parent, int depth, std::vector<Item>& stack) const {
    const auto groups = folds_.Groups(parent);
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
      stack.push_back({parent, *group, depth});
    }
  }

  static void PushMembers(const Item& item, std::vector<Item>& stack) {
    for (std::uint32_t i = item.group.period; i-- > 0;) {
      stack.push_back({item.parent, {item.group.first + i, 1, 1}, item.depth + 1});
    }
  }

  Prose Line(const Item& item, SpanIndex index, bool hide) const {
    const SpanFacts& span = trace_.spans[static_cast<std::size_t>(index)];
    std::int64_t ns = 0;
    bool known = false;  // of any repeat
    const auto siblings = folds_.Siblings(item.parent);
    for (std::uint32_t i = 0; i < item.group.count; ++i) {
      const SpanFacts& each =
          trace_.spans[static_cast<std::size_t>(siblings[item.group.first + i])];
      ns += DurationNs(each);
      known = known || PlausibleNs(each.start_ns, each.end_ns) >= 0;
    }
    Prose line = Say(Indent(item.depth), Words(KindName(span.kind)), " ", LabelText(trace_, span));
    if (item.group.count > 1) line.Add(" x", item.group.count);
    const std::optional<std::int64_t> offset_ns = OffsetNs(trace_, span);
    if (offset_ns) {
      line.Add("  +", DurationText(*offset_ns), ", ");
    } else {
      line.Add("  #", span.sequence, ", ");
    }
    line.Add(span.end_ns == 0 ? "not ended" : known ? DurationText(ns) : "unknown length");
    if (span.kind == Kind::kLlm && span.model) {
      line.Add(", ", TraceName(trace_.Text(span.model)));
    }
    if (span.failed) {
      line.Add(", FAILED");
      if (span.error_signature) {
        line.Add(": ", TraceText(trace_.Text(span.error_signature), 80));
      }
    }
    if (hide) line.Add(Hidden(index, item.group.count));
    return line.Add("  [", SpanIdText(trace_, index), "]");
  }

  std::string Hidden(SpanIndex span, std::uint32_t count) const {
    std::string out = Cat(", ", Plural(folds_.below(span), "span"), " below");
    if (folds_.failed_below(span) > 0) out.append(Cat(", ", folds_.failed_below(span), " failed"));
    return out.append(count > 1 ? " each" : "");
  }

  const Trace& trace_;
  const Folds& folds_;
};

Outliner::Outliner(const Trace& trace)
    : trace_(trace), folds_(std::make_unique<const Folds>(trace)) {}
Outliner::~Outliner() = default;

Outline Outliner::Make(std::size_t max_lines) const {
  const Writer writer(trace_, *folds_);
  Outline out;
  for (int depth = 1; depth <= kMaxDepth; ++depth) {
    bool cut = false;
    std::vector<Prose> lines = writer.Lines(depth, max_lines + 1, cut);
    if (lines.size() > max_lines) {
      out.cut = true;
      break;
    }
    out = {std::move(lines), cut};
    if (!cut) break;
  }
  if (!out.lines.empty() || trace_.spans.empty()) return out;
  // Even the top level is too long: show its start and its end.
  bool cut = false;
  std::vector<Prose> lines = writer.Lines(1, trace_.spans.size() * 2, cut);
  const std::size_t head = std::max<std::size_t>(1, max_lines / 2);
  const std::size_t tail = max_lines - std::min(max_lines, head + 1);
  out.cut = true;
  out.lines.assign(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(head));
  out.lines.push_back(Cat("... ", lines.size() - head - tail, " lines left out ..."));
  out.lines.insert(out.lines.end(), lines.end() - static_cast<std::ptrdiff_t>(tail), lines.end());
  return out;
}

}  // namespace halo
