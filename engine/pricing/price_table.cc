// SPDX-License-Identifier: MIT
#include "engine/pricing/price_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"

namespace halo {
namespace {

struct ProviderRow {
  std::string_view id;
  std::string_view names;      // clause
  std::string_view models;     // clause
  std::string_view fallbacks;  // ids, separated by |
};

struct ModelRow {
  std::string_view provider;
  std::string_view id;
  std::string_view clause;
  std::string_view when;                          // "", "2026-07-30" or "00:30-16:30", UTC
  double input, output, cache_read, cache_write;  // USD per million tokens, -1: none given
  std::int64_t above = 0;  // a request with more input tokens is priced entirely by this row
};

#include "engine/pricing/price_table.inc"

// Names of providers that occur in traces but are not covered by the table's own clauses.
struct ProviderAlias {
  std::string_view clause;
  std::string_view id;
};
constexpr ProviderAlias kProviderAliases[] = {
    {"*azure|^az.", "azure"},
    {"^aws|^amazon", "aws"},
    {"^gcp", "google"},
    {"=x_ai|=x-ai|=grok", "x-ai"},
    {"^fireworks", "fireworks"},
    {"^together", "together"},
    {"^groq", "groq"},
    {"^deepseek", "deepseek"},
    {"^perplexity", "perplexity"},
    {"^openrouter", "openrouter"},
    {"^github", "github-copilot"},
    {"^zhipu", "zhipuai"},
};

// Models on the user's own machine have no price in any table.
constexpr std::string_view kLocalProviders = "^ollama|^lmstudio|^lm_studio|^llamacpp|^llama.cpp";

// Bedrock's names consist of a region, a vendor and the model.
constexpr std::string_view kRegions[] = {"us.",     "eu.", "apac.", "global.",
                                         "us-gov.", "jp.", "au.",   "ca."};
constexpr std::string_view kVendors[] = {
    "anthropic.", "amazon.", "meta.",   "mistral.", "cohere.", "deepseek.", "openai.",
    "qwen.",      "ai21.",   "google.", "nvidia.",  "writer.", "moonshot.", "minimax."};

// Removes the part of `text` up to and including `mark`, and returns it without the mark.
std::string_view TakeUntil(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

bool MeetsCondition(std::string_view condition, std::string_view text) {
  const std::string_view wanted = condition.substr(1);
  switch (condition.front()) {
    case '=':
      return text == wanted;
    case '^':
      return text.starts_with(wanted);
    case '$':
      return text.ends_with(wanted);
    case '*':
      return text.find(wanted) != std::string_view::npos;
    case '!':
      return text.find(wanted) == std::string_view::npos;
    case '~':
      return text.starts_with(wanted) && text.size() > wanted.size() &&
             ascii::IsDigit(text[wanted.size()]);
    default:
      return false;
  }
}

// A clause consists of alternatives separated by |, each of conditions separated by &.
bool MeetsClause(std::string_view clause, std::string_view text) {
  while (!clause.empty()) {
    std::string_view conditions = TakeUntil(clause, '|');
    bool met = true;
    while (met && !conditions.empty()) met = MeetsCondition(TakeUntil(conditions, '&'), text);
    if (met) return true;
  }
  return false;
}

using ascii::ToLower;

std::int64_t Nano(double usd) { return std::llround(usd * 1e9); }

Rates MakeRates(double input, double output, double cache_read, double cache_write) {
  Rates price;
  price.input = Nano(std::max(input, 0.0));
  price.output = Nano(std::max(output, 0.0));
  price.cache_read = cache_read < 0 ? price.input : Nano(cache_read);
  price.cache_write = cache_write < 0 ? price.input : Nano(cache_write);
  return price;
}

int Number(std::string_view digits) {
  int value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

// The days from 1970 to a date such as "2026-07-30". Source: Howard Hinnant, days_from_civil.
std::int64_t DayOf(std::string_view date) {
  const int month = Number(date.substr(5, 2)), day = Number(date.substr(8, 2));
  const int year = Number(date.substr(0, 4)) - (month <= 2 ? 1 : 0);
  const int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return year * 365LL + year / 4 - year / 100 + year / 400 + day_of_year - 719468;
}

// Whether a price was valid at a time. `when` is as in ModelRow.
bool Holds(std::string_view when, std::int64_t at_ns) {
  if (when.empty()) return true;
  const std::int64_t at_s = at_ns / 1'000'000'000;
  if (when.find(':') == std::string_view::npos) return at_s / 86400 >= DayOf(when);
  const auto minute = [&](std::size_t at) {
    return Number(when.substr(at, 2)) * 60 + Number(when.substr(at + 3, 2));
  };
  const std::int64_t now = at_s % 86400 / 60, from = minute(0), to = minute(6);
  return from <= to ? from <= now && now < to : from <= now || now < to;
}

// The name without a final "-v1:0", ":0" or "@version".
std::string_view WithoutVersion(std::string_view name) {
  if (const std::size_t at = name.rfind('@'); at != std::string_view::npos && at > 0) {
    return name.substr(0, at);
  }
  std::size_t end = name.size();
  const auto skip_digits = [&] {
    const std::size_t before = end;
    while (end > 0 && ascii::IsDigit(name[end - 1])) --end;
    return end < before;
  };
  if (!skip_digits() || end == 0 || name[end - 1] != ':') return name;
  const std::string_view without = name.substr(0, --end);
  if (skip_digits() && end >= 2 && name[end - 1] == 'v' && name[end - 2] == '-') {
    return name.substr(0, end - 2);
  }
  return without;
}

// The name without a final "-20260730" or "-2026-07-30".
std::string_view WithoutDate(std::string_view name) {
  const auto ends_like = [&](std::string_view shape) {
    return name.size() > shape.size() &&
           std::equal(shape.begin(), shape.end(),
                      name.end() - static_cast<std::ptrdiff_t>(shape.size()),
                      [](char s, char c) { return s == '0' ? ascii::IsDigit(c) : s == c; });
  };
  if (ends_like("-00000000")) return name.substr(0, name.size() - 9);
  if (ends_like("-0000-00-00")) return name.substr(0, name.size() - 11);
  return name;
}

template <std::size_t n>
bool TakePrefix(std::string_view& name, const std::string_view (&prefixes)[n]) {
  for (const std::string_view prefix : prefixes) {
    if (name.size() <= prefix.size() || !name.starts_with(prefix)) continue;
    name.remove_prefix(prefix.size());
    return true;
  }
  return false;
}

// The parts of a model's name, in lower case.
struct ModelName {
  std::vector<std::string_view> variants;  // from the full name to the barest
  std::vector<std::string_view> prefixes;  // the parts before each slash
  bool bedrock = false;                    // has the form of a Bedrock name
};

ModelName ReadModelName(std::string_view name) {
  ModelName read;
  const auto add = [&](std::string_view variant) {
    if (!variant.empty() && (read.variants.empty() || read.variants.back() != variant)) {
      read.variants.push_back(variant);
    }
  };
  add(name);
  constexpr std::size_t kMaxPrefixes = 6;
  while (read.prefixes.size() < kMaxPrefixes && name.find('/') != std::string_view::npos) {
    read.prefixes.push_back(TakeUntil(name, '/'));
    add(name);
  }
  const bool region = TakePrefix(name, kRegions);
  if (region) add(name);
  const bool vendor = TakePrefix(name, kVendors);
  if (vendor) add(name);
  read.bedrock = region || vendor;
  add(name = WithoutVersion(name));
  add(name = WithoutDate(name));
  if (name.ends_with("-latest")) add(name.substr(0, name.size() - 7));
  return read;
}

}  // namespace

struct PriceTable::Impl {
  struct Model {
    std::size_t row;        // in kModels
    std::size_t row_count;  // rows with prices of this model, for different times or tiers
    std::size_t provider;
  };
  struct Provider {
    std::size_t first_model = 0, model_count = 0;
    std::vector<std::size_t> fallbacks;
  };
  struct Override {
    std::string text;  // in lower case, without the "*"
    bool prefix;
    Price price;
  };

  explicit Impl(std::span<const PriceOverride> given);

  const Override* FindOverride(std::string_view model) const;
  // The provider with a name, given in lower case; providers.size() if there is no such provider.
  std::size_t FindProvider(std::string_view name) const;
  const Model* FindModel(std::size_t provider, std::string_view name) const;
  const Model* FindModel(std::size_t provider, const ModelName& name) const;
  std::optional<Price> PriceOf(const Model& model, std::int64_t at_ns) const;
  // The price of a model if all providers that list it agree.
  std::optional<Price> AgreedPrice(const ModelName& name, std::int64_t at_ns) const;

  std::vector<Override> overrides;  // exact ones first, then longer ones
  std::vector<Provider> providers;  // in the order of kProviders
  std::vector<Model> models;
  // By id, and by the text of clauses that require equality.
  std::unordered_map<std::string_view, std::vector<std::size_t>> exact;
  // By the part of an id after its last slash: resellers name models "vendor/model".
  std::unordered_map<std::string_view, std::vector<std::size_t>> bare;
};

PriceTable::Impl::Impl(std::span<const PriceOverride> given) {
  for (const PriceOverride& entry : given) {
    const bool prefix = entry.model.ends_with('*');
    overrides.push_back(
        {ToLower(std::string_view(entry.model).substr(0, entry.model.size() - prefix)), prefix,
         Price{MakeRates(entry.input, entry.output, entry.cache_read, entry.cache_write), {}}});
  }
  std::stable_sort(overrides.begin(), overrides.end(), [](const Override& a, const Override& b) {
    return std::pair(a.prefix, b.text.size()) < std::pair(b.prefix, a.text.size());
  });

  std::unordered_map<std::string_view, std::size_t> ids;
  for (const ProviderRow& row : kProviders) ids.emplace(row.id, ids.size());
  providers.resize(std::size(kProviders));
  for (std::size_t i = 0; i < providers.size(); ++i) {
    for (std::string_view rest = kProviders[i].fallbacks; !rest.empty();) {
      const auto found = ids.find(TakeUntil(rest, '|'));
      if (found != ids.end()) providers[i].fallbacks.push_back(found->second);
    }
  }

  exact.reserve(std::size(kModels) * 2);
  for (std::size_t row = 0; row < std::size(kModels); ++row) {
    const ModelRow& model = kModels[row];
    if (model.clause.empty()) {
      ++models.back().row_count;
      continue;
    }
    const std::size_t provider = ids.at(model.provider);
    if (providers[provider].model_count++ == 0) providers[provider].first_model = models.size();
    exact[model.id].push_back(models.size());
    if (const std::size_t slash = model.id.rfind('/'); slash != std::string_view::npos) {
      bare[model.id.substr(slash + 1)].push_back(models.size());
    }
    for (std::string_view rest = model.clause; !rest.empty();) {
      const std::string_view condition = TakeUntil(rest, '|');
      if (condition.front() == '=' && condition.substr(1) != model.id) {
        exact[condition.substr(1)].push_back(models.size());
      }
    }
    models.push_back({row, 1, provider});
  }
}

const PriceTable::Impl::Override* PriceTable::Impl::FindOverride(std::string_view model) const {
  for (const Override& entry : overrides) {
    if (entry.prefix ? model.starts_with(entry.text) : model == entry.text) return &entry;
  }
  return nullptr;
}

std::size_t PriceTable::Impl::FindProvider(std::string_view name) const {
  if (name.empty()) return providers.size();
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (kProviders[i].id == name) return i;
  }
  for (const ProviderAlias& alias : kProviderAliases) {
    if (MeetsClause(alias.clause, name)) return FindProvider(alias.id);
  }
  for (std::size_t i = 0; i < providers.size(); ++i) {
    if (MeetsClause(kProviders[i].names, name)) return i;
  }
  return providers.size();
}

const PriceTable::Impl::Model* PriceTable::Impl::FindModel(std::size_t provider,
                                                           std::string_view name) const {
  if (const auto found = exact.find(name); found != exact.end()) {
    for (const std::size_t model : found->second) {
      if (models[model].provider == provider) return &models[model];
    }
  }
  const Provider& of = providers[provider];
  for (std::size_t i = of.first_model; i < of.first_model + of.model_count; ++i) {
    if (MeetsClause(kModels[models[i].row].clause, name)) return &models[i];
  }
  return nullptr;
}

const PriceTable::Impl::Model* PriceTable::Impl::FindModel(std::size_t provider,
                                                           const ModelName& name) const {
  for (const std::string_view variant : name.variants) {
    if (const Model* const model = FindModel(provider, variant)) return model;
  }
  for (const std::size_t fallback : providers[provider].fallbacks) {
    for (const std::string_view variant : name.variants) {
      if (const Model* const model = FindModel(fallback, variant)) return model;
    }
  }
  return nullptr;
}

std::optional<Price> PriceTable::Impl::PriceOf(const Model& model, std::int64_t at_ns) const {
  if (at_ns <= 0) at_ns = DayOf(kDate) * 86'400'000'000'000;
  for (std::size_t i = model.row_count; i-- > 0;) {
    const ModelRow& row = kModels[model.row + i];
    if (row.above > 0 || !Holds(row.when, at_ns)) continue;
    if (row.input < 0 && row.output < 0) return std::nullopt;
    Price price{MakeRates(row.input, row.output, row.cache_read, row.cache_write), {}};
    for (std::size_t tier = 0; tier < price.tiers.size() && i + 1 < model.row_count; ++tier, ++i) {
      const ModelRow& dearer = kModels[model.row + i + 1];
      if (dearer.above == 0) break;
      price.tiers[tier] = {dearer.above, MakeRates(dearer.input, dearer.output, dearer.cache_read,
                                                   dearer.cache_write)};
    }
    return price;
  }
  return std::nullopt;
}

std::optional<Price> PriceTable::Impl::AgreedPrice(const ModelName& name,
                                                   std::int64_t at_ns) const {
  for (const std::string_view variant : name.variants) {
    std::vector<const Model*> hits;
    for (std::size_t provider = 0; provider < providers.size(); ++provider) {
      if (const Model* const model = FindModel(provider, variant)) hits.push_back(model);
    }
    if (const auto found = bare.find(variant); found != bare.end()) {
      for (const std::size_t model : found->second) hits.push_back(&models[model]);
    }
    std::optional<Price> agreed;
    for (const Model* const model : hits) {
      const auto price = PriceOf(*model, at_ns);
      if (!price) continue;
      if (!agreed) agreed = price;
      if (static_cast<const Rates&>(*agreed) != *price) return std::nullopt;
      // Not every catalogue lists long-context tiers.
      if (agreed->tiers[0].above == 0) agreed->tiers = price->tiers;
      if (price->tiers[0].above != 0 && agreed->tiers != price->tiers) return std::nullopt;
    }
    if (agreed) return agreed;
  }
  return std::nullopt;
}

PriceTable::PriceTable(std::span<const PriceOverride> overrides)
    : impl_(std::make_unique<Impl>(overrides)) {}

PriceTable::~PriceTable() = default;

std::optional<Price> PriceTable::Find(std::string_view provider, std::string_view model,
                                      std::int64_t at_ns) const {
  constexpr std::size_t kMaxName = 256;
  if (model.empty() || model.size() > kMaxName || provider.size() > kMaxName) return std::nullopt;
  const std::string model_name = ToLower(model), provider_name = ToLower(provider);
  if (const Impl::Override* const entry = impl_->FindOverride(model_name)) return entry->price;
  if (MeetsClause(kLocalProviders, provider_name)) return std::nullopt;

  const ModelName name = ReadModelName(model_name);
  // The providers that may have answered, the most certain first.
  std::vector<std::size_t> askable = {impl_->FindProvider(provider_name)};
  for (const std::string_view prefix : name.prefixes) {
    if (MeetsClause(kLocalProviders, prefix)) return std::nullopt;
    askable.push_back(impl_->FindProvider(prefix));
  }
  if (name.bedrock) askable.push_back(impl_->FindProvider("aws"));
  for (const std::string_view variant : name.variants) {
    for (std::size_t i = 0; i < impl_->providers.size(); ++i) {
      if (MeetsClause(kProviders[i].models, variant)) askable.push_back(i);
    }
  }
  for (const std::size_t candidate : askable) {
    if (candidate == impl_->providers.size()) continue;
    if (const auto* const found = impl_->FindModel(candidate, name)) {
      return impl_->PriceOf(*found, at_ns);
    }
  }
  return impl_->AgreedPrice(name, at_ns);
}

std::string_view PriceTable::Date() { return kDate; }

}  // namespace halo
