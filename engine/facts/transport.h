// SPDX-License-Identifier: MIT
// Failures to reach a service, as opposed to failures of what was asked of it.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"

namespace halo {

// By `status` (an HTTP status, 0 if none is known), else by `type` (exception class or code), else
// by the words of the error's line.
Transport ClassifyTransport(int status, std::string_view type, std::string_view line);

// An HTTP status of 400 to 599 that the text gives as such: "429", "HTTP 503", "Error code: 401",
// "status_code=404"; 0 if there is none.
int HttpStatusIn(std::string_view text);

}  // namespace halo
