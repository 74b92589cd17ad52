// SPDX-License-Identifier: MIT
// Decodes the body of a request from the bytes that follow its head (RFC 9112, section 7). All
// bytes count against the limits, framing included; chunk extensions and trailers are discarded.
// Does no I/O. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace halo {

struct BodyLimits {
  std::size_t body = 8 << 20;
  std::size_t trailers = 16 * 1024;
};

class BodyReader {
 public:
  enum class State {
    kMore,
    kDone,
    kBroken,            // not valid HTTP/1.1 framing
    kTooLarge,          // the body, with or without its framing
    kTrailersTooLarge,  // the trailers, or a line of the framing
  };

  static BodyReader OfLength(std::uint64_t length, const BodyLimits& limits);
  static BodyReader Chunked(const BodyLimits& limits);

  // Decodes the front of `bytes` and appends the content to `body`, unless that is null. Returns
  // the number of bytes consumed: all of them while the state is kMore.
  std::size_t Read(std::string_view bytes, std::string* body);
  State state() const { return state_; }

 private:
  enum class Part {
    kLength,     // a body of known length
    kSize,       // digits of a chunk's size
    kExtension,  // the rest of that line
    kSizeEnd,    // LF
    kData,
    kDataReturn,   // CR
    kDataEnd,      // LF
    kTrailerLine,  // at the start of a line
    kTrailer,
    kTrailerEnd,  // LF
    kLastEnd,     // LF
  };

  explicit BodyReader(const BodyLimits& limits) : limits_(limits) {}
  std::size_t ReadData(std::string_view bytes, std::string* body);
  void ReadFraming(char c);
  void ReadSizeDigit(char c);
  // Moves on to `next` if `c` is the wanted byte, else fails.
  void Expect(char c, char wanted, Part next);
  // Discards a byte of a line; CR moves on to `at_end`.
  void Skip(char c, Part at_end);

  const BodyLimits limits_;
  State state_ = State::kMore;
  Part part_ = Part::kSize;
  std::uint64_t left_ = 0;             // bytes of the body or of the current chunk
  std::size_t digits_ = 0, line_ = 0;  // lengths within the chunk's first line
  std::size_t content_ = 0, framing_ = 0, trailers_ = 0;  // bytes so far
};

}  // namespace halo
