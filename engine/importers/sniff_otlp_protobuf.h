// SPDX-License-Identifier: MIT
// Tells OTLP traces in protobuf from other bytes, such as OTLP logs and metrics, whose outer
// messages are alike. Pure functions.
#pragma once

#include <string_view>

#include "engine/framing/message_framer.h"

namespace halo {

// Whether a request with traces begins like this. A span shows that it is one; if the bytes end
// before the first span, the attributes of a resource do.
bool BeginsOtlpRequest(std::string_view start);

// Whether messages after their lengths begin like this, one of which is a request with traces.
bool BeginOtlpRequests(std::string_view start, LengthPrefix prefix);

}  // namespace halo
