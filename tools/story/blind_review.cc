// SPDX-License-Identifier: MIT
#include "tools/story/blind_review.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <utility>

#include "engine/base/hash.h"
#include "engine/draw_blind.h"
#include "schemas/json.h"
#include "schemas/nearest.h"
#include "tools/answer/phrases.h"
#include "tools/common/filters.h"
#include "tools/common/ids.h"
#include "tools/common/review_counts.h"
#include "tools/common/sides.h"
#include "tools/story/prompt_lines.h"
#include "tools/story/run_page.h"

namespace halo {
namespace {

using wire::ReviewRunsInput;
using wire::ReviewRunsOutput;

constexpr int kTries = 5;
constexpr std::size_t kMaxWho = 64, kSideBytes = 200;
constexpr std::array<std::string_view, 2> kSides = {"a", "b"};

// All that is known of readings now.
struct Books {
  std::vector<ReviewEvent> events;
  ReviewBook book;
  BlindBook blind;

  explicit Books(std::vector<ReviewEvent> all)
      : events(std::move(all)), book(events), blind(events, book) {}
};

Result<std::unique_ptr<Books>> ReadBooks(Engine& engine) {
  Result<std::vector<ReviewEvent>> events = engine.ReviewEvents();
  if (!events) return events.error();
  return std::make_unique<Books>(std::move(*events));
}

std::string SideJson(const std::map<std::string, std::string>& side) {
  boost::json::object members;
  for (const auto& [name, value] : side) members[name] = value;
  return Serialise(members);
}

// Whether models may copy an object of filters from an answer; see FiltersJson.
bool IsPlainJson(std::string_view object) {
  boost::system::error_code error;
  const boost::json::value members = boost::json::parse(object, error);
  if (error || !members.is_object()) return false;
  const auto& all = members.get_object();
  return std::all_of(all.begin(), all.end(), [](const auto& member) {
    const boost::json::string* const text = member.value().if_string();
    return !text || IsPlainName(*text) || IsPlainId(*text);
  });
}

// What the client asks for, with the runs of both sides if it has to be drawn.
struct Asked {
  BlindReading reading;  // without runs
  std::array<std::vector<TraceKey>, 2> sides;
  std::vector<Prose> why_empty;
};

Result<void> CheckArguments(const ReviewRunsInput& in) {
  const auto invalid = [](std::string message) {
    return Error{Code::kInvalidArgument, std::move(message)};
  };
  if (in.fix && (!in.a.empty() || !in.b.empty() || in.filters)) {
    return invalid("$.fix: has its own sides, before and after; leave out a, b and filters");
  }
  if (!in.fix && (in.a.empty() || in.b.empty())) {
    return invalid(
        R"(a blind reading needs two sides: for example "a":{"version":"1"},"b":{"version":"2"}, )"
        R"(or "fix":"fix_0123456789ab")");
  }
  if (!in.fix && in.a == in.b) return invalid("$.b: is the same as a; the sides must differ");
  if (in.draw != wire::DrawWay::kRandom || in.entry) {
    return invalid("$.draw: a blind reading draws at random; leave out draw and entry");
  }
  return {};
}

std::string NameOf(const Engine& engine, const ReviewRunsInput& in) {
  const std::string what =
      in.fix ? Cat("fix ", *in.fix, " ", in.seed)
             : Cat(ReviewId(engine, in.filters, in.seed), SideJson(in.a), SideJson(in.b));
  const std::uint64_t hash = Fnv1a(what);
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out = "blind_";
  for (int i = 0; i < 8; ++i) out += kDigits[hash >> (4 * i) & 15];
  return out;
}

Result<void> AskOfFix(Engine& engine, const ReviewRunsInput& in, const CallContext& context,
                      Asked& out) {
  const Result<std::vector<Fix>> fixes = engine.Fixes();
  if (!fixes) return fixes.error();
  const auto fix =
      std::find_if(fixes->begin(), fixes->end(), [&](const Fix& one) { return one.id == *in.fix; });
  if (fix == fixes->end()) {
    std::vector<std::string_view> ids;
    for (const Fix& one : *fixes) ids.push_back(one.id);
    return Error{Code::kNotFound, Cat("$.fix: no fix ", Quoted(*in.fix), " is recorded",
                                      SuggestWord(*in.fix, ids), "; record_fix records one")};
  }
  std::optional<wire::Filters> none;
  const Result<Question> question = MakeQuestion(engine, none, context.stop);
  if (!question) return question.error();
  Result<FixRuns> runs = engine.RunsOfFix(*question, *fix);
  if (!runs) return runs.error();
  out.reading.fix = fix->id;
  out.reading.sides = {"before", "after"};
  out.sides = {std::move(runs->before), std::move(runs->after)};
  for (std::size_t i = 0; i < out.sides.size(); ++i) {
    if (out.sides[i].empty()) {
      out.why_empty.push_back(Cat("No settled run counts as ", i == 0 ? "before" : "after",
                                  " the fix. verify_fix says from when runs count."));
    }
  }
  return {};
}

Result<void> AskOfSides(Engine& engine, const ReviewRunsInput& in, const CallContext& context,
                        Asked& out) {
  const std::array sides = {&in.a, &in.b};
  if (in.filters) out.reading.filters = Serialise(Write(*in.filters));
  for (std::size_t i = 0; i < sides.size(); ++i) {
    Result<std::optional<wire::Filters>> filters = SideFilters(in.filters, *sides[i], kSides[i]);
    if (!filters) return filters.error();
    const Result<Question> question =
        MakeTraceQuestion(engine, *filters, "review_runs", context.stop);
    if (!question) return OfSide(question.error(), kSides[i]);
    Result<std::vector<TraceKey>> runs = SettledTraces(engine, *question);
    if (!runs) return runs.error();
    out.sides[i] = std::move(*runs);
    out.reading.sides.push_back(SideJson(*sides[i]));
    if (!out.sides[i].empty()) continue;
    out.why_empty.push_back(Cat("No settled run passes the filters of side ", kSides[i], "."));
    for (Prose& note : WhyEmpty(engine, *filters)) out.why_empty.push_back(std::move(note));
  }
  return {};
}

// The words by which the filters of the sides select, as far as texts may hold them.
std::vector<std::string> MaskedWords(const BlindReading& reading) {
  std::vector<std::string> out;
  for (const std::string& side : reading.sides) {
    boost::system::error_code error;
    const boost::json::value members = boost::json::parse(side, error);
    if (error || !members.is_object()) continue;
    for (const auto& member : members.get_object()) {
      const bool names_a_side = member.key() == "version" || member.key() == "model" ||
                                member.key() == "environment" || member.key() == "tag" ||
                                member.key() == "session" || member.key() == "service";
      const boost::json::string* const text = member.value().if_string();
      if (names_a_side && text) out.emplace_back(*text);
    }
  }
  return out;
}

BlindMask MaskOf(const BlindReading& reading) {
  return {{reading.hidden_lines.begin(), reading.hidden_lines.end()}, MaskedWords(reading)};
}

// Lines of prompts and lists of tools that several runs of one side have, and none of the other. A
// line that only one run has holds values of its own.
std::vector<std::uint64_t> LinesOfOneSide(const BlindReading& reading,
                                          const std::vector<std::vector<std::uint64_t>>& lines) {
  std::map<std::uint64_t, std::array<std::size_t, 2>> runs_with;
  std::array<std::size_t, 2> runs{};
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t side = reading.side_of[i] == 0 ? 0 : 1;
    ++runs[side];
    for (const std::uint64_t line : std::set(lines[i].begin(), lines[i].end())) {
      ++runs_with[line][side];
    }
  }
  std::vector<std::uint64_t> out;
  for (const auto& [line, count] : runs_with) {
    for (std::size_t side = 0; side < count.size(); ++side) {
      const bool only_here = count[1 - side] == 0 && runs[1 - side] > 0;
      if (only_here && count[side] >= std::min<std::size_t>(2, runs[side])) out.push_back(line);
    }
  }
  return out;
}

// Reads the drawn runs once, for what prompts and tools they have; runs that cannot be read are
// left out.
Result<void> ReadTexts(Engine& engine, const CallContext& context, BlindReading& reading) {
  std::vector<std::vector<std::uint64_t>> lines;
  const std::vector<TraceKey> runs = std::exchange(reading.runs, {});
  const std::vector<std::uint8_t> sides = std::exchange(reading.side_of, {});
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    const Result<TraceReading> trace = engine.ReadTrace(runs[i], context.stop);
    if (!trace) continue;
    const RunText run = ReadRun(engine, *trace);
    std::vector<std::uint64_t>& own = lines.emplace_back(LineHashes(run.system));
    for (const std::string& tool : run.tools) {
      for (const std::uint64_t line : LineHashes(tool)) own.push_back(line);
    }
    reading.runs.push_back(runs[i]);
    reading.side_of.push_back(sides[i]);
  }
  reading.hidden_lines = LinesOfOneSide(reading, lines);
  const BlindMask mask = MaskOf(reading);
  PageMaker maker(engine, nullptr, {.hide_outcome = true, .blind = &mask});
  for (const TraceKey& run : reading.runs) {
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    Result<TraceReading> trace = engine.ReadTrace(run, context.stop);
    if (!trace) continue;
    JoinedRun one = OneTrace(std::move(*trace));
    ReadText(engine, one);
    for (SentText& text : maker.Make(one).sent) reading.texts.push_back(std::move(text));
  }
  return {};
}

