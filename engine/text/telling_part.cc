// SPDX-License-Identifier: MIT
#include "engine/text/telling_part.h"

#include <algorithm>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/text/error_words.h"
#include "engine/text/preamble.h"

namespace halo {
namespace {

constexpr std::size_t kMostLine = 2048;
constexpr std::size_t kMostText = 4096;
constexpr std::size_t kMostCauses = 3;

// A line without white space at its ends, as [begin, end) of the text.
struct Line {
  std::size_t begin = 0, end = 0;
  bool indented = false;
  bool found() const { return end > begin; }
};

// Calls take(line) for each line that is not blank, until it returns false.
template <class Take>
void ForEachLine(std::string_view text, std::size_t from, Take take) {
  for (std::size_t at = from; at < text.size();) {
    const std::size_t feed = std::min(text.find('\n', at), text.size());
    std::size_t begin = at, end = feed;
    while (begin < end && ascii::IsSpace(text[begin])) ++begin;
    while (end > begin && ascii::IsSpace(text[end - 1])) --end;
    const bool indented = begin > at;
    at = feed + 1;
    if (begin < end && !take(Line{begin, end, indented})) return;
  }
}

// "  File ...", "    at f (a.js:1:2)", "... 14 more", "^^^^".
bool IsFrame(std::string_view line, bool indented) {
  if (line.starts_with("File \"") || line.starts_with("... ")) return true;
  if (line.find_first_not_of("^~ ") == std::string_view::npos) return true;
  return indented && (line.starts_with("at ") || line.starts_with("- waiting for "));
}

// The text behind the mark of a cause, such as "Caused by: "; empty if the line has none.
std::string_view CauseIn(std::string_view line) {
  for (const std::string_view mark : {"caused by: ", "[cause]: ", "cause: ", "[errors]: "}) {
    if (ascii::StartsWithFolded(line, mark)) return ascii::Trim(line.substr(mark.size()));
  }
  return {};
}

// Whether the lines that follow are what the model or the user wrote.
bool IntroducesEcho(std::string_view line) {
  if (!line.ends_with(':')) return false;
  for (const std::string_view words : {"here is your", "here is the code", "your code", "call log",
                                       "code:", "input:", "command:", "query:", "arguments:"}) {
    if (ascii::StartsWithFolded(line, words)) return true;
  }
  return false;
}

// "1 validation error for CreateTicketArgs", perhaps behind a class and preambles.
std::size_t FindValidation(std::string_view text) {
  const std::size_t at = text.substr(0, kMostText).find(" validation error");
  if (at == std::string_view::npos || at == 0 || !ascii::IsDigit(text[at - 1])) return text.npos;
  const std::size_t feed = text.find('\n', at);
  return feed == std::string_view::npos ? text.npos : feed + 1;
}

// The field and message of the first error of pydantic, on two lines.
bool ReadValidation(std::string_view text, TellingPart& part) {
  const std::size_t from = FindValidation(text);
  if (from == std::string_view::npos) return false;
  std::vector<Line> lines;
  ForEachLine(text, from, [&](const Line& line) {
    lines.push_back(line);
    return lines.size() < 2;
  });
  if (lines.size() < 2 || lines[0].indented || !lines[1].indented) return false;
  std::string_view message = text.substr(lines[1].begin, lines[1].end - lines[1].begin);
  const std::size_t value = message.find(", input_value=");
  part.text = "ValidationError: ";
  part.text += text.substr(lines[0].begin, lines[0].end - lines[0].begin);
  part.text += ' ';
  part.text += message.substr(0, std::min(value, kMostLine));
  if (value != std::string_view::npos) part.text += ']';
  part.line = ExcerptFrom(text, lines[0].begin, lines[1].end);
  return true;
}

bool OpensJson(std::string_view line) { return line.ends_with('[') || line.ends_with('{'); }

// The lines that matter in a text.
struct Lines {
  std::vector<Line> exceptions;  // in their order
  std::vector<Line> causes;      // behind marks
  Line error, first;
  bool traceback = false;
};

Lines ReadLines(std::string_view text, std::size_t from) {
  Lines out;
  bool chained = false;  // the next exception is a cause, or is caused by the last one
  ForEachLine(text, from, [&](Line line) {
    std::string_view content = text.substr(line.begin, std::min(line.end - line.begin, kMostLine));
    if (content.starts_with("Traceback (most recent call last)")) {
      out.traceback = true;
      return true;
    }
    if (content.starts_with("The above exception was") ||
        content.starts_with("During handling of the above exception")) {
      chained = true;
      return true;
    }
    if (const std::string_view cause = CauseIn(content); !cause.empty()) {
      line.begin += content.size() - cause.size();
      out.causes.push_back(line);
      return true;
    }
    if (IsFrame(content, line.indented)) return true;
    if (IntroducesEcho(content)) return false;
    const std::size_t preamble = PreambleLength(content);
    if (preamble == content.size() && content.ends_with(':')) return true;
    line.begin += preamble;
    content.remove_prefix(preamble);
    if (!out.first.found()) {
      out.first = line;
      // A list of errors over many lines is read as a whole.
      if (content == "[" || content == "{") return false;
    }
    const bool raised = out.traceback && !line.indented && BeginsWithClass(content);
    if (raised || BeginsWithException(content)) {
      if (out.traceback || out.exceptions.empty() || chained) out.exceptions.push_back(line);
      chained = false;
    } else if (!out.error.found() && (preamble > 0 || NamesError(content))) {
      out.error = line;
    }
    return true;
  });
  return out;
}

// The end of a line that a quotation or JSON continues on the following lines.
std::size_t WholeEnd(std::string_view text, const Line& line) {
  const std::string_view content = text.substr(line.begin, line.end - line.begin);
  const std::string_view after = text.substr(line.end, kMostLine);
  for (const char quote : {'`', '"'}) {
    if (std::count(content.begin(), content.end(), quote) % 2 == 0) continue;
    const std::size_t close = after.find(quote);
    if (close == std::string_view::npos) continue;
    const std::size_t feed = std::min(after.find('\n', close), after.size());
    return line.end + feed;
  }
  if (OpensJson(content)) return line.end + after.size();
  // "Validation failed, fix the following errors:" and the first of them.
  if (content.ends_with(':')) {
    const std::size_t next = after.find_first_not_of(" \t\r\n");
    if (next != std::string_view::npos)
      return line.end + std::min(after.find('\n', next), after.size());
  }
  return line.end;
}

}  // namespace

TellingPart FindTellingPart(std::string_view text) {
  TellingPart part;
  const std::size_t from = SkipQuotedCode(text);
  if (ReadValidation(text.substr(from), part)) {
    part.line.offset += static_cast<std::uint32_t>(from);
    return part;
  }
  const Lines lines = ReadLines(text, from);
  Line best = lines.error.found() ? lines.error : lines.first;
  std::vector<Line> causes = lines.causes;
  if (!lines.exceptions.empty()) {
    // The last exception of a traceback is the one that was finally raised; those before it are
    // its causes.
    best = lines.traceback ? lines.exceptions.back() : lines.exceptions.front();
    for (std::size_t i = lines.exceptions.size(); lines.traceback && i-- > 1;) {
      causes.push_back(lines.exceptions[i - 1]);
    }
  }
  if (!best.found()) {
    // Nothing but a preamble or frames.
    part.line = ExcerptStart(text);
    part.text = text.substr(part.line.offset, part.line.length);
    return part;
  }
  const std::size_t end = WholeEnd(text, best);
  part.line = ExcerptFrom(text, best.begin, best.end - best.begin < 2 ? end : best.end);
  part.text = text.substr(best.begin, std::min(end - best.begin, kMostLine));
  for (std::size_t i = 0; i < std::min(causes.size(), kMostCauses); ++i) {
    const std::string_view cause =
        text.substr(causes[i].begin, std::min(causes[i].end - causes[i].begin, kMostLine / 4));
    if (part.text.find(cause) != std::string::npos) continue;
    part.text += " caused by ";
    part.text += cause;
  }
  return part;
}

}  // namespace halo
