// SPDX-License-Identifier: MIT
#include "tools/story/quote_check.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>

#include "engine/base/ascii.h"
#include "engine/codec/span_codec.h"
#include "engine/semconv/conventions.h"
#include "engine/semconv/unread_keys.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

constexpr std::string_view kEllipsis = "…";
constexpr std::size_t kShortestPart = 4;
constexpr std::size_t kMostSearched = 1 << 20;  // bytes of one value

// A text without escapes of JSON and with single spaces, and where its bytes stood.
struct PlainForm {
  std::string text;
  std::vector<std::uint32_t> at;

  void Add(char c, std::size_t from) {
    if (ascii::IsSpace(c)) {
      if (text.empty() || text.back() == ' ') return;
      c = ' ';
    }
    text += c;
    at.push_back(static_cast<std::uint32_t>(from));
  }
};

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char low = ascii::Lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

void AddUtf8(std::uint32_t code, std::size_t from, PlainForm& out) {
  if (code < 0x80) return out.Add(static_cast<char>(code), from);
  if (code < 0x800) {
    out.Add(static_cast<char>(0xc0 | code >> 6), from);
  } else {
    out.Add(static_cast<char>(0xe0 | code >> 12), from);
    out.Add(static_cast<char>(0x80 | (code >> 6 & 0x3f)), from);
  }
  out.Add(static_cast<char>(0x80 | (code & 0x3f)), from);
}

// Adds the escape at `i`; returns its length, or 0 if there is none.
std::size_t AddEscape(std::string_view text, std::size_t i, PlainForm& out) {
  if (text[i] != '\\' || i + 1 >= text.size()) return 0;
  // JSON inside JSON escapes its backslashes again.
  std::size_t slashes = 0;
  while (i + slashes < text.size() && text[i + slashes] == '\\') ++slashes;
  if (i + slashes >= text.size()) return 0;
  const char c = text[i + slashes];
  if (c == 'n' || c == 't' || c == 'r') {
    out.Add(' ', i);
    return slashes + 1;
  }
  if (c == '"' || c == '/') {
    out.Add(c, i);
    return slashes + 1;
  }
  if (c == 'u' && i + slashes + 4 < text.size()) {
    std::uint32_t code = 0;
    for (std::size_t k = 1; k <= 4; ++k) {
      const int digit = HexDigit(text[i + slashes + k]);
      if (digit < 0) return 0;
      code = code << 4 | static_cast<std::uint32_t>(digit);
    }
    AddUtf8(code, i, out);
    return slashes + 5;
  }
  return 0;
}

PlainForm PlainFormOf(std::string_view text) {
  PlainForm out;
  out.text.reserve(text.size());
  out.at.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t escape = AddEscape(text, i, out);
    if (escape == 0) out.Add(text[i], i);
    i += std::max<std::size_t>(escape, 1);
  }
  if (out.text.ends_with(' ')) {
    out.text.pop_back();
    out.at.pop_back();
  }
  return out;
}

// The parts of a quote between ellipses, in plain form.
std::vector<std::string> PartsOf(std::string_view quote) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view part) {
    std::string plain = PlainFormOf(part).text;
    if (plain.size() >= kShortestPart) parts.push_back(std::move(plain));
  };
  std::size_t begin = 0;
  for (std::size_t i = 0; i < quote.size(); ++i) {
    const std::string_view rest = quote.substr(i);
    const std::size_t dots = rest.starts_with(kEllipsis) ? kEllipsis.size()
                             : rest.starts_with("...")   ? 3
                                                         : 0;
    if (dots == 0) continue;
    add(quote.substr(begin, i - begin));
    begin = i + dots;
    i = begin - 1;
  }
  add(quote.substr(begin));
  if (parts.empty()) parts.push_back(PlainFormOf(quote).text);
  return parts;
}

std::set<std::string, std::less<>> WordsOf(std::string_view text) {
  std::set<std::string, std::less<>> words;
  std::string word;
  for (const char c : text) {
    if (ascii::IsAlnum(c) || static_cast<unsigned char>(c) >= 0x80) {
      word += ascii::Lower(c);
    } else if (!word.empty()) {
      words.insert(std::exchange(word, {}));
    }
  }
  if (!word.empty()) words.insert(word);
  return words;
}

// What is looked for, and the best that was seen so far.
struct Search {
  std::vector<std::string> parts;
  std::set<std::string, std::less<>> words;
  bool in_unread = false;
  double best = 0;  // share of the words in the nearest text
  FoundQuote answer;
};

// The exact text from the first to the last byte of a match, cut between characters.
std::string Exact(std::string_view text, std::size_t from, std::size_t to, std::size_t longest) {
  return std::string(CutText(text.substr(from, to - from), longest));
}

bool Match(std::string_view path, std::string_view text, const PlainForm& plain,
           std::size_t longest, Search& search) {
  std::size_t from = plain.text.find(search.parts.front());
  if (from == std::string::npos) return false;
  std::size_t end = from + search.parts.front().size();
  for (std::size_t i = 1; i < search.parts.size(); ++i) {
    const std::size_t next = plain.text.find(search.parts[i], end);
    if (next == std::string::npos) return false;
    end = next + search.parts[i].size();
  }
  // With parts in between, the first part is the quote.
  end = from + search.parts.front().size();
  search.answer.found = true;
  search.answer.path = path;
  search.answer.offset = plain.at[from];
  const std::size_t to = end < plain.at.size() ? plain.at[end] : text.size();
  search.answer.text = Exact(text, plain.at[from], to, longest);
  return true;
}

