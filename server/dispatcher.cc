// SPDX-License-Identifier: MIT
#include "server/dispatcher.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "schemas/json_text.h"
#include "schemas/nearest.h"
#include "server/progress.h"
#include "server/tool_listing.h"
#include "tools/escape.h"

namespace halo {
namespace {

namespace json = boost::json;

constexpr std::string_view kVersionKey = "io.modelcontextprotocol/protocolVersion";
constexpr std::string_view kCapabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
constexpr std::string_view kServerInfoKey = "io.modelcontextprotocol/serverInfo";
// Lists change only with the program; a client that keeps them longer would miss an update.
constexpr int kCacheMs = 300'000;

const json::object* MetaOf(const json::object& params) {
  const json::value* meta = params.if_contains("_meta");
  return meta ? meta->if_object() : nullptr;
}

bool SaysItsRevision(const json::object& params) {
  const json::object* meta = MetaOf(params);
  return meta && meta->contains(kVersionKey);
}

RpcError InvalidParams(std::string why) {
  return {kInvalidParams, "Invalid params: " + std::move(why)};
}

RpcError UnsupportedVersion(std::string_view requested) {
  return {kUnsupportedVersion,
          "Unsupported protocol version " + QuoteName(EscapeText(requested)) +
              "; supported: " + std::string(NameOf(kLatest)) + ", and older ones after initialize",
          {{"supported", {NameOf(kLatest)}}, {"requested", EscapeText(requested)}}};
}

// Whether a version that is not known here could be of a later revision than the known ones.
bool LooksModern(std::string_view version) {
  return version.size() == NameOf(kLatest).size() && version.front() == '2' &&
         version > NameOf(kLatestLegacy);
}

// The revision of a message that does not say its own.
boost::system::result<Revision, RpcError> LegacyRevision(const Connection& connection,
                                                         const Envelope* envelope) {
  if (!envelope) return connection.opened().value_or(kLatestLegacy);
  // Before 2025-06-18 there was no header.
  if (!envelope->version) return connection.opened().value_or(Revision::k2025_03_26);
  const auto revision = RevisionNamed(*envelope->version);
  if (revision && !IsModern(*revision)) return *revision;
  if (!revision && !LooksModern(*envelope->version)) return UnsupportedVersion(*envelope->version);
  return InvalidParams("_meta must have \"" + std::string(kVersionKey) +
                       "\", as MCP-Protocol-Version says that the request is of a revision "
                       "which requires it");
}

// The revision that a request is of, or why it is of none.
boost::system::result<Revision, RpcError> RevisionOf(const RpcMessage& message,
                                                     const Connection& connection,
                                                     const Envelope* envelope) {
  if (!SaysItsRevision(message.params)) {
    if (message.method != "server/discover") return LegacyRevision(connection, envelope);
    return InvalidParams("_meta must have \"" + std::string(kVersionKey) + '"');
  }
  const json::object& meta = *MetaOf(message.params);
  const json::string* version = meta.at(kVersionKey).if_string();
  if (!version) return InvalidParams('"' + std::string(kVersionKey) + "\" must be a string");
  const json::value* capabilities = meta.if_contains(kCapabilitiesKey);
  if (!capabilities || !capabilities->is_object()) {
    return InvalidParams("_meta must have \"" + std::string(kCapabilitiesKey) + "\", an object");
  }
  if (envelope) {
    if (auto wrong = CheckVersionHeader(*envelope, *version)) return *std::move(wrong);
    if (auto wrong = CheckMethodHeader(*envelope, message.method)) return *std::move(wrong);
  }
  const auto revision = RevisionNamed(*version);
  if (!revision || !IsModern(*revision)) return UnsupportedVersion(*version);
  return *revision;
}

Reply Refusal(const json::value& id, const RpcError& error) {
  return {ReplyKind::kBadRequest, ErrorText(id, error)};
}

json::object Implementation(const ServerInfo& info, Revision revision) {
  json::object out{{"name", info.name}};
  if (revision >= Revision::k2025_06_18) out.emplace("title", info.title);
  out.emplace("version", info.version);
  return out;
}

// Only what is served; the list of tools never changes while the program runs.
json::object Capabilities() { return {{"tools", json::object{}}}; }

json::object Cacheable(json::object result, Revision revision) {
  if (IsModern(revision)) {
    result.emplace("ttlMs", kCacheMs);
    result.emplace("cacheScope", "public");
  }
  return result;
}

json::array TextContent(std::string_view text) {
  return {json::object{{"type", "text"}, {"text", text}}};
}

}  // namespace

struct Dispatcher::Method {
  std::string_view name;
  bool legacy, modern;  // the eras that have it
  bool asks_engine;     // answered by a job, which can be cancelled and report progress
  RpcResult (Dispatcher::*answer)(const Request&, const CallContext&) const;
};

const Dispatcher::Method* Dispatcher::FindMethod(std::string_view name, Revision revision) {
  static constexpr Method kMethods[] = {
      {"initialize", true, false, false, &Dispatcher::Initialize},
      {"ping", true, false, false, &Dispatcher::Ping},
      {"server/discover", false, true, false, &Dispatcher::Discover},
      {"tools/list", true, true, false, &Dispatcher::ListTools},
      {"tools/call", true, true, true, &Dispatcher::CallTool},
  };
  for (const Method& method : kMethods) {
    if (method.name == name && (IsModern(revision) ? method.modern : method.legacy)) {
      return &method;
    }
  }
  return nullptr;
}

Dispatcher::Dispatcher(Engine& engine, std::vector<Tool> tools, ServerInfo info,
                       std::chrono::milliseconds progress_interval)
    : engine_(engine),
      tools_(std::move(tools)),
      info_(std::move(info)),
      progress_interval_(progress_interval) {}

Job Dispatcher::Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
                       const Send& send) const {
  const auto reply = [send](Reply message) {
    if (message.kind != ReplyKind::kNothing) send(std::move(message.text));
  };
  return Handle(text, connection, {send, reply}, nullptr);
}

