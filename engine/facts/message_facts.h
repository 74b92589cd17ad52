// SPDX-License-Identifier: MIT
// Describes messages as the facts keep them: hashes in place of texts. A message that was described
// before costs one hash of its bytes, so a prompt that repeats a history is cheap.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/facts/word_finder.h"
#include "engine/json/json_tree.h"
#include "engine/model/message_pool.h"
#include "engine/model/span_facts.h"
#include "engine/model/string_pool.h"

namespace halo {

// Of a call id; 0 for an empty one.
std::uint64_t IdHash(std::string_view id);
// Of a text without the white space around it; 0 if nothing is left.
std::uint64_t HashText(std::string_view text);

// Holds scratch memory: one object per thread.
class MessageDescriber {
 public:
  explicit MessageDescriber(const WordSettings& settings = {}) : words_(settings) {}

  // Adds the messages to `words.messages()`.
  ContextId DescribeAll(std::span<const Message> messages, JsonTrees& json, StringPool& words);
  // The result in the span of a tool or agent, as a list of one message; 0 for a blank text. An id
  // may be empty.
  ContextId DescribeResult(std::string_view text, std::string_view call_id, JsonTrees& json,
                           StringPool& words);

  WordFinder& words() { return words_; }

 private:
  MessageId Describe(const Message& message, JsonTrees& json, StringPool& words);

  // Marks and values of the text, as those of the message that is made.
  void DescribeText(std::string_view text);

  // The result of a call is in its span and in the prompts after it.
  struct KnownText {
    std::uint64_t key = 0;  // of the bytes and the role; 0: none
    std::uint32_t marks = 0;
    std::vector<std::uint32_t> values;
  };
  static constexpr std::size_t kKnownTexts = 256;

  WordFinder words_;
  NewMessage scratch_;
  std::vector<KnownText> known_{kKnownTexts};  // by key
};

}  // namespace halo
