// SPDX-License-Identifier: MIT
#include "engine/analysis/blind_book.h"

#include <algorithm>
#include <charconv>
#include <variant>

namespace halo {
namespace {

constexpr std::string_view kPrefix = "blind_";

// The last note of the first reader that noted the run in the reading, before it ended.
const BookNote* CountingNote(const RunNotes* run, const BlindState& state) {
  if (!run) return nullptr;
  const BookNote* out = nullptr;
  for (const BookNote& note : run->notes) {
    if (note.note.blind != state.reading.name) continue;
    if (state.ended != 0 && note.event > state.ended) continue;
    if (!out || note.who == out->who) out = &note;
  }
  return out;
}

}  // namespace

std::int64_t BlindState::Read() const {
  return std::count_if(notes.begin(), notes.end(), [](const BookNote* note) { return note; });
}

BlindBook::BlindBook(std::span<const ReviewEvent> events, const ReviewBook& book) : book_(book) {
  for (const ReviewEvent& event : events) {
    if (const auto* const begun = std::get_if<BlindReading>(&event.what)) {
      // Two processes may have begun the same one; the first counts.
      if (!Find(begun->name)) readings_.push_back({*begun, event.id, 0, {}});
    } else if (const auto* const end = std::get_if<BlindEnd>(&event.what)) {
      for (BlindState& state : readings_) {
        if (state.reading.name == end->name && state.ended == 0) state.ended = event.id;
      }
    }
  }
  for (BlindState& state : readings_) {
    for (const TraceKey& run : state.reading.runs) {
      state.notes.push_back(CountingNote(book.NotesOf(run), state));
    }
  }
}

const BlindState* BlindBook::Find(std::string_view name) const {
  const auto found = std::find_if(readings_.begin(), readings_.end(), [&](const BlindState& state) {
    return state.reading.name == name;
  });
  return found == readings_.end() ? nullptr : &*found;
}

std::vector<const BlindState*> BlindBook::OfFix(std::string_view fix) const {
  std::vector<const BlindState*> out;
  for (const BlindState& state : readings_) {
    if (state.reading.fix == fix) out.push_back(&state);
  }
  return out;
}

BlindCounts BlindBook::Count(const BlindState& state, ModeId category) {
  BlindCounts out;
  for (std::size_t i = 0; i < state.notes.size(); ++i) {
    const BookNote* const note = state.notes[i];
    if (!note) continue;
    ShareTrials& side = out.sides[state.reading.side_of[i] == 0 ? 0 : 1];
    ++side.trials;
    const std::vector<ModeId>& shown = note->categories;
    side.hits += category == 0 ? note->note.verdict == ReadVerdict::kBad
                               : std::find(shown.begin(), shown.end(), category) != shown.end();
  }
  return out;
}

std::vector<const Category*> BlindBook::Categories(const BlindState& state) const {
  std::vector<const Category*> out;
  for (const Category& category : book_.categories()) {
    const bool seen =
        std::any_of(state.notes.begin(), state.notes.end(), [&](const BookNote* note) {
          return note && std::find(note->categories.begin(), note->categories.end(), category.id) !=
                             note->categories.end();
        });
    if (seen) out.push_back(&category);
  }
  return out;
}

std::string BlindRunId(std::string_view reading, std::size_t number) {
  return std::string(reading) + (number < 10 ? "_0" : "_") + std::to_string(number);
}

std::optional<BlindRunRef> ParseBlindRunId(std::string_view id) {
  const std::size_t end = id.rfind('_');
  if (!id.starts_with(kPrefix) || end == id.npos || end < kPrefix.size()) return std::nullopt;
  BlindRunRef out{id.substr(0, end), 0};
  const std::string_view digits = id.substr(end + 1);
  const auto [rest, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (error != std::errc() || rest != digits.data() + digits.size() || out.number == 0) {
    return std::nullopt;
  }
  return out;
}

}  // namespace halo
