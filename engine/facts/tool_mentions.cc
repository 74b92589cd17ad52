// SPDX-License-Identifier: MIT
#include "engine/facts/tool_mentions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"
#include "engine/facts/announcement_words.h"
#include "engine/facts/sentences.h"

namespace halo {
namespace {

constexpr std::size_t kLookedAt = 8192;
constexpr std::size_t kMostMentions = 64;

// Name spaces that models write before the names of tools.
constexpr std::string_view kNamespaces[] = {"functions", "tools", "default_api", "api"};

// Keys of a call in JSON, which hold its name and its arguments.
constexpr std::string_view kNameKeys[] = {"name",     "tool",          "tool_name",
                                          "toolName", "function",      "function_name",
                                          "action",   "recipient_name"};
constexpr std::string_view kArgumentKeys[] = {"arguments",    "parameters", "args",   "input",
                                              "action_input", "tool_input", "kwargs", "params"};

// Before a list of what will be done.
constexpr std::string_view kHeads[] = {"plan",   "my approach", "approach",
                                       "i'll",   "i will",      "i'm going to",
                                       "let me", "steps",       "i am going to"};

// Signs of a plan, in lower case: who will act, and in which order.
constexpr std::string_view kPlans[] = {
    "i will",     "i'll",       "i'm going to", "i am going to", "let me",
    "let's",      "we will",    "we'll",        "plan",          "step",
    "then",       "next",       "first",        "second",        "finally",
    "afterwards", "after that", "need to",      "have to",       "before answering",
    "lastly",     "third",
};
constexpr std::string_view kNoPlans[] = {
    "if",       "unless",  "not",       "without",   "instead of", "no need",     "avoid",
    "cannot",   "can't",   "don't",     "won't",     "unable",     "optionally",  "could",
    "might",    "may",     "would",     "already",   "i used",     "i called",    "i ran",
    "you can",  "i can",   "available", "returned",  "failed",     "result of",   "results of",
    "did",      "was",     "were",      "has been",  "have been",  "rather than", "once you",
    "when you", "whether", "either",    "otherwise",
};

bool IsNameSign(char c) { return ascii::IsAlnum(c) || c == '_' || c == '-' || c == '.'; }

bool HasParts(std::string_view name) {
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i] == '_' || name[i] == '-' || name[i] == '.') return true;
    if (ascii::IsUpper(name[i]) && ascii::IsLower(name[i - 1])) return true;
  }
  return false;
}

struct Mention {
  std::string_view name;
  std::size_t at = 0;
};

// The names of offered tools in the text, by position.
std::vector<Mention> Mentions(std::string_view text, std::span<const ToolDefinition> offered) {
  std::vector<Mention> found;
  for (std::size_t begin = 0; begin < text.size() && found.size() < kMostMentions;) {
    if (!IsNameSign(text[begin])) {
      ++begin;
      continue;
    }
    std::size_t end = begin + 1;
    while (end < text.size() && IsNameSign(text[end])) ++end;
    std::string_view word = text.substr(begin, end - begin);
    while (!word.empty() && (word.back() == '.' || word.back() == '-')) word.remove_suffix(1);
    const std::size_t dot = word.find('.');
    if (dot != word.npos && ascii::IsOneOf(word.substr(0, dot), kNamespaces)) {
      word.remove_prefix(dot + 1);
    }
    for (const ToolDefinition& tool : offered) {
      if (tool.name.size() > 2 && tool.name == word) {
        found.push_back({tool.name, static_cast<std::size_t>(word.data() - text.data())});
        break;
      }
    }
    begin = end;
  }
  return found;
}

char CharAt(std::string_view text, std::size_t i) { return i < text.size() ? text[i] : '\0'; }

bool IsCode(std::string_view text, const Mention& mention) {
  const char before = mention.at == 0 ? '\0' : text[mention.at - 1];
  const char after = CharAt(text, mention.at + mention.name.size());
  return after == '(' || (before == '`' && after == '`') || (before == '*' && after == '*');
}

bool HoldsKey(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
    const char quote = at == 0 ? '\0' : text[at - 1];
    if ((quote == '"' || quote == '\'') && CharAt(text, at + key.size()) == quote) return true;
  }
  return false;
}

// {"name": "get_order", "arguments": ...}
bool IsInJson(std::string_view text, const Mention& mention) {
  if (mention.at == 0) return false;
  const char quote = text[mention.at - 1];
  if ((quote != '"' && quote != '\'') || CharAt(text, mention.at + mention.name.size()) != quote) {
    return false;
  }
  std::string_view before = ascii::Trim(text.substr(0, mention.at - 1));
  if (!before.ends_with(':')) return false;
  before.remove_suffix(1);
  before = ascii::Trim(before);
  if (!before.ends_with(quote)) return false;
  before.remove_suffix(1);
  const std::size_t begin = before.rfind(quote);
  if (begin == before.npos || !ascii::IsOneOf(before.substr(begin + 1), kNameKeys)) return false;
  return std::any_of(std::begin(kArgumentKeys), std::end(kArgumentKeys),
                     [&](std::string_view key) { return HoldsKey(text, key); });
}

