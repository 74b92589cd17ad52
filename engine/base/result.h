// SPDX-License-Identifier: MIT
// The return type of functions with expected failures. Exceptions never cross a folder.
#pragma once

#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>

namespace halo {

enum class Code {
  kInvalidArgument,  // the caller's input; the message says what was expected
  kNotFound,         // an id or path that does not exist
  kUnsupported,      // a format or version that this program does not know
  kUnavailable,      // locked, busy, or out of reach: try again
  kCorrupt,          // stored bytes that do not decode
  kCancelled,
  kInternal,
};

struct Error {
  Code code;
  std::string message;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Boost calls this when value() is called on an error.
[[noreturn]] inline void throw_exception_from_error(const Error& error,
                                                    const boost::source_location&) {
  throw std::runtime_error(error.message);
}

}  // namespace halo
