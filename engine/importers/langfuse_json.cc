// SPDX-License-Identifier: MIT
#include "engine/importers/langfuse_json.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/importers/langfuse_members.h"
#include "engine/importers/made_up_ids.h"
#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"
#include "engine/json/parse_integer.h"
#include "schemas/json_string.h"

namespace halo {
namespace {

using langfuse::Use;

constexpr std::string_view kPages[] = {"data", "traces"};
constexpr std::string_view kOfObservation = "langfuse.observation.";
constexpr std::string_view kOfTrace = "langfuse.trace.";
constexpr std::string_view kFlatAttributes = "attributes.", kFlatResource = "resourceAttributes.";

const JsonNode* FindFolded(const JsonNode& object, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    for (const JsonNode& member : object) {
      if (FoldedKey(member.key()).text() == key && IsGiven(&member)) return &member;
    }
  }
  return nullptr;
}

// Databases write large integers as text.
bool ReadCount(const JsonNode& node, std::int64_t& count) {
  std::string_view text;
  return node.Integer(count) || (node.Text(text) && ParseInteger(text, count));
}

// What the observations of a trace get of it, looked up once for all of them.
struct SharedParts {
  const JsonNode* trace = nullptr;  // null: an observation alone
  const JsonNode* id = nullptr;
  std::vector<Attribute> attributes;
  std::vector<const JsonNode*> scores;  // of the trace itself
  std::map<std::string_view, std::vector<const JsonNode*>> observation_scores;
  int roots = 0;  // that were read
};

// A trace has one root, rarely several. What only roots get is not copied onto more than these, so
// that a trace of nothing but roots is not read in quadratic time.
constexpr int kMaxRoots = 32;

class Reader final : public TreeSpanReader {
 public:
  Reader() : TreeSpanReader(kPages) {}

 private:
  void ReadTree(const JsonNode& object) override;
  void ReadTrace(const JsonNode& trace, const JsonNode* observations);
  SharedParts PartsOf(const JsonNode& trace);
  void ReadObservation(const JsonNode& node, SharedParts& parts);
  // A trace that has no observations here is a span of its own.
  void ReadTraceAlone(SharedParts& parts, bool has_observations);

  void UseMember(const JsonNode& member);
  void ReadMetadata(const JsonNode& node, std::string_view prefix);
  void ReadUsage(const JsonNode& node);
  void AddUsage(const JsonNode& usage);
  void AddOldUsage(const JsonNode& node);
  void AddCosts(const JsonNode& node);
  // Adds to the span what it gets of its trace.
  void AddParts(SharedParts& parts, bool is_root);
  void AddOfRoot(const JsonNode& trace);
  void AddScore(const JsonNode& score);

