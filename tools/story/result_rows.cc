// SPDX-License-Identifier: MIT
#include "tools/story/result_rows.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

constexpr std::size_t kMostBytes = 256 << 10;  // of a result that are searched for rows
constexpr std::size_t kLongestRow = 240, kLeastRow = 12;
// Members of JSON are rows of their own up to this size; of longer ones, several together.
constexpr std::size_t kFineBytes = 16 << 10, kCoarseRow = 80;
constexpr double kOfRules = 0.5, kOfDepth = 0.3, kOfRepeated = 0.2;
constexpr std::string_view kGap = " … ";

// Calls visit(word) for the telling words of a text, in lower case.
template <class Visit>
void EachTellingWord(std::string_view text, Visit&& visit) {
  for (std::size_t begin = 0; begin < text.size();) {
    if (!ascii::IsAlnum(text[begin]) && static_cast<unsigned char>(text[begin]) < 0x80) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    bool digit = false;
    while (end < text.size() &&
           (ascii::IsAlnum(text[end]) || static_cast<unsigned char>(text[end]) >= 0x80 ||
            // "T-428", "12.50" and "in_stock" are words.
            ((text[end] == '-' || text[end] == '_' || text[end] == '.') && end + 1 < text.size() &&
             ascii::IsAlnum(text[end + 1])))) {
      digit = digit || (text[end] >= '0' && text[end] <= '9');
      ++end;
    }
    const std::size_t size = end - begin;
    if (size <= 80 && (digit || size >= 4)) visit(ascii::ToLower(text.substr(begin, size)));
    begin = end;
  }
}

// Whether a row may end after position `i`.
bool EndsRow(std::string_view text, std::size_t i) {
  const char c = text[i];
  if (c == '\n') return true;
  const char next = i + 1 < text.size() ? text[i + 1] : '\0';
  if (c == '\\' && next == 'n') return true;
  if (c == ',' || c == ';') return i > 0 && (text[i - 1] == '}' || text[i - 1] == ']');
  return (c == '.' || c == '!' || c == '?') && next == ' ';
}

std::vector<std::string_view> RowsOf(std::string_view text) {
  std::vector<std::string_view> rows;
  std::size_t begin = 0, comma = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',' || text[i] == ' ') comma = i + 1;
    std::size_t end = 0;
    if (EndsRow(text, i)) {
      end = i + 1;
    } else if (i + 1 - begin >= kLongestRow) {
      end = comma > begin ? comma : i + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) ++end;
    }
    if (end == 0) continue;
    rows.push_back(text.substr(begin, end - begin));
    begin = end;
    i = end - 1;
  }
  if (begin < text.size()) rows.push_back(text.substr(begin));
  return rows;
}

// The rows of JSON: up to each comma outside of strings, if at least `least` bytes long. `depths`
// gets the nesting of each.
std::vector<std::string_view> RowsOfJson(std::string_view text, std::size_t least,
                                         std::vector<int>& depths) {
  std::vector<std::string_view> rows;
  std::size_t begin = 0;
  int depth = 0, at_begin = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{' || c == '[') {
      // The name of a container is no part of its first member.
      if (i + 1 - begin >= least) {
        rows.push_back(text.substr(begin, i + 1 - begin));
        depths.push_back(at_begin);
        begin = i + 1;
      }
      ++depth;
      if (begin == i + 1) at_begin = depth;
    }
    if (c == '}' || c == ']') --depth;
    if (c != ',' || i + 1 - begin < least) continue;
    rows.push_back(text.substr(begin, i + 1 - begin));
    depths.push_back(at_begin);
    begin = i + 1;
    at_begin = depth;
  }
  if (begin < text.size()) {
    rows.push_back(text.substr(begin));
    depths.push_back(at_begin);
  }
  return rows;
}

// Calls visit(part) for the parts of a compound name.
template <class Visit>
void EachPart(std::string_view word, Visit&& visit) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= word.size(); ++i) {
    if (i < word.size() && word[i] != '_' && word[i] != '-' && word[i] != '.') continue;
    if (i - begin >= 4 && i - begin < word.size()) visit(word.substr(begin, i - begin));
    begin = i + 1;
  }
}

// The name of the member that a row of JSON is, and its value without quotes; empty for others.
std::string_view NameOf(std::string_view row) {
  const std::size_t colon = row.find("\":");
  const std::size_t open = row.find('"');
  return colon == row.npos || open >= colon ? std::string_view()
                                            : row.substr(open + 1, colon - open - 1);
}
std::string_view ValueOf(std::string_view row) {
  const std::size_t colon = row.find("\":");
  if (colon == row.npos) return {};
  const std::string_view around = " \t\r\n,\"[]{}";
  row.remove_prefix(colon + 2);
  const std::size_t begin = row.find_first_not_of(around);
  if (begin == row.npos) return {};
  return row.substr(begin, row.find_last_not_of(around) + 1 - begin);
}

