// SPDX-License-Identifier: MIT
#include "engine/sources/langfuse_query.h"

#include "engine/base/rfc3339.h"
#include "schemas/json_string.h"

namespace halo::langfuse {
namespace {

constexpr std::string_view kTraceFields = "core,io,metadata,scores,metrics";
constexpr std::string_view kObservationFields =
    "core,basic,time,io,metadata,model,usage,prompt,metrics,trace_context";
// Metadata is cut after 200 characters except under these keys. The first three hold the attributes
// of spans that came over OpenTelemetry.
constexpr std::string_view kWholeMetadata =
    "attributes,resourceAttributes,scope,function_name,hidden_params,litellm_model_name,success";

void Add(std::string& path, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  path += path.find('?') == path.npos ? '?' : '&';
  path.append(name).append("=").append(UrlEncoded(value));
}

void Add(std::string& path, std::string_view name, int number) {
  Add(path, name, std::to_string(number));
}

void AddTimes(std::string& path, std::string_view from, std::string_view to,
              const PullWindow& window) {
  if (window.from_ns > 0) Add(path, from, Rfc3339(window.from_ns));
  if (window.to_ns > 0) Add(path, to, Rfc3339(window.to_ns));
}

std::string StringList(std::span<const std::string> texts) {
  std::string out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    AppendJsonString(text, out);
  }
  return out + "]";
}

// The conditions of the parameter `filter`.
class Conditions {
 public:
  void Add(std::string_view type, std::string_view column, std::string_view op,
           std::string_view value_json) {
    text_ += text_.empty() ? "[" : ",";
    text_.append(R"({"type":")").append(type).append(R"(","column":")").append(column);
    text_.append(R"(","operator":")").append(op).append(R"(","value":)").append(value_json);
    text_ += '}';
  }
  void AddText(std::string_view column, std::string_view value) {
    if (value.empty()) return;
    std::string json;
    AppendJsonString(value, json);
    Add("string", column, "=", json);
  }
  std::string Take() { return text_ + "]"; }

 private:
  std::string text_;
};

std::string Joined(std::span<const std::string> texts) {
  std::string out;
  for (const std::string& text : texts) out.append(out.empty() ? "" : ",").append(text);
  return out;
}

}  // namespace

std::string TracesPath(const ServiceConnection& filter, const PullWindow& window, int page,
                       int limit, bool fields) {
  std::string path = "/api/public/traces";
  Add(path, "page", page);
  Add(path, "limit", limit);
  Add(path, "orderBy", "timestamp.asc");
  if (fields) Add(path, "fields", limit == 1 ? "core" : kTraceFields);
  AddTimes(path, "fromTimestamp", "toTimestamp", window);
  for (const std::string& each : filter.environments) Add(path, "environment", each);
  for (const std::string& each : filter.tags) Add(path, "tags", each);
  Add(path, "userId", filter.user);
  Add(path, "sessionId", filter.session);
  Add(path, "name", filter.trace_name);
  Add(path, "version", filter.version);
  return path;
}

std::string RootsPath(const ServiceConnection& filter, const PullWindow& window,
                      std::string_view cursor) {
  Conditions conditions;
  conditions.Add("boolean", "isRootObservation", "=", "true");
  if (window.from_ns > 0) {
    conditions.Add("datetime", "startTime", ">=", '"' + Rfc3339(window.from_ns) + '"');
  }
  if (window.to_ns > 0) {
    conditions.Add("datetime", "startTime", "<", '"' + Rfc3339(window.to_ns) + '"');
  }
  if (!filter.environments.empty()) {
    conditions.Add("stringOptions", "environment", "any of", StringList(filter.environments));
  }
  if (!filter.tags.empty()) {
    conditions.Add("arrayOptions", "traceTags", "all of", StringList(filter.tags));
  }
  conditions.AddText("userId", filter.user);
  conditions.AddText("sessionId", filter.session);
  conditions.AddText("traceName", filter.trace_name);
  conditions.AddText("version", filter.version);
  std::string path = "/api/public/v2/observations";
  Add(path, "fields", "core,basic,trace_context");
  Add(path, "limit", kObservationsPerPage);
  Add(path, "filter", conditions.Take());
  Add(path, "cursor", cursor);
  return path;
}

std::string ObservationsPath(std::span<const std::string> trace_ids, int limit,
                             std::string_view cursor) {
  Conditions conditions;
  conditions.Add("stringOptions", "traceId", "any of", StringList(trace_ids));
  std::string path = "/api/public/v2/observations";
  Add(path, "fields", kObservationFields);
  Add(path, "expandMetadata", kWholeMetadata);
  Add(path, "limit", limit);
  Add(path, "filter", conditions.Take());
  Add(path, "cursor", cursor);
  return path;
}

std::string LegacyObservationsPath(std::string_view trace_id, int page) {
  std::string path = "/api/public/observations";
  Add(path, "traceId", trace_id);
  Add(path, "page", page);
  Add(path, "limit", kLegacyPerPage);
  return path;
}

std::string TracePath(std::string_view trace_id) {
  return "/api/public/traces/" + UrlEncoded(trace_id);
}

std::string CountObservationsPath(const ServiceConnection& filter, const PullWindow& window) {
  std::string path = "/api/public/observations";
  Add(path, "page", 1);
  Add(path, "limit", 1);
  AddTimes(path, "fromStartTime", "toStartTime", window);
  for (const std::string& each : filter.environments) Add(path, "environment", each);
  return path;
}

std::string ScoresPath(std::span<const std::string> trace_ids, std::string_view cursor) {
  std::string path = "/api/public/v3/scores";
  Add(path, "fields", "details,subject");
  Add(path, "limit", 100);
  Add(path, "traceId", Joined(trace_ids));
  Add(path, "cursor", cursor);
  return path;
}

std::string ScoresByIdPath(std::span<const std::string> score_ids) {
  std::string path = "/api/public/v2/scores";
  Add(path, "page", 1);
  Add(path, "limit", 100);
  Add(path, "scoreIds", Joined(score_ids));
  return path;
}

}  // namespace halo::langfuse