// Runs of the reading that are to be read, by their place in it; without those that were removed.
Result<std::vector<std::size_t>> OpenRuns(Engine& engine, const BlindState& state) {
  std::vector<std::size_t> open;
  std::vector<TraceKey> keys;
  for (std::size_t i = 0; i < state.notes.size(); ++i) {
    if (state.notes[i]) continue;
    open.push_back(i);
    keys.push_back(state.reading.runs[i]);
  }
  const auto found = engine.FindTraces(keys);
  if (!found) return found.error();
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < open.size(); ++i) {
    if ((*found)[i]) out.push_back(open[i]);
  }
  return out;
}

wire::BlindDifference ToWire(Words id, TraceName name, const BlindCounts& counts) {
  const DifferenceInterval interval = counts.Difference();
  return {std::move(id),       std::move(name), counts.sides[0].hits, counts.sides[1].hits,
          interval.difference, interval.low,    interval.high};
}

wire::BlindReport Progress(const BlindState& state) {
  wire::BlindReport out;
  out.id = Words(state.reading.name);
  out.runs = static_cast<std::int64_t>(state.notes.size());
  out.read = state.Read();
  return out;
}

void TellSides(const Books& books, const BlindState& state, ReviewRunsOutput& out) {
  wire::BlindReport report = Progress(state);
  report.a = TraceText(state.reading.sides[0], kSideBytes);
  report.b = TraceText(state.reading.sides[1], kSideBytes);
  const BlindCounts bad = BlindBook::Count(state, 0);
  report.read_a = bad.sides[0].trials;
  report.read_b = bad.sides[1].trials;
  report.differences.push_back(ToWire("bad", {}, bad));
  for (const Category* const category : books.blind.Categories(state)) {
    report.differences.push_back(ToWire(ModeIdText(category->id), TraceName(category->name),
                                        BlindBook::Count(state, category->id)));
  }
  // "bad" first, then what differs most.
  std::stable_sort(report.differences.begin() + 1, report.differences.end(),
                   [](const wire::BlindDifference& a, const wire::BlindDifference& b) {
                     return std::abs(a.difference) > std::abs(b.difference);
                   });
  const std::int64_t left = report.runs - report.read;
  out.headline =
      Cat("The blind reading is over: ", *report.read_a, " runs of a and ", *report.read_b,
          " of b were read; ", bad.sides[0].hits, " and ", bad.sides[1].hits, " of them are bad.");
  if (left > 0) {
    out.notes.push_back(Cat(Plural(left, "drawn run"), " not read; they count on neither side."));
  }
  out.notes.push_back(
      "The intervals of 95 % are Newcombe's, each for itself; of many categories one in twenty "
      "differs by chance.");
  if (!state.reading.fix.empty()) {
    out.next.push_back(Cat(R"(verify_fix {"fix":")", state.reading.fix, "\"}"));
  }
  out.blind = std::move(report);
}

