// SPDX-License-Identifier: MIT
// Page tokens: base64url of the JSON of a record, so that they carry the whole question and the
// server keeps no state. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/json.h"

namespace halo {

std::string EncodeCursorText(std::string_view json);
// Empty for text that is not base64url.
std::string DecodeCursorText(std::string_view cursor);

Error WrongCursor();

template <Fielded T>
std::string EncodeCursor(const T& state) {
  return EncodeCursorText(Serialise(Write(state)));
}

template <Fielded T>
Result<T> DecodeCursor(std::string_view cursor) {
  boost::system::error_code error;
  const boost::json::value json = boost::json::parse(DecodeCursorText(cursor), error);
  std::string message;
  T state{};
  if (error || !Read(json, state, Place(message))) return WrongCursor();
  return state;
}

}  // namespace halo
