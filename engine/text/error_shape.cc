// SPDX-License-Identifier: MIT
#include "engine/text/error_shape.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "engine/base/ascii.h"
#include "engine/text/argument_mismatch.h"
#include "engine/text/error_words.h"

namespace halo {
namespace {

using ascii::IsAlnum;
using ascii::IsDigit;
using ascii::IsLower;
using ascii::IsUpper;

bool IsOfWord(char c) { return IsAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80; }

// Length of a mask at the front with the extension that a path keeps, or 0.
std::size_t MaskLength(std::string_view text) {
  if (!text.starts_with('<')) return 0;
  std::size_t size = 1;
  while (size < text.size() && size < 32 &&
         (IsLower(text[size]) || IsDigit(text[size]) || text[size] == '_')) {
    ++size;
  }
  if (size < 2 || size >= text.size() || text[size] != '>') return 0;
  const bool path = text.substr(1, size - 1) == "path";
  ++size;
  if (!path || size + 1 >= text.size() || text[size] != '.' || !IsAlnum(text[size + 1])) {
    return size;
  }
  ++size;
  while (size < text.size() && IsAlnum(text[size])) ++size;
  return size;
}

// Whether a word is an error code: digits that the normaliser left, ECONNREFUSED, E0425.
bool IsCode(std::string_view word) {
  const bool shouts = word.size() >= 5 && std::all_of(word.begin(), word.end(), [](char c) {
                        return IsUpper(c) || IsDigit(c) || c == '_';
                      });
  return shouts || std::any_of(word.begin(), word.end(), IsDigit);
}

// Whether a word is a name in code: snake_case or a capital inside.
bool IsName(std::string_view word) {
  if (word.find('_') != std::string_view::npos) return word.size() > 1;
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (IsUpper(word[i]) && IsLower(word[i - 1])) return true;
  }
  return false;
}

// Whether the word at [begin, end) is quoted, called, or part of a dotted name.
bool StandsAsName(std::string_view text, std::size_t begin, std::size_t end) {
  const char before = begin > 0 ? text[begin - 1] : '\0';
  const char after = end < text.size() ? text[end] : '\0';
  if (after == '(') return true;
  if (before != '\0' && before == after) return before == '\'' || before == '"' || before == '`';
  const bool joins_next = after == '.' && end + 1 < text.size() && IsAlnum(text[end + 1]);
  const bool joins_last = before == '.' && begin > 1 && IsAlnum(text[begin - 2]);
  return joins_next || joins_last;
}

bool IsPlainError(std::string_view word) { return word == "Error" || word == "Exception"; }

}  // namespace

ErrorShape ShapeOfError(std::string_view signature) {
  ErrorShape shape;
  const MismatchText mismatch = FindArgumentMismatch(signature);
  shape.mismatch = mismatch.kind;
  shape.called = CalledName(mismatch.function);
  bool first = true;
  for (std::size_t i = 0; i < signature.size();) {
    if (const std::size_t mask = MaskLength(signature.substr(i)); mask > 0) {
      if (shape.words.empty() || shape.words.back().text != "<>") shape.words.push_back({"<>", 1});
      i += mask;
      continue;
    }
    if (!IsOfWord(signature[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < signature.size() && IsOfWord(signature[end])) ++end;
    const std::string_view word = signature.substr(i, end - i);
    // Python derives the class from the number (PEP 3151), and not every text has it.
    if (IsExceptionName(word) && signature.substr(end).starts_with(": [Errno ")) {
      i = end;
      continue;
    }
    const bool fixed = !IsPlainError(word) && (IsExceptionName(word) || IsCode(word) ||
                                               IsName(word) || StandsAsName(signature, i, end));
    if (fixed) {
      shape.fixed += word;
      shape.fixed += ' ';
    }
    // Capitals inside a sentence are names of places, people and products.
    const bool data = !first && IsUpper(word.front());
    shape.words.push_back({ascii::ToLower(word), static_cast<std::uint8_t>(data ? 1 : 2)});
    first = false;
    i = end;
  }
  return shape;
}

std::string CalledName(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80) out += ascii::Lower(c);
  }
  constexpr std::string_view kEnding = "tool";
  if (out.size() > kEnding.size() && out.ends_with(kEnding))
    out.resize(out.size() - kEnding.size());
  return out;
}

