// SPDX-License-Identifier: MIT
#include "server/commands/receive.h"

#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <utility>

#include "engine/model/reject_reasons.h"

namespace halo {

void ReceiveInto(Engine& engine, const std::string& project, HttpServiceOptions& options) {
  options.otlp.receive = [&engine, project](ReceivedMessage message, Acknowledge acknowledge) {
    message.project = project;
    engine.Receive(message, std::move(acknowledge));
  };
  options.on_grpc = [&engine, is_said = std::make_shared<std::atomic<bool>>(false)] {
    engine.CountReceived(kGrpcRefused, {});
    if (is_said->exchange(true)) return;
    spdlog::warn(
        "refused an OTLP/gRPC exporter: this port receives OTLP over HTTP. Set "
        "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf where it runs");
  };
}

}  // namespace halo
