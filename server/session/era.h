// SPDX-License-Identifier: MIT
// Determines the protocol revision of a message. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>
#include <boost/system/result.hpp>
#include <string_view>

#include "server/protocol/envelope.h"
#include "server/protocol/json_rpc.h"
#include "server/protocol/revision.h"
#include "server/session/connection.h"

namespace halo {

// Whether `_meta` names the revision, as it does in every modern message.
bool NamesRevision(const boost::json::object& params);

RpcError UnsupportedVersion(std::string_view requested);

// The revision of a message that does not name one. `envelope` may be null.
boost::system::result<Revision, RpcError> LegacyRevision(const Connection& connection,
                                                         const Envelope* envelope);

// The revision of a request, or the error to answer with.
boost::system::result<Revision, RpcError> RevisionOf(const RpcMessage& message,
                                                     const Connection& connection,
                                                     const Envelope* envelope);

}  // namespace halo
