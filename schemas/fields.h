// SPDX-License-Identifier: MIT
// How a struct lists its fields once. What reads, writes and publishes them is in json.h; this
// header pulls in no JSON, so that engine headers may use it.
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
// or map of those. Strings of an argument are std::string, those of an answer one of the types of
// trace_text.h; so are the keys of maps. List the most important field first: readers and texts
// keep that order. Leave the doc of an output field out where its name says it all.
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

// What is known of a field without its types.
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

// A field that may be absent, and then keeps the struct's own default. It is written only where it
// differs from that default.
template <class Owner, class T>
constexpr auto Option(std::string_view name, T Owner::*member, std::string_view doc = {},
                      Bounds bounds = {}) {
  return FieldOf<Owner, T>{{name, doc, false, bounds}, member};
}

template <class T>
concept Fielded = requires {
  T::Fields();
};

// An enum names its values with a function beside it:
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
// What is written through a fence.
template <class T>
inline constexpr bool kIsFromTrace = std::same_as<T, TraceText> || std::same_as<T, TraceName> ||
                                     std::same_as<T, TraceId> || std::same_as<T, Prose>;
// What is a string in JSON.
template <class T>
inline constexpr bool kIsText =
    std::same_as<T, std::string> || std::same_as<T, Words> || kIsFromTrace<T>;

// Whether a std::string is among the members, which may hold anything.
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