namespace {

using Words = std::vector<ErrorShape::Word>;

constexpr double kSimilar = 0.7;         // of a text to the template of its group
constexpr std::size_t kFewestWords = 3;  // that are not masked, in a template
constexpr std::size_t kMostGroups = 64;  // with one `fixed`; then only equal texts merge
constexpr std::size_t kMostWords = 128;

// The longest common subsequence.
Words CommonWords(const Words& a, const Words& b) {
  const std::size_t rows = std::min(a.size(), kMostWords), columns = std::min(b.size(), kMostWords);
  std::vector<std::uint8_t> best((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t i, std::size_t k) -> std::uint8_t& {
    return best[i * (columns + 1) + k];
  };
  for (std::size_t i = rows; i-- > 0;) {
    for (std::size_t k = columns; k-- > 0;) {
      at(i, k) = a[i].text == b[k].text ? static_cast<std::uint8_t>(at(i + 1, k + 1) + 1)
                                        : std::max(at(i + 1, k), at(i, k + 1));
    }
  }
  Words common;
  for (std::size_t i = 0, k = 0; i < rows && k < columns;) {
    if (a[i].text == b[k].text) {
      common.push_back(a[i]);
      ++i;
      ++k;
    } else if (at(i + 1, k) >= at(i, k + 1)) {
      ++i;
    } else {
      ++k;
    }
  }
  return common;
}

// What the words of a text that are not in its template cost.
std::size_t CostOf(const Words& words) {
  std::size_t cost = 0;
  for (const ErrorShape::Word& word : words) cost += word.cost;
  return cost;
}

// Whether a text is similar to a template, given the cost of all of its words.
bool IsSimilar(std::size_t cost_of_text, const Words& common) {
  const std::size_t cost_of_common = CostOf(common);
  const std::size_t gaps = cost_of_text > cost_of_common ? cost_of_text - cost_of_common : 0;
  if (gaps == 0) return true;
  const auto plain = std::count_if(common.begin(), common.end(),
                                   [](const ErrorShape::Word& word) { return word.text != "<>"; });
  const auto size = static_cast<double>(common.size());
  return static_cast<std::size_t>(plain) >= kFewestWords &&
         size >= kSimilar * (size + static_cast<double>(gaps));
}

// The words without their order, to reject most pairs of texts at once.
using Bag = std::vector<std::size_t>;

Bag BagOf(const Words& words) {
  Bag bag;
  for (const ErrorShape::Word& word : words) bag.push_back(std::hash<std::string>()(word.text));
  std::sort(bag.begin(), bag.end());
  return bag;
}

// False only if IsSimilar would be false for any order of the words.
bool MayBeSimilar(std::size_t cost_of_text, const Bag& a, const Bag& b) {
  std::size_t shared = 0;
  for (auto i = a.begin(), k = b.begin(); i != a.end() && k != b.end();) {
    if (*i == *k) {
      ++shared;
      ++i;
      ++k;
    } else {
      ++(*i < *k ? i : k);
    }
  }
  constexpr std::size_t kMostCost = 2;
  if (cost_of_text <= kMostCost * shared) return true;
  const auto size = static_cast<double>(shared);
  const auto gaps = static_cast<double>(cost_of_text - kMostCost * shared);
  return shared >= kFewestWords && size >= kSimilar * (size + gaps);
}

struct Group {
  Words common;
  Bag bag;                    // of common
  std::size_t most_cost = 0;  // of its texts
};

}  // namespace

std::vector<std::uint32_t> GroupByTemplate(std::span<const ErrorShape* const> shapes) {
  std::vector<Group> groups;
  std::vector<std::uint32_t> group_of;
  group_of.reserve(shapes.size());
  for (const ErrorShape* const shape : shapes) {
    const std::size_t cost = CostOf(shape->words);
    const Bag bag = BagOf(shape->words);
    std::size_t best = groups.size();
    for (std::size_t g = 0; g < groups.size() && g < kMostGroups; ++g) {
      const std::size_t most_cost = std::max(groups[g].most_cost, cost);
      if (!MayBeSimilar(most_cost, groups[g].bag, bag)) continue;
      Words common = CommonWords(groups[g].common, shape->words);
      if (!IsSimilar(most_cost, common)) continue;
      groups[g] = {common, BagOf(common), most_cost};
      best = g;
      break;
    }
    if (best == groups.size()) groups.push_back({shape->words, bag, cost});
    group_of.push_back(static_cast<std::uint32_t>(best));
  }
  return group_of;
}

}  // namespace halo
