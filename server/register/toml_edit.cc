// SPDX-License-Identifier: MIT
#include "server/register/toml_edit.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "engine/base/toml.h"

namespace halo {
namespace {

namespace json = boost::json;

using Lines = std::set<std::size_t>;  // from 1, as toml++ counts

Error Uneditable(const std::string& parent, const std::string& name) {
  return {Code::kUnsupported, "its " + parent + "." + name + " is not a table with the header [" +
                                  parent + "." + name + "]"};
}

Result<toml::table> Parse(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return Error{Code::kCorrupt, "invalid TOML in line " +
                                     std::to_string(error.source().begin.line) + ": " +
                                     std::string(error.description())};
  }
}

// The start of a line, and the position after its newline.
std::pair<std::size_t, std::size_t> LineAt(std::string_view text, std::size_t line) {
  std::size_t begin = 0;
  for (; line > 1; --line) begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  return {begin, std::min(text.find('\n', begin), text.size() - 1) + 1};
}

// toml++ counts columns in code points.
std::size_t OffsetOf(std::string_view text, toml::source_position position) {
  std::size_t at = LineAt(text, position.line).first;
  if (position.line == 1 && text.starts_with("\xEF\xBB\xBF")) at += 3;
  for (auto column = position.column; column > 1 && at < text.size(); --column) {
    do ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80);
  }
  return at;
}

bool IsBareKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' || c == '-';
  });
}

// JSON strings, and arrays of them, are also valid TOML.
std::string TomlText(const json::value& value) {
  if (!value.is_array()) return json::serialize(value);
  std::string text;
  for (const json::value& item : value.get_array()) {
    text += (text.empty() ? "" : ", ") + json::serialize(item);
  }
  return "[" + text + "]";
}

std::string KeyText(std::string_view key) {
  return IsBareKey(key) ? std::string(key) : json::serialize(json::string(key));
}

std::string PairText(std::string_view key, const json::value& value) {
  return KeyText(key) + " = " + TomlText(value);
}

void PutValue(toml::table& table, std::string_view key, const json::value& value) {
  if (const json::array* items = value.if_array()) {
    toml::array array;
    for (const json::value& item : *items) array.push_back(std::string(item.as_string()));
    table.insert_or_assign(key, std::move(array));
  } else {
    table.insert_or_assign(key, std::string(value.as_string()));
  }
}

bool AreSame(const toml::node& a, const toml::node& b) {
  if (a.is_string() && b.is_string()) return *a.as_string() == *b.as_string();
  return a.is_array() && b.is_array() && *a.as_array() == *b.as_array();
}

std::string NewlineOf(std::string_view text) {
  return text.find("\r\n") == text.npos ? "\n" : "\r\n";
}

std::string Checked(std::string text, const toml::table& wanted) {
  const Result<toml::table> got = Parse(text);
  return got && *got == wanted ? std::move(text) : std::string();
}

void Erase(std::string& text, const Lines& lines) {
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const auto [begin, end] = LineAt(text, *line);
    text.erase(begin, end - begin);
  }
}

Lines LinesOf(const toml::source_region& region) {
  Lines lines;
  for (std::size_t line = region.begin.line; line <= region.end.line; ++line) lines.insert(line);
  return lines;
}

// Adds the lines of everything below the node, under one header or several.
void AddLines(const toml::node& node, Lines& lines) {
  lines.merge(LinesOf(node.source()));
  if (const toml::table* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      lines.insert(key.source().begin.line);
      AddLines(value, lines);
    }
  } else if (const toml::array* array = node.as_array()) {
    for (const toml::node& item : *array) AddLines(item, lines);
  }
}

bool IsFiller(std::string_view text, std::size_t line) {
  const auto [begin, end] = LineAt(text, line);
  const std::size_t word = text.find_first_not_of(" \t\r\n", begin);
  return word >= end || text[word] == '#';
}

bool IsEmptyLine(std::string_view text, std::size_t line) {
  const auto [begin, end] = LineAt(text, line);
  return begin < text.size() && text.find_first_not_of(" \t\r\n", begin) >= end;
}

// Comments and empty lines between lines of the table belong to the table.
void AddFiller(std::string_view text, Lines& lines) {
  const Lines given = lines;
  for (auto line = given.begin(); std::next(line) != given.end(); ++line) {
    const std::size_t next = *std::next(line);
    bool filler = true;
    for (std::size_t i = *line + 1; i < next && filler; ++i) filler = IsFiller(text, i);
    for (std::size_t i = *line + 1; i < next && filler; ++i) lines.insert(i);
  }
}

