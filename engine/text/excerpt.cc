// SPDX-License-Identifier: MIT
#include "engine/text/excerpt.h"

#include <algorithm>
#include <limits>

#include "engine/base/ascii.h"
#include "engine/base/utf8.h"
#include "engine/text/error_words.h"

namespace halo {
namespace {

using ascii::IsSpace;

// How far from a cut to look for white space.
constexpr std::size_t kNear = 24;

TextRange MakeRange(std::size_t begin, std::size_t end) {
  constexpr std::size_t kMax = std::numeric_limits<std::uint32_t>::max();
  begin = std::min(begin, kMax);
  return {static_cast<std::uint32_t>(begin),
          static_cast<std::uint32_t>(std::min(end, kMax) - begin)};
}

std::size_t SkipSpace(std::string_view text, std::size_t at) {
  while (at < text.size() && IsSpace(text[at])) ++at;
  return at;
}

std::size_t DropSpace(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin && IsSpace(text[end - 1])) --end;
  return end;
}

// The end of at most `most` bytes from `begin`: at white space if some is near, else on a character
// boundary.
std::size_t CutEnd(std::string_view text, std::size_t begin, std::size_t most) {
  if (text.size() - begin <= most) return DropSpace(text, begin, text.size());
  const std::size_t cut = std::max(begin, utf8::BoundaryBefore(text, begin + most));
  const std::size_t nearest = std::max(begin + 1, cut - std::min(cut, kNear));
  for (std::size_t at = cut; at > nearest; --at) {
    if (IsSpace(text[at])) return DropSpace(text, begin, at);
  }
  return DropSpace(text, begin, cut);
}

// The start of an excerpt from about `at`, not after `limit`: after white space if some is near,
// else on a character boundary.
std::size_t CutStart(std::string_view text, std::size_t at, std::size_t limit) {
  if (at == 0) return std::min(SkipSpace(text, 0), limit);
  const std::size_t farthest = std::min(limit, at + kNear);
  for (std::size_t i = at; i < farthest; ++i) {
    if (IsSpace(text[i - 1]) && !IsSpace(text[i])) return i;
  }
  while (at < limit && utf8::IsContinuation(text[at])) ++at;
  return at;
}

// A line without white space at its ends, as [begin, end) of the text.
struct Line {
  std::size_t begin = 0, end = 0;
  bool found() const { return end > begin; }
};

}  // namespace

TextRange FindErrorLine(std::string_view text, std::uint32_t max_bytes) {
  Line exception, error, first;
  bool traceback = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t feed = std::min(text.find('\n', at), text.size());
    const std::size_t begin = std::min(SkipSpace(text, at), feed);
    const Line line = {begin, DropSpace(text, begin, feed)};
    at = feed + 1;
    if (!line.found()) continue;
    const std::string_view content =
        text.substr(line.begin, std::min<std::size_t>(line.end - line.begin, 512));
    if (!first.found()) first = line;
    if (content.starts_with("Traceback (most recent call last)")) {
      traceback = true;
    } else if (BeginsWithException(content) && (traceback || !exception.found())) {
      // The last exception of a traceback is the one that was finally raised.
      exception = line;
    } else if (!error.found() && NamesError(content)) {
      error = line;
    }
  }
  const Line best = exception.found() ? exception : error.found() ? error : first;
  if (!best.found()) return {};
  return MakeRange(best.begin, CutEnd(text.substr(0, best.end), best.begin, max_bytes));
}

TextRange ExcerptAround(std::string_view text, TextRange hit, std::uint32_t max_bytes) {
  const std::size_t hit_begin = std::min<std::size_t>(hit.offset, text.size());
  const std::size_t hit_end = std::min<std::size_t>(hit_begin + hit.length, text.size());
  const std::size_t hit_size = hit_end - hit_begin;
  if (hit_size >= max_bytes) {
    const std::size_t begin = CutStart(text, hit_begin, hit_begin);
    return MakeRange(begin, CutEnd(text, begin, max_bytes));
  }
  // A third of the room goes before the hit, plus any that the text after the hit does not fill.
  const std::size_t room = max_bytes - hit_size;
  const std::size_t after = std::min(text.size() - hit_end, room - room / 3);
  const std::size_t before = std::min(hit_begin, room - after);
  const std::size_t begin = CutStart(text, hit_begin - before, hit_begin);
  return MakeRange(begin, std::max(hit_end, CutEnd(text, begin, max_bytes)));
}

TextRange ExcerptFrom(std::string_view text, std::size_t begin, std::size_t end,
                      std::uint32_t max_bytes) {
  begin = SkipSpace(text.substr(0, end), begin);
  return MakeRange(begin, CutEnd(text.substr(0, end), begin, max_bytes));
}

TextRange ExcerptStart(std::string_view text, std::uint32_t max_bytes) {
  const std::size_t begin = SkipSpace(text, 0);
  if (begin == text.size()) return {};
  return MakeRange(begin, CutEnd(text, begin, max_bytes));
}

}  // namespace halo