Job Dispatcher::Handle(std::string_view text, const std::shared_ptr<Connection>& connection,
                       const Outbox& outbox, const Envelope* envelope) const {
  auto value = ParseJson(text);
  if (!value) {
    outbox.reply(Refusal(nullptr, value.error()));
    return {};
  }
  if (value->is_array()) {
    return HandleBatch(std::move(value->get_array()), connection, outbox, envelope);
  }
  return HandleOne(std::move(*value), connection, outbox, envelope);
}

Job Dispatcher::HandleBatch(json::array&& batch, const std::shared_ptr<Connection>& connection,
                            const Outbox& outbox, const Envelope* envelope) const {
  const auto refused = [](const json::value& element) {
    const json::object* object = element.if_object();
    const json::value* params = object ? object->if_contains("params") : nullptr;
    const json::value* method = object ? object->if_contains("method") : nullptr;
    return (params && params->is_object() && SaysItsRevision(params->get_object())) ||
           (method && *method == "initialize");
  };
  const auto revision = LegacyRevision(*connection, envelope);
  if (!revision || *revision != Revision::k2025_03_26 || batch.empty() ||
      std::any_of(batch.begin(), batch.end(), refused)) {
    outbox.reply(Refusal(
        nullptr, {kInvalidRequest,
                  "Invalid request: only revision 2025-03-26 has batches, not empty and without "
                  "initialize"}));
    return {};
  }
  auto replies = std::make_shared<std::vector<std::string>>();
  const auto collect = [replies](Reply reply) {
    if (reply.kind != ReplyKind::kNothing) replies->push_back(std::move(reply.text));
  };
  std::vector<Job> jobs;
  for (json::value& element : batch) {
    if (Job job = HandleOne(std::move(element), connection, {outbox.notify, collect}, envelope)) {
      jobs.push_back(std::move(job));
    }
  }
  const auto finish = [replies, send = outbox.reply] {
    if (replies->empty()) return send({});
    std::string all;
    for (const std::string& reply : *replies) all.append(all.empty() ? "[" : ",").append(reply);
    send({ReplyKind::kAnswer, all.append("]")});
  };
  if (jobs.empty()) {
    finish();
    return {};
  }
  return [jobs = std::move(jobs), finish] {
    for (const Job& job : jobs) job();
    finish();
  };
}

Job Dispatcher::HandleOne(json::value&& value, const std::shared_ptr<Connection>& connection,
                          const Outbox& outbox, const Envelope* envelope) const {
  auto message = ReadMessage(std::move(value));
  if (!message) {
    outbox.reply(Refusal(message.error().id, message.error().error));
    return {};
  }
  if (message->kind != RpcMessage::Kind::kRequest) {
    if (envelope && envelope->version && !RevisionNamed(*envelope->version)) {
      outbox.reply(Refusal(nullptr, UnsupportedVersion(*envelope->version)));
      return {};
    }
    // Nothing is ever asked of the client, so that its responses answer nothing.
    const json::value* id = message->params.if_contains("requestId");
    if (message->method == "notifications/cancelled" && id) connection->Cancel(*id);
    outbox.reply({});
    return {};
  }

  const auto revision = RevisionOf(*message, *connection, envelope);
  if (!revision) {
    outbox.reply(Refusal(message->id, revision.error()));
    return {};
  }
  const Method* method = FindMethod(message->method, *revision);
  if (!method) {
    outbox.reply({IsModern(*revision) ? ReplyKind::kUnknownMethod : ReplyKind::kAnswer,
                  ErrorText(message->id,
                            {kMethodNotFound, "Method not found: " + QuoteName(message->method)})});
    return {};
  }
  if (envelope && IsModern(*revision)) {
    if (const Disagreement wrong = CheckNames(*message, *envelope)) {
      outbox.reply(Refusal(message->id, *wrong));
      return {};
    }
  }
  return Start(*method, std::move(*message), *revision, connection, outbox);
}

Disagreement Dispatcher::CheckNames(const RpcMessage& message, const Envelope& envelope) const {
  if (auto wrong = CheckNameHeader(envelope, message.method, message.params)) return wrong;
  if (message.method != "tools/call") return std::nullopt;
  const json::value* name = message.params.if_contains("name");
  const Tool* tool = name && name->is_string() ? FindTool(name->get_string()) : nullptr;
  if (!tool) return std::nullopt;
  const json::value* arguments = message.params.if_contains("arguments");
  return CheckParamHeaders(envelope, tool->input_schema, arguments ? *arguments : json::value());
}

