// SPDX-License-Identifier: MIT
// Reads, writes and publishes as JSON Schema any struct that lists its fields (fields.h). Only the
// wire side of the program (tools and server) includes this. Pure; any thread.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/fields.h"
#include "schemas/json_text.h"

namespace halo {

// The position of a reader in the document, as a chain on the stack. Keeps the first error, worded
// for a model: the path, what was expected, an example, and what was given instead.
class Place {
 public:
  explicit Place(std::string& error) : error_(&error) {}
  Place At(std::string_view name) const { return Place(this, name, kNoIndex); }
  Place At(std::size_t index) const { return Place(this, {}, index); }

  // All return false, so that a reader can return them.
  bool Wrong(std::string_view expected, const boost::json::value& got) const;
  bool Missing(std::string_view expected) const;
  bool Unknown(const std::vector<std::string_view>& known) const;
  bool NotOneOf(const std::vector<std::string_view>& allowed, const boost::json::value& got) const;

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);
  Place(const Place* parent, std::string_view name, std::size_t index)
      : error_(parent->error_), parent_(parent), name_(name), index_(index) {}
  std::string Path() const;
  bool Fail(std::string_view what) const;

  std::string* error_;
  const Place* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kNoIndex;
};

// "an integer from 1 to 200"
std::string DescribeNumber(bool integral, Bounds bounds);

// What the reader expects of a T, for error messages: "an integer from 1 to 200, for example 20".
template <class T>
std::string Describe(const FieldInfo& info) {
  const auto with_example = [&](std::string what, std::string_view example) {
    return std::move(what.append(", for example ").append(example));
  };
  const std::string_view example = info.example;
  if constexpr (kIsOptional<T>) {
    return Describe<typename T::value_type>(info);
  } else if constexpr (kIsVector<T>) {
    if (!example.empty()) return with_example("an array", example);
    return "an array, each item " + Describe<typename T::value_type>(info);
  } else if constexpr (Fielded<T> || kIsMap<T>) {
    return with_example("an object", example.empty() ? "{}" : example);
  } else if constexpr (NamedEnum<T>) {
    return with_example("a string", '"' + std::string(Names(T{})[0].text) + '"');
  } else if constexpr (kIsText<T>) {
    return example.empty() ? "a string" : with_example("a string", example);
  } else if constexpr (std::same_as<T, bool>) {
    return "true or false";
  } else {
    std::string what = DescribeNumber(std::integral<T>, info.bounds);
    return example.empty() ? what : with_example(std::move(what), example);
  }
}

template <class T>
bool Read(const boost::json::value& in, T& out, const Place& here, const FieldInfo& info = {});

template <Fielded T>
bool ReadRecord(const boost::json::value& in, T& out, const Place& here, const FieldInfo& info) {
  const boost::json::object* object = in.if_object();
  if (!object) return here.Wrong(Describe<T>(info), in);
  std::size_t seen = 0;
  bool ok = true;
  ForEachField<T>([&](const auto& field) {
    if (!ok) return;
    using Member = std::remove_cvref_t<decltype(out.*field.member)>;
    const boost::json::value* member = object->if_contains(field.name);
    if (member) ++seen;
    // Clients send null for an argument that the model omitted.
    if (!member || (member->is_null() && !field.required)) {
      if (field.required) ok = here.At(field.name).Missing(Describe<Member>(field));
      return;
    }
    ok = Read(*member, out.*field.member, here.At(field.name), field);
  });
  if (!ok || seen == object->size()) return ok;
  std::vector<std::string_view> known;
  ForEachField<T>([&](const auto& field) { known.push_back(field.name); });
  for (const auto& member : *object) {
    if (std::find(known.begin(), known.end(), std::string_view(member.key())) == known.end()) {
      return here.At(std::string_view(member.key())).Unknown(known);
    }
  }
  return true;
}

template <NamedEnum T>
bool ReadEnum(const boost::json::value& in, T& out, const Place& here) {
  const boost::json::string* text = in.if_string();
  std::vector<std::string_view> allowed;
  for (const auto& name : Names(T{})) {
    if (text && std::string_view(*text) == name.text) {
      out = name.value;
      return true;
    }
    allowed.push_back(name.text);
  }
  return here.NotOneOf(allowed, in);
}

