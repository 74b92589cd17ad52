// SPDX-License-Identifier: MIT
#include "tests/support/fake_langfuse.h"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/base/rfc3339.h"
#include "tests/support/fake_service.h"

namespace halo {
namespace {

namespace json = boost::json;

json::object Observation(const FakeTrace& trace, int index) {
  const bool is_root = index == 0, is_model = index % 2 == 1;
  const bool is_last = index + 1 == trace.observations;
  const bool failed = is_last && !trace.status_message.empty();
  json::object out{
      {"id", FakeSpanId(trace.id, index)},
      {"traceId", trace.id},
      {"type", is_root    ? "AGENT"
               : is_model ? "GENERATION"
                          : "TOOL"},
      {"name", is_root    ? "clerk"
               : is_model ? "ask"
                          : "look_up"},
      {"startTime", Rfc3339(trace.start_ns + index * kSecond)},
      {"endTime", Rfc3339(trace.start_ns + (is_root ? trace.observations : index + 1) * kSecond)},
      {"parentObservationId", nullptr},
      {"level", failed ? "ERROR" : "DEFAULT"},
      {"statusMessage", failed ? json::value(trace.status_message) : json::value(nullptr)},
      {"input", "{\"question\":\"where is order " + std::to_string(index) + "?\"}"},
      {"output", "{\"answer\":\"on its way\"}"},
      {"environment", trace.environment},
      {"traceName", trace.name},
      {"sessionId", trace.session},
      {"userId", trace.user},
      {"metadata", json::object{}}};
  if (!is_root) out["parentObservationId"] = FakeSpanId(trace.id, 0);
  if (is_model) {
    out["providedModelName"] = "gpt-4o-mini";
    out["usageDetails"] = {{"input", 10}, {"output", 5}, {"total", 15}};
  }
  json::array tags;
  for (const std::string& tag : trace.tags) tags.push_back(json::string(tag));
  out["tags"] = std::move(tags);
  return out;
}

json::object Score(const FakeTrace& trace, const FakeScore& score, bool v3) {
  json::object out{{"id", score.id},
                   {"name", score.name},
                   {"dataType", score.data_type},
                   {"timestamp", Rfc3339(trace.start_ns)},
                   {"comment", "checked"}};
  const json::value value = json::parse(score.value_json);
  if (v3) {
    out["value"] = value;
    json::object subject{{"kind", score.observation.empty() ? "trace" : "observation"},
                         {"id", score.observation.empty() ? trace.id : score.observation}};
    if (!score.observation.empty()) subject["traceId"] = trace.id;
    out["subject"] = std::move(subject);
    return out;
  }
  out["traceId"] = trace.id;
  out["observationId"] =
      score.observation.empty() ? json::value(nullptr) : json::value(score.observation);
  if (value.is_bool()) {
    out["value"] = value.get_bool() ? 1 : 0;
    out["stringValue"] = value.get_bool() ? "True" : "False";
  } else if (value.is_string()) {
    out["value"] = 0;
    out["stringValue"] = value;
  } else {
    out["value"] = value;
  }
  return out;
}

json::object Head(const FakeTrace& trace) {
  json::array tags;
  for (const std::string& tag : trace.tags) tags.push_back(json::string(tag));
  return {{"id", trace.id},
          {"timestamp", Rfc3339(trace.start_ns)},
          {"name", trace.name},
          {"userId", trace.user},
          {"sessionId", trace.session},
          {"environment", trace.environment},
          {"version", trace.version},
          {"tags", std::move(tags)},
          {"input", {{"text", "hello"}}},
          {"output", {{"text", "bye"}}},
          {"htmlPath", "/project/p/traces/" + trace.id}};
}

bool InWindow(std::int64_t time_ns, const std::string& from, const std::string& to) {
  return (from.empty() || time_ns >= *ParseRfc3339(from)) &&
         (to.empty() || time_ns < *ParseRfc3339(to));
}

std::vector<std::string> Split(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

bool Has(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

json::object Meta(std::size_t page, std::size_t limit, std::size_t items) {
  return {{"page", page},
          {"limit", limit},
          {"totalItems", items},
          {"totalPages", (items + limit - 1) / limit}};
}

std::string Base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < text.size() ? static_cast<unsigned char>(text[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += i + j > text.size() ? '=' : kDigits[bits >> (18 - 6 * j) & 63];
    }
  }
  return out;
}

}  // namespace

FakeTrace MakeFakeTrace(int number, int observations) {
  FakeTrace trace;
  char id[33];
  std::snprintf(id, sizeof id, "%032x", static_cast<unsigned>(number) + 1);
  trace.id = id;
  trace.name = "support";
  trace.user = "user-" + std::to_string(number % 3);
  trace.session = "session-" + std::to_string(number / 2);
  trace.environment = number % 2 == 0 ? "production" : "staging";
  trace.version = "1";
  trace.tags = {"all", number % 2 == 0 ? "even" : "odd"};
  trace.start_ns = *ParseRfc3339("2026-03-01T00:00:00Z") + number * 60 * kSecond;
  trace.observations = observations;
  return trace;
}

ServedAnswer FakeLangfuse::Answer(const ServedRequest& request) {
  if (before) {
    if (std::optional<ServedAnswer> answer = before(request)) return *answer;
  }
  const auto given = request.fields.find("authorization");
  const std::string expected = "Basic " + Base64(std::string(kPublic) + ":" + kSecret);
  if (given == request.fields.end() || given->second != expected) {
    return JsonAnswer({{"message", "Invalid credentials. Confirm that you've configured the keys."},
                       {"error", "UnauthorizedError"}},
                      401);
  }
  const std::string& path = request.path;
  const bool is_one = path.starts_with("/api/public/traces/");
  if (missing.contains(is_one ? "/api/public/traces/ID" : path)) return JsonAnswer({{"e", 1}}, 404);
  if (path == "/api/public/traces") return Traces(request);
  if (is_one) return OneTrace(path.substr(path.rfind('/') + 1));
  if (path == "/api/public/v2/observations") return Observations(request);
  if (path == "/api/public/observations") return Legacy(request);
  if (path == "/api/public/v3/scores") return Scores(request);
  if (path == "/api/public/v2/scores") return ScoresById(request);
  return JsonAnswer({{"message", "Not Found"}}, 404);
}

ServedAnswer FakeLangfuse::Traces(const ServedRequest& request) {
  if (request.Get("orderBy") != "timestamp.asc") return JsonAnswer({{"e", "orderBy"}}, 400);
  const auto matches = [&](const FakeTrace& trace) {
    const std::vector<std::string> tags = request.All("tags");
    const std::vector<std::string> environments = request.All("environment");
    const auto is = [&](const char* name, const std::string& value) {
      return request.Get(name).empty() || request.Get(name) == value;
    };
    return InWindow(trace.start_ns, request.Get("fromTimestamp"), request.Get("toTimestamp")) &&
           std::all_of(tags.begin(), tags.end(),
                       [&](const std::string& tag) { return Has(trace.tags, tag); }) &&
           (environments.empty() || Has(environments, trace.environment)) &&
           is("userId", trace.user) && is("sessionId", trace.session) && is("name", trace.name) &&
           is("version", trace.version);
  };
  std::vector<const FakeTrace*> found;
  for (const FakeTrace& trace : traces) {
    if (matches(trace)) found.push_back(&trace);
  }
  const std::size_t limit = std::stoul(request.Get("limit"));
  const std::size_t page = std::stoul(request.Get("page"));
  json::array data;
  std::size_t begin = (page - 1) * limit;
  if (repeat_pages && page > 1) --begin;
  for (std::size_t i = begin; i < std::min(page * limit, found.size()); ++i) {
    json::object head = Head(*found[i]);
    json::array observations, scores;
    for (int j = 0; j < found[i]->observations; ++j) {
      observations.push_back(json::string(FakeSpanId(found[i]->id, j)));
    }
    for (const FakeScore& score : found[i]->scores) scores.push_back(json::string(score.id));
    head["observations"] = std::move(observations);
    head["scores"] = std::move(scores);
    data.push_back(std::move(head));
  }
  return JsonAnswer({{"data", std::move(data)}, {"meta", Meta(page, limit, found.size())}});
}

ServedAnswer FakeLangfuse::OneTrace(const std::string& id) {
  for (const FakeTrace& trace : traces) {
    if (trace.id != id) continue;
    json::object out = Head(trace);
    json::array observations, scores;
    for (int j = 0; j < trace.observations; ++j) observations.push_back(Observation(trace, j));
    for (const FakeScore& score : trace.scores) scores.push_back(Score(trace, score, false));
    out["observations"] = std::move(observations);
    out["scores"] = std::move(scores);
    return JsonAnswer(out);
  }
  return JsonAnswer({{"message", "Trace not found"}}, 404);
}

ServedAnswer FakeLangfuse::Observations(const ServedRequest& request) {
  std::vector<std::string> ids, tags;
  std::string from, to;
  bool roots = false;
  const json::value filter = json::parse(request.Get("filter"));
  for (const json::value& each : filter.as_array()) {
    const std::string column(each.at("column").as_string());
    const json::value& value = each.at("value");
    if (column == "isRootObservation") roots = true;
    if (column == "startTime") {
      (each.at("operator").as_string() == "<" ? to : from) = std::string(value.as_string());
    }
    if (column != "traceId" && column != "traceTags") continue;
    for (const json::value& item : value.as_array()) {
      (column == "traceId" ? ids : tags).emplace_back(item.as_string());
    }
  }
  std::vector<json::object> all;
  for (auto trace = traces.rbegin(); trace != traces.rend(); ++trace) {  // newest first
    const bool wanted =
        roots ? InWindow(trace->start_ns, from, to) &&
                    std::all_of(tags.begin(), tags.end(),
                                [&](const auto& tag) { return Has(trace->tags, tag); })
              : Has(ids, trace->id);
    for (int j = 0; wanted && j < (roots ? 1 : trace->observations); ++j) {
      all.push_back(Observation(*trace, j));
    }
  }
  const std::string cursor = request.Get("cursor");
  const std::size_t begin = cursor.empty() ? 0 : std::stoul(cursor);
  const std::size_t limit =
      std::min(std::stoul(request.Get("limit")), static_cast<unsigned long>(page_size));
  json::array data;
  for (std::size_t i = begin; i < std::min(begin + limit, all.size()); ++i) {
    data.push_back(all[i]);
  }
  json::object meta;
  if (begin + limit < all.size()) meta["cursor"] = std::to_string(begin + limit);
  return JsonAnswer({{"data", std::move(data)}, {"meta", std::move(meta)}});
}

ServedAnswer FakeLangfuse::Legacy(const ServedRequest& request) {
  std::vector<json::object> all;
  for (const FakeTrace& trace : traces) {
    const bool wanted = request.Get("traceId").empty() || request.Get("traceId") == trace.id;
    for (int j = 0; wanted && j < trace.observations; ++j) {
      if (!InWindow(trace.start_ns + j * kSecond, request.Get("fromStartTime"),
                    request.Get("toStartTime"))) {
        continue;
      }
      all.push_back(Observation(trace, j));
    }
  }
  const std::size_t limit = std::stoul(request.Get("limit"));
  const std::size_t page = std::stoul(request.Get("page"));
  json::array data;
  for (std::size_t i = (page - 1) * limit; i < std::min(page * limit, all.size()); ++i) {
    data.push_back(all[i]);
  }
  return JsonAnswer({{"data", std::move(data)}, {"meta", Meta(page, limit, all.size())}});
}

ServedAnswer FakeLangfuse::Scores(const ServedRequest& request) {
  const std::vector<std::string> ids = Split(request.Get("traceId"));
  json::array data;
  for (const FakeTrace& trace : traces) {
    if (!Has(ids, trace.id)) continue;
    for (const FakeScore& score : trace.scores) data.push_back(Score(trace, score, true));
  }
  return JsonAnswer({{"data", std::move(data)}, {"meta", {{"limit", 100}}}});
}

ServedAnswer FakeLangfuse::ScoresById(const ServedRequest& request) {
  const std::vector<std::string> ids = Split(request.Get("scoreIds"));
  json::array data;
  for (const FakeTrace& trace : traces) {
    for (const FakeScore& score : trace.scores) {
      if (Has(ids, score.id)) data.push_back(Score(trace, score, false));
    }
  }
  const std::size_t count = data.size();
  return JsonAnswer({{"data", std::move(data)}, {"meta", Meta(1, 100, count)}});
}

}  // namespace halo
