// SPDX-License-Identifier: MIT
// JSON documents that stay readable together, with buffers that are kept from span to span.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

namespace halo {

struct JsonDocument;  // json_document.h

class JsonScratch {
 public:
  JsonScratch();
  ~JsonScratch();

  // A document over a padded copy of `text`, or nullptr if it is not whole JSON, see json_shape.h.
  // Texts that are read from it live until Reset.
  JsonDocument* Open(std::string_view text);

  // Whether a text since Reset was JSON that breaks off.
  bool saw_cut() const { return saw_cut_; }

  void Reset();

 private:
  struct Slot;
  std::vector<std::unique_ptr<Slot>> slots_;
  std::size_t used_ = 0;
  bool saw_cut_ = false;
};

// Whether the text starts like a JSON object, array or string.
bool LooksLikeJson(std::string_view text);

}  // namespace halo
