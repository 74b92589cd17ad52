// SPDX-License-Identifier: MIT
#include "server/http/web_url.h"

#include <algorithm>

namespace halo {

bool IsWebUrl(std::string_view url) {
  const bool plain = std::all_of(url.begin(), url.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\' && c != '<' && c != '>';
  });
  const std::size_t scheme = url.find("://");
  return plain && scheme != url.npos && url.size() > scheme + 3 &&
         (url.substr(0, scheme) == "http" || url.substr(0, scheme) == "https");
}

}  // namespace halo
