// SPDX-License-Identifier: MIT
// Header fields without a socket, for tests of everything except the transport.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/http/message.h"

namespace halo {

class TestFields : public HttpFields {
 public:
  using List = std::vector<std::pair<std::string, std::string>>;
  explicit TestFields(List list) : list_(std::move(list)) {}

  std::optional<std::string_view> Get(std::string_view name) const override {
    for (const auto& [key, value] : list_) {
      if (EqualsIgnoreCase(key, name)) return value;
    }
    return std::nullopt;
  }
  std::size_t Count(std::string_view name) const override {
    return static_cast<std::size_t>(
        std::count_if(list_.begin(), list_.end(),
                      [&](const auto& field) { return EqualsIgnoreCase(field.first, name); }));
  }
  std::string Joined(std::string_view name) const override {
    std::string all;
    for (const auto& [key, value] : list_) {
      if (EqualsIgnoreCase(key, name)) all.append(all.empty() ? "" : ",").append(value);
    }
    return all;
  }

 private:
  const List list_;
};

}  // namespace halo
