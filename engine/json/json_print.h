// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "engine/model/span.h"

namespace halo {

// Appends a value as JSON. A number that is not finite becomes null. Pure.
void AppendJsonValue(const Value& value, std::string& out);

}  // namespace halo
