// SPDX-License-Identifier: MIT
#include "engine/semconv/usage_fields.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/base/ascii.h"
#include "engine/semconv/usage_words.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

std::int64_t CountIn(const SpanReading& reading, Field field) {
  if (!reading.Has(field)) return -1;
  const SpanReading::Found& found = reading.At(field);
  return CountOf(*found.value, found.scale);
}

// The cost in USD; -1 if none was given.
double CostIn(SpanReading& reading, Field field) {
  if (!reading.Has(field)) return -1;
  const SpanReading::Found& found = reading.At(field);
  const std::optional<double> number = NumberOf(*found.value);
  if (!number && !HoldsDigit(*found.value)) return -1;
  if (number && std::isfinite(*number) && *number >= 0) return *number * found.scale;
  reading.fields.refused_cost = true;
  return -1;
}

void ReadCostObject(const std::vector<Attribute>& members, std::uint16_t rank,
                    SpanReading& reading) {
  if (members.empty()) return;
  double sum = 0;
  const Attribute* total = nullptr;
  for (const Attribute& member : members) {
    if (IsOneOfFolded(member.key, {"total", "total_cost", "totalcost", "cost"})) {
      total = &member;
    } else {
      sum += NumberOf(member.value).value_or(0);
    }
  }
  // A total of 0 next to positive parts was not filled in by the emitter.
  if (total == nullptr || (!IsPositive(total->value) && sum > 0)) {
    total = &reading.NewMembers().emplace_back(Attribute{"sum", Value::Double(sum)});
  }
  reading.OfferAmount(*total, Field::kCostUsd, rank);
}

// Sets the flags for the counts that this emitter is known to include in input and output.
void ResolveInclusions(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  const bool says_inclusive = reading.Has(Field::kInputIncludesCache);
  const std::string_view provider = reading.TextOf(Field::kProvider);
  const auto applies = [&](const ScopeRule& rule) {
    if (rule.scope != span.resource->scope_name) return false;
    if (says_inclusive && !rule.input_includes_cache) return false;
    return rule.providers.empty() ||
           std::any_of(rule.providers.begin(), rule.providers.end(),
                       [&](std::string_view word) { return provider.find(word) != provider.npos; });
  };
  fields.input_includes_cache = says_inclusive;
  for (const Convention* const convention : reading.conventions) {
    for (const ScopeRule& rule : convention->scopes) {
      if (!applies(rule)) continue;
      (rule.input_includes_cache ? fields.input_includes_cache : fields.input_excludes_cache) =
          true;
      fields.total_leaves_cache_out = rule.total_leaves_cache_out;
      fields.output_leaves_thoughts_out = rule.output_leaves_thoughts_out;
    }
  }
  if (fields.input_tokens < 0 && CountIn(reading, Field::kFreshInputTokens) >= 0) {
    fields.input_tokens = CountIn(reading, Field::kFreshInputTokens);
    fields.input_excludes_cache = fields.total_leaves_cache_out = true;
  }
  if (fields.output_tokens < 0 && CountIn(reading, Field::kPlainOutputTokens) >= 0) {
    fields.output_tokens = CountIn(reading, Field::kPlainOutputTokens);
    fields.output_leaves_thoughts_out = true;
  }
}

}  // namespace

void ReadUsageObjects(SpanReading& reading) {
  for (std::size_t i = 0; i < reading.usage_objects.size(); ++i) {
    const SpanReading::UsageObject& object = reading.usage_objects[i];
    const std::vector<Attribute>& members =
        object.members ? *object.members : reading.MembersOf(object.text, MemberDepth::kUsage);
    const std::uint16_t rank = static_cast<std::uint16_t>(kAfterUsageKeys + i);
    if (object.field == Field::kCostJson) {
      ReadCostObject(members, rank, reading);
      continue;
    }
    for (const Attribute& member : members) {
      if (const std::optional<Field> field = UsageFieldOf(member.key)) {
        reading.OfferAmount(member, *field, rank);
      }
    }
  }
}

void ResolveUsage(const Span& span, SpanReading& reading) {
  SpanFields& fields = reading.fields;
  fields.input_tokens = CountIn(reading, Field::kInputTokens);
  fields.output_tokens = CountIn(reading, Field::kOutputTokens);
  fields.total_tokens = CountIn(reading, Field::kTotalTokens);
  fields.cache_read_tokens = CountIn(reading, Field::kCacheReadTokens);
  fields.cache_write_tokens = CountIn(reading, Field::kCacheWriteTokens);
  fields.reasoning_tokens = CountIn(reading, Field::kReasoningTokens);
  if (fields.cache_write_tokens <= 0) {
    for (const Field part : {Field::kCacheWrite5mTokens, Field::kCacheWrite1hTokens}) {
      const std::int64_t count = CountIn(reading, part);
      if (count == -1 || fields.cache_write_tokens == kRefusedCount) continue;
      fields.cache_write_tokens =
          count == kRefusedCount ? count
                                 : std::max<std::int64_t>(fields.cache_write_tokens, 0) + count;
    }
  }
  ResolveInclusions(span, reading);
  fields.cost_usd = CostIn(reading, Field::kCostUsd);
  if (fields.cost_usd < 0) {
    const double input = CostIn(reading, Field::kInputCostUsd);
    const double output = CostIn(reading, Field::kOutputCostUsd);
    if (input >= 0 || output >= 0) fields.cost_usd = std::max(input, 0.0) + std::max(output, 0.0);
  }
}

}  // namespace halo
