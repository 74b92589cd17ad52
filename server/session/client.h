// SPDX-License-Identifier: MIT
// The client, as seen by the handler of one of its requests. While the handler runs, `ask` and
// `log` may be called from any thread.
#pragma once

#include <boost/json/object.hpp>
#include <functional>
#include <stop_token>
#include <string_view>

#include "server/protocol/json_rpc.h"
#include "server/protocol/log_level.h"
#include "server/protocol/revision.h"
#include "tools/answer/tool.h"

namespace halo {

struct Client {
  Revision revision = kLatest;
  boost::json::object capabilities;  // as declared

  // Whether the client declared this capability, for example "sampling".
  bool Can(std::string_view capability) const { return capabilities.contains(capability); }
  bool HasExtension(std::string_view id) const;

  // Sends the client a request and waits for its answer. The protocol allows that in legacy
  // revisions and inside tasks; elsewhere it returns an error, and a handler uses InputRequired.
  std::function<RpcResult(std::string_view method, boost::json::object params, std::stop_token)>
      ask;
  // Sends a log message, if the client wants that level.
  std::function<void(LogLevel level, boost::json::value data)> log;
};

// The arguments of a handler. Valid while the handler runs.
struct Exchange {
  const boost::json::object& params;
  const Client& client;
  CallContext context;
};

// Answers a request with its result. `resultType` is added if the result has none.
using Handler = std::function<RpcResult(const Exchange&)>;

}  // namespace halo
