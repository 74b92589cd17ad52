// SPDX-License-Identifier: MIT
// The compact text of a structured answer, for clients that show the model only text. Complete by
// itself and smaller than the JSON: `key: value` lines in the order of the field list, arrays of
// records as tables or one line a record, empty and absent members left out.
//
// Text from traces has its fences already (fence.h), and the answer's first field says what they
// mean, so that the first line does.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/fields.h"

namespace halo {

// What a renderer must know of a type besides its JSON: the columns of its tables.
struct ShapeMember;
struct Shape {
  std::vector<ShapeMember> members;  // of a record
  std::vector<Shape> items;          // of an array or map: one
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
