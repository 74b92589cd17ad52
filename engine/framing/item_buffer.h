// SPDX-License-Identifier: MIT
// Collects one JSON value that arrives in pieces, in bounded memory. Each time it outgrows the
// bound, its long strings are shortened further, and finally its long arrays and objects too. It
// remains valid JSON. Not thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace halo {

// The maximum size that is kept of a string, array or object.
struct ClipLimits {
  std::size_t string_bytes;
  std::uint32_t items;  // of one array or object
};

// Copies a stream of JSON and drops what exceeds the limits. Shortened strings end in kClipMark.
class JsonClipper {
 public:
  static constexpr std::string_view kClipMark = "...[clipped]";

  explicit JsonClipper(ClipLimits limits) : limits_(limits) {}
  void Write(std::string_view json, std::string& out);

 private:
  std::size_t WriteString(std::string_view json, std::string& out);
  void WriteStructure(char c, std::string& out);
  bool Dropping() const { return dropping_depth_ > 0; }

  ClipLimits limits_;
  std::vector<std::uint32_t> counts_;  // commas so far, of each open array or object
  std::size_t dropping_depth_ = 0;     // drops bytes until the value at this depth closes; 0: none
  bool in_string_ = false;
  bool escaped_ = false;
  std::size_t kept_ = 0;  // bytes of the string that were copied
  bool shortened_ = false;
};

class ItemBuffer {
 public:
  explicit ItemBuffer(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  void Clear();
  void Append(std::string_view json);

  bool clipped() const { return level_ > 0; }
  bool too_large() const { return too_large_; }  // even the shortest form does not fit; now empty
  // kJsonPadding readable bytes follow.
  std::string_view bytes();

 private:
  void Tighten();

  std::size_t max_bytes_;
  std::string text_;
  std::size_t level_ = 0;  // limits in force: kLevels[level_ - 1]; 0: none
  JsonClipper clipper_{{0, 0}};
  bool too_large_ = false;
};

}  // namespace halo
