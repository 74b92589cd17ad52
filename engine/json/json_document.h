// SPDX-License-Identifier: MIT
// Apart from json_scratch.h, so that only readers of JSON see simdjson.
#pragma once

#include <simdjson.h>

namespace halo {

struct JsonDocument {
  simdjson::ondemand::document root;
};

}  // namespace halo
