// SPDX-License-Identifier: MIT
// simdjson without its exceptions: an error that nobody looked at does not compile.
#pragma once

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>
