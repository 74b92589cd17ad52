// SPDX-License-Identifier: MIT
#include "engine/importers/run_spans.h"

#include <xxhash.h>

#include <algorithm>
#include <string>
#include <utility>

#include "engine/base/hash.h"
#include "engine/importers/made_up_ids.h"

namespace halo {
namespace {

constexpr std::string_view OperationOf(Kind kind) {
  return kind == Kind::kAgent ? "invoke_agent" : kind == Kind::kTool ? "execute_tool" : "chat";
}

}  // namespace

RunStep& RunSpans::Add(Kind kind, std::string_view name, const char* where) {
  if (size_ == steps_.size()) steps_.emplace_back();
  RunStep& step = steps_[size_++];
  std::vector<Attribute> attributes = std::move(step.attributes);
  attributes.clear();
  step = {};
  step.attributes = std::move(attributes);
  step.kind = kind;
  step.name = name;
  step.where = where;
  return step;
}

const Span& RunSpans::SpanOf(std::size_t index, std::string_view trace_id, const Resource& resource,
                             bool in_order) {
  const RunStep& step = steps_[index];
  const auto id_of = [&](std::size_t i) {
    if (!steps_[i].span_id.empty()) return steps_[i].span_id;
    return MadeUpSpanId(trace_id, i, arena_);
  };
  span_.trace_id = trace_id;
  span_.span_id = id_of(index);
  const bool below_first = index > 0 && step.kind != Kind::kAgent && step.parent_id.empty();
  span_.parent_id = below_first ? id_of(0) : step.parent_id;
  const std::string_view operation = OperationOf(step.kind);
  span_.name = step.kind == Kind::kAgent ? step.name
               : step.name.empty()       ? operation
                                         : arena_.Join({operation, " ", step.name});
  span_.start_ns = step.start_ns;
  span_.end_ns = step.end_ns;
  span_.status = step.error.empty() ? StatusCode::kUnset : StatusCode::kError;
  span_.status_message = step.error;
  span_.resource = &resource;
  span_.attributes.clear();
  AddText("gen_ai.operation.name", operation, span_.attributes);
  if (step.kind == Kind::kTool) AddText("gen_ai.tool.name", step.name, span_.attributes);
  span_.attributes.insert(span_.attributes.end(), step.attributes.begin(), step.attributes.end());
  if (in_order) {
    span_.attributes.push_back({kSequenceKey, Value::Int(static_cast<std::int64_t>(index) + 1)});
  }
  return span_;
}

void AddText(std::string_view key, std::string_view text, std::vector<Attribute>& out) {
  if (!text.empty()) out.push_back({key, Value::Text(text)});
}

std::string_view JoinJsonList(const std::vector<std::string_view>& items, Arena& arena) {
  std::size_t size = 2 + items.size();
  for (const std::string_view item : items) size += item.size();
  char* const begin = arena.Allocate(size);
  char* to = begin;
  *to++ = '[';
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) *to++ = ',';
    to = std::copy(items[i].begin(), items[i].end(), to);
  }
  *to++ = ']';
  return {begin, static_cast<std::size_t>(to - begin)};
}

}  // namespace halo
