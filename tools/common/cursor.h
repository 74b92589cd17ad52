// SPDX-License-Identifier: MIT
// Cursors of paged answers: base64url of a record as JSON. A cursor contains the whole question, so
// the server keeps no state. Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "schemas/json.h"

namespace halo {

std::string EncodeCursorText(std::string_view json);
// Empty if the text is not base64url.
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
