// SPDX-License-Identifier: MIT
#include "server/session/client.h"

namespace halo {

bool Client::HasExtension(std::string_view id) const {
  const boost::json::value* extensions = capabilities.if_contains("extensions");
  return extensions && extensions->is_object() && extensions->get_object().contains(id);
}

}  // namespace halo
