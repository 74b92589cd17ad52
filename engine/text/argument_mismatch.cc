// SPDX-License-Identifier: MIT
#include "engine/text/argument_mismatch.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"

namespace halo {
namespace {

struct Phrase {
  std::string_view words;  // in lower case
  ArgumentMismatch kind;
};
constexpr auto kUnexpected = ArgumentMismatch::kUnexpected;
constexpr auto kMissing = ArgumentMismatch::kMissing;
constexpr auto kWrongType = ArgumentMismatch::kWrongType;

// The phrase that stands first in the text decides; of two at one place, the earlier in the list.
constexpr Phrase kPhrases[] = {
    {"unexpected keyword argument", kUnexpected},
    {"unexpected argument", kUnexpected},
    {"unexpected parameter", kUnexpected},
    {"unexpected property", kUnexpected},
    {"unknown argument", kUnexpected},
    {"unknown parameter", kUnexpected},
    {"unknown field", kUnexpected},
    {"unrecognized argument", kUnexpected},
    {"unrecognized parameter", kUnexpected},
    {"unrecognized_keys", kUnexpected},
    {"unrecognized key", kUnexpected},
    {"extra inputs are not permitted", kUnexpected},
    {"extra fields not permitted", kUnexpected},
    {"additional properties are not allowed", kUnexpected},
    {"must not have additional properties", kUnexpected},
    {"positional arguments but <", kUnexpected},
    {"positional argument but <", kUnexpected},

    {"missing <int> required", kMissing},
    {"missing required", kMissing},
    {"field required", kMissing},
    {"missing argument", kMissing},
    {"missing parameter", kMissing},
    {"[type=missing", kMissing},
    {"type=value_error.missing", kMissing},
    {"is a required property", kMissing},
    {"must have required property", kMissing},
    {"required argument", kMissing},
    {"required parameter", kMissing},
    {"received undefined", kMissing},
    {"\"received\":\"undefined\"", kMissing},
    {"\"received\": \"undefined\"", kMissing},

    {"input should be", kWrongType},
    {"(type=type_error", kWrongType},
    {"is not of type", kWrongType},
    {"invalid type for", kWrongType},
    {"must be string", kWrongType},
    {"must be number", kWrongType},
    {"must be integer", kWrongType},
    {"must be boolean", kWrongType},
    {"must be array", kWrongType},
    {"must be object", kWrongType},
    {"is not a valid integer", kWrongType},
    {"expected string, received", kWrongType},
    {"expected number, received", kWrongType},
    {"expected boolean, received", kWrongType},
    {"expected array, received", kWrongType},
    {"expected object, received", kWrongType},
    {"\"code\":\"invalid_type\"", kWrongType},
    {"\"code\": \"invalid_type\"", kWrongType},
};

// Of this program: "argument `n` is a string, not an integer".
bool SaysOtherType(std::string_view lower) {
  const std::size_t begin = lower.find("argument `");
  if (begin == std::string_view::npos) return false;
  const std::size_t is = lower.find("` is a", begin);
  return is != std::string_view::npos && lower.find(", not a", is) != std::string_view::npos;
}

// "argument "order_id" is missing", "parameter `q` is required".
bool SaysMissing(std::string_view lower) {
  for (const std::string_view words : {"is missing", "is required", "was not provided"}) {
    const std::size_t at = lower.find(words);
    if (at == std::string_view::npos || at < 2) continue;
    const std::string_view ahead = lower.substr(0, at - 1);
    if (ahead.empty() || std::string_view("'\"`").find(ahead.back()) == ahead.npos) continue;
    const std::size_t open = ahead.rfind(ahead.back(), ahead.size() - 2);
    if (open == std::string_view::npos) continue;
    for (const std::string_view thing : {"argument ", "parameter ", "field ", "property "}) {
      if (ahead.substr(0, open).ends_with(thing)) return true;
    }
  }
  return false;
}

// Methods that a framework calls for any tool.
constexpr std::string_view kMethods[] = {
    "__call__", "__init__", "_arun",  "_call",   "_execute", "_run",    "acall",
    "ainvoke",  "arun",     "call",   "execute", "fn",       "forward", "func",
    "handle",   "handler",  "invoke", "lambda",  "run",      "wrapped", "wrapper"};

bool IsMethod(std::string_view name) {
  return std::find(std::begin(kMethods), std::end(kMethods), name) != std::end(kMethods);
}

// The function before "() " at `at`.
std::string_view FunctionBefore(std::string_view text, std::size_t at) {
  const auto is_name = [](char c) { return ascii::IsAlnum(c) || c == '_'; };
  std::size_t end = at;
  for (int part = 0; part < 2; ++part) {
    std::size_t begin = end;
    while (begin > 0 && is_name(text[begin - 1])) --begin;
    const std::string_view name = text.substr(begin, end - begin);
    if (!IsMethod(name)) return name;
    if (begin == 0 || text[begin - 1] != '.') return {};
    end = begin - 1;
  }
  return {};
}

}  // namespace

MismatchText FindArgumentMismatch(std::string_view signature) {
  MismatchText out;
  const std::string lower = ascii::ToLower(signature);
  std::size_t first = std::string::npos;
  for (const Phrase& phrase : kPhrases) {
    const std::size_t at = lower.find(phrase.words);
    if (at >= first) continue;
    first = at;
    out.kind = phrase.kind;
  }
  // zod's type error of a key that is not there.
  if (out.kind == kWrongType && (lower.find("received\":\"undefined") != lower.npos ||
                                 lower.find("received\": \"undefined") != lower.npos ||
                                 lower.find("received undefined") != lower.npos)) {
    out.kind = kMissing;
  }
  if (out.kind == ArgumentMismatch::kNone && SaysOtherType(lower)) out.kind = kWrongType;
  if (out.kind == ArgumentMismatch::kNone && SaysMissing(lower)) out.kind = kMissing;
  if (out.kind == ArgumentMismatch::kNone) return out;
  const std::size_t call = signature.find("() ");
  if (call != std::string_view::npos && call < first) {
    out.function = FunctionBefore(signature, call);
  }
  return out;
}

}  // namespace halo
