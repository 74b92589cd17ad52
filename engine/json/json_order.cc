// SPDX-License-Identifier: MIT
#include "engine/json/json_order.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr int kMaxDepth = 32;

// Reads values of a text and prints them in order. A scalar is any text without a bracket, comma,
// colon or quote: a number, None, `<int>`.
class Orderer {
 public:
  explicit Orderer(std::string_view text) : text_(text) {}

  // Whether a whole array or object begins at `at`; if so, appends it to `out` in order. Moves `at`
  // past the part that was read in either case.
  bool Take(std::size_t& at, std::string& out) {
    at_ = at;
    const std::size_t size = out.size();
    if (!TakeValue(out, 0)) {
      out.resize(size);
      at = at_;
      return false;
    }
    at = at_;
    return true;
  }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void SkipSpace() {
    while (at_ < text_.size() && ascii::IsSpace(text_[at_])) ++at_;
  }

  bool TakeText(std::string& out) {
    const char quote = Peek();
    const std::size_t begin = at_++;
    for (; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        ++at_;
        out.append(text_, begin, at_ - begin);
        return true;
      }
    }
    return false;
  }

  bool TakeScalar(std::string& out) {
    const std::size_t begin = at_;
    while (at_ < text_.size() &&
           std::string_view("{}[],:\"'").find(text_[at_]) == std::string_view::npos) {
      ++at_;
    }
    std::size_t end = at_;
    while (end > begin && ascii::IsSpace(text_[end - 1])) --end;
    out.append(text_, begin, end - begin);
    return end > begin;
  }

  bool TakeValue(std::string& out, int depth) {
    if (depth > kMaxDepth) return false;
    SkipSpace();
    switch (Peek()) {
      case '{':
        return TakeObject(out, depth);
      case '[':
        return TakeArray(out, depth);
      case '"':
      case '\'':
        return TakeText(out);
      default:
        return TakeScalar(out);
    }
  }

  bool TakeArray(std::string& out, int depth) {
    out.push_back(text_[at_++]);
    SkipSpace();
    while (Peek() != ']') {
      if (!TakeValue(out, depth + 1)) return false;
      SkipSpace();
      if (Peek() == ']') break;
      if (Peek() != ',') return false;
      out.push_back(text_[at_++]);
    }
    out.push_back(text_[at_++]);
    return true;
  }

  bool TakeObject(std::string& out, int depth) {
    std::vector<std::pair<std::string, std::string>> members;
    ++at_;
    SkipSpace();
    while (Peek() != '}') {
      auto& [key, value] = members.emplace_back();
      SkipSpace();
      const bool quoted = Peek() == '"' || Peek() == '\'';
      if (!(quoted ? TakeText(key) : TakeScalar(key))) return false;
      SkipSpace();
      if (Peek() != ':') return false;
      ++at_;
      if (!TakeValue(value, depth + 1)) return false;
      SkipSpace();
      if (Peek() == '}') break;
      if (Peek() != ',') return false;
      ++at_;
    }
    ++at_;
    std::sort(members.begin(), members.end());
    out.push_back('{');
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (i > 0) out.push_back(',');
      out.append(members[i].first).push_back(':');
      out.append(members[i].second);
    }
    out.push_back('}');
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::string OrderJson(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  Orderer orderer(text);
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] != '{' && text[at] != '[') {
      out.push_back(text[at++]);
      continue;
    }
    const std::size_t begin = at;
    if (orderer.Take(at, out)) continue;
    // Brackets inside the part that was read are not tried again, which keeps the time linear.
    at = std::max(at, begin + 1);
    out.append(text, begin, std::min(at, text.size()) - begin);
  }
  return out;
}

}  // namespace halo
