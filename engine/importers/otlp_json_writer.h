// SPDX-License-Identifier: MIT
// Writes spans as the OTLP/JSON that otlp_json.cc reads, so that nothing of a span is lost on the
// way through it: ids, times, kinds, values with their types, events, links, resource and scope.
// Other readers of OTLP read it, too, unless an id is no hex number. One thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/json/json_tree.h"
#include "engine/model/span.h"

namespace halo {

class OtlpJsonWriter {
 public:
  // Appends one ExportTraceServiceRequest, without a line feed. Neighbours with the same resource
  // and scope share them.
  void AppendRequest(std::span<const Span* const> spans, std::string& out);

 private:
  void AppendSpan(const Span& span, std::string& out);
  void AppendResource(const Resource& resource, std::string& out);
  void AppendScope(const Resource& resource, std::string& out);
  void AppendAttributes(const std::vector<Attribute>& attributes, std::string& out);
  void AppendValue(const Value& value, std::string& out);
  void AppendJson(std::string_view text, std::string& out);
  void AppendLinks(std::string_view links, std::string& out);

  JsonTrees json_;
  std::string resource_, scope_, next_resource_, next_scope_;
};

}  // namespace halo