// Remembers the window of the text that shares most words with the quote, if it beats the best.
void NoteNearest(std::string_view path, std::string_view text, const PlainForm& plain,
                 std::size_t longest, Search& search) {
  if (search.words.empty()) return;
  const std::size_t size = search.parts.front().size() + 24;
  for (std::size_t from = 0; from < plain.text.size(); from += std::max<std::size_t>(size / 3, 8)) {
    const std::string_view window = std::string_view(plain.text).substr(from, size);
    std::size_t shared = 0;
    for (const std::string& word : WordsOf(window)) shared += search.words.contains(word);
    const double share = static_cast<double>(shared) / static_cast<double>(search.words.size());
    if (share <= search.best) continue;
    search.best = share;
    search.answer.path = path;
    search.answer.offset = plain.at[from];
    const std::size_t end = from + window.size();
    const std::size_t to = end < plain.at.size() ? plain.at[end] : text.size();
    std::size_t begin = plain.at[from];
    while (begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xc0) == 0x80) ++begin;
    search.answer.text = Exact(text, begin, to, longest);
  }
}

// Whether the attribute is one that no convention reads.
bool IsUnread(std::string_view path, std::string_view unread_keys) {
  constexpr std::string_view kAttributes = "attributes.";
  if (!path.starts_with(kAttributes)) return false;
  path.remove_prefix(kAttributes.size());
  for (std::size_t begin = 0; begin < unread_keys.size();) {
    const std::size_t end =
        std::min(unread_keys.find(UnreadKeys::kSeparator, begin), unread_keys.size());
    if (unread_keys.substr(begin, end - begin) == path) return true;
    begin = end + 1;
  }
  return false;
}

}  // namespace

std::vector<FoundQuote> FindQuotes(Engine& engine, const TraceReading& reading,
                                   std::span<const QuoteToFind> quotes, std::size_t longest) {
  std::vector<Search> searches;
  std::vector<SpanIndex> order;
  for (const QuoteToFind& quote : quotes) {
    searches.push_back({PartsOf(quote.text), WordsOf(quote.text), quote.in_unread, 0, {}});
    order.insert(order.end(), quote.first.begin(), quote.first.end());
  }
  for (std::size_t i = 0; i < reading.trace.spans.size(); ++i) {
    order.push_back(static_cast<SpanIndex>(i));
  }
  std::set<SpanIndex> done;
  Conventions conventions;
  for (const SpanIndex index : order) {
    const bool open = std::any_of(searches.begin(), searches.end(),
                                  [](const Search& search) { return !search.answer.found; });
    if (!open) break;
    if (index < 0 || !done.insert(index).second) continue;
    const std::array<SpanIndex, 1> wanted = {index};
    const Result<std::vector<OwnedSpan>> stored = engine.ReadSpans(reading, wanted);
    if (!stored || stored->empty()) continue;
    const Span& span = stored->front().span();
    const std::string_view unread_keys = conventions.Read(span).unread_keys;
    ForEachText(span, [&](std::string_view path, std::string_view text) {
      const bool is_unread = IsUnread(path, unread_keys);
      text = text.substr(0, kMostSearched);
      const PlainForm plain = PlainFormOf(text);
      for (Search& search : searches) {
        if (search.answer.found || (is_unread && !search.in_unread)) continue;
        const double before = search.best;
        if (!Match(path, text, plain, longest, search)) {
          NoteNearest(path, text, plain, longest, search);
          if (search.best == before) continue;
        }
        search.answer.span_id = span.span_id;
      }
      return true;
    });
  }
  std::vector<FoundQuote> out;
  for (Search& search : searches) {
    // Fewer shared words are chance.
    if (!search.answer.found && search.best < 0.3) search.answer = {};
    out.push_back(std::move(search.answer));
  }
  return out;
}

std::vector<FoundQuote> FindInRun(Engine& engine, std::span<const TraceReading> traces,
                                  std::span<const PlacedQuote> quotes, std::size_t longest) {
  std::vector<FoundQuote> out(quotes.size());
  // Round 0 looks in the trace of each quote, round n + 1 in the nth for what was not found.
  for (std::size_t round = 0; round <= traces.size(); ++round) {
    for (std::size_t trace = 0; trace < traces.size(); ++trace) {
      if (round > 0 && trace != round - 1) continue;
      std::vector<QuoteToFind> asked;
      std::vector<std::size_t> which;
      for (std::size_t i = 0; i < quotes.size(); ++i) {
        const bool own = quotes[i].trace == trace;
        if (out[i].found || own != (round == 0)) continue;
        asked.push_back(quotes[i].quote);
        if (!own) asked.back().first.clear();
        which.push_back(i);
      }
      if (asked.empty()) continue;
      std::vector<FoundQuote> found = FindQuotes(engine, traces[trace], asked, longest);
      for (std::size_t n = 0; n < which.size(); ++n) {
        FoundQuote& known = out[which[n]];
        if (!found[n].found && !known.text.empty()) continue;  // the nearest of its own trace
        known = std::move(found[n]);
        known.trace = trace;
      }
    }
  }
  return out;
}

}  // namespace halo
