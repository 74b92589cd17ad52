// SPDX-License-Identifier: MIT
#include "server/commands/http_access.h"

#include <utility>

#include "server/http/http_transport.h"
#include "server/http/random_token.h"

namespace halo {

Result<AccessOptions> AccessOf(std::string_view option, const std::string& text,
                               const ListenAddress& listen, const std::string& token_file) {
  AccessOptions access;
  const std::string name(option);
  const Result<bool> loopback = IsLoopback(listen.address);
  if (!loopback) return Error{Code::kInvalidArgument, name + ": " + loopback.error().message};
  access.loopback = *loopback;
  if (!access.loopback && token_file.empty()) {
    return Error{
        Code::kInvalidArgument,
        name + " " + text +
            " is reachable from other machines: --token-file is required, and every client "
            "must send its token (the file is created if it does not exist)"};
  }
  if (token_file.empty()) return access;
  Result<std::string> token = LoadOrCreateToken(token_file);
  if (!token) return token.error();
  access.token = std::move(*token);
  return access;
}

}  // namespace halo
