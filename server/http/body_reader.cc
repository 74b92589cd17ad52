// SPDX-License-Identifier: MIT
#include "server/http/body_reader.h"

#include <algorithm>

#include "engine/base/ascii.h"

namespace halo {
namespace {

constexpr std::size_t kMaxDigits = 16;
constexpr std::size_t kMaxLine = 4096;

unsigned ValueOf(char c) {
  return ascii::IsDigit(c) ? static_cast<unsigned>(c - '0')
                           : static_cast<unsigned>(ascii::Lower(c) - 'a' + 10);
}

}  // namespace

BodyReader BodyReader::OfLength(std::uint64_t length, const BodyLimits& limits) {
  BodyReader reader(limits);
  reader.part_ = Part::kLength;
  reader.left_ = length;
  if (length > limits.body) reader.state_ = State::kTooLarge;
  if (length == 0) reader.state_ = State::kDone;
  return reader;
}

BodyReader BodyReader::Chunked(const BodyLimits& limits) { return BodyReader(limits); }

std::size_t BodyReader::Read(std::string_view bytes, std::string* body) {
  std::size_t taken = 0;
  while (taken < bytes.size() && state_ == State::kMore) {
    if (part_ == Part::kLength || part_ == Part::kData) {
      taken += ReadData(bytes.substr(taken), body);
    } else {
      ReadFraming(bytes[taken++]);
    }
  }
  return taken;
}

std::size_t BodyReader::ReadData(std::string_view bytes, std::string* body) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  if (body) body->append(bytes, 0, size);
  left_ -= size;
  if (left_ == 0) {
    if (part_ == Part::kLength) {
      state_ = State::kDone;
    } else {
      part_ = Part::kDataReturn;
    }
  }
  return size;
}

void BodyReader::ReadFraming(char c) {
  // Framing counts too: a body of tiny chunks is mostly framing.
  if (++framing_ + content_ > limits_.body + limits_.body / 64 + limits_.trailers) {
    state_ = State::kTooLarge;
    return;
  }
  switch (part_) {
    case Part::kSize:
      return ReadSizeDigit(c);
    case Part::kExtension:
      if (++line_ > kMaxLine) state_ = State::kTrailersTooLarge;
      return Skip(c, Part::kSizeEnd);
    case Part::kSizeEnd:
      Expect(c, '\n', left_ == 0 ? Part::kTrailerLine : Part::kData);
      if (left_ > limits_.body - std::min(content_, limits_.body)) {
        state_ = State::kTooLarge;
      } else {
        content_ += static_cast<std::size_t>(left_);
      }
      return;
    case Part::kDataReturn:
      return Expect(c, '\r', Part::kDataEnd);
    case Part::kDataEnd:
      digits_ = line_ = 0;
      return Expect(c, '\n', Part::kSize);
    case Part::kTrailerLine:
      part_ = Part::kTrailer;
      if (c == '\r') {
        part_ = Part::kLastEnd;
        return;
      }
      [[fallthrough]];
    case Part::kTrailer:
      if (++trailers_ > limits_.trailers) state_ = State::kTrailersTooLarge;
      return Skip(c, Part::kTrailerEnd);
    case Part::kTrailerEnd:
      return Expect(c, '\n', Part::kTrailerLine);
    case Part::kLastEnd:
      state_ = c == '\n' ? State::kDone : State::kBroken;
      return;
    case Part::kLength:
    case Part::kData:
      break;
  }
}

void BodyReader::ReadSizeDigit(char c) {
  if (ascii::IsHex(c) && digits_ < kMaxDigits) {
    ++digits_;
    left_ = left_ * 16 + ValueOf(c);
  } else if (digits_ > 0 && c == '\r') {
    part_ = Part::kSizeEnd;
  } else if (digits_ > 0 && (c == ';' || c == ' ' || c == '\t')) {
    part_ = Part::kExtension;
  } else {
    state_ = State::kBroken;
  }
}

void BodyReader::Expect(char c, char wanted, Part next) {
  if (c == wanted) {
    part_ = next;
  } else {
    state_ = State::kBroken;
  }
}

void BodyReader::Skip(char c, Part at_end) {
  if (c == '\r') {
    part_ = at_end;
  } else if (c == '\n' || c == '\0') {
    state_ = State::kBroken;
  }
}

}  // namespace halo
