// SPDX-License-Identifier: MIT
#include "engine/model/message_place.h"

#include <array>
#include <charconv>

namespace halo {
namespace {

constexpr std::array<std::string_view, 5> kPrefixes = {"~in/", "~out/", "~call/", "~arguments/",
                                                       "~tool/"};

}  // namespace

std::string PlaceText(const MessagePlace& place) {
  std::string text(kPrefixes[static_cast<std::size_t>(place.kind)]);
  if (place.kind == MessagePlace::Kind::kTool) return text.append(place.name);
  return text += std::to_string(place.at);
}

std::optional<MessagePlace> ParsePlace(std::string_view text) {
  for (std::size_t i = 0; i < kPrefixes.size(); ++i) {
    if (!text.starts_with(kPrefixes[i])) continue;
    MessagePlace place{static_cast<MessagePlace::Kind>(i), 0, {}};
    const std::string_view rest = text.substr(kPrefixes[i].size());
    if (place.kind == MessagePlace::Kind::kTool) {
      place.name = rest;
      return place;
    }
    const char* const end = rest.data() + rest.size();
    const auto [at, error] = std::from_chars(rest.data(), end, place.at);
    if (error != std::errc() || at != end) return {};
    return place;
  }
  return {};
}

}  // namespace halo
