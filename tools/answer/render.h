// SPDX-License-Identifier: MIT
// The compact text of a structured answer, for clients that show the model only text. It is
// complete and smaller than the JSON: `key: value` lines in the order of the field list, and arrays
// of records as tables or with one line per record. Empty and absent members are omitted.
//
// Text from traces is already fenced (fence.h). The answer's first field, and so the first line of
// the text, explains the fences. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/fields.h"

namespace halo {

// The structure of a type, from which the columns of its tables follow.
struct ShapeMember;
struct Shape {
  std::vector<ShapeMember> members;  // of a record
  std::vector<Shape> items;          // of an array or map: one shape for all items
};
struct ShapeMember {
  std::string_view name;
  Shape shape;
};

template <class T>
Shape ShapeOf() {
  Shape shape;
  if constexpr (Fielded<T>) {
    ForEachField<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*field.member)>;
      shape.members.push_back({field.name, ShapeOf<Member>()});
    });
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    Shape inner = ShapeOf<typename T::value_type>();
    if constexpr (kIsOptional<T>) return inner;
    shape.items.push_back(std::move(inner));
  } else if constexpr (kIsMap<T>) {
    shape.items.push_back(ShapeOf<typename T::mapped_type>());
  }
  return shape;
}

std::string RenderText(const boost::json::object& structured, const Shape& shape);

}  // namespace halo