// Whether the reader has seen the value, or there is none.
bool IsKnown(std::string_view value, const TellingWords& known) {
  bool any = false, all = true;
  EachTellingWord(value, [&](const std::string& word) {
    any = true;
    all = all && known.contains(word);
  });
  return any ? all : value.empty();
}

}  // namespace

void AddTellingWords(std::string_view text, TellingWords& words) {
  EachTellingWord(text.substr(0, kMostBytes),
                  [&](std::string word) { words.insert(std::move(word)); });
}

std::string Flat(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : ascii::Trim(text)) {
    if (!ascii::IsSpace(c)) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
  return out;
}

std::string ShortText(std::string_view text, std::size_t max_bytes) {
  std::string flat = Flat(text);
  if (flat.size() <= max_bytes) return flat;
  const std::size_t tail = max_bytes / 4;
  std::string out(CutText(flat, max_bytes - tail));
  out += kGap;
  std::size_t from = flat.size() - tail;
  while (from < flat.size() && (static_cast<unsigned char>(flat[from]) & 0xc0) == 0x80) ++from;
  return out.append(flat, from);
}

WordCounts CountTellingWords(std::string_view text) {
  WordCounts counts;
  EachTellingWord(text.substr(0, kMostBytes), [&](const std::string& word) {
    ++counts[word];
    EachPart(word, [&](std::string_view part) { ++counts[std::string(part)]; });
  });
  return counts;
}

ResultRows::ResultRows(std::string_view text, const TellingWords& words, const WordCounts& rules,
                       const TellingWords& known)
    : text_(text.substr(0, kMostBytes)) {
  std::vector<int> depths;
  const std::string_view trimmed = ascii::Trim(text_);
  is_json_ = trimmed.starts_with('{') || trimmed.starts_with('[');
  rows_ = is_json_ ? RowsOfJson(text_, text_.size() > kFineBytes ? kCoarseRow : kLeastRow, depths)
                   : RowsOf(text_);
  // A word in many rows tells none of them apart.
  std::map<std::string, std::size_t> rows_with;
  std::vector<std::map<std::string, double>> found(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const auto note = [&](std::string_view word, double weight) {
      if (weight > 0 && found[i].emplace(word, weight).second) ++rows_with[std::string(word)];
    };
    EachTellingWord(rows_[i], [&](const std::string& word) { note(word, words.contains(word)); });
    if (!is_json_) continue;
    const auto heed = [&](std::string_view word) {
      const auto rule = rules.find(word);
      if (rule != rules.end()) note(word, kOfRules * std::log2(1 + rule->second));
    };
    EachTellingWord(NameOf(rows_[i]), [&](const std::string& word) {
      heed(word);
      EachPart(word, heed);
    });
  }
  std::vector<std::pair<double, std::size_t>> scores;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    double score = 0;
    for (const auto& [word, weight] : found[i]) {
      score += weight / static_cast<double>(rows_with[word]);
    }
    if (is_json_) {
      score += kOfDepth / (1 + std::max(depths[i], 0));
      if (IsKnown(ValueOf(rows_[i]), known)) score *= kOfRepeated;
    }
    if (score > 0) scores.emplace_back(-score, i);
  }
  std::sort(scores.begin(), scores.end());
  for (const auto& [score, row] : scores) best_.push_back(row);
}

std::string ResultRows::Short(std::size_t max_bytes) const {
  if (text_.size() <= max_bytes) return Flat(text_);
  std::set<std::size_t> chosen;
  std::size_t left = max_bytes;
  const auto take = [&](std::size_t row) {
    const std::size_t size = rows_[row].size() + kGap.size();
    if (size > left || !chosen.insert(row).second) return;
    left -= size;
  };
  // The beginning.
  const std::size_t after_head = is_json_ && !best_.empty() ? max_bytes : max_bytes * 2 / 3;
  for (std::size_t i = 0; i < rows_.size() && left > after_head; ++i) {
    if (rows_[i].size() + kGap.size() > left) break;
    take(i);
  }
  for (const std::size_t row : best_) {
    if (left < kLeastRow) break;
    take(row);
  }
  if (chosen.empty()) return ShortText(text_, max_bytes);
  std::string out;
  std::size_t next = 0;
  for (const std::size_t row : chosen) {
    if (row > next) out += kGap;
    const std::string piece = Flat(rows_[row]);
    if (!out.empty() && row == next && !piece.empty()) out += ' ';
    out += piece;
    next = row + 1;
  }
  if (next < rows_.size()) out += kGap.substr(0, kGap.size() - 1);
  return out;
}

}  // namespace halo
