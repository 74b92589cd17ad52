// SPDX-License-Identifier: MIT
#include "server/commands/health.h"

#include <xxhash.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "server/http/port_owner.h"
#include "tools/answer/phrases.h"
#include "tools/common/to_wire.h"

namespace halo {
namespace {

HttpResponse StateOf(Engine& engine) {
  if (const Result<std::int64_t> sequence = engine.Sequence(); !sequence) {
    return TextResponse(503, "unavailable\n" + sequence.error().message);
  }
  const FollowStatus following = engine.Following();
  if (following.troubles.empty()) return TextResponse(200, "ok");
  std::string text = "degraded";
  for (const FollowTrouble& trouble : following.troubles) {
    text.append("\n").append(TroubleLine(trouble));
  }
  if (following.more > 0) text.append(Cat("\n", following.more, " more paths cannot be read."));
  return TextResponse(200, text);
}

}  // namespace

std::string StoreIdentity(const std::string& store_url) {
  constexpr std::string_view kScheme = "sqlite:";
  std::string path = store_url.starts_with(kScheme) ? store_url.substr(kScheme.size()) : store_url;
  std::error_code failure;
  const auto real = std::filesystem::weakly_canonical(path, failure);
  if (!failure) path = real.string();
  std::array<char, 17> text;
  std::snprintf(text.data(), text.size(), "%016llx",
                static_cast<unsigned long long>(XXH3_64bits(path.data(), path.size())));
  return text.data();
}

HttpResponse HealthOf(Engine& engine, const std::string& store_identity) {
  HttpResponse response = StateOf(engine);
  response.fields.emplace_back(kStoreField, store_identity);
  return response;
}

}  // namespace halo