// <get_order>...</get_order>
bool IsTag(std::string_view text, const Mention& mention) {
  if (mention.at == 0 || text[mention.at - 1] != '<') return false;
  const std::string end = "</" + std::string(mention.name) + ">";
  return text.find(end, mention.at) != text.npos;
}

// get_order(...) alone on its line, perhaps assigned, awaited or printed.
bool IsLineOfCode(std::string_view text, const Mention& mention) {
  const std::size_t open = mention.at + mention.name.size();
  if (CharAt(text, open) != '(') return false;
  std::string_view before = text.substr(0, mention.at);
  before = ascii::Trim(before.substr(before.rfind('\n') + 1));
  while (!before.empty() && (before.front() == '`' || before.front() == '>')) {
    before.remove_prefix(1);
  }
  for (const std::string_view space : kNamespaces) {
    const std::size_t size = space.size() + 1;
    if (before.ends_with('.') && before.substr(0, before.size() - 1).ends_with(space)) {
      before.remove_suffix(size);
      break;
    }
  }
  before = ascii::Trim(before);
  const bool begins = before.empty() || before.ends_with('=') || before == "await" ||
                      before == "print(" || before == "return" || before == "[";
  if (!begins) return false;
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    depth += text[i] == '(';
    depth -= text[i] == ')';
    if (depth != 0) continue;
    std::string_view rest = text.substr(i + 1);
    rest = ascii::Trim(rest.substr(0, rest.find('\n')));
    return rest.find_first_not_of("`);].") == rest.npos;
  }
  return false;
}

// Action: get_order, with its input after it.
bool IsReAct(std::string_view text, const Mention& mention) {
  std::string_view before = text.substr(0, mention.at);
  before = ascii::Trim(before.substr(before.rfind('\n') + 1));
  if (before != "Action:" && before != "Tool:" && before != "Function:") return false;
  const std::string_view after = text.substr(mention.at + mention.name.size());
  for (const std::string_view key : {"Input:", "Arguments:", "Parameters:", "Args:"}) {
    if (after.find(key) != after.npos) return true;
  }
  return false;
}

bool IsWritten(std::string_view text, const Mention& mention) {
  return IsInJson(text, mention) || IsTag(text, mention) || IsLineOfCode(text, mention) ||
         IsReAct(text, mention);
}

// Whether the line is an item of a list.
bool IsItem(std::string_view text, std::size_t at) {
  std::string_view line = text.substr(0, at);
  line = ascii::Trim(line.substr(line.rfind('\n') + 1));
  if (line.starts_with("- ") || line.starts_with("* ") || line == "-" || line == "*") return true;
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != line.npos && (line[digits] == '.' || line[digits] == ')');
}

// `in_plan`: the sentence follows on "My plan:" or is an item of a list below it.
bool IsPlan(const Sentence& sentence, bool in_plan, const SentencePhrases& announcements) {
  static const SentencePhrases plans(kPlans), no_plans(kNoPlans);
  if (sentence.end == '?' || no_plans.OccurIn(sentence)) return false;
  return in_plan || plans.OccurIn(sentence) || IsAnnouncement(sentence, announcements);
}

}  // namespace

ToolMentions FindToolMentions(std::string_view text, std::span<const ToolDefinition> offered,
                              const SentencePhrases& announcements) {
  static const SentencePhrases heads(kHeads);
  ToolMentions out;
  text = text.substr(0, kLookedAt);
  const std::vector<Mention> mentions = Mentions(text, offered);
  if (mentions.empty()) return out;
  const std::vector<Sentence> sentences = SentencesOf(text);
  bool has_plan = false, is_headed = false;
  std::size_t next = 0;
  for (const Mention& mention : mentions) {
    if (out.written.empty() && IsWritten(text, mention)) {
      out.written = mention.name;
      out.written_at = text.substr(mention.at, mention.name.size());
    }
    const auto end_of = [&](const Sentence& sentence) {
      return static_cast<std::size_t>(sentence.text.data() - text.data()) + sentence.text.size();
    };
    for (; next < sentences.size() && end_of(sentences[next]) <= mention.at; ++next) {
      is_headed = heads.OccurIn(sentences[next]);
      has_plan = has_plan || is_headed;
      is_headed = is_headed && sentences[next].end == ':';
    }
    if (next == sentences.size()) break;
    if (!HasParts(mention.name) && !IsCode(text, mention)) continue;
    if (!IsPlan(sentences[next], is_headed || (has_plan && IsItem(text, mention.at)),
                announcements))
      continue;
    if (std::find(out.planned.begin(), out.planned.end(), mention.name) != out.planned.end()) {
      continue;
    }
    if (out.planned.empty()) out.planned_at = sentences[next].text;
    out.planned.push_back(mention.name);
  }
  return out;
}

std::string_view FindCallTag(std::string_view text, const WordFinder& words) {
  for (const WordFinder::Hit& hit : words.hits()) {
    if (hit.list != WordList::kCallTags || hit.end > kCallTagBytes) continue;
    return text.substr(words.OffsetInText(hit.offset), hit.end - hit.offset);
  }
  return {};
}

}  // namespace halo
