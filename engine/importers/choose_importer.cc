// SPDX-License-Identifier: MIT
#include "engine/importers/choose_importer.h"

#include <algorithm>
#include <string>

#include "engine/framing/text_layout.h"
#include "engine/importers/all_importers.h"
#include "engine/importers/describe_input.h"
#include "engine/json/json_space.h"
#include "engine/json/value_scanner.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 64 << 10;
// Lines that can begin a value; others, such as those of a log, are skipped.
constexpr int kLinesTried = 64;

// The object or array at the start of the text; the whole text if that does not end within it.
std::string_view FirstValue(std::string_view text) {
  if (text.empty() || (text[0] != '{' && text[0] != '[')) return text;
  ValueScanner scanner;
  const std::size_t end = scanner.Scan(text);
  return scanner.state() == ValueScanner::State::kDone ? text.substr(0, end) : text;
}

const Importer* FindImporter(const InputHead& head) {
  for (const Importer& importer : AllImporters()) {
    if (importer.sniff(head)) return &importer;
  }
  return nullptr;
}

}  // namespace

std::string_view SkipToText(std::string_view start) {
  if (start.starts_with("\xEF\xBB\xBF")) start.remove_prefix(3);
  return SkipJsonSpace(start);
}

InputHead HeadOf(std::string_view start) {
  start = start.substr(0, kHeadBytes);
  return {start, FirstValue(SkipToText(start))};
}

Result<const Importer*> ChooseImporter(std::string_view start, std::string_view name,
                                       bool* holds_traces) {
  InputHead head = HeadOf(start);
  if (const Importer* found = FindImporter(head)) return found;
  // The first lines may be broken, or may be other output.
  std::string_view rest = SkipToText(head.bytes);
  for (int tried = 0; tried < kLinesTried && !rest.empty();) {
    while (const std::size_t code = ColourCodeSize(rest)) rest.remove_prefix(code);
    if (CanBeginJson(rest)) {
      head.value = FirstValue(rest);
      // Of a value that does not end here, only the first is tried: later ones are mostly broken.
      if (head.value.size() < rest.size() || tried == 0) {
        if (const Importer* found = FindImporter(head)) return found;
      }
      ++tried;
    }
    const std::size_t feed = rest.find('\n');
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
  }
  const InputGuess guess = DescribeInput(start, name);
  if (holds_traces) *holds_traces = guess.holds_traces;
  std::string message = std::string(name) + " holds no traces that can be read: it is " +
                        guess.what + ". Accepted, also as .gz or .zst:";
  for (const Importer& importer : AllImporters()) {
    if (importer.description.empty()) continue;
    message += "\n  " + std::string(importer.name) + ": " + std::string(importer.description);
  }
  return Error{Code::kUnsupported, std::move(message)};
}

}  // namespace halo
