// SPDX-License-Identifier: MIT
// The cost of a call to a model. The table is embedded and dated; a model that it does not list is
// unpriced, never free. The user's overrides come first. Then the providers that may have answered
// are searched in turn: the named one, those in the model's prefixes, the one whose models have
// such names. Each is searched for the full name, then for the name without provider prefix, region
// and version or date suffix, by exact id before clause. Last come all providers, if those that
// list the model agree on its price.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/model/config.h"
#include "engine/model/span_facts.h"

namespace halo {

// Nano-USD per million tokens, so that sums are integers.
struct Rates {
  std::int64_t input = 0, output = 0, cache_read = 0, cache_write = 0;

  bool operator==(const Rates&) const = default;
};

// If the input of a request, including cached tokens, exceeds `above`, the whole request is priced
// at `rates`.
struct LongContextRates {
  std::int64_t above = 0;  // tokens; 0: no such tier
  Rates rates;

  bool operator==(const LongContextRates&) const = default;
};

struct Price : Rates {
  std::array<LongContextRates, 4> tiers{};  // in ascending order of `above`

  // The rates of a request with this much input.
  const Rates& For(std::int64_t input_tokens) const;
  bool operator==(const Price&) const = default;
};

// No call costs 10,000 USD. A larger amount is an error and must not overflow a sum.
inline constexpr std::int64_t kMostNanoUsd = 10'000'000'000'000;

// The cost in nano-USD, rounded half up once for the whole call; at most kMostNanoUsd.
std::int64_t CostNanoUsd(const Price& price, const TokenUsage& usage);

// Immutable; any thread.
class PriceTable {
 public:
  explicit PriceTable(std::span<const PriceOverride> overrides = {});
  ~PriceTable();

  // The price at `at_ns`, the start of the span; nullopt if the model is unpriced. `provider` may
  // be empty.
  std::optional<Price> Find(std::string_view provider, std::string_view model,
                            std::int64_t at_ns) const;
  static std::string_view Date();  // of the embedded table, "2026-08-21"

 private:
  struct Impl;
  std::unique_ptr<const Impl> impl_;
};

}  // namespace halo
