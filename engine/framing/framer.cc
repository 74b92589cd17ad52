// SPDX-License-Identifier: MIT
#include "engine/framing/framer.h"

#include "engine/framing/line_framer.h"
#include "engine/framing/message_framer.h"
#include "engine/framing/splitter.h"
#include "engine/framing/turn_framer.h"
#include "engine/framing/whole_framer.h"

namespace halo {

std::unique_ptr<Framer> MakeFramer(Framing framing) {
  switch (framing) {
    case Framing::kJsonValues:
      break;
    case Framing::kLines:
      return std::make_unique<LineFramer>();
    case Framing::kVarintMessages:
      return std::make_unique<MessageFramer>(LengthPrefix::kVarint);
    case Framing::kUint32Messages:
      return std::make_unique<MessageFramer>(LengthPrefix::kUint32);
    case Framing::kWholeInput:
      return std::make_unique<WholeFramer>();
    case Framing::kClaudeCodeTurns:
      return std::make_unique<TurnFramer>(TurnStyle::kClaudeCode);
    case Framing::kCodexTurns:
      return std::make_unique<TurnFramer>(TurnStyle::kCodex);
  }
  return std::make_unique<Splitter>();
}

}  // namespace halo
