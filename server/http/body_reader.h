// SPDX-License-Identifier: MIT
// Reads the body of a request out of the bytes behind its head (RFC 9112, section 7). Every byte
// counts against a bound, those of the framing too; chunk extensions and trailers are dropped as
// they come. Knows no sockets.
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
    kBroken,            // not the framing of HTTP/1.1
    kTooLarge,          // the body, or it together with its framing
    kTrailersTooLarge,  // or a line of the framing
  };

  static BodyReader OfLength(std::uint64_t length, const BodyLimits& limits);
  static BodyReader Chunked(const BodyLimits& limits);

  // Takes what belongs to the body from the front of `bytes` and appends its content to `body`,
  // unless that is null. Returns how many bytes it took: all of them where more is wanted.
  std::size_t Take(std::string_view bytes, std::string* body);
  State state() const { return state_; }

 private:
  enum class Part {
    kLength,     // a body of known length
    kSize,       // digits of a chunk's size
    kExtension,  // what follows them in the line
    kSizeEnd,    // LF
    kData,
    kDataReturn,   // CR
    kDataEnd,      // LF
    kTrailerLine,  // at the begin of a line
    kTrailer,
    kTrailerEnd,  // LF
    kLastEnd,     // LF
  };

  explicit BodyReader(const BodyLimits& limits) : limits_(limits) {}
  std::size_t TakeData(std::string_view bytes, std::string* body);
  void TakeFraming(char c);
  void TakeSize(char c);
  // Goes on where `c` is what must come.
  void Want(char c, char wanted, Part next);
  // Within a line of which nothing is kept.
  void Skip(char c, Part at_end);

  const BodyLimits limits_;
  State state_ = State::kMore;
  Part part_ = Part::kSize;
  std::uint64_t left_ = 0;             // of the body or the chunk
  std::size_t digits_ = 0, line_ = 0;  // of the chunk's first line
  std::size_t content_ = 0, all_ = 0, trailers_ = 0;
};

}  // namespace halo
