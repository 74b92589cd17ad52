// SPDX-License-Identifier: MIT
// What the analysis knows of the messages that model calls read and wrote. Each message is
// described once, however many prompts repeat it; a prompt is a chain of messages that shares its
// beginning with the prompts before it. So a run that sends its whole history with every call takes
// memory in proportion to what each call added.
//
// Texts are kept as hashes. HashText, HeadHash and the other functions that make them are in
// engine/facts/message_facts.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

namespace halo {

// An index into a StringPool; 0 is always the empty string.
using StringId = std::uint32_t;

using MessageId = std::uint32_t;  // 0: none
// A list of messages, the newest last; 0 is the empty list.
using ContextId = std::uint32_t;

enum class MessageRole : std::uint8_t { kOther, kSystem, kUser, kAssistant, kTool };

// What the text of one message says, as bits. Computed once for each distinct message from its
// whole text; a rule that reads messages adds a bit here and its words in facts/message_marks.cc.
enum class MessageMark : std::uint32_t {
  kBlank = 1 << 0,       // no text outside of calls
  kMasked = 1 << 1,      // holds a mask, such as [REDACTED]: never equal to another message
  kError = 1 << 2,       // the result of a call that reports a failure; see MessageFacts::error
  kManyValues = 1 << 3,  // holds more ids and URLs than are kept
  kCutText = 1 << 4,     // ends as a text does that was cut: "...", "[truncated]"
  kStatusPage = 1 << 5,  // a result that is the page of an HTTP error
  kLogInPage = 1 << 6,   // a result that asks for a log-in
  kBotCheck = 1 << 7,    // a result that asks for JavaScript, a captcha or a human
  kCorrects = 1 << 8,    // a user says that what came before was wrong, or not what was asked for
  // What a model is asked for, in a message that is not its own; see facts/word_lists.h.
  kAsksPlan = 1 << 9,
  kAsksSummary = 1 << 10,
  // What a model says.
  kAnnounces = 1 << 12,  // ends by announcing an action that must follow at once
  kClaims = 1 << 13,     // claims that it searched, checked or read a source
  kMadeUp = 1 << 14,     // says that its data are assumed, in its text or in the code of a call
  kCallTag = 1 << 15,    // holds a call in a notation that no text for people holds
  kApologises = 1 << 24,
  kCannot = 1 << 25,  // says that it cannot do something
  // In the input of a model.
  kRejects = 1 << 16,         // its last output could not be parsed
  kSpeaksOfMadeUp = 1 << 17,  // of data that are assumed: they were asked for, or a tool gave them
  kFoundNothing = 1 << 20,    // a result that says that there is nothing of what was asked for
};

// A call of a tool that a message of the model asks for.
struct CallFacts {
  StringId tool = 0;          // the name in the call; 0 if not given
  std::uint64_t id = 0;       // IdHash of the call id; 0 if not given
  std::uint64_t request = 0;  // hash of name and canonical arguments, as SpanFacts::arguments_hash
  std::uint32_t size = 0;     // of the arguments, in bytes
  // Which of its first 32 values are the whole text of an argument, as bits.
  std::uint32_t whole_values = 0;
  std::uint32_t value_begin = 0, value_end = 0;  // see MessagePool::ValuesOf
  std::uint32_t head_begin = 0, head_end = 0;    // see MessagePool::HeadsOf
};

struct MessageFacts {
  MessageRole role = MessageRole::kOther;
  std::uint32_t marks = 0;    // MessageMark
  std::uint32_t size = 0;     // of the text, in bytes
  std::uint64_t hash = 0;     // HashText of the text; 0: blank
  std::uint64_t call_id = 0;  // IdHash of the call that a result answers; 0 if not given
  StringId error = 0;         // signature of the failure that a result reports; 0: none
  std::uint32_t call_begin = 0, call_end = 0;    // see MessagePool::CallsOf
  std::uint32_t head_begin = 0, head_end = 0;    // see MessagePool::HeadsOf
  std::uint32_t value_begin = 0, value_end = 0;  // see MessagePool::ValuesOf

  bool Has(MessageMark mark) const { return (marks & static_cast<std::uint32_t>(mark)) != 0; }
};

// A message with its lists, to be added to a pool.
struct NewCall {
  CallFacts facts;  // without ranges
  std::vector<std::uint32_t> values, heads;
};
struct NewMessage {
  MessageFacts facts;  // without ranges
  std::vector<std::uint32_t> values, heads;
  std::vector<NewCall> calls;
};

// Every StringPool has one; see StringPool::messages(). Not thread-safe while messages are added.
class MessagePool {
 public:
  MessagePool();

  // Equal messages get the same id.
  MessageId Add(const NewMessage& message);
  // Remembers a message by a hash of the bytes in which it was written. 0: not known.
  MessageId FindRaw(std::uint64_t raw) const {
    const auto found = raw_.find(raw);
    return found == raw_.end() ? 0 : found->second;
  }
  void KeepRaw(std::uint64_t raw, MessageId message) { raw_.emplace(raw, message); }
  // The list `before` with one message more. Equal lists get the same id.
  ContextId Append(ContextId before, MessageId message);

  const MessageFacts& operator[](MessageId id) const { return messages_[id]; }
  std::size_t size() const { return messages_.size(); }
  std::size_t contexts() const { return nodes_.size(); }

  std::span<const CallFacts> CallsOf(const MessageFacts& message) const {
    return {calls_.data() + message.call_begin, calls_.data() + message.call_end};
  }
  // Hashes of the ids and URLs in a text or in the arguments of a call, in order of appearance.
  template <class T>
  std::span<const std::uint32_t> ValuesOf(const T& item) const {
    return {numbers_.data() + item.value_begin, numbers_.data() + item.value_end};
  }
  // HeadHash at the beginning of the text, and, where no call id tells whose result the text is, at
  // the beginnings of its first lines and strings; the latter also for the arguments of a call.
  template <class T>
  std::span<const std::uint32_t> HeadsOf(const T& item) const {
    return {numbers_.data() + item.head_begin, numbers_.data() + item.head_end};
  }

  // The number of messages in a list, its newest message, and the list before that.
  std::uint32_t Length(ContextId list) const { return nodes_[list].length; }
  MessageId Newest(ContextId list) const { return nodes_[list].message; }
  ContextId Before(ContextId list) const { return nodes_[list].before; }
  // All messages, the oldest first.
  std::vector<MessageId> MessagesOf(ContextId list) const;

 private:
  struct Node {
    ContextId before = 0;
    MessageId message = 0;
    std::uint32_t length = 0;
  };
  // Compares all but the ranges of lists, which depend on the pool.
  bool SameMessage(const MessageFacts& stored, const NewMessage& message) const;
  template <class T>
  void KeepLists(const std::vector<std::uint32_t>& values, const std::vector<std::uint32_t>& heads,
                 T& item);

  std::vector<MessageFacts> messages_;
  std::vector<CallFacts> calls_;
  std::vector<std::uint32_t> numbers_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> message_slots_, node_slots_;  // open addressing; 0: free
  std::vector<std::uint32_t> message_hashes_;              // by id
  std::unordered_map<std::uint64_t, MessageId> raw_;
};

}  // namespace halo