  std::string_view type_;
};

void Reader::ReadTree(const JsonNode& object) {
  const JsonNode* const trace = object.Find("trace");
  const JsonNode* const list = object.Find("observations");
  if (trace != nullptr && trace->is_object()) {
    return ReadTrace(*trace, IsGiven(list) ? list : trace->Find("observations"));
  }
  if (FindFolded(object, {"traceid"}) != nullptr) {
    SharedParts none;
    return ReadObservation(object, none);
  }
  if (FindFolded(object, {"id"}) != nullptr) return ReadTrace(object, list);
  if (!IsGiven(list)) return RefuseObject(object, "neither a trace nor an observation");
  SharedParts none;
  for (const JsonNode& item : *list) {
    item.is_object() ? ReadObservation(item, none)
                     : RefuseObject(item, "an observation is not an object");
  }
}

void Reader::ReadTrace(const JsonNode& trace, const JsonNode* observations) {
  SharedParts parts = PartsOf(trace);
  bool has_any = false, has_ids = false;
  if (observations != nullptr && observations->is_array()) {
    for (const JsonNode& item : *observations) {
      if (item.is_object()) {
        has_any = true;
        ReadObservation(item, parts);
      } else if (item.is_string()) {
        has_ids = true;  // the list of traces names their observations
      } else {
        RefuseObject(item, "an observation is not an object");
      }
    }
  }
  if (!has_any) ReadTraceAlone(parts, has_ids);
}

SharedParts Reader::PartsOf(const JsonNode& trace) {
  SharedParts parts;
  parts.trace = &trace;
  parts.id = FindFolded(trace, {"id"});
  for (const JsonNode& member : trace) {
    const langfuse::Row* const row = langfuse::FindShared(member.key());
    if (row == nullptr || !IsGiven(&member)) continue;
    const bool is_first =
        std::none_of(parts.attributes.begin(), parts.attributes.end(),
                     [&](const Attribute& other) { return other.key == row->attribute; });
    if (is_first) AddTo(parts.attributes, row->attribute, &member);
  }
  const JsonNode* const scores = trace.Find("scores");
  if (scores == nullptr || !scores->is_array()) return parts;
  for (const JsonNode& score : *scores) {
    if (!score.is_object()) continue;  // the list of traces has ids only
    const std::string_view observation = TextOf(FindFolded(score, {"observationid"}));
    (observation.empty() ? parts.scores : parts.observation_scores[observation]).push_back(&score);
  }
  return parts;
}

void Reader::ReadTraceAlone(SharedParts& parts, bool has_observations) {
  const JsonNode& trace = *parts.trace;
  BeginSpan(trace);
  span().trace_id = IdOf(parts.id, 16);
  span().span_id = MadeUpSpanId(span().trace_id, 0, arena());
  span().name = TextOf(FindFolded(trace, {"name"}));
  AddText("langfuse.observation.type", has_observations ? "SPAN" : "AGENT");
  builder().start = TimeOf(FindFolded(trace, {"timestamp", "starttime"}), "timestamp");
  span().end_ns = kUnknownEnd;
  const JsonNode* const latency = FindFolded(trace, {"latency"});
  double seconds = 0;
  if (latency != nullptr && latency->Real(seconds) && seconds > 0 && seconds < 1e6 &&
      builder().start.kind == Moment::Kind::kKnown) {
    builder().end = builder().start;
    builder().end.ns += static_cast<std::int64_t>(seconds * 1e9);
  }
  AddParts(parts, true);
  EndSpan();
}

void Reader::ReadObservation(const JsonNode& node, SharedParts& parts) {
  BeginSpan(node);
  type_ = {};
  for (const JsonNode& member : node) UseMember(member);
  if (span().trace_id.empty()) span().trace_id = IdOf(parts.id, 16);
  if (span().parent_id == span().trace_id) span().parent_id = {};
  if (ascii::EqualsFolded(type_, "event")) builder().end = builder().start;
  constexpr std::string_view kToolName = "tool_call_";
  if (span().name.starts_with(kToolName) && !Has("tool.name")) {
    AddText("tool.name", span().name.substr(kToolName.size()));
    type_ = "TOOL";
  }
  AddText("langfuse.observation.type", type_);
  ReadUsage(node);
  if (parts.trace != nullptr) AddParts(parts, span().parent_id.empty());
  EndSpan();
}

void Reader::UseMember(const JsonNode& member) {
  const langfuse::Row* const row = langfuse::FindOfObservation(member.key());
  switch (row == nullptr ? Use::kKeep : row->use) {
    case Use::kKeep:
      if (IsGiven(&member)) Add(arena().Join({kOfObservation, member.key()}), &member);
      break;
    case Use::kId:
      span().span_id = IdOf(&member, 8);
      break;
    case Use::kTraceId:
      span().trace_id = IdOf(&member, 16);
      break;
    case Use::kParent:
      span().parent_id = IdOf(&member, 8);
      break;
    case Use::kName:
      span().name = TextOf(&member);
      break;
    case Use::kType:
      type_ = TextOf(&member);
      break;
    case Use::kStart:
      builder().start = TimeOf(&member, "startTime");
      break;
    case Use::kEnd:
      builder().end = TimeOf(&member, "endTime");
      break;
    case Use::kLevel:
      if (ascii::EqualsFolded(TextOf(&member), "error")) span().status = StatusCode::kError;
      Add("langfuse.observation.level", &member);
      break;
    case Use::kStatusMessage:
      span().status_message = TextOf(&member);
      break;
    case Use::kModel:
      if (!Has("langfuse.observation.model.name")) Add("langfuse.observation.model.name", &member);
      break;
    case Use::kMetadata:
      ReadMetadata(member, "langfuse.observation.metadata.");
      break;
    case Use::kAttribute:
      Add(row->attribute, &member);
      break;
    case Use::kUsage:
    case Use::kCosts:
    case Use::kSkip:
      break;
  }
}

// Of spans that came over OpenTelemetry, Langfuse keeps the attributes, resource and scope here, as
// objects or with "attributes." before each key.
void Reader::ReadMetadata(const JsonNode& node, std::string_view prefix) {
  const JsonNode* const object = Unpack(&node);
  if (!IsGiven(object)) return;
  if (!object->is_object()) return Add(prefix.substr(0, prefix.size() - 1), object);
  for (const JsonNode& member : *object) {
    const JsonNode* const inner = Unpack(&member);
    if (member.key() == "attributes" && inner->is_object()) {
      for (const JsonNode& attribute : *inner) {
        if (!Has(attribute.key())) Add(attribute.key(), &attribute);
      }
    } else if (member.key() == "resourceAttributes" && inner->is_object()) {
      if (resource().attributes.empty()) AddMembers(resource().attributes, inner);
    } else if (member.key() == "scope" && inner->is_object()) {
      if (!resource().scope_name.empty()) continue;
      resource().scope_name = TextOf(inner->Find("name"));
      resource().scope_version = TextOf(inner->Find("version"));
    } else if (member.key().starts_with(kFlatAttributes)) {
      const std::string_view key = member.key().substr(kFlatAttributes.size());
      if (!Has(key)) Add(key, &member);
    } else if (member.key().starts_with(kFlatResource)) {
      AddTo(resource().attributes, member.key().substr(kFlatResource.size()), &member);
    } else {
      Add(arena().Join({prefix, member.key()}), &member);
    }
  }
}

void Reader::ReadUsage(const JsonNode& node) {
  const JsonNode* usage = Unpack(FindFolded(node, {"usagedetails"}));
  if (!IsGiven(usage)) usage = Unpack(FindFolded(node, {"usage"}));
  if (IsGiven(usage) && usage->is_object()) {
    AddUsage(*usage);
  } else {
    AddOldUsage(node);
  }
  AddCosts(node);
}

// Counts beside the observation, of which 0 means that none was given.
void Reader::AddOldUsage(const JsonNode& node) {
  std::string text = "{";
  const auto add = [&](std::string_view name, std::initializer_list<std::string_view> keys) {
    const JsonNode* const count = FindFolded(node, keys);
    std::int64_t number = 0;
    if (count == nullptr || !ReadCount(*count, number) || number <= 0) return;
    text.append(text.size() > 1 ? "," : "").append(name).append(count->written());
  };
  add("\"input\":", {"inputusage", "prompttokens", "inputtokens"});
  add("\"output\":", {"outputusage", "completiontokens", "outputtokens"});
  add("\"total\":", {"totalusage", "totaltokens"});
  if (text.size() == 1) return;
  span().attributes.push_back(
      {"langfuse.observation.usage_details", Value::Json(arena().Copy(text += '}'))});
}

// Langfuse's counts exclude their parts: "input" is without "input_cached_tokens". But the counts
// of spans that came in another convention are as there; their parts have other names, or do not
// fit into the total.
void Reader::AddUsage(const JsonNode& usage) {
  std::int64_t input = 0, output = 0, total = 0, parts = 0;
  bool is_inclusive = false;
  for (const JsonNode& member : usage) {
    const std::string_view key = member.key();
    std::int64_t count = 0;
    if (!ReadCount(member, count)) continue;
    if (key == "input") input = count;
    if (key == "output") output = count;
    if (key == "total") total = count;
    if ((key.starts_with("input_") || key.starts_with("output_")) && count > 0) ++parts;
    if (key.find("_details.") != key.npos) is_inclusive = true;
  }
  // Without overflow: total - input is compared.
  is_inclusive = is_inclusive || (parts > 0 && input >= 0 && total >= input && total > 0 &&
                                  total - input == output);
  std::string text = "{";
  for (const JsonNode& member : usage) {
    if (!IsGiven(&member) || !member.is_valid()) continue;
    std::string_view key = member.key();
    if (is_inclusive && key == "input") key = "input_tokens";
    if (is_inclusive && key == "output") key = "output_tokens";
    if (text.size() > 1) text += ',';
    AppendJsonString(key, text);
    text += ':';
    text += member.written();
  }
  if (text.size() == 1) return;
  span().attributes.push_back(
      {"langfuse.observation.usage_details", Value::Json(arena().Copy(text += '}'))});
}

// A total of 0 says that Langfuse knows no price of the model.
void Reader::AddCosts(const JsonNode& node) {
  const JsonNode* const costs = FindFolded(node, {"costdetails", "providedcostdetails"});
  if (costs != nullptr) return Add("langfuse.observation.cost_details", costs);
  const JsonNode* const total = FindFolded(node, {"calculatedtotalcost", "totalcost"});
  double usd = 0;
  if (total == nullptr || !total->Real(usd) || !(usd > 0)) return;
  span().attributes.push_back({"langfuse.observation.cost_details",
                               Value::Json(arena().Join({"{\"total\":", total->written(), "}"}))});
}

void Reader::AddParts(SharedParts& parts, bool is_root) {
  for (const Attribute& attribute : parts.attributes) {
    if (!Has(attribute.key)) span().attributes.push_back(attribute);
  }
  if (is_root && parts.roots++ < kMaxRoots) {
    AddOfRoot(*parts.trace);
    for (const JsonNode* const score : parts.scores) AddScore(*score);
  }
  // Another version of the observation need not have them, too.
  const auto own = parts.observation_scores.extract(span().span_id);
  if (own.empty()) return;
  for (const JsonNode* const score : own.mapped()) AddScore(*score);
}

void Reader::AddOfRoot(const JsonNode& trace) {
  for (const JsonNode& member : trace) {
    const langfuse::Row* const row = langfuse::FindOfRoot(member.key());
    if (!IsGiven(&member)) continue;
    if (row == nullptr) {
      Add(arena().Join({kOfTrace, member.key()}), &member);
    } else if (row->use == Use::kMetadata) {
      ReadMetadata(member, "langfuse.trace.metadata.");
    }
  }
}

// An event, as OpenTelemetry has evaluations, because scores come late: the events of all versions
// of a span are kept, unlike its attributes.
void Reader::AddScore(const JsonNode& score) {
  const std::string_view type = TextOf(FindFolded(score, {"datatype"}));
  const JsonNode* const value = FindFolded(score, {"value"});
  const JsonNode* const text = FindFolded(score, {"stringvalue"});
  const bool is_words =
      ascii::EqualsFolded(type, "text") || ascii::EqualsFolded(type, "correction");
  // The number of a category is its place in a list.
  const bool is_number = value != nullptr && !is_words && !ascii::EqualsFolded(type, "categorical");
  const JsonNode* const label = text != nullptr || value == nullptr || is_number ? text : value;
  Event& event = AddEvent("gen_ai.evaluation.result", FindFolded(score, {"timestamp"}));
  AddTo(event.attributes, "gen_ai.evaluation.name", FindFolded(score, {"name"}));
  if (is_number) AddTo(event.attributes, "gen_ai.evaluation.score.value", value);
  if (label != nullptr && !is_words) {
    AddTo(event.attributes, "gen_ai.evaluation.score.label", label);
  }
  AddTo(event.attributes, "gen_ai.evaluation.explanation",
        is_words && text != nullptr ? text : FindFolded(score, {"comment"}));
  AddTo(event.attributes, "evaluation.source", FindFolded(score, {"source"}));
}

bool IsObservation(const JsonKeys& keys) {
  return (keys.HasAll("traceId", "type") && keys.Has("startTime")) ||
         keys.Has("parentObservationId") || keys.Has("parent_observation_id") ||
         (keys.HasAll("trace_id", "type") && keys.HasAll("start_time", "project_id"));
}

bool IsTrace(const JsonKeys& keys) {
  if (!keys.Has("id") || !keys.Has("timestamp")) return false;
  return keys.Has("observations") || keys.Has("htmlPath") || keys.HasAll("sessionId", "userId") ||
         keys.HasAll("session_id", "user_id");
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (IsObservation(keys) || IsTrace(keys)) return true;
  for (const char* const key : {"observations", "data", "traces", "trace"}) {
    const JsonKeys inner = TopKeys(keys.ValueOf(key));
    if (IsObservation(inner) || IsTrace(inner)) return true;
  }
  return keys.HasAll("trace", "observations");
}

}  // namespace

const Importer kLangfuseJson = {
    .name = "langfuse_json",
    .description =
        "Langfuse's traces and observations, as its API answers and its UI and blob storage export "
        "them",
    .short_name = "Langfuse",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
