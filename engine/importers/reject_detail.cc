// SPDX-License-Identifier: MIT
#include "engine/importers/reject_detail.h"

namespace halo {

std::string ShortenDetail(std::string_view text) {
  constexpr std::size_t kMaxDetail = 200;
  if (text.size() <= kMaxDetail) return std::string(text);
  return std::string(text.substr(0, kMaxDetail - 3)) + "...";
}

std::string DescribeSpan(const Span& span) {
  return "span " + std::string(span.span_id) + " '" + std::string(span.name) + "'";
}

}  // namespace halo
