// SPDX-License-Identifier: MIT
#include "tools/story/blind_mask.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "engine/base/ascii.h"
#include "tools/answer/phrases.h"
#include "tools/story/prompt_lines.h"

namespace halo {
namespace {

constexpr std::string_view kHidden = "…";
// Shorter ones are also parts of other words.
constexpr std::size_t kShortest = 3;

constexpr std::array<std::string_view, 12> kMonths = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

// The ways in which people and programs write a day.
void AddDay(std::chrono::sys_days day, std::vector<std::string>& out) {
  const std::chrono::year_month_day date(day);
  const int year = static_cast<int>(date.year());
  const unsigned month = static_cast<unsigned>(date.month());
  const unsigned number = static_cast<unsigned>(date.day());
  const auto add = [&](const char* format, auto... parts) {
    char text[48];
    const int size = std::snprintf(text, sizeof text, format, parts...);
    if (size > 0) out.emplace_back(text, static_cast<std::size_t>(size));
  };
  add("%04d-%02u-%02u", year, month, number);
  add("%04d/%02u/%02u", year, month, number);
  add("%02u/%02u/%04d", month, number, year);
  add("%02u/%02u/%04d", number, month, year);
  add("%02u.%02u.%04d", number, month, year);
  const std::string whole(kMonths[month - 1]), brief = whole.substr(0, 3);
  for (const std::string& name : {whole, brief}) {
    add("%s %u, %d", name.c_str(), number, year);
    add("%s %02u, %d", name.c_str(), number, year);
    add("%u %s %d", number, name.c_str(), year);
    add("%02u %s %d", number, name.c_str(), year);
  }
}

// The days on which the run was, and those beside them: clocks have zones.
std::vector<std::string> DaysOf(const TraceSummary& summary) {
  std::vector<std::string> out;
  if (summary.start_ns <= 0) return out;
  const auto day_of = [](std::int64_t ns) {
    return std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(ns)));
  };
  const std::chrono::days one(1);
  const auto first = day_of(summary.start_ns) - one;
  const auto last = std::min(day_of(std::max(summary.start_ns, summary.end_ns)), first + 7 * one);
  for (auto day = first; day <= last + one; day += one) {
    AddDay(std::chrono::time_point_cast<std::chrono::days>(day), out);
  }
  return out;
}

// The end of a time of day that follows a date: "T12:00:00.5Z", " 12:00".
std::size_t EndOfTime(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || (text[at] != 'T' && text[at] != ' ') ||
      !ascii::IsDigit(text[at + 1])) {
    return at;
  }
  std::size_t end = at + 1;
  bool colon = false;
  while (end < text.size() && (ascii::IsDigit(text[end]) || text[end] == ':' || text[end] == '.' ||
                               text[end] == '+' || text[end] == 'Z')) {
    colon = colon || text[end] == ':';
    ++end;
  }
  return colon ? end : at;
}

void Hide(std::string_view what, bool is_day, std::string& text) {
  if (what.size() < kShortest) return;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at)) {
    std::size_t end = at + what.size();
    const bool inside = (at > 0 && ascii::IsAlnum(text[at - 1])) ||
                        (!is_day && end < text.size() && ascii::IsAlnum(text[end]));
    if (inside) {
      at = end;
      continue;
    }
    if (is_day) end = EndOfTime(text, end);
    text.replace(at, end - at, kHidden);
    at += kHidden.size();
  }
}

class Hider {
 public:
  Hider(const BlindMask& mask, const TraceSummary& summary)
      : words_(mask.words), days_(DaysOf(summary)) {
    for (const std::string& model : summary.models) words_.push_back(model);
    for (const std::string* const own : {&summary.version, &summary.trace_id, &summary.session}) {
      words_.push_back(*own);
    }
    // What contains another one comes first.
    std::sort(words_.begin(), words_.end(),
              [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  }
  void operator()(std::string& text) const {
    for (const std::string& word : words_) Hide(word, false, text);
    for (const std::string& day : days_) Hide(day, true, text);
  }

 private:
  std::vector<std::string> words_, days_;
};

std::string WithoutLines(std::string_view text, const std::set<std::uint64_t>& hidden) {
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::vector<std::uint64_t> hash = LineHashes(line);
    if (hash.empty() || !hidden.contains(hash.front())) out.append(line).append("\n");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

}  // namespace

void HideSide(const BlindMask& mask, const TraceSummary& summary, RunText& run) {
  const Hider hide(mask, summary);
  for (RunItem& item : run.items) {
    for (std::string* const text : {&item.agent, &item.text, &item.result, &item.remark}) {
      hide(*text);
    }
  }
  run.system = WithoutLines(run.system, mask.hidden_lines);
  hide(run.system);
  std::erase_if(run.tools, [&](const std::string& tool) {
    const std::vector<std::uint64_t> hash = LineHashes(tool);
    return !hash.empty() && mask.hidden_lines.contains(hash.front());
  });
  for (std::string& tool : run.tools) hide(tool);
}

std::string WithoutSide(const BlindMask& mask, const TraceSummary& summary, std::string_view text) {
  std::string out(text);
  Hider(mask, summary)(out);
  return out;
}

bool MayTellSide(std::string_view key) {
  const std::string low = ascii::ToLower(key);
  for (const char* const word :
       {"version",  "release", "commit",      "sha",        "build",   "deploy",
        "revision", "branch",  "model",       "time",       "date",    "created",
        "start",    "env",     "stage",       "experiment", "variant", "tag",
        "prompt",   "param",   "temperature", "host"}) {
    if (low.find(word) != low.npos) return true;
  }
  return low.ends_with("id");
}

void HideFields(std::string_view id, wire::RunDossier& dossier) {
  dossier.trace_id = TraceId(id);
  dossier.started = dossier.outcome = dossier.decided_by = {};
  dossier.service = dossier.version = dossier.environment = dossier.user = dossier.session = {};
  dossier.tags.clear();
  dossier.near_equal_to = {};
}

}  // namespace halo
