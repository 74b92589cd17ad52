// SPDX-License-Identifier: MIT
#include "engine/importers/langsmith_json.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/importers/tree_span_reader.h"
#include "engine/json/json_keys.h"

namespace halo {
namespace {

constexpr std::string_view kPages[] = {"data", "runs"};
constexpr std::string_view kOther = "langsmith.";
constexpr int kMaxNesting = 200;

// Read by name, or copies and counters of the service.
constexpr std::string_view kUsed[] = {"reference_example_id",
                                      "prompt_token_details",
                                      "completion_token_details",
                                      "id",
                                      "trace_id",
                                      "parent_run_id",
                                      "dotted_order",
                                      "name",
                                      "run_type",
                                      "start_time",
                                      "end_time",
                                      "inputs",
                                      "outputs",
                                      "error",
                                      "extra",
                                      "events",
                                      "tags",
                                      "session_name",
                                      "session_id",
                                      "child_runs",
                                      "status",
                                      "prompt_tokens",
                                      "completion_tokens",
                                      "total_tokens",
                                      "prompt_cost",
                                      "completion_cost",
                                      "total_cost",
                                      "app_path",
                                      "child_run_ids",
                                      "direct_child_run_ids",
                                      "parent_run_ids",
                                      "in_dataset",
                                      "inputs_preview",
                                      "outputs_preview",
                                      "last_queued_at",
                                      "manifest_id",
                                      "manifest_s3_id",
                                      "s3_urls",
                                      "inputs_s3_urls",
                                      "outputs_s3_urls",
                                      "trace_min_start_time",
                                      "trace_max_start_time",
                                      "trace_tier",
                                      "trace_upgrade",
                                      "trace_first_received_at",
                                      "ttl_seconds",
                                      "attachments",
                                      "execution_order",
                                      "share_token",
                                      "price_model_id",
                                      "first_token_time"};

class Reader final : public TreeSpanReader {
 public:
  Reader() : TreeSpanReader(kPages) {}

 private:
  // The parts of one run: the patch that ended it goes before the post that began it.
  using Parts = std::vector<const JsonNode*>;

  void ReadTree(const JsonNode& object) override;
  void ReadBatch(const JsonNode* posts, const JsonNode* patches);
  void ReadRun(const JsonNode& run, int depth);
  void ReadParts(const Parts& parts);

