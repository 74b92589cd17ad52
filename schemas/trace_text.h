// SPDX-License-Identifier: MIT
// Strings that came out of traces. Each has a type of its own that no std::string converts to or
// from, so that it cannot reach an answer without its fence (fence.h): a record of an answer holds
// texts of the product in std::string and Prose, and all else in these. Pure; any thread.
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace halo {

// At most `max_bytes` of the text, cut between characters.
std::string_view CutText(std::string_view text, std::size_t max_bytes);

// A text of any content: an error, a value, a quote. Always fenced.
class TraceText {
 public:
  TraceText() = default;
  // Longer texts are cut, and shown with an ellipsis behind their fence.
  TraceText(std::string_view text, std::size_t max_bytes);
  // Read back from an answer, with its fence already around it.
  static TraceText Written(std::string_view shown);

  bool empty() const { return raw_.empty(); }
  std::size_t size() const { return raw_.size(); }
  const std::string& raw() const { return raw_; }
  bool cut() const { return cut_; }
  bool written() const { return written_; }
  // For an answer that must get smaller and says so elsewhere: no ellipsis.
  void Shorten(std::size_t max_bytes) { raw_ = CutText(raw_, max_bytes); }

  auto operator<=>(const TraceText&) const = default;

 private:
  std::string raw_;
  bool cut_ = false, written_ = false;
};

// A name: of a tool, agent, model, service, span, session, user, task, project, version. Shown as
// one line of at most 64 characters, fenced where it reads like a sentence.
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

// An id or the path of a value. Shown whole where it is no more than an id, else like a name.
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

// A sentence of the product with pieces of traces in it, each of which keeps its type.
class Prose {
 public:
  using Piece = std::variant<std::string, TraceText, TraceName, TraceId>;

  Prose() = default;
  Prose(std::string words) { Add(std::move(words)); }
  Prose(std::string_view words) { Add(words); }
  Prose(const char* words) { Add(std::string_view(words)); }

  template <class... Pieces>
  Prose& Add(const Pieces&... pieces) {
    (AddOne(pieces), ...);
    return *this;
  }

  bool empty() const { return pieces_.empty(); }
  const std::vector<Piece>& pieces() const { return pieces_; }

  auto operator<=>(const Prose&) const = default;
  bool operator==(const Prose&) const = default;

 private:
  void AddOne(std::string_view words);
  void AddOne(const char* words) { AddOne(std::string_view(words)); }
  void AddOne(const std::string& words) { AddOne(std::string_view(words)); }
  template <std::integral T>
  void AddOne(T number) {
    AddOne(std::string_view(std::to_string(number)));
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
Prose Say(const Pieces&... pieces) {
  return std::move(Prose().Add(pieces...));
}

// Letters, digits and _ . : - of at least 1 and at most 128 characters: an id that says nothing.
bool IsPlainId(std::string_view id);
// The same with [ ] / and @, as paths of values have them.
bool IsPlainPath(std::string_view path);
// Whether a name could pass for a sentence, and with it for an instruction: several words, or
// words such as "ignore" and "instructions" together, whatever stands between them.
bool ReadsLikeSentence(std::string_view name);
// A name as it may stand outside of a fence: nothing in it is escaped, cut or a sentence.
bool IsPlainName(std::string_view name);
// Those of `names` that are plain.
std::vector<std::string_view> PlainNames(const std::vector<std::string_view>& names);

// The name on one line of at most `max_characters`, with an ellipsis where it is cut; what is
// hidden, and what could pass for a fence or for code, is escaped or replaced.
std::string OneLine(std::string_view name, std::size_t max_characters = 64);

// The sentence with nothing of traces in it but plain names and ids; what else there was is shown
// as "(left out)". For prompts, which arrive in the user's role.
std::string PlainText(const Prose& prose);

}  // namespace halo
