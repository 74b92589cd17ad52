// SPDX-License-Identifier: MIT
#include "tools/answer/render.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <cstddef>
#include <optional>

#include "schemas/json_text.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxLine = 400;    // a longer record gets one line per member
constexpr std::size_t kMaxCell = 100;    // of a table
constexpr std::size_t kMaxWord = 60;     // if an array has a longer string, one line per item
constexpr std::size_t kMaxColumns = 10;  // wider tables are hard to read across

bool IsEmpty(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return true;
    case json::kind::string:
      return value.get_string().empty();
    case json::kind::array:
      return value.get_array().empty();
    case json::kind::object: {
      const auto& object = value.get_object();
      return std::all_of(object.begin(), object.end(),
                         [](const auto& member) { return IsEmpty(member.value()); });
    }
    default:
      return false;
  }
}

// Whether the value is, or contains, an array of records, which needs lines of its own.
bool HoldsRecords(const json::value& value) {
  if (const json::array* array = value.if_array()) {
    return std::any_of(array->begin(), array->end(), [](const json::value& item) {
      return item.is_object() || HoldsRecords(item);
    });
  }
  if (const json::object* object = value.if_object()) {
    return std::any_of(object->begin(), object->end(),
                       [](const auto& member) { return HoldsRecords(member.value()); });
  }
  return false;
}

// Whether the type is a list of records, even if the list is empty.
bool IsTable(const json::value& value, const Shape& shape) {
  return value.is_array() && !shape.items.empty() && !shape.items[0].members.empty();
}

// Whether the strings are sentences or calls: with commas between them, it is unclear where one
// ends.
bool HoldsSentences(const json::array& array) {
  return std::any_of(array.begin(), array.end(), [&](const json::value& item) {
    const json::string* text = item.if_string();
    return text && (text->size() > kMaxWord || text->find_first_of(",{") != json::string::npos ||
                    (array.size() > 1 && text->ends_with('.')));
  });
}

const Shape& MemberShape(const Shape& shape, std::string_view name) {
  static const Shape kNone;
  for (const auto& [key, member] : shape.members) {
    if (key == name) return member;
  }
  if (!shape.items.empty()) return shape.items[0];
  return kNone;
}

bool FitsOneLine(const std::string& text, std::size_t limit) {
  return text.size() <= limit && text.find('\n') == std::string::npos;
}

struct Column {
  std::string name;
  std::vector<std::string_view> path;
  const Shape* shape;
  bool used = false;
};

// The scalar leaves of a record, nested ones as `locus.agent`. False if it has leaves that a table
// cannot show.
bool CollectColumns(const Shape& shape, const Column& prefix, std::vector<Column>& out) {
  for (const auto& [name, member] : shape.members) {
    Column column = prefix;
    column.name.append(column.name.empty() ? "" : ".").append(name);
    column.path.push_back(name);
    column.shape = &member;
    if (!member.members.empty()) {
      if (!CollectColumns(member, column, out)) return false;
    } else if (!member.items.empty() && !member.items[0].members.empty()) {
      return false;
    } else {
      out.push_back(std::move(column));
    }
  }
  return true;
}

const json::value* Find(const json::value& record, const std::vector<std::string_view>& path) {
  const json::value* at = &record;
  for (const std::string_view name : path) {
    const json::object* object = at->if_object();
    at = object ? object->if_contains(name) : nullptr;
    if (!at) return nullptr;
  }
  return at;
}

class Renderer {
 public:
  std::string Members(const json::object& object, const Shape& shape, std::size_t indent) {
    std::string out;
    for (const auto& member : object) {
      const Shape& own = MemberShape(shape, member.key());
      const bool no_rows = IsEmpty(member.value()) && IsTable(member.value(), own);
      if (IsEmpty(member.value()) && !no_rows) continue;
      out.append(indent, ' ').append(std::string_view(member.key()));
      if (no_rows) {
        out.append(" (0): none\n");
      } else {
        Value(member.value(), own, indent, out);
      }
    }
    return out;
  }

