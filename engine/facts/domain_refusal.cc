// SPDX-License-Identifier: MIT
#include "engine/facts/domain_refusal.h"

#include <algorithm>
#include <iterator>
#include <string>

#include "engine/base/ascii.h"
#include "engine/facts/phrases.h"
#include "engine/text/error_words.h"

namespace halo {
namespace {

constexpr std::size_t kHeadBytes = 400;

// Classes with which frameworks wrap any text that a tool returns as its error.
constexpr std::string_view kToolClasses[] = {"Error", "ToolError", "ToolException",
                                             "ToolExecutionError", "ToolCallError"};

// Words of programs and networks. A text that holds one is technical, whatever else it says.
constexpr std::string_view kTechnical[] = {"traceback",
                                           "exception",
                                           "http",
                                           "status code",
                                           "timeout",
                                           "timed out",
                                           "undefined",
                                           "nonetype",
                                           "null",
                                           "sql",
                                           "database",
                                           "syntax",
                                           "json",
                                           "parse",
                                           "schema",
                                           "parameter",
                                           "argument",
                                           "arguments",
                                           "attribute",
                                           "api key",
                                           "token",
                                           "file",
                                           "directory",
                                           "module",
                                           "socket",
                                           "port",
                                           "process",
                                           "thread",
                                           "lock",
                                           "session",
                                           "stream",
                                           "connection",
                                           "server",
                                           "property",
                                           "object",
                                           "index",
                                           "permission denied"};

// They say by themselves that a rule forbids it.
constexpr std::string_view kRules[] = {
    "not eligible",
    "ineligible",
    "isn't eligible",
    "does not qualify",
    "doesn't qualify",
    "not qualify for",
    "not entitled",
    "against our policy",
    "against policy",
    "violates policy",
    "violates our policy",
    "policy does not allow",
    "policy doesn't allow",
    "policy prohibits",
    "not allowed by policy",
    "not covered by",
    "outside the return window",
    "outside the refund window",
    "outside the cancellation window",
    "outside of the return window",
    "return window",
    "refund window",
    "cancellation window",
    "return period",
    "refund period",
    "cancellation period",
    "cancellation deadline",
    "non-refundable",
    "nonrefundable",
    "not refundable",
    "non-transferable",
    "not transferable",
    "final sale",
    "out of stock",
    "sold out",
    "fully booked",
    "no longer available",
    "insufficient funds",
    "insufficient balance",
    "insufficient credit",
    "insufficient stock",
    "insufficient inventory",
    "insufficient points",
    "insufficient gift card",
    "insufficient account",
    "not enough funds",
    "not enough balance",
    "not enough credit",
    "not enough points",
    "not enough seats",
    "not enough stock",
    "not enough inventory",
    "balance is not enough",
    "balance is too low",
    "balance not enough",
    "requires approval",
    "requires manager approval",
    "requires supervisor approval",
    "needs approval",
    "must be approved",
    "minimum order",
    "minimum purchase",
    "minimum age",
    "minimum stay",
    "credit limit",
    "spending limit",
    "purchase limit",
    "withdrawal limit",
    "refund limit",
    "transfer limit",
    "daily limit",
};

// What has been done to a thing, after "already" or "has been", and cannot be done again.
constexpr std::string_view kStates[] = {
    "shipped",  "delivered", "cancelled",  "canceled",  "refunded", "returned",  "exchanged",
    "paid",     "redeemed",  "dispatched", "departed",  "flown",    "boarded",   "checked in",
    "approved", "completed", "submitted",  "settled",   "invoiced", "fulfilled", "booked",
    "rejected", "expired",   "closed",     "processed", "used",     "claimed",   "enrolled"};

// What only a business does to its things.
constexpr std::string_view kDone[] = {
    "cancelled", "canceled", "refunded", "returned",   "exchanged",   "rebooked", "rescheduled",
    "upgraded",  "redeemed", "waived",   "reimbursed", "transferred", "modified", "changed",
    "updated",   "used",     "applied",  "combined",   "booked",      "reserved"};

constexpr std::string_view kThings[] = {
    "order",       "orders",       "reservation",  "reservations", "booking",      "bookings",
    "ticket",      "tickets",      "flight",       "flights",      "seat",         "seats",
    "appointment", "appointments", "subscription", "membership",   "plan",         "invoice",
    "payment",     "payments",     "refund",       "claim",        "loan",         "coupon",
    "voucher",     "gift card",    "certificate",  "item",         "items",        "shipment",
    "delivery",    "account",      "purchase",     "policy",       "trip",         "contract",
    "warranty",    "fare",         "stay",         "room",         "prescription", "discount",
    "promotion"};

template <std::size_t kSize>
bool HoldsAny(std::string_view text, const std::string_view (&phrases)[kSize]) {
  return std::any_of(std::begin(phrases), std::end(phrases),
                     [&](std::string_view phrase) { return HoldsPhrase(text, phrase); });
}

// Whether `before`, one of the words and nothing between them occur.
template <std::size_t kSize>
bool HoldsPair(std::string_view text, std::string_view before,
               const std::string_view (&words)[kSize]) {
  return std::any_of(std::begin(words), std::end(words), [&](std::string_view word) {
    return HoldsPhrase(text, std::string(before) + " " + std::string(word));
  });
}

bool ForbidsAct(std::string_view text) {
  for (const std::string_view cannot :
       {"cannot be", "can't be", "can not be", "can no longer be", "may not be", "could not be",
        "must not be", "is not allowed to be", "not permitted to be"}) {
    if (HoldsPair(text, cannot, kDone)) return true;
  }
  // "only pending orders can be modified"
  return HoldsPhrase(text, "only") && HoldsPair(text, "can be", kDone);
}

// Whether the type says no more than that a tool answered so: one of the classes above, or a code
// of the tool's own, such as "ORDER_ALREADY_SHIPPED".
bool MayRefuse(std::string_view type) {
  const bool is_code =
      type.find('_') != type.npos && !ascii::ToLower(type).ends_with("error") &&
      std::all_of(type.begin(), type.end(), [](char c) { return c == '_' || ascii::IsAlpha(c); });
  return type.empty() || is_code ||
         std::any_of(std::begin(kToolClasses), std::end(kToolClasses),
                     [&](std::string_view known) { return type == known; });
}

}  // namespace

bool IsDomainRefusal(std::string_view type, std::string_view signature) {
  if (!MayRefuse(type)) return false;
  // The type begins the signature, and a tool may begin its text with "Error:".
  for (const std::string_view start : {type, std::string_view("Error")}) {
    if (!start.empty() && signature.starts_with(start) &&
        signature.substr(start.size()).starts_with(": ")) {
      signature.remove_prefix(start.size() + 2);
    }
  }
  if (BeginsWithException(signature)) return false;
  const std::string text = FoldedHead(signature, kHeadBytes);
  if (HoldsAny(text, kTechnical)) return false;
  if (HoldsAny(text, kRules)) return true;
  if (!HoldsAny(text, kThings)) return false;
  if (HoldsPhrase(text, "not available on")) return true;
  return ForbidsAct(text) || HoldsPair(text, "already", kStates) ||
         HoldsPair(text, "already been", kStates);
}

}  // namespace halo
