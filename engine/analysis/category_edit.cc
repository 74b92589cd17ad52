// SPDX-License-Identifier: MIT
#include "engine/analysis/category_edit.h"

#include <algorithm>
#include <string>
#include <utility>

#include "schemas/nearest.h"
#include "schemas/trace_text.h"

namespace halo {
namespace {

// Names are what readers wrote, so only plain ones are repeated in a message.
std::string Named(std::string_view name) {
  return IsPlainName(name) ? "\"" + std::string(name) + "\""
                           : "with a name of " + std::to_string(name.size()) + " bytes";
}

Error Invalid(std::string message) { return {Code::kInvalidArgument, std::move(message)}; }

Error Unknown(const ReviewBook& book, std::string_view name) {
  std::vector<std::string_view> known;
  for (const Category& category : book.categories()) known.push_back(category.name);
  return Invalid("no category " + Named(name) + SuggestWord(name, PlainNames(known)) +
                 "; a category exists once a note names it");
}

Result<void> CheckSplit(const ReviewBook& book, const CategoryEdit& edit, const Category& from) {
  const Category* const to = book.FindCategory(edit.to);
  if (to == &from) return Invalid("the new category has the name of the one that is split");
  const std::vector<TraceKey> with = book.RunsWith(from.id);
  for (const TraceKey& run : edit.runs) {
    if (std::find(with.begin(), with.end(), run) == with.end()) {
      return Invalid("no note that counts says that run " + Named(run.trace_id) +
                     " shows the category " + Named(from.name));
    }
  }
  if (edit.runs.empty()) return Invalid("a split needs the trace_ids whose problems move");
  return {};
}

}  // namespace

Result<void> CheckEdit(const ReviewBook& book, const CategoryEdit& edit) {
  if (CategoryKey(edit.to).empty()) return Invalid("the new name is empty");
  if (edit.from.empty()) return Invalid("no category to change is named");
  for (const std::string& name : edit.from) {
    if (!book.FindCategory(name)) return Unknown(book, name);
  }
  const Category& first = *book.FindCategory(edit.from.front());
  const Category* const to = book.FindCategory(edit.to);
  switch (edit.kind) {
    case CategoryEdit::Kind::kSplit:
      return CheckSplit(book, edit, first);
    case CategoryEdit::Kind::kRename:
      if (to && to != &first) {
        return Invalid("another category has the name " + Named(edit.to) +
                       "; merge the two, or choose another name");
      }
      return {};
    case CategoryEdit::Kind::kMerge:
      break;
  }
  const bool joins_nothing =
      std::all_of(edit.from.begin(), edit.from.end(),
                  [&](const std::string& name) { return book.FindCategory(name) == to; });
  if (to && joins_nothing) {
    return Invalid("these are already one category, " + Named(to->name) +
                   ": a merge cannot join it with itself");
  }
  return {};
}

}  // namespace halo