std::string Append(std::string_view given, const std::string& header, const json::object& keys) {
  const std::string newline = NewlineOf(given);
  std::string text(given);
  if (!text.empty() && !text.ends_with('\n')) text += newline;
  if (!text.empty()) text += newline;
  text += "[" + header + "]" + newline;
  for (const auto& [key, value] : keys) text += PairText(key, value) + newline;
  return text;
}

struct Edit {
  std::size_t begin, end;
  std::string text;
};

// Changes the keys below a header in place.
std::string Change(std::string_view given, const toml::table& table, const toml::table& wanted,
                   const json::object& keys, const std::vector<std::string>& dropped) {
  const std::string newline = NewlineOf(given);
  std::vector<Edit> edits;
  std::string added;
  for (const auto& [key, value] : keys) {
    const toml::node* old = table.get(std::string_view(key));
    if (!old) {
      added += PairText(key, value) + newline;
    } else if (!AreSame(*old, *wanted.get(std::string_view(key)))) {
      edits.push_back({OffsetOf(given, old->source().begin), OffsetOf(given, old->source().end),
                       TomlText(value)});
    }
  }
  for (const auto& [key, value] : table) {
    if (keys.contains(key.str()) ||
        std::find(dropped.begin(), dropped.end(), key.str()) == dropped.end()) {
      continue;
    }
    Lines lines{key.source().begin.line};
    AddLines(value, lines);
    for (const std::size_t line : lines) {
      const auto [begin, end] = LineAt(given, line);
      edits.push_back({begin, end, ""});
    }
  }
  if (!added.empty()) {
    const std::size_t end = LineAt(given, table.source().begin.line).second;
    if (!given.substr(0, end).ends_with('\n')) added = newline + added;
    edits.push_back({end, end, added});
  }
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.begin > b.begin; });
  std::string text(given);
  for (const Edit& edit : edits) text.replace(edit.begin, edit.end - edit.begin, edit.text);
  return text;
}

}  // namespace

Result<std::string> SetTomlTable(std::string_view given, const std::string& parent,
                                 const std::string& name, const json::object& keys,
                                 const std::vector<std::string>& dropped) {
  const Result<toml::table> before = Parse(given);
  if (!before) return before.error();
  toml::table wanted = *before;
  if (!wanted.contains(parent)) wanted.insert(parent, toml::table());
  toml::table* tables = wanted[parent].as_table();
  if (!tables) return Error{Code::kCorrupt, "its " + parent + " is not a table"};
  if (!tables->contains(name)) tables->insert(name, toml::table());
  toml::table* changed = (*tables)[name].as_table();
  if (!changed) return Uneditable(parent, name);
  for (const std::string& key : dropped) changed->erase(key);
  for (const auto& [key, value] : keys) PutValue(*changed, std::string_view(key), value);
  if (wanted == *before) return std::string(given);

  const toml::table* table = (*before)[parent][name].as_table();
  std::string text = Checked(table ? Change(given, *table, *changed, keys, dropped)
                                   : Append(given, parent + "." + KeyText(name), keys),
                             wanted);
  if (text.empty()) return Uneditable(parent, name);
  return text;
}

Result<std::string> RemoveTomlTable(std::string_view given, const std::string& parent,
                                    const std::string& name) {
  const Result<toml::table> before = Parse(given);
  if (!before) return before.error();
  const toml::node* table = (*before)[parent][name].node();
  std::string text(given);
  if (!table) return text;
  Lines lines;
  AddLines(*table, lines);
  AddFiller(text, lines);
  // Leave one empty line between the neighbours.
  const std::size_t first = *lines.begin();
  const std::size_t after = *lines.rbegin() + 1;
  if (first > 1 && IsEmptyLine(text, first - 1) &&
      (LineAt(text, after).first >= text.size() || IsEmptyLine(text, after))) {
    lines.insert(first - 1);
  }
  Erase(text, lines);

  toml::table wanted = *before;
  toml::table& tables = *wanted[parent].as_table();
  tables.erase(name);
  const Result<toml::table> got = Parse(text);
  if (got && tables.empty() && !got->contains(parent)) wanted.erase(parent);
  if (!got || *got != wanted) return Uneditable(parent, name);
  return text;
}

}  // namespace halo
