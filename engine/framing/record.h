// SPDX-License-Identifier: MIT
// A piece of input that can be read by itself.
#pragma once

#include <cstdint>
#include <string_view>

namespace halo {

// A piece of input that can be read by itself: a line, a document, or one span cut out of a
// document too large to hold, with the resource and scope objects that enclosed it.
struct Record {
  std::string_view bytes;  // followed by at least 64 readable bytes
  std::uint64_t offset = 0;
  std::string_view resource;  // JSON object, empty unless cut out
  std::string_view scope;     // JSON object, empty unless cut out
};

}  // namespace halo
