// SPDX-License-Identifier: MIT
// simdjson without its exceptions, so that code that ignores an error does not compile.
#pragma once

#define SIMDJSON_EXCEPTIONS 0
#include <simdjson.h>
