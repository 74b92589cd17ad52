// SPDX-License-Identifier: MIT
// How a struct lists its fields, once. json.h reads, writes and publishes them; this header does
// not include JSON, so that engine headers may use it. Compile-time only.
//
//   struct Quote {
//     TraceId trace_id;
//     TraceText text;
//     static constexpr auto Fields() {
//       using Self = Quote;
//       return std::tuple{Field("trace_id", &Self::trace_id), Field("text", &Self::text)};
//     }
//   };
//
// A member may be a bool, integer, double, enum with Names(), other record, or an optional, vector
// or map of those. Strings and keys of maps are std::string in arguments, and one of the types of
// trace_text.h in answers. List the most important field first: JSON and text keep that order. Omit
// the doc of an output field whose name says enough.
#pragma once

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "schemas/trace_text.h"

namespace halo {

struct Bounds {
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
};

// The part of a field's description that does not depend on its type.
struct FieldInfo {
  std::string_view name;
  std::string_view doc;
  bool required = true;
  Bounds bounds{};             // of the number, or of each number of a list
  std::string_view example{};  // shown when an argument is missing or wrong; as JSON
};

template <class Owner, class T>
struct FieldOf : FieldInfo {
  T Owner::*member;

  constexpr FieldOf Example(std::string_view json) const {
    FieldOf copy = *this;
    copy.example = json;
    return copy;
  }
};

// A field that must be present.
template <class Owner, class T>
constexpr auto Field(std::string_view name, T Owner::*member, std::string_view doc = {},
                     Bounds bounds = {}) {
  return FieldOf<Owner, T>{{name, doc, true, bounds}, member};
}

// A field that may be absent, and then keeps the struct's default. It is only written if it differs
// from that default.
template <class Owner, class T>
constexpr auto Option(std::string_view name, T Owner::*member, std::string_view doc = {},
                      Bounds bounds = {}) {
  return FieldOf<Owner, T>{{name, doc, false, bounds}, member};
}

template <class T>
concept Fielded = requires {
  T::Fields();
};

// An enum names its values with a function in its namespace:
//   constexpr auto Names(Status) { return std::array{Named{Status::kOpen, "open"}, ...}; }
template <class E>
struct Named {
  E value;
  std::string_view text;
};
template <class E>
Named(E, const char*) -> Named<E>;

template <class T>
concept NamedEnum = std::is_enum_v<T> && requires(T e) {
  Names(e);
};

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;
template <class T>
inline constexpr bool kIsMap = false;
template <class T>
inline constexpr bool kIsMap<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool kIsMap<std::map<TraceName, T>> = true;
template <class T>
inline constexpr bool kIsMap<std::map<Words, T>> = true;
// Types that are written through a fence.
template <class T>
inline constexpr bool kIsFromTrace = std::same_as<T, TraceText> || std::same_as<T, TraceName> ||
                                     std::same_as<T, TraceId> || std::same_as<T, Prose>;
// Types that are strings in JSON.
template <class T>
inline constexpr bool kIsText =
    std::same_as<T, std::string> || std::same_as<T, Words> || kIsFromTrace<T>;

// Whether any member, however deep, is a std::string, which may hold text from traces.
template <class T>
constexpr bool HoldsBareString() {
  if constexpr (std::same_as<T, std::string>) {
    return true;
  } else if constexpr (kIsMap<T>) {
    return HoldsBareString<typename T::key_type>() || HoldsBareString<typename T::mapped_type>();
  } else if constexpr (kIsOptional<T> || kIsVector<T>) {
    return HoldsBareString<typename T::value_type>();
  } else if constexpr (Fielded<T>) {
    return std::apply(
        [](const auto&... field) {
          return (
              HoldsBareString<std::remove_cvref_t<decltype(std::declval<T>().*field.member)>>() ||
              ...);
        },
        T::Fields());
  } else {
    return false;
  }
}

// Calls visit(field) for each field of T in its listed order.
template <Fielded T, class Visitor>
constexpr void ForEachField(Visitor&& visit) {
  std::apply([&](const auto&... field) { (visit(field), ...); }, T::Fields());
}

}  // namespace halo
