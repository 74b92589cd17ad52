// SPDX-License-Identifier: MIT
// Which revision of the protocol a message is of. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>
#include <string_view>

#include "server/protocol/envelope.h"
#include "server/protocol/json_rpc.h"
#include "server/protocol/revision.h"
#include "server/session/connection.h"

namespace halo {

// Whether its `_meta` says so, as all modern messages do.
bool SaysItsRevision(const boost::json::object& params);

RpcError UnsupportedVersion(std::string_view requested);

// The revision of a message that does not say its own. `envelope` may be null.
boost::system::result<Revision, RpcError> LegacyRevision(const Connection& connection,
                                                         const Envelope* envelope);

// The revision that a request is of, or why it is of none.
boost::system::result<Revision, RpcError> RevisionOf(const RpcMessage& message,
                                                     const Connection& connection,
                                                     const Envelope* envelope);

}  // namespace halo
