// SPDX-License-Identifier: MIT
// The strings of an answer: text from traces, and the product's own words. Answer records contain
// no other strings (MakeTool asserts it). A std::string variable converts to none of these types,
// so the author must say what it contains. Text from traces cannot reach an answer without its
// fence (fence.h). Pure; any thread.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace halo {

// At most `max_bytes` of the text, cut between characters.
std::string_view CutText(std::string_view text, std::size_t max_bytes);

// Text of any content: an error, a value, a quote. Always fenced.
class TraceText {
 public:
  TraceText() = default;
  // Longer texts are cut, and shown with an ellipsis after their fence.
  TraceText(std::string_view text, std::size_t max_bytes);
  // Text read back from an answer, with its fence.
  static TraceText Written(std::string_view shown);

  bool empty() const { return raw_.empty(); }
  std::size_t size() const { return raw_.size(); }
  const std::string& raw() const { return raw_; }
  bool cut() const { return cut_; }
  bool written() const { return written_; }
  // Without an ellipsis: for an answer that says elsewhere that it was shortened.
  void Shorten(std::size_t max_bytes) { raw_ = CutText(raw_, max_bytes); }

  auto operator<=>(const TraceText&) const = default;

 private:
  std::string raw_;
  bool cut_ = false, written_ = false;
};

// A name: of a tool, agent, model, service, span, session, user, task, project, version. Shown as
// one line of at most 64 characters, fenced if it reads like a sentence.
class TraceName {
 public:
  TraceName() = default;
  explicit TraceName(std::string_view name) : raw_(CutText(name, 1024)) {}
  static TraceName Written(std::string_view shown);

  bool empty() const { return raw_.empty(); }
  const std::string& raw() const { return raw_; }
  bool written() const { return written_; }

  auto operator<=>(const TraceName&) const = default;

 private:
  std::string raw_;
  bool written_ = false;
};

// An id or the path of a value. Shown whole if IsPlainPath, else like a name.
class TraceId {
 public:
  TraceId() = default;
  explicit TraceId(std::string_view id) : raw_(CutText(id, 1024)) {}
  static TraceId Written(std::string_view shown);

  bool empty() const { return raw_.empty(); }
  const std::string& raw() const { return raw_; }
  bool written() const { return written_; }

  auto operator<=>(const TraceId&) const = default;

 private:
  std::string raw_;
  bool written_ = false;
};

// The product's own words: literals, enum names, numbers, times, ids of failure modes. Literals and
// temporary strings convert implicitly; other strings and views, which may come from a trace, need
// an explicit Words(...).
class Words {
 public:
  Words() = default;
  Words(const char* literal) : text_(literal) {}
  Words(std::string&& made) : text_(std::move(made)) {}
  explicit Words(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }
  const std::string& str() const { return text_; }
  operator std::string_view() const { return text_; }

  auto operator<=>(const Words&) const = default;
  bool operator==(const Words&) const = default;
  bool operator==(std::string_view text) const { return text_ == text; }
  bool operator==(const char* text) const { return text_ == text; }

 private:
  std::string text_;
};

// A value in a table whose columns the client chose: a number, nothing, or a text that may hold
// anything from a trace. Texts that are plain ids or names are shown as they are, others fenced.
class Cell {
 public:
  static constexpr std::size_t kMaxBytes = 300;  // of a text that is shown

  Cell() = default;
  explicit Cell(std::int64_t number) : value_(number) {}
  explicit Cell(double number) : value_(number) {}
  explicit Cell(std::string_view text);

  // Of std::monostate, std::int64_t, double, TraceId (plain) or TraceText.
  template <class Visitor>
  auto Visit(Visitor&& visitor) const {
    return std::visit(std::forward<Visitor>(visitor), value_);
  }

 private:
  std::variant<std::monostate, std::int64_t, double, TraceId, TraceText> value_;
};

// A sentence of the product that contains pieces of traces, each of which keeps its type.
class Prose {
 public:
  using Piece = std::variant<std::string, TraceText, TraceName, TraceId>;

  Prose() = default;
  Prose(const char* words) { Append(words); }
  Prose(std::string&& words) { Append(words); }
  Prose(const Words& words) { Append(words); }

  // Accepts Words, literals, temporary strings, integers, the types above, and Prose.
  template <class... Pieces>
  Prose& Add(Pieces&&... pieces) {
    (AddOne(std::forward<Pieces>(pieces)), ...);
    return *this;
  }

  bool empty() const { return pieces_.empty(); }
  const std::vector<Piece>& pieces() const { return pieces_; }

  auto operator<=>(const Prose&) const = default;
  bool operator==(const Prose&) const = default;

 private:
  void Append(std::string_view words);
  void AddOne(const char* words) { Append(words); }
  void AddOne(std::string&& words) { Append(words); }
  void AddOne(const Words& words) { Append(words); }
  template <std::integral T>
  void AddOne(T number) {
    Append(std::to_string(number));
  }
  void AddOne(const TraceText& text) { AddPiece(text); }
  void AddOne(const TraceName& name) { AddPiece(name); }
  void AddOne(const TraceId& id) { AddPiece(id); }
  void AddOne(const Prose& other);

  template <class T>
  void AddPiece(const T& piece) {
    if (!piece.empty()) pieces_.push_back(piece);
  }

  std::vector<Piece> pieces_;
};

template <class... Pieces>
Prose Say(Pieces&&... pieces) {
  return std::move(Prose().Add(std::forward<Pieces>(pieces)...));
}

// 1 to 128 letters, digits and _ . : -, so that the id cannot contain a sentence.
bool IsPlainId(std::string_view id);
// The same, with [ ] / and @, which occur in the paths of values.
bool IsPlainPath(std::string_view path);
// Whether a name could pass for a sentence, and so for an instruction: it has several words, or
// both a word such as "ignore" and a word such as "instructions".
bool ReadsLikeSentence(std::string_view name);
// Whether the name may be shown without a fence: it needs no escapes, is not cut and does not read
// like a sentence.
bool IsPlainName(std::string_view name);
// Those of `names` that are plain.
std::vector<std::string_view> PlainNames(const std::vector<std::string_view>& names);

// The name on one line of at most `max_characters`, with an ellipsis if it is cut. Hidden
// characters and those that could pass for a fence or for code are escaped or replaced.
std::string OneLine(std::string_view name, std::size_t max_characters = 64);

// The sentence, in which text from traces other than plain names and ids is replaced by
// "(left out)". For prompts, which are sent in the user's role.
std::string PlainText(const Prose& prose);

}  // namespace halo