  void ReadIds(const Parts& parts);
  void ReadError(const JsonNode* error, std::string_view status);
  void ReadExtra(const Parts& parts);
  void ReadMetadata(const JsonNode& metadata);
  void ReadUsage(const Parts& parts);
  bool AddUsage(const JsonNode* usage);
  void AddRunUsage(const Parts& parts);
  void ReadEvents(const JsonNode* events);
  std::string_view RunIdOf(const JsonNode& run);
};

// "20241013T070537170001Zdc34609e-...", joined by dots from the root to the run itself.
std::string_view IdOfSegment(std::string_view segment) {
  const std::size_t zulu = segment.find('Z');
  return zulu == segment.npos ? std::string_view() : segment.substr(zulu + 1);
}

std::string_view LastSegment(std::string_view order) { return order.substr(order.rfind('.') + 1); }

// "20241013T070537170001Z" as RFC 3339.
std::string_view TimeOfSegment(std::string_view segment, Arena& arena) {
  constexpr std::size_t kDigits = 21;
  if (segment.size() <= kDigits || segment[8] != 'T' || segment[kDigits] != 'Z') return {};
  const auto part = [&](std::size_t at, std::size_t size) { return segment.substr(at, size); };
  return arena.Join({part(0, 4), "-", part(4, 2), "-", part(6, 2), "T", part(9, 2), ":",
                     part(11, 2), ":", part(13, 2), ".", part(15, 6), "Z"});
}

// The first part that gives the member more than null, "", [] or {}.
const JsonNode* Get(const std::vector<const JsonNode*>& parts, std::string_view key) {
  for (const JsonNode* const part : parts) {
    const JsonNode* const member = part->Find(key);
    if (IsGiven(member)) return member;
  }
  return nullptr;
}

const JsonNode* Child(const JsonNode* node, std::string_view key) {
  return node == nullptr ? nullptr : node->Find(key);
}

const JsonNode* FirstItem(const JsonNode* list) {
  return list == nullptr || !list->is_array() || !IsGiven(list) ? nullptr : &*list->begin();
}

// The counts of a LangChain message: of outputs.generations[0][0].message.
const JsonNode* UsageOfGeneration(const JsonNode* outputs) {
  const JsonNode* item = FirstItem(Child(outputs, "generations"));
  if (item != nullptr && item->is_array()) item = FirstItem(item);
  const JsonNode* const message = Child(item, "message");
  const JsonNode* const usage = Child(Child(message, "kwargs"), "usage_metadata");
  return usage != nullptr ? usage : Child(message, "usage_metadata");
}

void Reader::ReadTree(const JsonNode& object) {
  const JsonNode* const posts = object.Find("post");
  const JsonNode* const patches = object.Find("patch");
  if ((posts != nullptr && posts->is_array()) || (patches != nullptr && patches->is_array())) {
    return ReadBatch(posts, patches);
  }
  if (object.Find("run_type") == nullptr && object.Find("dotted_order") == nullptr) {
    return RefuseObject(object, "neither a run_type nor a dotted_order in it");
  }
  ReadRun(object, 0);
}

std::string_view Reader::RunIdOf(const JsonNode& run) {
  const std::string_view id = TextOf(run.Find("id"));
  return id.empty() ? IdOfSegment(LastSegment(TextOf(run.Find("dotted_order")))) : id;
}

void Reader::ReadBatch(const JsonNode* posts, const JsonNode* patches) {
  struct Run {
    std::string_view id;
    Parts parts;
  };
  std::vector<Run> runs;
  const auto add = [&](const JsonNode* list) {
    if (list == nullptr) return;
    for (const JsonNode& item : *list) {
      if (item.is_object()) {
        runs.push_back({RunIdOf(item), {&item}});
      } else {
        RefuseObject(item, "a run is not an object");
      }
    }
  };
  add(patches);  // whose parts go first
  add(posts);
  std::stable_sort(runs.begin(), runs.end(),
                   [](const Run& a, const Run& b) { return a.id < b.id; });
  for (std::size_t i = 0; i < runs.size(); ++i) {
    Run& run = runs[i];
    while (!run.id.empty() && i + 1 < runs.size() && runs[i + 1].id == run.id) {
      run.parts.push_back(runs[++i].parts.front());
    }
    ReadParts(run.parts);
  }
}

void Reader::ReadRun(const JsonNode& run, int depth) {
  ReadParts({&run});
  const JsonNode* const children = run.Find("child_runs");
  if (!IsGiven(children)) return;
  for (const JsonNode& child : *children) {
    if (!child.is_object() || depth == kMaxNesting) {
      RefuseObject(child, "a child run is not an object, or nested too deeply");
    } else {
      ReadRun(child, depth + 1);
    }
  }
}

void Reader::ReadParts(const Parts& parts) {
  BeginSpan(*parts.front());
  ReadIds(parts);
  span().name = TextOf(Get(parts, "name"));
  Add("langsmith.span.kind", Get(parts, "run_type"));
  Add("langsmith.trace.session_name", Get(parts, "session_name"));
  Add("langsmith.project.id", Get(parts, "session_id"));
  Add("langsmith.span.tags", Get(parts, "tags"));
  Add("gen_ai.prompt", Get(parts, "inputs"));
  Add("gen_ai.completion", Get(parts, "outputs"));
  Add("dataset.example.id", Get(parts, "reference_example_id"));
  ReadError(Get(parts, "error"), TextOf(Get(parts, "status")));
  ReadExtra(parts);
  ReadUsage(parts);
  ReadEvents(Get(parts, "events"));
  for (const JsonNode* const part : parts) {
    for (const JsonNode& member : *part) {
      const bool is_used =
          std::find(std::begin(kUsed), std::end(kUsed), member.key()) != std::end(kUsed);
      if (is_used || !IsGiven(&member)) continue;
      const std::string_view key = arena().Join({kOther, member.key()});
      if (!Has(key)) Add(key, &member);
    }
  }
  EndSpan();
}

// A patch may leave out all but the dotted order.
void Reader::ReadIds(const Parts& parts) {
  const std::string_view order = TextOf(Get(parts, "dotted_order"));
  const std::string_view last = LastSegment(order);
  span().span_id = IdOf(Get(parts, "id"), 8);
  if (span().span_id.empty()) span().span_id = IdOfSegment(last);
  span().trace_id = IdOf(Get(parts, "trace_id"), 16);
  if (span().trace_id.empty()) span().trace_id = IdOfSegment(order.substr(0, order.find('.')));
  span().parent_id = IdOf(Get(parts, "parent_run_id"), 8);
  if (span().parent_id.empty() && last.size() < order.size()) {
    span().parent_id = IdOfSegment(LastSegment(order.substr(0, order.size() - last.size() - 1)));
  }
  // A root may name no trace; its own id is the trace's.
  if (span().trace_id.empty() && span().parent_id.empty()) span().trace_id = span().span_id;
  builder().start = TimeOf(Get(parts, "start_time"), "start_time");
  builder().end = TimeOf(Get(parts, "end_time"), "end_time");
  if (builder().start.kind == Moment::Kind::kAbsent) {
    const std::string_view time = TimeOfSegment(last, arena());
    if (!ReadMoment(time, builder().start)) builder().start = {};
    builder().start.where = parts.front()->written().data();
  }
}

void Reader::ReadError(const JsonNode* error, std::string_view status) {
  if (error == nullptr) {
    if (status == "error") span().status = StatusCode::kError;
    return;
  }
  span().status = StatusCode::kError;
  const Value message = ValueOf(error);
  if (message.has_text()) span().status_message = message.text;
}

void Reader::ReadExtra(const Parts& parts) {
  const JsonNode* const extra = Get(parts, "extra");
  if (extra == nullptr) return;
  for (const JsonNode& member : *Unpack(extra)) {
    if (!IsGiven(&member)) continue;
    if (member.key() == "metadata" && member.is_object()) {
      ReadMetadata(member);
    } else if (member.key() == "invocation_params") {
      Add("langsmith.invocation_params", &member);
      const JsonNode* const tools = member.Find("tools");
      Add("gen_ai.tool.definitions", tools != nullptr ? tools : member.Find("functions"));
      for (const char* const key : {"model", "model_name"}) {
        if (!Has("gen_ai.request.model")) Add("gen_ai.request.model", member.Find(key));
      }
    } else {
      Add(arena().Join({kOther, member.key()}), &member);
    }
  }
}

void Reader::ReadMetadata(const JsonNode& metadata) {
  Add("gen_ai.provider.name", metadata.Find("ls_provider"));
  if (!Has("gen_ai.request.model")) Add("gen_ai.request.model", metadata.Find("ls_model_name"));
  AddMembers(span().attributes, &metadata, "langsmith.metadata.");
}

// A run that is no model call repeats what its children used.
void Reader::ReadUsage(const Parts& parts) {
  const JsonNode* const outputs = Get(parts, "outputs");
  const std::string_view type = TextOf(Get(parts, "run_type"));
  const JsonNode* const message =
      Child(Child(FirstItem(Child(outputs, "choices")), "message"), "usage_metadata");
  const JsonNode* const answer = Child(outputs, "llm_output");
  if (AddUsage(Child(outputs, "usage_metadata")) || AddUsage(UsageOfGeneration(outputs)) ||
      AddUsage(Child(answer, "token_usage")) || AddUsage(Child(answer, "usage")) ||
      AddUsage(message) || AddUsage(Child(outputs, "usage"))) {
    // The model may be named there only.
  } else if (type == "llm" || type == "embedding") {
    const JsonNode* const input = Get(parts, "prompt_tokens");
    const JsonNode* const output = Get(parts, "completion_tokens");
    std::int64_t count = 0;
    const bool has_any = (input != nullptr && input->Integer(count) && count > 0) ||
                         (output != nullptr && output->Integer(count) && count > 0);
    if (has_any) AddRunUsage(parts);
  }
  if (type == "llm") {
    const JsonNode* const model = Child(outputs, "model");
    Add("gen_ai.response.model", model != nullptr ? model : Child(answer, "model_name"));
    const JsonNode* const cost = Get(parts, "total_cost");
    double usd = 0;
    std::string_view text = TextOf(cost);
    if (cost != nullptr &&
        (cost->Real(usd) ? usd > 0 : text.find_first_of("123456789") != text.npos)) {
      Add("gen_ai.usage.cost_usd", cost);
    }
  }
}

// The counts beside a run of a model, as one object.
void Reader::AddRunUsage(const Parts& parts) {
  std::string text = "{";
  for (const std::string_view key : {"prompt_tokens", "completion_tokens", "total_tokens",
                                     "prompt_token_details", "completion_token_details"}) {
    const JsonNode* const member = Get(parts, key);
    if (member == nullptr || !member->is_valid()) continue;
    text += text.size() > 1 ? "," : "";
    text.append("\"").append(key).append("\":").append(member->written());
  }
  span().attributes.push_back({"langsmith.usage_metadata", Value::Json(arena().Copy(text += '}'))});
}

bool Reader::AddUsage(const JsonNode* usage) {
  if (!IsGiven(usage) || !usage->is_object()) return false;
  Add("langsmith.usage_metadata", usage);
  return true;
}

void Reader::ReadEvents(const JsonNode* events) {
  if (events == nullptr || !events->is_array()) return;
  for (const JsonNode& item : *events) {
    if (!item.is_object()) {
      Lose(item, "event");
      continue;
    }
    Event& event = AddEvent(TextOf(item.Find("name")), item.Find("time"));
    for (const JsonNode& member : item) {
      if (member.key() == "name" || member.key() == "time") continue;
      AddTo(event.attributes, member.key(), &member);
    }
  }
}

bool IsRun(const JsonKeys& keys) {
  return keys.Has("run_type") || keys.HasAll("dotted_order", "trace_id");
}

bool Sniff(const InputHead& head) {
  const JsonKeys keys = TopKeys(head.value);
  if (IsRun(keys)) return true;
  for (const char* const key : {"post", "patch", "runs", "data"}) {
    if (IsRun(TopKeys(keys.ValueOf(key)))) return true;
  }
  return false;
}

}  // namespace

const Importer kLangSmithJson = {
    .name = "langsmith_json",
    .description =
        "LangSmith's runs: exports of its API and SDKs, or the batch bodies that its SDKs post",
    .short_name = "LangSmith",
    .framing = Framing::kJsonValues,
    .sniff = Sniff,
    .make_reader = [] { return std::unique_ptr<RecordReader>(std::make_unique<Reader>()); },
};

}  // namespace halo