Result<void> ShowPage(Engine& engine, const BlindState& state, std::span<const std::size_t> open,
                      const ReviewRunsInput& in, const CallContext& context, BlindAnswer& answer) {
  ReviewRunsOutput& out = answer.out;
  const BlindMask mask = MaskOf(state.reading);
  ReviewState sent;
  sent.texts = state.reading.texts;
  PageMaker maker(engine, &sent, {.hide_outcome = true, .blind = &mask});
  for (const std::size_t at :
       open.first(std::min(open.size(), static_cast<std::size_t>(in.count)))) {
    if (context.stop.stop_requested()) return Error{Code::kCancelled, "cancelled"};
    Result<TraceReading> trace = engine.ReadTrace(state.reading.runs[at], context.stop);
    if (!trace) continue;
    JoinedRun one = OneTrace(std::move(*trace));
    ReadText(engine, one);
    const std::string id = BlindRunId(state.reading.name, at + 1);
    RunPage page = maker.Make(one);
    HideFields(id, page.dossier);
    for (ReviewRunsOutput::Text& text : page.texts) {
      text.trace_id = TraceId(id);
      answer.texts_of.push_back(out.runs.size());
      out.texts.push_back(std::move(text));
    }
    out.runs.push_back(std::move(page.dossier));
  }
  out.blind = Progress(state);
  out.headline = Cat(Plural(static_cast<std::int64_t>(out.runs.size()), "run"),
                     " of two sides to read blind, ", out.blind->read, " of ", out.blind->runs,
                     " read so far. The sides are told when all are noted, or with end true.");
  out.notes.push_back(
      "Note each run under the id of its dossier. Times, versions, models, outcomes and lines of "
      "prompts that only one side has are hidden (…). Judge each run for itself, by the same "
      "standard, and do not look it up.");
  out.notes.push_back("A run at length: review_runs with its trace_id.");
  out.next.push_back("note_runs {}");
  const std::string call = BlindCall(state.reading);
  if (!call.empty()) out.next.push_back(Words(call));
  return {};
}

