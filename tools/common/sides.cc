// SPDX-License-Identifier: MIT
#include "tools/common/sides.h"

#include <boost/json/object.hpp>
#include <tuple>
#include <type_traits>

#include "schemas/json.h"
#include "tools/answer/arguments.h"
#include "tools/answer/phrases.h"

namespace halo {
namespace {

struct Given {
  std::optional<wire::Filters> filters;
  static constexpr auto Fields() { return std::tuple{Option("filters", &Given::filters)}; }
};

}  // namespace

Result<std::optional<wire::Filters>> SideFilters(const std::optional<wire::Filters>& both,
                                                 const std::map<std::string, std::string>& given,
                                                 std::string_view side) {
  boost::json::object members;
  for (const auto& [name, value] : given) members[name] = value;
  const FittedArguments fitted = FitArguments(boost::json::object{{"filters", std::move(members)}},
                                              Schema<Given>(Direction::kInput), side);
  Given read;
  std::string error;
  if (!Read(fitted.value, read, Place(error))) {
    return OfSide({Code::kInvalidArgument, std::move(error)}, side);
  }
  std::optional<wire::Filters> out = both;
  if (!read.filters) return out;
  if (!out) out.emplace();
  ForEachField<wire::Filters>([&](const auto& field) {
    const auto& given_value = (*read.filters).*field.member;
    if (given_value != std::remove_cvref_t<decltype(given_value)>()) {
      (*out).*field.member = given_value;
    }
  });
  return out;
}

Error OfSide(Error error, std::string_view side) {
  constexpr std::string_view kPrefix = "$.filters";
  if (error.message.starts_with(kPrefix)) {
    error.message.replace(0, kPrefix.size(), Cat("$.", side));
  }
  return error;
}

}  // namespace halo