template <class T>
bool ReadNumber(const boost::json::value& in, T& out, const Place& here, const FieldInfo& info) {
  boost::system::error_code error;
  const T number = in.to_number<T>(error);
  const auto size = static_cast<double>(number);
  if (error || !std::isfinite(size) || size < info.bounds.min || size > info.bounds.max) {
    return here.Wrong(Describe<T>(info), in);
  }
  out = number;
  return true;
}

// Fills `out` from `in`. If it returns false, `out` is partly filled and `here` has the error.
template <class T>
bool Read(const boost::json::value& in, T& out, const Place& here, const FieldInfo& info) {
  if constexpr (Fielded<T>) {
    return ReadRecord(in, out, here, info);
  } else if constexpr (kIsOptional<T>) {
    return Read(in, out.emplace(), here, info);
  } else if constexpr (kIsVector<T>) {
    const boost::json::array* array = in.if_array();
    if (!array) return here.Wrong(Describe<T>(info), in);
    out.clear();
    for (const boost::json::value& item : *array) {
      typename T::value_type read{};
      if (!Read(item, read, here.At(out.size()), info)) return false;
      out.push_back(std::move(read));
    }
    return true;
  } else if constexpr (kIsMap<T>) {
    const boost::json::object* object = in.if_object();
    if (!object) return here.Wrong(Describe<T>(info), in);
    out.clear();
    for (const auto& member : *object) {
      const std::string_view key = member.key();
      typename T::mapped_type read{};
      if (!Read(member.value(), read, here.At(key), info)) return false;
      if constexpr (std::same_as<typename T::key_type, TraceName>) {
        out.emplace(TraceName::Written(key), std::move(read));
      } else {
        out.emplace(key, std::move(read));
      }
    }
    return true;
  } else if constexpr (NamedEnum<T>) {
    return ReadEnum(in, out, here);
  } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Words>) {
    const boost::json::string* text = in.if_string();
    if (!text) return here.Wrong(Describe<T>(info), in);
    out = std::string(*text);
    return true;
  } else if constexpr (kIsFromTrace<T>) {
    // Only answers contain these types, and text that is read back from one is already fenced.
    const boost::json::string* text = in.if_string();
    if (!text) return here.Wrong(Describe<T>(info), in);
    if constexpr (std::same_as<T, Prose>) {
      out = std::string(*text);
    } else {
      out = T::Written(*text);
    }
    return true;
  } else if constexpr (std::same_as<T, bool>) {
    if (!in.is_bool()) return here.Wrong(Describe<T>(info), in);
    out = in.get_bool();
    return true;
  } else {
    return ReadNumber(in, out, here, info);
  }
}

// For records without text from traces: strings are written unchanged. A record with text from
// traces does not compile with this.
struct NoFence {
  std::string Show(const std::string& text) const { return text; }
  std::string Show(const Words& words) const { return words.str(); }
};

// Whether an optional field may be omitted.
template <class T>
bool SameAsDefault(const T& value, const T& by_default) {
  if constexpr (kIsOptional<T>) {
    return !value.has_value();
  } else if constexpr (kIsVector<T> || kIsMap<T>) {
    return value.empty();
  } else if constexpr (Fielded<T>) {
    return false;
  } else {
    return value == by_default;
  }
}