Result<void> Keep(Engine& engine, const ReviewRunsInput& in, decltype(ReviewEvent::what) what,
                  std::int64_t after) {
  std::vector<ReviewEvent> events(1);
  events.front().who = OneLine(in.who, kMaxWho);
  events.front().what = std::move(what);
  const auto stored = engine.AddReviewEvents(std::move(events), after);
  if (!stored) return stored.error();
  return {};
}

// Draws the runs and stores the reading; adds to `out` why it cannot.
Result<void> Begin(Engine& engine, const Books& books, const ReviewRunsInput& in,
                   const CallContext& context, ReviewRunsOutput& out) {
  Asked asked;
  asked.reading.name = NameOf(engine, in);
  asked.reading.seed = static_cast<std::uint64_t>(in.seed);
  const Result<void> known =
      in.fix ? AskOfFix(engine, in, context, asked) : AskOfSides(engine, in, context, asked);
  if (!known) return known.error();
  std::set<TraceKey> read;  // in other readings of the same sides
  for (const BlindState& other : books.blind.readings()) {
    const bool same = other.reading.fix == asked.reading.fix &&
                      other.reading.sides == asked.reading.sides &&
                      other.reading.filters == asked.reading.filters;
    if (!same) continue;
    read.insert(other.reading.runs.begin(), other.reading.runs.end());
  }
  BlindReading& reading = asked.reading;
  DrawBlind(std::move(asked.sides), read, reading);
  if (const Result<void> texts = ReadTexts(engine, context, reading); !texts) return texts;
  const auto of_b = std::count(reading.side_of.begin(), reading.side_of.end(), 1);
  if (of_b > 0 && static_cast<std::size_t>(of_b) < reading.runs.size()) {
    return Keep(engine, in, std::move(reading), books.book.last_event());
  }
  out.headline = "A blind reading needs runs of both sides; nothing was drawn.";
  out.notes = std::move(asked.why_empty);
  if (!out.notes.empty()) return {};
  const bool none = reading.populations[0] == 0 || reading.populations[1] == 0;
  out.notes.push_back(none ? "All runs of one side are also of the other: the filters overlap."
                           : "All runs of one side were drawn in earlier blind readings.");
  return {};
}

}  // namespace

bool IsBlind(const ReviewRunsInput& in) {
  return in.fix || in.end || !in.a.empty() || !in.b.empty();
}

