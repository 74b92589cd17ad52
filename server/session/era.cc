// SPDX-License-Identifier: MIT
#include "server/session/era.h"

#include <string>
#include <utility>

#include "schemas/escape.h"
#include "server/protocol/meta.h"

namespace halo {
namespace {

namespace json = boost::json;

// Whether an unknown version could be a revision later than the known ones.
bool LooksModern(std::string_view version) {
  return version.size() == NameOf(kLatest).size() && version.front() == '2' &&
         version > NameOf(kLatestLegacy);
}

RpcError MissingMeta(std::string_view key, std::string_view detail = {}) {
  return InvalidParams("missing \"" + std::string(key) + "\" in _meta" + std::string(detail));
}

}  // namespace

bool NamesRevision(const json::object& params) {
  const json::object* meta = MetaOf(params);
  return meta && meta->contains(kVersionKey);
}

RpcError UnsupportedVersion(std::string_view requested) {
  return {kUnsupportedVersion,
          "Unsupported protocol version " + QuoteName(EscapeText(requested)) + "; supported: " +
              std::string(NameOf(kLatest)) + ", and older versions after initialize",
          {{"supported", {NameOf(kLatest)}}, {"requested", EscapeText(requested)}}};
}

boost::system::result<Revision, RpcError> LegacyRevision(const Connection& connection,
                                                         const Envelope* envelope) {
  if (!envelope) return connection.opened().value_or(kLatestLegacy);
  // The header was introduced in 2025-06-18.
  if (!envelope->version) return connection.opened().value_or(Revision::k2025_03_26);
  const auto revision = RevisionNamed(*envelope->version);
  if (revision && !IsModern(*revision)) return *revision;
  if (!revision && !LooksModern(*envelope->version)) return UnsupportedVersion(*envelope->version);
  return MissingMeta(kVersionKey, "; the revision in MCP-Protocol-Version requires it");
}

boost::system::result<Revision, RpcError> RevisionOf(const RpcMessage& message,
                                                     const Connection& connection,
                                                     const Envelope* envelope) {
  if (!NamesRevision(message.params)) {
    if (message.method != "server/discover") return LegacyRevision(connection, envelope);
    return MissingMeta(kVersionKey);
  }
  const json::object& meta = *MetaOf(message.params);
  const json::string* version = meta.at(kVersionKey).if_string();
  if (!version) return InvalidParams('"' + std::string(kVersionKey) + "\" must be a string");
  const json::value* capabilities = meta.if_contains(kCapabilitiesKey);
  if (!capabilities || !capabilities->is_object()) {
    return MissingMeta(kCapabilitiesKey, "; it must be an object");
  }
  if (envelope) {
    if (auto wrong = CheckVersionHeader(*envelope, *version)) return *std::move(wrong);
    if (auto wrong = CheckMethodHeader(*envelope, message.method)) return *std::move(wrong);
  }
  const auto revision = RevisionNamed(*version);
  if (!revision || !IsModern(*revision)) return UnsupportedVersion(*version);
  return *revision;
}

}  // namespace halo
