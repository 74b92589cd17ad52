// SPDX-License-Identifier: MIT
#include "tests/support/transcript.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <optional>

#include "schemas/json_text.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string Differs(const std::string& path, const json::value& pattern, const json::value& got) {
  return path + ": expected " + Serialise(pattern) + ", got " + Serialise(got);
}

// Whether the placeholder matches `got`; nullopt if the text is not a placeholder.
std::optional<bool> FitsPlaceholder(std::string_view text, const json::value& got) {
  if (text == "<any>") return true;
  if (text == "<string>") return got.is_string();
  if (text == "<integer>") return got.is_int64() || got.is_uint64();
  if (text == "<number>") return got.is_number();
  if (text == "<array>") return got.is_array();
  if (text == "<object>") return got.is_object();
  if (text.starts_with("<has:") && text.ends_with(">")) {
    const json::string* whole = got.if_string();
    return whole &&
           std::string_view(*whole).find(text.substr(5, text.size() - 6)) != std::string_view::npos;
  }
  return std::nullopt;
}

std::string ObjectMismatch(const json::object& pattern, const json::value& got,
                           const std::string& path) {
  const json::object* object = got.if_object();
  if (!object) return Differs(path, pattern, got);
  for (const auto& member : pattern) {
    const std::string inner = path + "." + std::string(member.key());
    if (member.key() == "...") continue;
    const json::value* found = object->if_contains(member.key());
    if (!found) return inner + ": missing in " + Serialise(got);
    if (std::string why = Mismatch(member.value(), *found, inner); !why.empty()) return why;
  }
  if (pattern.contains("...")) return {};
  for (const auto& member : *object) {
    if (!pattern.contains(member.key())) {
      return path + "." + std::string(member.key()) + ": not expected";
    }
  }
  return {};
}

std::string ArrayMismatch(const json::array& pattern, const json::value& got,
                          const std::string& path) {
  const json::array* array = got.if_array();
  if (!array || array->size() != pattern.size()) return Differs(path, pattern, got);
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    std::string why = Mismatch(pattern[i], (*array)[i], path + "[" + std::to_string(i) + "]");
    if (!why.empty()) return why;
  }
  return {};
}

std::string Expect(const json::value& pattern, Wire& wire) {
  const std::optional<std::string> got = wire.Receive();
  if (!got) return "nothing came; expected " + Serialise(pattern);
  return Mismatch(pattern, json::parse(*got));
}

std::string ExpectAnyOrder(json::array patterns, Wire& wire) {
  while (!patterns.empty()) {
    const std::optional<std::string> got = wire.Receive();
    if (!got) return "nothing came; expected one of " + Serialise(patterns);
    const json::value value = json::parse(*got);
    const auto fits = std::find_if(patterns.begin(), patterns.end(), [&](const json::value& one) {
      return Mismatch(one, value).empty();
    });
    if (fits == patterns.end()) return *got + " is none of " + Serialise(patterns);
    patterns.erase(fits);
  }
  return {};
}

std::string PlayLine(const json::object& line, Wire& wire) {
  if (const json::value* message = line.if_contains("send")) wire.Send(Serialise(*message));
  if (const json::value* text = line.if_contains("send_text")) {
    wire.Send(std::string_view(text->as_string()));
  }
  if (const json::value* pattern = line.if_contains("expect")) return Expect(*pattern, wire);
  if (const json::value* patterns = line.if_contains("expect_any_order")) {
    return ExpectAnyOrder(patterns->as_array(), wire);
  }
  return {};
}

}  // namespace

std::string Mismatch(const json::value& pattern, const json::value& got, const std::string& path) {
  if (const json::object* object = pattern.if_object()) return ObjectMismatch(*object, got, path);
  if (const json::array* array = pattern.if_array()) return ArrayMismatch(*array, got, path);
  const json::string* text = pattern.if_string();
  const bool fits = text ? FitsPlaceholder(*text, got).value_or(pattern == got) : pattern == got;
  return fits ? std::string() : Differs(path, pattern, got);
}

std::string Play(const std::filesystem::path& transcript, Wire& wire) {
  std::ifstream file(transcript);
  int number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    if (line.empty()) continue;
    const std::string why = PlayLine(json::parse(line).as_object(), wire);
    if (!why.empty()) {
      return transcript.filename().string() + ":" + std::to_string(number) + ": " + why;
    }
  }
  const std::vector<std::string> rest = wire.Close();
  if (number == 0) return transcript.string() + ": empty or unreadable";
  return rest.empty() ? std::string() : "at the end also came: " + rest.front();
}

std::vector<std::filesystem::path> TranscriptsIn(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".jsonl") found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace halo