Result<BlindAnswer> ReadBlind(Engine& engine, const ReviewRunsInput& in,
                              const CallContext& context) {
  if (const Result<void> fits = CheckArguments(in); !fits) return fits.error();
  const std::string name = NameOf(engine, in);
  for (int i = 0; i < kTries; ++i) {
    const Result<std::unique_ptr<Books>> read = ReadBooks(engine);
    if (!read) return read.error();
    const Books& books = **read;
    BlindAnswer answer;
    const BlindState* const state = books.blind.Find(name);
    if (!state) {
      if (in.end) {
        return Error{Code::kNotFound,
                     "$.end: no blind reading of these sides and this seed has begun; the same "
                     "call without end begins it"};
      }
      const Result<void> begun = Begin(engine, books, in, context, answer.out);
      if (!begun) return begun.error();
      if (!answer.out.headline.empty()) return answer;
      continue;
    }
    if (state->ended == 0) {
      const Result<std::vector<std::size_t>> open = OpenRuns(engine, *state);
      if (!open) return open.error();
      if (!in.end && !open->empty()) {
        const Result<void> shown = ShowPage(engine, *state, *open, in, context, answer);
        if (!shown) return shown.error();
        return answer;
      }
      const Result<void> ended = Keep(engine, in, BlindEnd{name}, books.book.last_event());
      if (!ended) return ended.error();
      continue;
    }
    TellSides(books, *state, answer.out);
    return answer;
  }
  return Error{Code::kUnavailable, "Other readers note runs at this moment; call again."};
}

Result<std::optional<BlindRun>> FindBlindRun(Engine& engine, std::string_view id) {
  const std::optional<BlindRunRef> ref = ParseBlindRunId(id);
  if (!ref) return std::optional<BlindRun>();
  const Result<std::unique_ptr<Books>> read = ReadBooks(engine);
  if (!read) return read.error();
  const BlindState* const state = (*read)->blind.Find(ref->reading);
  if (!state || ref->number > state->reading.runs.size()) {
    return Error{Code::kNotFound,
                 Cat("no blind reading has a run ", Quoted(id), "; use the ids of the dossiers")};
  }
  return std::optional(BlindRun{state->reading.runs[ref->number - 1], state->reading.name,
                                state->ended != 0, MaskOf(state->reading)});
}

std::string BlindCall(const BlindReading& reading) {
  const std::string seed = reading.seed == 1 ? "" : Cat(",\"seed\":", reading.seed);
  if (!reading.fix.empty()) return Cat(R"(review_runs {"fix":")", reading.fix, "\"", seed, "}");
  std::string out = "review_runs {";
  const std::array parts = {std::pair("\"a\":", std::string_view(reading.sides[0])),
                            std::pair(",\"b\":", std::string_view(reading.sides[1])),
                            std::pair(",\"filters\":", std::string_view(reading.filters))};
  for (const auto& [name, json] : parts) {
    if (json.empty()) continue;
    if (!IsPlainJson(json)) return {};
    out.append(name).append(json);
  }
  return out + seed + "}";
}

Result<NotedRun> ReadNotedRun(Engine& engine, const TraceKey& key, std::stop_token stop) {
  const Result<std::optional<BlindRun>> run = FindBlindRun(engine, key.trace_id);
  if (!run) return run.error();
  if (*run && (*run)->ended) {
    return Error{Code::kInvalidArgument,
                 "the blind reading of this run is over, and its sides were told; note the run "
                 "under its own trace id, which explain_trace and search_traces give"};
  }
  Result<TraceReading> reading =
      *run ? engine.ReadTrace((*run)->key, stop) : ReadTraceById(engine, key, stop);
  if (!reading) return reading.error();
  // The traces of a session are drawn one by one.
  Result<JoinedRun> joined = *run ? Result<JoinedRun>(OneTrace(std::move(*reading)))
                                  : ReadJoinedRun(engine, std::move(*reading), stop);
  if (!joined) return joined.error();
  NotedRun out{std::move(*joined), {}, key.trace_id, {}};
  if (*run) {
    out.blind = (*run)->reading;
    out.mask = (*run)->mask;
  }
  return out;
}

std::string NotedRun::Shown(std::string_view text) const {
  return blind.empty() ? std::string(text) : WithoutSide(mask, run.first().summary, text);
}

void AddBlindCall(std::span<const ReviewEvent> events, std::string_view run_id,
                  std::vector<Words>& calls) {
  const std::optional<BlindRunRef> ref = ParseBlindRunId(run_id);
  for (const ReviewEvent& event : events) {
    const auto* const reading = std::get_if<BlindReading>(&event.what);
    if (!ref || !reading || reading->name != ref->reading) continue;
    const std::string call = BlindCall(*reading);
    if (!call.empty()) calls.push_back(Words(call));
    return;
  }
}

}  // namespace halo
