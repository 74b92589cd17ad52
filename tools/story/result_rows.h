// SPDX-License-Identifier: MIT
// The parts of a long text that matter to its readers: its head, and the rows that the messages
// around it speak of, or should have. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// Lower-case words.
using TellingWords = std::set<std::string, std::less<>>;

// How often a text has each of its telling words, in lower case. The parts of a compound name
// ("created_at") count too.
using WordCounts = std::map<std::string, int, std::less<>>;
WordCounts CountTellingWords(std::string_view text);

// Words of a text that can tell one row from another, in lower case: with a digit, or of at least
// four letters. Appends to `words`.
void AddTellingWords(std::string_view text, TellingWords& words);

// White space as single spaces.
std::string Flat(std::string_view text);

// At most about `max_bytes` of the text on one line, with "…" for what is left out: its beginning
// and its end.
std::string ShortText(std::string_view text, std::size_t max_bytes);

// The result of a call, of which several lengths can be made. It views the text.
class ResultRows {
 public:
  // Rows are lines, members and items of JSON, and sentences. Those that share the rarest of
  // `words` with the result come first. Of JSON, members whose names stand often in `rules`, what
  // the agent was told to heed, do so too, outer ones before inner ones, and what only repeats
  // `known` words, and names without values, come last.
  ResultRows(std::string_view text, const TellingWords& words, const WordCounts& rules,
             const TellingWords& known);

  // At most about `max_bytes`: a third for the beginning (of JSON, nothing), the rest for the first
  // rows, in the order in which they stand, with "…" for what is left out.
  std::string Short(std::size_t max_bytes) const;

 private:
  std::string_view text_;
  std::vector<std::string_view> rows_;
  std::vector<std::size_t> best_;
  bool is_json_ = false;
};

}  // namespace halo
