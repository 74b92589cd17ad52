// SPDX-License-Identifier: MIT
#include "tools/story/dossier.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "tools/answer/phrases.h"
#include "tools/story/result_rows.h"

namespace halo {
namespace {

using Kind = RunItem::Kind;

// Lines of a long run that are shown one by one, at its beginning and at its end.
constexpr std::size_t kMostLines = 36, kFirstLines = 12, kLastLines = 18;
constexpr std::size_t kLeastBytes = 16;
// What the request, errors and the last messages get in any case.
constexpr std::size_t kLeastOfRequest = 400, kLeastOfError = 120, kLeastOfEnd = 900,
                      kLeastOfCall = 100;
constexpr std::size_t kWordsBefore = 2, kWordsAfter = 6;

// Items [from, to) in one line: equal calls, or the middle of a long run.
struct Line {
  std::size_t from = 0, to = 0;
  bool folded = false;  // different items, of which only the names are shown
};

bool SameCall(const RunItem& a, const RunItem& b) {
  return a.kind == Kind::kCall && b.kind == Kind::kCall && a.agent == b.agent && a.tool == b.tool &&
         a.text == b.text && a.result == b.result && a.failed == b.failed;
}

std::vector<Line> LinesOf(const std::vector<RunItem>& items) {
  std::vector<Line> lines;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!lines.empty() && SameCall(items[lines.back().from], items[i])) {
      lines.back().to = i + 1;
    } else {
      lines.push_back({i, i + 1});
    }
  }
  if (lines.size() <= kMostLines) return lines;
  // In the middle, what users said and what failed is kept as long as there is room.
  std::vector<Line> out;
  std::size_t room = kMostLines - kFirstLines - kLastLines;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const RunItem& item = items[lines[i].from];
    const bool at_ends = i < kFirstLines || i + kLastLines >= lines.size();
    const bool decisive = item.kind == Kind::kUser || item.kind == Kind::kError || item.failed;
    if (at_ends || (decisive && room > 0)) {
      if (!at_ends) --room;
      out.push_back(lines[i]);
    } else if (out.back().folded) {
      out.back().to = lines[i].to;
    } else {
      out.push_back({lines[i].from, lines[i].to, true});
    }
  }
  return out;
}

// A text of a line with its claim to room.
struct Part {
  std::string text;  // flat
  double weight = 1;
  std::optional<ResultRows> rows;  // of a result
  std::size_t least = kLeastBytes;
};

class Writer {
 public:
  explicit Writer(const RunText& run) : items_(run.items), lines_(LinesOf(run.items)) {
    std::set<std::string> agents;
    for (const RunItem& item : items_) agents.insert(item.agent);
    many_agents_ = agents.size() > 1;
    rules_ = CountTellingWords(run.system);
    for (const Line& line : lines_) {
      if (!line.folded) AddParts(line);
    }
  }

  Dossier Write(std::size_t max_bytes) {
    Dossier out;
    double low = 0, high = static_cast<double>(max_bytes);
    std::string text = Text(high);
    out.cut = text.size() > max_bytes || std::any_of(lines_.begin(), lines_.end(),
                                                     [](const Line& line) { return line.folded; });
    for (; text.size() > max_bytes && share_ > 0.1; share_ /= 2) {
      low = 0;
      high = static_cast<double>(max_bytes);
      for (int i = 0; i < 12; ++i) {
        const double level = (low + high) / 2;
        (Text(level).size() <= max_bytes ? low : high) = level;
      }
      text = Text(low);
    }
    out.turns = std::move(text);
    return out;
  }

 private:
  void AddParts(const Line& line) {
    const RunItem& item = items_[line.from];
    const bool is_last = line.to + 2 > items_.size();  // of the last two items
    double weight = item.kind == Kind::kUser ? 2.5 : item.kind == Kind::kSays ? 1.2 : 1.5;
    if (line.from == 0) weight = 4;
    if (item.kind == Kind::kError) weight = 3;
    if (is_last && item.kind != Kind::kCall) weight = 8;
    std::size_t least = kLeastBytes;
    if (line.from == 0) least = kLeastOfRequest;
    if (item.kind == Kind::kError) least = kLeastOfError;
    if (item.kind == Kind::kCall) least = kLeastOfCall;
    if (is_last && item.kind != Kind::kCall) least = kLeastOfEnd;
    parts_.push_back({Flat(item.text), weight, std::nullopt, least});
    if (item.kind == Kind::kCall) {
      parts_.push_back(
          {{},
           item.failed || is_last ? 3.0 : 2.0,
           ResultRows(item.result, WordsAround(line.from), rules_, KnownBefore(line.from)),
           item.failed ? kLeastOfError : kLeastBytes});
    }
  }

