// SPDX-License-Identifier: MIT
#include "engine/summaries/mode_variants.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace halo {
namespace {

void Add(std::string_view part, std::string& key) {
  key += part;
  key += '\0';
}

}  // namespace

ModeFace FaceOf(ModeId id, std::uint8_t detector, SignatureKind kind, std::string_view agent,
                std::string_view tool, std::string_view span_name, std::string_view signature,
                std::string_view tag) {
  ModeFace face;
  face.id = id;
  if (kind == SignatureKind::kFixed) return face;
  face.signature = signature;
  face.shape = ShapeOfError(signature);
  const std::string called = CalledName(tool);
  if (face.shape.mismatch != ArgumentMismatch::kNone &&
      (!called.empty() || !face.shape.called.empty())) {
    Add("arguments", face.key);
    Add(called, face.key);
    Add(face.shape.called == called ? std::string_view() : face.shape.called, face.key);
    face.key += static_cast<char>('0' + static_cast<int>(face.shape.mismatch));
    face.same_key_suffices = true;
    return face;
  }
  if (kind == SignatureKind::kArguments) return face;
  Add(std::to_string(detector), face.key);
  Add(tool, face.key);
  Add(span_name, face.key);
  Add(tool.empty() && tag.empty() ? agent : std::string_view(), face.key);
  face.key += face.shape.fixed;
  return face;
}

std::vector<std::uint32_t> GroupVariants(std::span<const ModeFace* const> modes) {
  std::vector<std::uint32_t> order(modes.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(modes[a]->key, modes[a]->signature, modes[a]->id) <
           std::tie(modes[b]->key, modes[b]->signature, modes[b]->id);
  });
  std::vector<std::uint32_t> group_of(modes.size());
  std::uint32_t groups = 0;
  std::vector<const ErrorShape*> shapes;
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    const ModeFace& first = *modes[order[begin]];
    end = begin + 1;
    while (!first.key.empty() && end < order.size() && modes[order[end]]->key == first.key) ++end;
    if (end == begin + 1 || first.same_key_suffices) {
      for (std::size_t i = begin; i < end; ++i) group_of[order[i]] = groups;
      ++groups;
      continue;
    }
    shapes.clear();
    for (std::size_t i = begin; i < end; ++i) shapes.push_back(&modes[order[i]]->shape);
    const std::vector<std::uint32_t> numbers = GroupByTemplate(shapes);
    for (std::size_t i = begin; i < end; ++i) group_of[order[i]] = groups + numbers[i - begin];
    groups += *std::max_element(numbers.begin(), numbers.end()) + 1;
  }
  return group_of;
}

}  // namespace halo
