// SPDX-License-Identifier: MIT
// Names a message, a call or a tool definition of a model call, as a text that can be stored where
// the path of a quote is expected: "~in/3", "~out/0", "~call/1", "~arguments/1", "~tool/search". An
// emitter may keep it in an attribute of its own or deep inside JSON; where it is, is looked up
// when it is shown. Pure functions; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace halo {

struct MessagePlace {
  enum class Kind : std::uint8_t {
    kPrompt,     // message `at` of the prompt
    kAnswer,     // message `at` of the answer
    kCall,       // the message of the answer that holds call `at`
    kArguments,  // the arguments of call `at`, counted over all messages of the answer
    kTool,       // the definition of the offered tool `name`
  };
  Kind kind = Kind::kPrompt;
  std::uint32_t at = 0;
  std::string_view name;
};

std::string PlaceText(const MessagePlace& place);
// Nothing if the text is not one of PlaceText; a path of a span never is.
std::optional<MessagePlace> ParsePlace(std::string_view text);

}  // namespace halo
