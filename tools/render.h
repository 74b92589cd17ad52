// SPDX-License-Identifier: MIT
// The compact text of a structured answer, for clients that show the model only text. Complete by
// itself and smaller than the JSON: `key: value` lines in the order of the field list, arrays of
// records as tables or one line a record, empty and absent members left out.
//
// Untrusted strings stand inside fences that carry a nonce, «k3f9|text|k3f9», and the first line
// says what that means. Text from a trace cannot close a fence, because it cannot know the nonce.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/fields.h"

namespace halo {

// What a renderer must know of a type besides its JSON: which strings are untrusted.
struct ShapeMember;
struct Shape {
  bool untrusted = false;
  std::vector<ShapeMember> members;  // of a record
  std::vector<Shape> items;          // of an array or map: one
};
struct ShapeMember {
  std::string_view name;
  Shape shape;
};

template <class T>
Shape ShapeOf(bool untrusted = false) {
  Shape shape{untrusted, {}, {}};
  if constexpr (Fielded<T>) {
    ForEachField<T>([&](const auto& field) {
      using Member = std::remove_cvref_t<decltype(std::declval<T>().*field.member)>;
      shape.members.push_back({field.name, ShapeOf<Member>(untrusted || field.untrusted)});
    });
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    Shape inner = ShapeOf<typename T::value_type>(untrusted);
    if constexpr (kIsOptional<T>) return inner;
    shape.items.push_back(std::move(inner));
  } else if constexpr (kIsMap<T>) {
    shape.items.push_back(ShapeOf<typename T::mapped_type>(untrusted));
  }
  return shape;
}

// `structured` is already escaped. An empty nonce takes a random one; either way one that does not
// occur in the answer is used.
std::string RenderText(const boost::json::object& structured, const Shape& shape,
                       std::string_view nonce);

}  // namespace halo