  // The words of the messages around a result: of the call, of what was asked before, and of what
  // was said and called after it.
  TellingWords WordsAround(std::size_t item) const {
    TellingWords words;
    AddTellingWords(items_[item].text, words);
    std::size_t before = 0;
    for (std::size_t i = item; i-- > 0 && before < kWordsBefore;) {
      if (items_[i].kind != Kind::kUser && items_[i].kind != Kind::kSays) continue;
      AddTellingWords(items_[i].text, words);
      ++before;
    }
    for (std::size_t i = item + 1; i < items_.size() && i <= item + kWordsAfter; ++i) {
      AddTellingWords(items_[i].text, words);
    }
    for (std::size_t i = items_.size(); i-- > item + 1;) {
      if (items_[i].kind != Kind::kSays) continue;
      AddTellingWords(items_[i].text, words);
      break;
    }
    return words;
  }

  // The words of users and of the arguments of calls up to an item.
  const TellingWords& KnownBefore(std::size_t item) {
    for (; known_items_ <= item; ++known_items_) {
      if (items_[known_items_].kind == Kind::kSays) continue;
      AddTellingWords(items_[known_items_].text, known_);
    }
    return known_;
  }

  std::string Shown(const Part& part, double level) const {
    const auto least = static_cast<std::size_t>(share_ * static_cast<double>(part.least));
    const auto most = std::max({kLeastBytes, least, static_cast<std::size_t>(level * part.weight)});
    return part.rows ? part.rows->Short(most) : ShortText(part.text, most);
  }

  std::string Text(double level) {
    std::string out;
    auto part = parts_.begin();
    for (const Line& line : lines_) {
      if (!out.empty()) out += '\n';
      out += line.to - line.from > 1 ? Cat(line.from + 1, "-", line.to) : Cat(line.from + 1);
      out += ' ';
      if (line.folded) {
        out += Folded(line);
        continue;
      }
      const RunItem& item = items_[line.from];
      if (many_agents_ && !item.agent.empty()) out += Cat("[", OneLine(item.agent, 32), "] ");
      const std::string text = Shown(*part++, level);
      switch (item.kind) {
        case Kind::kUser:
          out += "user: " + text;
          break;
        case Kind::kSays:
          out += (item.earlier ? "agent said before: " : "agent: ") + text;
          break;
        case Kind::kError:
          out += "error: " + text;
          break;
        case Kind::kCall: {
          const std::string result = Shown(*part++, level);
          out += Cat(item.earlier ? "earlier " : "", "call ", OneLine(item.tool), " ", text);
          if (line.to - line.from > 1) out += Cat(" (", line.to - line.from, " times)");
          out += item.failed ? " !! failed: " : " => ";
          out += item.result.empty() ? "(no result recorded)" : result;
          break;
        }
      }
      if (!item.remark.empty()) out += Cat(" [", item.remark, "]");
    }
    return out;
  }

  std::string Folded(const Line& line) const {
    std::map<std::string, std::int64_t> counts;
    for (std::size_t i = line.from; i < line.to; ++i) {
      const RunItem& item = items_[i];
      ++counts[item.kind == Kind::kCall ? "call " + OneLine(item.tool) : "messages"];
    }
    std::string out = "left out:";
    for (const auto& [name, count] : counts) {
      out += Cat(out.ends_with(':') ? " " : ", ", name, count > 1 ? Cat(" x", count) : "");
    }
    return out;
  }

  const std::vector<RunItem>& items_;
  const std::vector<Line> lines_;
  std::vector<Part> parts_;
  WordCounts rules_;    // of the system prompt
  TellingWords known_;  // of the first known_items_
  std::size_t known_items_ = 0;
  bool many_agents_ = false;
  double share_ = 1;  // of what parts get in any case; less if it is too much together
};

}  // namespace

Dossier MakeDossier(const RunText& run, std::size_t max_bytes) {
  return Writer(run).Write(max_bytes);
}

std::string WhyItEnds(const TraceReading& reading) {
  const Trace& trace = reading.trace;
  if (!reading.settled) return "the run is still open: more may come";
  for (const SpanFacts& span : trace.spans) {
    if (span.limit != 0) return Cat("a limit was hit: ", OneLine(trace.Text(span.limit)));
  }
  if (trace.paused) return "it waits for a person";
  if (!trace.root_ended) return "the record stops before the run's own span has ended";
  if (trace.root >= 0 && trace.spans[static_cast<std::size_t>(trace.root)].failed) {
    return "the run's own span failed";
  }
  SpanIndex last = -1;
  for (const PromptStep& prompt : trace.turns.prompts) {
    if (prompt.span > last) last = prompt.span;
  }
  if (last == -1) return "the run's own span has ended";
  const SpanFacts& model = trace.spans[static_cast<std::size_t>(last)];
  if (model.failed) return "the last call of the model failed";
  switch (model.finish) {
    case FinishClass::kTruncated:
      return "the last message was cut off at the limit of tokens";
    case FinishClass::kRefusal:
      return "the last message is a refusal";
    case FinishClass::kToolCalls:
      return "the last message of the model calls tools; no message follows";
    default:
      break;
  }
  if (model.tool_call_count > 0) {
    return "the last message of the model calls tools; no message follows";
  }
  if (model.output_blank) return "the last message of the model is blank";
  return "the model gave its last message and the run's own span ended";
}

}  // namespace halo