 private:
  // Appends what follows a key, including the line break.
  void Value(const json::value& value, const Shape& shape, std::size_t indent, std::string& out) {
    const json::array* array = value.if_array();
    if (array && HoldsRecords(value)) return Records(*array, shape, indent, out);
    if (array && HoldsSentences(*array)) {
      out.append(":\n");
      return Items(*array, shape, indent, out);
    }
    if (!HoldsRecords(value)) {
      const std::string line = Inline(value, shape, false);
      if (value.is_string() && !line.starts_with("«") && line.find('\n') != std::string::npos) {
        out.append(":\n").append(line).append("\n");
        return;
      }
      if (!value.is_structured() || FitsOneLine(line, kMaxLine)) {
        out.append(": ").append(line).append("\n");
        return;
      }
    }
    out.append(":\n");
    if (array) return Items(*array, shape, indent, out);
    out.append(Members(value.get_object(), shape, indent + 1));
  }

  std::string Inline(const json::value& value, const Shape& shape, bool nested) {
    if (const json::string* text = value.if_string()) return std::string(*text);
    std::string out;
    if (const json::array* array = value.if_array()) {
      for (const json::value& item : *array) {
        out.append(out.empty() ? "" : ", ").append(Inline(item, MemberShape(shape, {}), true));
      }
      return nested ? "[" + out + "]" : out;
    }
    if (const json::object* object = value.if_object()) {
      for (const auto& member : *object) {
        if (IsEmpty(member.value())) continue;
        out.append(out.empty() ? "" : "; ").append(std::string_view(member.key())).append(": ");
        out.append(Inline(member.value(), MemberShape(shape, member.key()), true));
      }
      return nested ? "(" + out + ")" : out;
    }
    return Serialise(value);
  }

  void Records(const json::array& array, const Shape& shape, std::size_t indent, std::string& out) {
    out.append(" (").append(std::to_string(array.size())).append("):");
    if (const auto table = Table(array, MemberShape(shape, {}), indent)) {
      out.append(*table);
      return;
    }
    out.append("\n");
    Items(array, shape, indent, out);
  }

  void Items(const json::array& array, const Shape& shape, std::size_t indent, std::string& out) {
    const Shape& item_shape = MemberShape(shape, {});
    for (const json::value& item : array) {
      out.append(indent, ' ').append("- ");
      const std::string line = HoldsRecords(item) ? "" : Inline(item, item_shape, false);
      if (item.is_object() && (line.empty() || !FitsOneLine(line, kMaxLine))) {
        const std::string lines = Members(item.get_object(), item_shape, indent + 2);
        out.append(lines, std::min(indent + 2, lines.size()));
      } else {
        out.append(line).append("\n");
      }
    }
  }

  // A header of column names, and the rows; nullopt if the records do not fit a table.
  std::optional<std::string> Table(const json::array& array, const Shape& shape,
                                   std::size_t indent) {
    std::vector<Column> columns;
    if (array.empty() || !CollectColumns(shape, {}, columns)) return std::nullopt;
    std::vector<std::vector<std::string>> rows;
    for (const json::value& record : array) {
      std::vector<std::string>& row = rows.emplace_back();
      for (Column& column : columns) {
        const json::value* value = Find(record, column.path);
        std::string& cell = row.emplace_back();
        if (!value || IsEmpty(*value)) continue;
        column.used = true;
        cell = Inline(*value, *column.shape, false);
        if (!FitsOneLine(cell, kMaxCell) || cell.find(" | ") != std::string::npos) {
          return std::nullopt;
        }
      }
    }
    const auto used = std::count_if(columns.begin(), columns.end(),
                                    [](const Column& column) { return column.used; });
    if (used == 0 || static_cast<std::size_t>(used) > kMaxColumns) return std::nullopt;
    return Rows(columns, rows, indent);
  }

  static std::string Rows(const std::vector<Column>& columns,
                          const std::vector<std::vector<std::string>>& rows, std::size_t indent) {
    std::string out;
    for (const Column& column : columns) {
      if (column.used) out.append(out.empty() ? " " : " | ").append(column.name);
    }
    out.append("\n");
    for (const std::vector<std::string>& row : rows) {
      out.append(indent, ' ').append("- ");
      bool first = true;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (!columns[i].used) continue;
        out.append(first ? "" : " | ").append(row[i].empty() ? "-" : row[i]);
        first = false;
      }
      out.append("\n");
    }
    return out;
  }
};

}  // namespace

std::string RenderText(const json::object& structured, const Shape& shape) {
  return Renderer().Members(structured, shape, 0);
}

}  // namespace halo
