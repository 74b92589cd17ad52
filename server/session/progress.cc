// SPDX-License-Identifier: MIT
#include "server/session/progress.h"

#include <boost/json/value.hpp>
#include <cmath>
#include <mutex>
#include <optional>
#include <utility>

#include "schemas/escape.h"
#include "schemas/json_text.h"

namespace halo {
namespace {

namespace json = boost::json;
using Clock = std::chrono::steady_clock;

class Reporter {
 public:
  Reporter(std::shared_ptr<Call> call, json::value token, Revision revision,
           std::chrono::milliseconds interval)
      : call_(std::move(call)),
        token_(std::move(token)),
        revision_(revision),
        interval_(interval) {}

  void Report(double done, double total, std::string_view message) {
    // Held while sending, so that values also arrive in ascending order.
    const std::lock_guard lock(mutex_);
    const Clock::time_point now = Clock::now();
    if (!std::isfinite(done)) return;
    if (last_ && (done <= last_->done || now - last_->when < interval_)) return;
    last_ = {done, now};
    json::object params{{"progressToken", token_}, {"progress", done}};
    if (std::isfinite(total) && total > 0) params.emplace("total", total);
    if (revision_ >= Revision::k2025_03_26 && !message.empty()) {
      params.emplace("message", EscapeText(message));
    }
    call_->Notify(NotificationText("notifications/progress", std::move(params)));
  }

 private:
  struct Sent {
    double done;
    Clock::time_point when;
  };

  const std::shared_ptr<Call> call_;
  const json::value token_;
  const Revision revision_;
  const std::chrono::milliseconds interval_;
  std::mutex mutex_;
  std::optional<Sent> last_;
};

}  // namespace

decltype(CallContext::progress) ProgressOf(std::shared_ptr<Call> call, const json::object& params,
                                           Revision revision, std::chrono::milliseconds interval) {
  const json::value* meta = params.if_contains("_meta");
  const json::object* fields = meta ? meta->if_object() : nullptr;
  const json::value* token = fields ? fields->if_contains("progressToken") : nullptr;
  if (!token || !(token->is_string() || token->is_int64() || token->is_uint64())) {
    return [](double, double, std::string_view) {};
  }
  auto reporter = std::make_shared<Reporter>(std::move(call), *token, revision, interval);
  return [reporter](double done, double total, std::string_view message) {
    reporter->Report(done, total, message);
  };
}

}  // namespace halo
