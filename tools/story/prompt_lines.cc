// SPDX-License-Identifier: MIT
#include "tools/story/prompt_lines.h"

#include <algorithm>

#include "engine/base/ascii.h"
#include "engine/base/hash.h"
#include "schemas/trace_text.h"
#include "tools/answer/phrases.h"
#include "tools/story/result_rows.h"

namespace halo {
namespace {

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!ascii::Trim(text.substr(0, end)).empty()) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace

std::vector<std::uint64_t> LineHashes(std::string_view text) {
  std::vector<std::uint64_t> out;
  for (const std::string_view line : Lines(text)) out.push_back(Fnv1a(ascii::Trim(line)));
  return out;
}

std::string NumberedLines(std::string_view text, std::size_t max_bytes) {
  const std::vector<std::string_view> lines = Lines(text);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string line = Cat(i + 1, ": ", Flat(lines[i]), "\n");
    if (out.size() + line.size() > max_bytes) {
      out += CutText(line, max_bytes - std::min(out.size(), max_bytes));
      return out += Cat("… (", lines.size() - i, " more lines)");
    }
    out += line;
  }
  if (out.ends_with('\n')) out.pop_back();
  return out;
}

std::optional<std::string> ChangedLines(std::string_view text,
                                        const std::vector<std::uint64_t>& before) {
  const std::vector<std::string_view> lines = Lines(text);
  if (lines.size() != before.size()) return std::nullopt;
  std::string out;
  std::size_t changed = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (Fnv1a(ascii::Trim(lines[i])) == before[i]) continue;
    ++changed;
    out += Cat(out.empty() ? "" : "\n", i + 1, ": ", ShortText(lines[i], 300));
  }
  if (changed * 5 > std::max<std::size_t>(lines.size(), 5)) return std::nullopt;
  return out;
}

}  // namespace halo
