// SPDX-License-Identifier: MIT
#include "tests/support/fake_phoenix.h"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/base/rfc3339.h"
#include "tests/support/fake_service.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Span(const FakePhoenixTrace& trace, int index) {
  const bool is_root = index == 0;
  return {{"id", "U3Bhbjox"},
          {"name", is_root ? "clerk" : "ask"},
          {"context", {{"trace_id", trace.id}, {"span_id", FakeSpanId(trace.id, index)}}},
          {"span_kind", is_root ? "AGENT" : "LLM"},
          {"parent_id", is_root ? json::value(nullptr) : json::value(FakeSpanId(trace.id, 0))},
          {"start_time", Rfc3339(trace.start_ns + index * kSecond)},
          {"end_time", Rfc3339(trace.start_ns + (is_root ? trace.spans : index + 1) * kSecond)},
          {"status_code", "UNSET"},
          {"status_message", ""},
          {"attributes",
           {{"input.value", "where is it?"},
            {"llm.model_name", is_root ? json::value(nullptr) : json::value("gpt-4o-mini")}}},
          {"events", json::array{}}};
}

bool Has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool InWindow(std::int64_t time_ns, const ServedRequest& request) {
  const std::string from = request.Get("start_time"), to = request.Get("end_time");
  return (from.empty() || time_ns >= *ParseRfc3339(from)) &&
         (to.empty() || time_ns < *ParseRfc3339(to));
}

// A page of the items from the request's cursor.
ServedAnswer Page(const std::vector<json::object>& all, const ServedRequest& request,
                  std::size_t page_size) {
  const std::string cursor = request.Get("cursor");
  const std::size_t begin = cursor.empty() ? 0 : std::stoul(cursor);
  const std::size_t limit =
      std::min(page_size, static_cast<std::size_t>(std::stoul(request.Get("limit"))));
  json::array data;
  for (std::size_t i = begin; i < std::min(begin + limit, all.size()); ++i) data.push_back(all[i]);
  json::value next = nullptr;
  if (begin + limit < all.size()) next = std::to_string(begin + limit);
  return JsonAnswer({{"data", std::move(data)}, {"next_cursor", std::move(next)}});
}

}  // namespace

FakePhoenixTrace MakeFakePhoenixTrace(int number, int spans) {
  FakePhoenixTrace trace;
  char id[33];
  std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(number) + 1);
  trace.id = id;
  trace.start_ns = *ParseRfc3339("2026-03-01T00:00:00Z") + number * 60 * kSecond;
  trace.spans = spans;
  return trace;
}

ServedAnswer FakePhoenix::Answer(const ServedRequest& request) {
  if (before) {
    if (std::optional<ServedAnswer> answer = before(request)) return *answer;
  }
  const auto given = request.fields.find("authorization");
  if (given == request.fields.end() || given->second != std::string("Bearer ") + kSecret) {
    return JsonAnswer({{"detail", "Invalid token"}}, 401);
  }
  if (request.path == "/graphql") {
    std::int64_t spans = 0;
    for (const FakePhoenixTrace& trace : traces) spans += trace.spans;
    const json::object node{{"traceCount", traces.size()}, {"recordCount", spans}};
    return JsonAnswer({{"data", {{"node", node}}}});
  }
  const std::string project = "/v1/projects/my project";
  if (request.path == project)
    return JsonAnswer({{"data", {{"id", "UHJvamVjdDox"}, {"name", "p"}}}});
  if (!request.path.starts_with(project + "/")) return JsonAnswer({{"detail", "no project"}}, 404);
  const std::string what = request.path.substr(project.size() + 1);
  if (missing.contains(what)) return JsonAnswer({{"detail", "Not Found"}}, 404);
  if (what == "traces") return Traces(request);
  if (what == "spans") return Spans(request);
  if (what == "span_annotations") return Annotations(request, false);
  if (what == "trace_annotations") return Annotations(request, true);
  return JsonAnswer({{"detail", "Not Found"}}, 404);
}

ServedAnswer FakePhoenix::Traces(const ServedRequest& request) {
  std::vector<json::object> all;
  for (const FakePhoenixTrace& trace : traces) {
    if (!InWindow(trace.start_ns, request)) continue;
    all.push_back({{"id", "VHJhY2U6MQ=="},
                   {"trace_id", trace.id},
                   {"start_time", Rfc3339(trace.start_ns)},
                   {"end_time", Rfc3339(trace.start_ns + trace.spans * kSecond)}});
  }
  return Page(all, request, page_size);
}

ServedAnswer FakePhoenix::Spans(const ServedRequest& request) {
  const std::vector<std::string> ids = request.All("trace_id");
  std::vector<json::object> all;
  for (auto trace = traces.rbegin(); trace != traces.rend(); ++trace) {  // newest first
    if (!ids.empty() && !Has(ids, trace->id)) continue;
    for (int i = 0; i < trace->spans; ++i) {
      if (InWindow(trace->start_ns + i * kSecond, request)) all.push_back(Span(*trace, i));
    }
  }
  return Page(all, request, page_size);
}

ServedAnswer FakePhoenix::Annotations(const ServedRequest& request, bool of_traces) {
  const std::vector<std::string> ids = request.All(of_traces ? "trace_ids" : "span_ids");
  std::vector<json::object> all;
  for (const FakePhoenixTrace& trace : traces) {
    const std::string id = of_traces ? trace.id : FakeSpanId(trace.id, 0);
    const std::string& label = of_traces ? trace.trace_label : trace.label;
    if (!Has(ids, id) || label.empty()) continue;
    all.push_back({{"id", "QW5u"},
                   {of_traces ? "trace_id" : "span_id", id},
                   {"name", "correctness"},
                   {"annotator_kind", "HUMAN"},
                   {"result", {{"label", label}, {"score", nullptr}, {"explanation", "read it"}}},
                   {"metadata", json::object{}}});
  }
  return Page(all, request, page_size);
}

}  // namespace halo
