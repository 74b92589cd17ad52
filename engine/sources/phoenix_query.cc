// SPDX-License-Identifier: MIT
#include "engine/sources/phoenix_query.h"

#include "engine/base/rfc3339.h"
#include "schemas/json_string.h"

namespace halo::phoenix {
namespace {

std::string Path(std::string_view project, std::string_view what) {
  return "/v1/projects/" + UrlEncoded(project) + std::string(what);
}

void Add(std::string& path, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  path += path.find('?') == path.npos ? '?' : '&';
  path.append(name).append("=").append(UrlEncoded(value));
}

void AddAll(std::string& path, std::string_view name, std::span<const std::string> values) {
  for (const std::string& value : values) Add(path, name, value);
}

void AddWindow(std::string& path, const PullWindow& window) {
  if (window.from_ns > 0) Add(path, "start_time", Rfc3339(window.from_ns));
  if (window.to_ns > 0) Add(path, "end_time", Rfc3339(window.to_ns));
}

}  // namespace

std::string TracesPath(std::string_view project, const PullWindow& window,
                       std::string_view cursor) {
  std::string path = Path(project, "/traces");
  Add(path, "limit", std::to_string(kTracesPerPage));
  Add(path, "sort", "start_time");
  Add(path, "order", "asc");
  AddWindow(path, window);
  Add(path, "cursor", cursor);
  return path;
}

std::string SpansPath(std::string_view project, std::span<const std::string> trace_ids, int limit,
                      std::string_view cursor) {
  std::string path = Path(project, "/spans");
  Add(path, "limit", std::to_string(limit));
  AddAll(path, "trace_id", trace_ids);
  Add(path, "cursor", cursor);
  return path;
}

std::string SpansInWindowPath(std::string_view project, const PullWindow& window, int limit,
                              std::string_view cursor) {
  std::string path = Path(project, "/spans");
  Add(path, "limit", std::to_string(limit));
  AddWindow(path, window);
  Add(path, "cursor", cursor);
  return path;
}

std::string SpanAnnotationsPath(std::string_view project, std::span<const std::string> span_ids,
                                std::string_view cursor) {
  std::string path = Path(project, "/span_annotations");
  Add(path, "limit", "1000");
  AddAll(path, "span_ids", span_ids);
  Add(path, "cursor", cursor);
  return path;
}

std::string TraceAnnotationsPath(std::string_view project, std::span<const std::string> trace_ids,
                                 std::string_view cursor) {
  std::string path = Path(project, "/trace_annotations");
  Add(path, "limit", "1000");
  AddAll(path, "trace_ids", trace_ids);
  Add(path, "cursor", cursor);
  return path;
}

std::string ProjectPath(std::string_view project) { return Path(project, ""); }

std::string CountQuery(std::string_view project_id, const PullWindow& window) {
  std::string out =
      R"({"query":"query($id: ID!, $range: TimeRange) { node(id: $id) { ... on Project { )"
      R"(traceCount(timeRange: $range) recordCount(timeRange: $range) } } }","variables":{"id":)";
  AppendJsonString(project_id, out);
  out += R"(,"range":{"start":)";
  AppendJsonString(Rfc3339(window.from_ns), out);
  out += R"(,"end":)";
  AppendJsonString(Rfc3339(window.to_ns), out);
  return out + "}}}";
}

}  // namespace halo::phoenix