const Tool* Dispatcher::FindTool(std::string_view name) const {
  const auto tool = std::find_if(tools_.begin(), tools_.end(),
                                 [&](const Tool& known) { return known.info.name == name; });
  return tool == tools_.end() ? nullptr : &*tool;
}

Job Dispatcher::Start(const Method& method, RpcMessage&& message, Revision revision,
                      const std::shared_ptr<Connection>& connection, const Outbox& outbox) const {
  Request request{std::move(message.id), std::move(message.params), revision, *connection};
  if (!method.asks_engine) {
    outbox.reply(Answer(method, request, {}));
    return {};
  }
  auto begun = connection->Begin(request.id, outbox);
  if (!begun) {
    outbox.reply({ReplyKind::kAnswer, ErrorText(request.id, begun.error())});
    return {};
  }
  return [this, &method, call = *begun, connection, request = std::move(request)] {
    if (!call->cancelled()) {
      CallContext context;
      context.stop = call->stop_token();
      context.progress = ProgressOf(call, request.params, request.revision, progress_interval_);
      Reply answer = Answer(method, request, context);
      // First, because a client may use the id again as soon as it has the reply.
      connection->End(request.id);
      call->Answer(std::move(answer));
    } else {
      connection->End(request.id);
    }
  };
}

Reply Dispatcher::Answer(const Method& method, const Request& request,
                         const CallContext& context) const {
  try {
    RpcResult result = (this->*method.answer)(request, context);
    if (!result) {
      const bool refused = result.error().code == kMissingCapability;
      return {refused ? ReplyKind::kBadRequest : ReplyKind::kAnswer,
              ErrorText(request.id, result.error())};
    }
    if (IsModern(request.revision)) {
      result->emplace("resultType", "complete");
      result->emplace("_meta",
                      json::object{{kServerInfoKey, Implementation(info_, request.revision)}});
    }
    return {ReplyKind::kAnswer, ResultText(request.id, std::move(*result))};
  } catch (const std::exception& failure) {
    return {ReplyKind::kAnswer,
            ErrorText(request.id, {kInternalError, "Internal error in " + std::string(method.name) +
                                                       ": " + EscapeText(failure.what())})};
  }
}

RpcResult Dispatcher::Initialize(const Request& request, const CallContext&) const {
  const json::value* asked = request.params.if_contains("protocolVersion");
  if (!asked || !asked->is_string()) return InvalidParams("\"protocolVersion\" must be a string");
  const std::optional<Revision> known = RevisionNamed(asked->get_string());
  const Revision revision = known && !IsModern(*known) ? *known : kLatestLegacy;
  request.connection.Open(revision);
  return json::object{{"protocolVersion", NameOf(revision)},
                      {"capabilities", Capabilities()},
                      {"serverInfo", Implementation(info_, revision)},
                      {"instructions", info_.instructions}};
}

RpcResult Dispatcher::Ping(const Request&, const CallContext&) const { return json::object{}; }

RpcResult Dispatcher::Discover(const Request& request, const CallContext&) const {
  return Cacheable({{"supportedVersions", {NameOf(kLatest)}},
                    {"capabilities", Capabilities()},
                    {"instructions", info_.instructions}},
                   request.revision);
}

RpcResult Dispatcher::ListTools(const Request& request, const CallContext&) const {
  const json::value* cursor = request.params.if_contains("cursor");
  if (cursor && !cursor->is_null()) {
    return InvalidParams("unknown cursor; the list of tools is one page");
  }
  return Cacheable({{"tools", ToolListing(tools_, request.revision)}}, request.revision);
}

RpcResult Dispatcher::CallTool(const Request& request, const CallContext& context) const {
  const json::value* name = request.params.if_contains("name");
  if (!name || !name->is_string()) return InvalidParams("\"name\" must be a string");
  const std::string_view wanted = name->get_string();
  const Tool* tool = FindTool(wanted);
  if (!tool) {
    std::vector<std::string_view> names;
    for (const Tool& known : tools_) names.push_back(known.info.name);
    return RpcError{kInvalidParams,
                    "Unknown tool " + QuoteName(wanted) + SuggestWord(wanted, names)};
  }
  const json::value* given = request.params.if_contains("arguments");
  const json::value arguments = given && !given->is_null() ? *given : json::value(json::object{});

  Result<ToolAnswer> answer = tool->call(engine_, arguments, context);
  if (!answer) {
    // For the model to read and correct itself, hence not an error of the protocol; and without
    // structuredContent, which some clients would show in place of the message.
    return json::object{{"content", TextContent(EscapeText(answer.error().message))},
                        {"isError", true}};
  }
  json::object result{{"content", TextContent(answer->text)}};
  if (request.revision >= Revision::k2025_06_18) {
    result.emplace("structuredContent", std::move(answer->structured));
  }
  return result;
}

}  // namespace halo
