// SPDX-License-Identifier: MIT
#include "engine/facts/word_finder.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"
#include "engine/facts/word_lists.h"

namespace halo {
namespace {

constexpr std::string_view kTypographic = "\xE2\x80\x99";

bool IsBeginnings(WordList list) {
  return list == WordList::kClaimCues || list == WordList::kMadeUpCues ||
         list == WordList::kCallTags;
}

// The phrases of a list after the changes of a configuration.
std::vector<std::string> PhrasesOf(WordList list, const WordSettings& settings) {
  const auto own = PhrasesOf(list);
  std::vector<std::string> phrases(own.begin(), own.end());
  const auto index = static_cast<std::size_t>(list);
  if (index >= settings.changes.size()) return phrases;
  for (const std::string& change : settings.changes[index]) {
    const bool takes_out = change.starts_with('!');
    const std::string phrase = FoldedHead(std::string_view(change).substr(takes_out));
    std::erase(phrases, phrase);
    if (!takes_out) phrases.push_back(phrase);
  }
  return phrases;
}

std::vector<PhraseTable::Entry> AllPhrases(const WordSettings& settings) {
  std::vector<PhraseTable::Entry> entries;
  for (std::uint32_t list = 0; list < kWordLists; ++list) {
    if (static_cast<WordList>(list) == WordList::kAnnouncements) continue;
    for (std::string& phrase : PhrasesOf(static_cast<WordList>(list), settings)) {
      entries.push_back({std::move(phrase), list});
    }
  }
  return entries;
}

}  // namespace

WordFinder::WordFinder(const WordSettings& settings)
    : table_(AllPhrases(settings)), announcements_(PhrasesOf(WordList::kAnnouncements, settings)) {}

void WordFinder::Read(std::string_view text, std::initializer_list<WordList> lists,
                      std::size_t bytes) {
  text_ = text;
  hits_.clear();
  shortened_.clear();
  folded_.assign(text.substr(0, bytes));
  for (char& c : folded_) c = ascii::Lower(c);
  std::size_t to = folded_.find(kTypographic);
  if (to != folded_.npos) {
    for (std::size_t from = to; from < folded_.size(); ++to) {
      if (folded_[from] == kTypographic[0] && folded_.compare(from, 3, kTypographic) == 0) {
        shortened_.push_back(to);
        folded_[to] = '\'';
        from += kTypographic.size();
      } else {
        folded_[to] = folded_[from++];
      }
    }
    folded_.resize(to);
  }

  std::uint32_t wanted = 0;
  for (const WordList list : lists) wanted |= std::uint32_t{1} << static_cast<unsigned>(list);
  const std::string_view folded = folded_;
  bool in_word = false;
  for (std::size_t at = 0; at < folded.size(); ++at) {
    const bool goes_on = in_word;
    in_word = ascii::IsAlnum(folded[at]);
    if (goes_on && in_word) continue;
    table_.Visit(folded.substr(at), [&](const PhraseTable::Entry& entry) {
      if ((wanted >> entry.value & 1) == 0) return;
      const auto list = static_cast<WordList>(entry.value);
      const std::size_t end = at + entry.phrase.size();
      if (!IsBeginnings(list) && end < folded.size() && ascii::IsAlnum(folded[end]) &&
          ascii::IsAlnum(folded[end - 1])) {
        return;
      }
      hits_.push_back({list, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)});
    });
  }
}

bool WordFinder::Has(WordList list, std::size_t bytes) const {
  return std::any_of(hits_.begin(), hits_.end(),
                     [=](const Hit& hit) { return hit.list == list && hit.end <= bytes; });
}

std::size_t WordFinder::OffsetInText(std::size_t offset) const {
  const auto before = std::lower_bound(shortened_.begin(), shortened_.end(), offset);
  const auto count = static_cast<std::size_t>(before - shortened_.begin());
  return offset + count * (kTypographic.size() - 1);
}

}  // namespace halo
