// SPDX-License-Identifier: MIT
#include "engine/facts/domain_refusal.h"

#include <catch2/catch.hpp>
#include <string_view>

namespace halo {
namespace {

struct Case {
  std::string_view type, signature;
};

TEST_CASE("a tool that refuses by a rule of its business is recognised") {
  constexpr Case kCases[] = {
      {"", "Order <id> has already shipped and cannot be changed"},
      {"", "Error: non-pending order cannot be modified"},
      {"", "non-delivered order cannot be returned"},
      {"", "order cannot be cancelled because it was dispatched"},
      {"", "This booking is not eligible for a refund"},
      {"", "Customer is ineligible: the account is younger than <num> days"},
      {"", "gift card balance is not enough to pay for the order"},
      {"", "Not enough seats on flight <id>"},
      {"", "Error: flight <id> not available on date <time>"},
      {"", "The item is outside the return window of <num> days"},
      {"", "Basic economy flights cannot be changed"},
      {"", "Certificate cannot be used to update reservation"},
      {"", "Only pending orders can be cancelled"},
      {"", "The invoice has already been paid"},
      {"", "Refund of <num> requires manager approval"},
      {"", "Fare is non-refundable"},
      {"", "Insufficient funds"},
      {"", "Your plan does not qualify for this upgrade"},
      {"ToolError", "ToolError: this appointment can no longer be rescheduled"},
      {"ToolException", "ToolException: against our policy"},
      {"ORDER_ALREADY_SHIPPED", "ORDER_ALREADY_SHIPPED: order was already shipped"},
      {"not_eligible", "not_eligible: claim is not covered by the warranty"},
  };
  for (const Case& each : kCases) {
    INFO(each.type << " | " << each.signature);
    CHECK(IsDomainRefusal(each.type, each.signature));
  }
}

TEST_CASE("a tool that is broken or called wrongly does not refuse by a rule") {
  constexpr Case kCases[] = {
      {"", ""},
      {"", "error without text"},
      {"", "order not found"},
      {"", "user <id> does not exist"},
      {"", "payment method not found"},
      {"", "number of passengers does not match"},
      {"", "missing required argument: order_id"},
      {"", "Error: unexpected keyword argument '<str>'; order already shipped"},
      {"", "Invalid date: expected YYYY-MM-DD"},
      {"", "permission denied: <path>"},
      {"", "the file has already been closed"},
      {"", "connection was already closed"},
      {"", "object cannot be modified"},
      {"", "this property cannot be changed"},
      {"", "table order cannot be updated: database is locked"},
      {"", "certificate has expired"},
      {"", "ValueError: order already shipped"},
      {"ValueError", "ValueError: order already shipped"},
      {"HTTPError", "HTTPError: refund window is closed"},
      {"409", "409: order already shipped"},
      {"invalid_request_error", "invalid_request_error: account has insufficient credit"},
      {"", "HTTP 409: the order was already cancelled"},
      {"", "the request timed out; the booking may not be cancelled"},
      {"", "rate limit: daily limit of the api key is used up"},
      {"", "search returned no results"},
      {"", "I already changed the color"},
      {"", "the model cannot be used here"},
      {"", "order ready"},
  };
  for (const Case& each : kCases) {
    INFO(each.type << " | " << each.signature);
    CHECK_FALSE(IsDomainRefusal(each.type, each.signature));
  }
}

}  // namespace
}  // namespace halo
