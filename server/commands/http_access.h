// SPDX-License-Identifier: MIT
// Who may connect to a port that this program opens. Main thread only.
#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"
#include "server/http/access.h"
#include "server/http/listen_address.h"

namespace halo {

// The rules for an address, which `option` (such as "--listen") gave as `text`. Any but loopback
// requires a token; its file is created if it does not exist.
Result<AccessOptions> AccessOf(std::string_view option, const std::string& text,
                               const ListenAddress& listen, const std::string& token_file);

}  // namespace halo
