// SPDX-License-Identifier: MIT
#include "engine/facts/error_signature.h"

#include "engine/facts/error_text.h"
#include "engine/text/normalise.h"
#include "engine/text/telling_part.h"

namespace halo {

ErrorSignature SignError(std::string_view error, std::string_view type, bool is_cause) {
  ErrorSignature out;
  const TellingPart part = FindTellingPart(error);
  out.line = part.line;
  std::string_view kind = type;
  const std::string_view line = SplitExceptionClass(part.text, kind);
  out.type = kind;
  out.plain = line;
  const std::string_view shown = ShortTypeName(kind);
  // A cause such as "status=502" needs no type.
  const bool hide = shown == "Error" || shown == "Exception" || (type.empty() && is_cause);
  if (!hide) out.text = shown;
  const std::string text = is_cause ? std::string(line) : NormaliseError(line);
  if (!out.text.empty() && !text.empty()) out.text += ": ";
  out.text += text;
  return out;
}

}  // namespace halo