// `fence` is a Fence or NoFence.
template <class T, class F>
boost::json::value Write(const T& in, F& fence) {
  if constexpr (Fielded<T>) {
    boost::json::object out;
    static const T defaults{};
    ForEachField<T>([&](const auto& field) {
      const auto& member = in.*field.member;
      if (!field.required && SameAsDefault(member, defaults.*field.member)) return;
      out.emplace(field.name, Write(member, fence));
    });
    return out;
  } else if constexpr (kIsOptional<T>) {
    return in ? Write(*in, fence) : boost::json::value(nullptr);
  } else if constexpr (kIsVector<T>) {
    boost::json::array out;
    out.reserve(in.size());
    for (const auto& item : in) out.push_back(Write(item, fence));
    return out;
  } else if constexpr (kIsMap<T>) {
    boost::json::object out;
    for (const auto& [key, item] : in) out.emplace(fence.Show(key), Write(item, fence));
    return out;
  } else if constexpr (NamedEnum<T>) {
    for (const auto& name : Names(in)) {
      if (name.value == in) return boost::json::value(name.text);
    }
    return nullptr;
  } else if constexpr (std::same_as<T, Cell>) {
    return in.Visit([&](const auto& value) -> boost::json::value {
      using Held = std::remove_cvref_t<decltype(value)>;
      if constexpr (std::same_as<Held, std::monostate>) return nullptr;
      if constexpr (kIsFromTrace<Held>) return boost::json::value(fence.Show(value));
      if constexpr (std::same_as<Held, double>) return RoundForReading(value);
      if constexpr (std::same_as<Held, std::int64_t>) return value;
    });
  } else if constexpr (kIsText<T>) {
    return boost::json::value(fence.Show(in));
  } else if constexpr (std::floating_point<T>) {
    return RoundForReading(in);
  } else {
    return boost::json::value(in);
  }
}

template <class T>
boost::json::value Write(const T& in) {
  NoFence none;
  return Write(in, none);
}

// Input schemas have defaults and refuse unknown fields. Output schemas are shorter: they have no
// defaults, and `required` only at the root.
enum class Direction { kInput, kOutput };

void PublishDoc(const FieldInfo& info, boost::json::object& schema);
// Adds minimum and maximum, if there are any.
void PublishBounds(Bounds bounds, bool integral, boost::json::object& schema);
// Adds the default, unless it is empty.
void PublishDefault(boost::json::value by_default, boost::json::object& schema);

template <class T>
boost::json::object Schema(Direction direction, bool root = true, Bounds bounds = {}) {
  if constexpr (Fielded<T>) {
    boost::json::object properties;
    boost::json::array required;
    ForEachField<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*field.member)>;
      boost::json::object property = Schema<Member>(direction, false, field.bounds);
      PublishDoc(field, property);
      if (field.required) {
        required.emplace_back(field.name);
      } else if constexpr (!kIsOptional<Member> && !Fielded<Member>) {
        if constexpr (!kIsFromTrace<Member> && !kIsVector<Member> && !kIsMap<Member>) {
          if (direction == Direction::kInput) PublishDefault(Write(T{}.*field.member), property);
        }
      }
      properties.emplace(field.name, std::move(property));
    });
    boost::json::object out{{"type", "object"}};
    if (!properties.empty()) out.emplace("properties", std::move(properties));
    const bool input = direction == Direction::kInput;
    if (!required.empty() && (root || input)) out.emplace("required", std::move(required));
    if (input) out.emplace("additionalProperties", false);
    return out;
  } else if constexpr (kIsOptional<T>) {
    return Schema<typename T::value_type>(direction, false, bounds);
  } else if constexpr (kIsVector<T>) {
    return {{"type", "array"}, {"items", Schema<typename T::value_type>(direction, false, bounds)}};
  } else if constexpr (kIsMap<T>) {
    return {{"type", "object"},
            {"additionalProperties", Schema<typename T::mapped_type>(direction, false, bounds)}};
  } else if constexpr (NamedEnum<T>) {
    boost::json::array allowed;
    for (const auto& name : Names(T{})) allowed.emplace_back(name.text);
    return {{"type", "string"}, {"enum", std::move(allowed)}};
  } else if constexpr (std::same_as<T, Cell>) {
    return {{"type", {"string", "number", "null"}}};
  } else if constexpr (kIsText<T>) {
    return {{"type", "string"}};
  } else if constexpr (std::same_as<T, bool>) {
    return {{"type", "boolean"}};
  } else {
    boost::json::object out{{"type", std::integral<T> ? "integer" : "number"}};
    PublishBounds(bounds, std::integral<T>, out);
    return out;
  }
}

}  // namespace halo
