// SPDX-License-Identifier: MIT
#include "schemas/trace_text.h"

#include <algorithm>
#include <array>

#include "schemas/escape.h"

namespace halo {
namespace {

constexpr std::size_t kMaxId = 128;
constexpr std::size_t kMaxWords = 3;
// Scripts without spaces can form a sentence with more letters than this.
constexpr std::size_t kMaxWideLetters = 12;

bool IsIdLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '-';
}

bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// The ASCII words of the name in lower case, however they are joined: "runCurl", "run_curl".
std::vector<std::string> WordsOf(std::string_view name) {
  std::vector<std::string> words(1);
  char before = ' ';
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
    const bool begins = upper && before >= 'a' && before <= 'z';
    if ((!lower && !upper) || begins) {
      if (!words.back().empty()) words.emplace_back();
    }
    if (lower || upper) words.back() += upper ? static_cast<char>(c - 'A' + 'a') : c;
    before = c;
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

template <std::size_t N>
bool HasAny(const std::vector<std::string>& words, const std::array<std::string_view, N>& wanted) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
  });
}

// Verbs and objects of typical instructions to a model.
constexpr std::array<std::string_view, 8> kCommands = {
    "ignore", "disregard", "forget", "override", "obey", "bypass", "exfiltrate", "reveal"};
constexpr std::array<std::string_view, 12> kSubjects = {
    "instruction", "instructions", "rule",  "rules", "prompt",     "prompts",
    "previous",    "prior",        "above", "all",   "everything", "guidelines"};
// Words of sentences, which names of three words do not contain.
constexpr std::array<std::string_view, 14> kSpeech = {"you",  "your",   "please", "must", "now",
                                                      "not",  "never",  "always", "send", "curl",
                                                      "sudo", "should", "delete", "are"};

std::size_t WideLetters(std::string_view text) {
  // Lead bytes E1 to EF are U+1000 and up: the scripts of east and south-east Asia among others.
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xE1; }));
}

std::size_t Spaced(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool letter = !IsSpace(c);
    words += letter && !inside ? 1 : 0;
    inside = letter;
  }
  return words;
}

void ReplaceAll(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The bytes of the first `count` characters.
std::string_view FirstCharacters(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
    if (starts && count-- == 0) break;
  }
  return text.substr(0, at);
}

}  // namespace

std::string_view CutText(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  while (max_bytes > 0 && (static_cast<unsigned char>(text[max_bytes]) & 0xC0) == 0x80) --max_bytes;
  return text.substr(0, max_bytes);
}

TraceText::TraceText(std::string_view text, std::size_t max_bytes)
    : raw_(CutText(text, max_bytes)), cut_(raw_.size() < text.size()) {}

TraceText TraceText::Written(std::string_view shown) {
  TraceText out;
  out.raw_ = shown;
  out.written_ = true;
  return out;
}

TraceName TraceName::Written(std::string_view shown) {
  TraceName out;
  out.raw_ = shown;
  out.written_ = true;
  return out;
}

TraceId TraceId::Written(std::string_view shown) {
  TraceId out;
  out.raw_ = shown;
  out.written_ = true;
  return out;
}

void Prose::Append(std::string_view words) {
  if (words.empty()) return;
  std::string* last = pieces_.empty() ? nullptr : std::get_if<std::string>(&pieces_.back());
  if (last) {
    last->append(words);
  } else {
    pieces_.emplace_back(std::string(words));
  }
}

void Prose::AddOne(const Prose& other) {
  for (const Piece& piece : other.pieces_) {
    if (const auto* words = std::get_if<std::string>(&piece)) {
      Append(*words);
    } else {
      pieces_.push_back(piece);
    }
  }
}

bool IsPlainId(std::string_view id) {
  return !id.empty() && id.size() <= kMaxId && std::all_of(id.begin(), id.end(), IsIdLetter);
}

bool IsPlainPath(std::string_view path) {
  return !path.empty() && path.size() <= kMaxId &&
         std::all_of(path.begin(), path.end(), [](char c) {
           return IsIdLetter(c) || c == '[' || c == ']' || c == '/' || c == '@';
         });
}

bool ReadsLikeSentence(std::string_view name) {
  const std::size_t spaced = Spaced(name);
  if (spaced > kMaxWords || WideLetters(name) > kMaxWideLetters) return true;
  const std::vector<std::string> words = WordsOf(name);
  if (HasAny(words, kCommands) && HasAny(words, kSubjects)) return true;
  return spaced == kMaxWords && (HasAny(words, kSpeech) || name.find_first_of(";!?") != name.npos);
}

bool IsPlainName(std::string_view name) {
  return !name.empty() && OneLine(name) == name && !ReadsLikeSentence(name);
}

std::vector<std::string_view> PlainNames(const std::vector<std::string_view>& names) {
  std::vector<std::string_view> out;
  std::copy_if(names.begin(), names.end(), std::back_inserter(out), IsPlainName);
  return out;
}

std::string OneLine(std::string_view name, std::size_t max_characters) {
  // More bytes cannot be in the first `max_characters`.
  std::string out = EscapeText(CutText(name, max_characters * 4));
  ReplaceAll(out, "\n", " ");
  ReplaceAll(out, "\t", " ");
  ReplaceAll(out, "`", "'");
  ReplaceAll(out, "«", "<");
  ReplaceAll(out, "»", ">");
  if (FirstCharacters(out, max_characters).size() == out.size()) return out;
  return std::string(FirstCharacters(out, max_characters - 1)) + "…";
}

std::string PlainText(const Prose& prose) {
  struct Writer {
    std::string operator()(const std::string& words) const { return words; }
    std::string operator()(const TraceText&) const { return "(left out)"; }
    std::string operator()(const TraceName& name) const {
      const std::string shown = OneLine(name.raw());
      return ReadsLikeSentence(name.raw()) ? std::string("(left out)") : shown;
    }
    std::string operator()(const TraceId& id) const {
      return IsPlainPath(id.raw()) ? id.raw() : std::string("(left out)");
    }
  };
  std::string out;
  for (const Prose::Piece& piece : prose.pieces()) out.append(std::visit(Writer{}, piece));
  return out;
}

}  // namespace halo
