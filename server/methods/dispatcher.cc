// SPDX-License-Identifier: MIT
#include "server/methods/dispatcher.h"

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "schemas/escape.h"
#include "server/protocol/message_text.h"
#include "server/protocol/meta.h"
#include "server/session/era.h"
#include "server/session/progress.h"

namespace halo {
namespace {

namespace json = boost::json;

Reply Refusal(const json::value& id, const RpcError& error) {
  return {ReplyKind::kBadRequest, ErrorText(id, error)};
}

RpcError NoSuchMethod(std::string_view name) {
  return {kMethodNotFound, "Method not found: " + QuoteName(name)};
}

// Whether a message must not be part of a batch: modern messages, and `initialize`.
bool NotInBatch(const json::value& element) {
  const json::object* object = element.if_object();
  const json::value* params = object ? object->if_contains("params") : nullptr;
  const json::value* method = object ? object->if_contains("method") : nullptr;
  return (params && params->is_object() && NamesRevision(params->get_object())) ||
         (method && *method == "initialize");
}

// Members added to every result, unless it has them already.
json::object AddedTo(const Request& request, const ServerInfo& info) {
  if (!IsModern(request.revision)) return {};
  return {{"resultType", "complete"},
          {"_meta", json::object{{kServerInfoKey, Implementation(info, request.revision)}}}};
}

}  // namespace

Dispatcher::Dispatcher(Catalogue catalogue, DispatcherOptions options)
    : server_(std::make_unique<ServerCore>(std::move(catalogue), options.subscriptions)),
      progress_interval_(options.progress_interval) {}

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
    outbox.reply(Refusal(FindId(text), value.error()));
    return {};
  }
  if (value->is_array()) {
    return HandleBatch(std::move(value->get_array()), connection, outbox, envelope);
  }
  return HandleOne(std::move(*value), connection, outbox, envelope);
}

Job Dispatcher::HandleBatch(json::array&& batch, const std::shared_ptr<Connection>& connection,
                            const Outbox& outbox, const Envelope* envelope) const {
  const auto revision = LegacyRevision(*connection, envelope);
  if (!revision || *revision != Revision::k2025_03_26 || batch.empty() ||
      std::any_of(batch.begin(), batch.end(), NotInBatch)) {
    outbox.reply(Refusal(
        nullptr, {kInvalidRequest,
                  "Invalid request: batches are only allowed in revision 2025-03-26, and must not "
                  "be empty or contain initialize"}));
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
    Accept(*message, connection, outbox, envelope);
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
                  ErrorText(message->id, NoSuchMethod(message->method))});
    return {};
  }
  if (envelope && IsModern(*revision)) {
    if (const HeaderError wrong = CheckNames(*message, *envelope)) {
      outbox.reply(Refusal(message->id, *wrong));
      return {};
    }
  }
  Request request{
      std::move(message->id), std::move(message->params), *revision, connection, nullptr, {}, {}};
  return Start(*method, std::move(request), outbox);
}

// Handles a notification, or the client's answer to a request of this server.
void Dispatcher::Accept(const RpcMessage& message, const std::shared_ptr<Connection>& connection,
                        const Outbox& outbox, const Envelope* envelope) const {
  if (envelope && envelope->version && !RevisionNamed(*envelope->version)) {
    outbox.reply(Refusal(nullptr, UnsupportedVersion(*envelope->version)));
    return;
  }
  if (message.kind == RpcMessage::Kind::kResponse) {
    connection->TakeAnswer(message.id, message.outcome);
  } else if (message.method == "notifications/cancelled") {
    if (const json::value* id = message.params.if_contains("requestId")) connection->Cancel(*id);
  } else if (message.method == "notifications/initialized" && server_->catalogue.troubles &&
             connection->log_level() <= LogLevel::kError) {
    for (const std::string& text : server_->catalogue.troubles()) {
      connection->Notify(
          NotificationText(kLogMessage, LogParams(LogLevel::kError, json::value(text))));
    }
  }
  outbox.reply({});
}

const Method* Dispatcher::FindMethod(std::string_view name, Revision revision) const {
  for (const Method& method : AllMethods()) {
    const bool in_era = IsModern(revision) ? method.modern : method.legacy;
    if (method.name == name && in_era && method.served(server_->catalogue)) return &method;
  }
  return nullptr;
}

HeaderError Dispatcher::CheckNames(const RpcMessage& message, const Envelope& envelope) const {
  if (auto wrong = CheckNameHeader(envelope, message.method, message.params)) return wrong;
  if (message.method != "tools/call") return std::nullopt;
  const json::value* name = message.params.if_contains("name");
  const ServedTool* tool =
      name && name->is_string() ? server_->catalogue.FindTool(name->get_string()) : nullptr;
  if (!tool) return std::nullopt;
  const json::value* arguments = message.params.if_contains("arguments");
  return CheckParamHeaders(envelope, tool->input_schema, arguments ? *arguments : json::value());
}

Job Dispatcher::Start(const Method& method, Request&& request, const Outbox& outbox) const {
  if (method.pace == Method::Pace::kNow) {
    outbox.reply(Answer(method, request));
    return {};
  }
  auto begun = request.connection->Begin(request.id, outbox);
  if (!begun) {
    outbox.reply({ReplyKind::kAnswer, ErrorText(request.id, begun.error())});
    return {};
  }
  request.call = *begun;
  return [this, &method, shared = std::make_shared<Request>(std::move(request))] {
    Request& running = *shared;
    if (running.call->cancelled()) {
      running.connection->End(running.id);
      return;
    }
    running.context.stop = running.call->stop_token();
    running.context.progress =
        ProgressOf(running.call, running.params, running.revision, progress_interval_);
    Reply answer = Answer(method, running);
    if (running.open) return;
    // Before the reply, because then the client may reuse the id.
    running.connection->End(running.id);
    running.call->Answer(std::move(answer));
    if (running.then) running.then();
  };
}

Reply Dispatcher::Answer(const Method& method, Request& request) const {
  try {
    RpcResult result = method.answer(*server_, request);
    if (!result) {
      const bool refused = result.error().code == kMissingCapability;
      return {refused ? ReplyKind::kBadRequest : ReplyKind::kAnswer,
              ErrorText(request.id, result.error())};
    }
    json::object more = AddedTo(request, server_->catalogue.info);
    if (request.text) return {ReplyKind::kAnswer, ResultText(request.id, *request.text, more)};
    for (auto& member : more) result->emplace(member.key(), std::move(member.value()));
    return {ReplyKind::kAnswer, ResultText(request.id, std::move(*result))};
  } catch (const std::exception& failure) {
    const std::string what =
        "Internal error in " + std::string(method.name) + ": " + EscapeText(failure.what());
    ClientOf(request).log(LogLevel::kError, json::value(what));
    request.open = false;
    return {ReplyKind::kAnswer, ErrorText(request.id, {kInternalError, what})};
  }
}

}  // namespace halo
