// SPDX-License-Identifier: MIT
// The client as the handler of one of its requests sees it.
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
  boost::json::object capabilities;  // as it declared them

  // Whether it declared this capability, "sampling" for example.
  bool Can(std::string_view capability) const { return capabilities.contains(capability); }
  bool HasExtension(std::string_view id) const;

  // Sends the client a request and waits for its answer. Only where the protocol allows that: in
  // legacy revisions and inside tasks. Elsewhere an error; a handler asks with InputRequired.
  std::function<RpcResult(std::string_view method, boost::json::object params, std::stop_token)>
      ask;
  // A line for the client's log; goes out only where the client wants that level.
  std::function<void(LogLevel level, boost::json::value data)> log;
};

// What a handler is given. Lives as long as the handler runs.
struct Exchange {
  const boost::json::object& params;
  const Client& client;
  CallContext context;
};

// Answers a request with its result. `resultType` is added where the result has none.
using Handler = std::function<RpcResult(const Exchange&)>;

}  // namespace halo
