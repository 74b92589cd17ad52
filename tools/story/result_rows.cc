// SPDX-License-Identifier: MIT
#include "tools/story/result_rows.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

using WordSet = std::set<std::string, std::less<>>;

constexpr std::size_t kMostBytes = 256 << 10;  // of a result that are searched for rows
constexpr std::size_t kLongestRow = 240, kLeastRow = 12;
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

}  // namespace

void AddTellingWords(std::string_view text, WordSet& words) {
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

ResultRows::ResultRows(std::string_view text, const WordSet& words)
    : text_(text.substr(0, kMostBytes)), rows_(RowsOf(text_)) {
  // A word in many rows tells none of them apart.
  std::map<std::string, std::size_t> rows_with;
  std::vector<WordSet> found(rows_.size());
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    EachTellingWord(rows_[i], [&](std::string word) {
      if (words.contains(word) && found[i].insert(word).second) ++rows_with[word];
    });
  }
  std::vector<std::pair<double, std::size_t>> scores;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    double score = 0;
    for (const std::string& word : found[i]) score += 1.0 / static_cast<double>(rows_with[word]);
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
  for (std::size_t i = 0; i < rows_.size() && left > max_bytes * 2 / 3; ++i) {
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
