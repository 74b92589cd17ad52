// SPDX-License-Identifier: MIT
// Recognises failures to reach a service, as opposed to failures of the requested operation. Pure
// functions; any thread.
#pragma once

#include <string_view>

#include "engine/model/span_facts.h"

namespace halo {

// Classifies an error by `status` (an HTTP status; 0: unknown), else by `type` (exception class or
// code), else by the words of the error's line.
Transport ClassifyTransport(int status, std::string_view type, std::string_view line);

// The HTTP status from 400 to 599 in a text such as "429", "HTTP 503", "Error code: 401" or
// "status_code=404"; 0 if the text does not contain one.
int HttpStatusIn(std::string_view text);

}  // namespace halo
