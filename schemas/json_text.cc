// SPDX-License-Identifier: MIT
#include "schemas/json_text.h"

#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>
#include <cmath>
#include <cstddef>

#include "schemas/json_string.h"

namespace halo {
namespace {

namespace json = boost::json;

void Append(std::string& out, const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      out += "null";
      break;
    case json::kind::bool_:
      out += value.get_bool() ? "true" : "false";
      break;
    case json::kind::int64:
      out += std::to_string(value.get_int64());
      break;
    case json::kind::uint64:
      out += std::to_string(value.get_uint64());
      break;
    case json::kind::double_:
      out += FormatNumber(value.get_double());
      break;
    case json::kind::string:
      AppendJsonString(value.get_string(), out);
      break;
    case json::kind::array: {
      out += '[';
      bool first = true;
      for (const json::value& item : value.get_array()) {
        if (!first) out += ',';
        first = false;
        Append(out, item);
      }
      out += ']';
      break;
    }
    case json::kind::object: {
      out += '{';
      bool first = true;
      for (const auto& member : value.get_object()) {
        if (!first) out += ',';
        first = false;
        AppendJsonString(member.key(), out);
        out += ':';
        Append(out, member.value());
      }
      out += '}';
      break;
    }
  }
}

}  // namespace

std::string Serialise(const json::value& value) {
  std::string out;
  Append(out, value);
  return out;
}

std::size_t SerialisedBytes(const json::value& value) {
  switch (value.kind()) {
    case json::kind::string:
      return JsonStringBytes(value.get_string());
    case json::kind::array: {
      // A comma or the closing bracket after each item.
      std::size_t bytes = value.get_array().empty() ? 2 : 1;
      for (const json::value& item : value.get_array()) bytes += SerialisedBytes(item) + 1;
      return bytes;
    }
    case json::kind::object:
      return SerialisedBytes(value.get_object());
    default:
      return Serialise(value).size();
  }
}

std::size_t SerialisedBytes(const json::object& object) {
  std::size_t bytes = object.empty() ? 2 : 1;
  for (const auto& member : object) {
    bytes += JsonStringBytes(member.key()) + SerialisedBytes(member.value()) + 2;
  }
  return bytes;
}

std::string FormatNumber(double number) {
  if (!std::isfinite(number)) return "null";
  // Outside these limits a plain decimal is mostly zeros.
  const double size = std::fabs(number);
  const bool plain = size == 0 || (size >= 1e-9 && size < 1e17);
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {buffer.data(), end.ptr};
}

double RoundForReading(double number) {
  if (!std::isfinite(number) || number == 0) return number;
  std::array<char, 64> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                 std::chars_format::scientific, 5);
  double rounded = number;
  std::from_chars(buffer.data(), end.ptr, rounded);
  return rounded;
}

}  // namespace halo
