// SPDX-License-Identifier: MIT
#include "engine/semconv/evaluations.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/base/ascii.h"
#include "engine/semconv/value_words.h"

namespace halo {
namespace {

constexpr std::string_view kOtel = "gen_ai.evaluation.";
constexpr std::string_view kLangfuseScore = "langfuse.score.";
constexpr std::string_view kNamedPrefixes[] = {kLangfuseScore, "eval.", "annotation.",
                                               "annotations."};
constexpr std::string_view kLists[] = {"annotations", "span_annotations", "trace_annotations",
                                       "scores",      "langfuse.scores",  "langfuse.trace.scores"};

// Sets the part of an evaluation that `part` names; false if it names none.
bool SetPart(std::string_view part, const Value& value, Evaluation& out) {
  if (IsAbsent(value)) return false;
  if (IsOneOfFolded(part, {"label", "score.label", "string_value", "stringvalue", "category"})) {
    out.label = value;
  } else if (IsOneOfFolded(part, {"score", "value", "score.value", "passed", "result"})) {
    // A text is a label, unless it is a number or a boolean.
    const bool is_score =
        !value.has_text() || NumberOf(value) || SaysTrue(value) || SaysFalse(value);
    (is_score ? out.score : out.label) = value;
  } else if (IsOneOfFolded(part, {"data_type", "datatype"})) {
    out.is_boolean = ascii::EqualsFolded(value.text, "boolean");
  } else {
    return false;
  }
  return true;
}

void Keep(const Evaluation& evaluation, SpanReading& reading) {
  if (IsAbsent(evaluation.label) && IsAbsent(evaluation.score)) return;
  reading.fields.evaluations.push_back(evaluation);
}

// The evaluation that a list of attributes holds under one prefix, with its name in PREFIXname.
void ReadFlat(const std::vector<Attribute>& attributes, std::string_view prefix,
              SpanReading& reading) {
  Evaluation evaluation;
  bool named = false;
  for (const Attribute& attribute : attributes) {
    if (!attribute.key.starts_with(prefix)) continue;
    const std::string_view part = attribute.key.substr(prefix.size());
    if (part == "name") {
      named = true;
      evaluation.name = attribute.value.text;
    } else {
      SetPart(part, attribute.value, evaluation);
    }
  }
  if (named || prefix == kOtel) Keep(evaluation, reading);
}

// PREFIXNAME, or PREFIXNAME.PART: the attributes of one name are one evaluation.
void ReadNamed(const std::vector<Attribute>& attributes, std::string_view prefix,
               SpanReading& reading) {
  std::vector<Evaluation> found;
  const auto of_name = [&](std::string_view name) -> Evaluation& {
    for (Evaluation& evaluation : found) {
      if (evaluation.name == name) return evaluation;
    }
    found.emplace_back().name = name;
    return found.back();
  };
  for (const Attribute& attribute : attributes) {
    if (!attribute.key.starts_with(prefix)) continue;
    const std::string_view rest = attribute.key.substr(prefix.size());
    const std::size_t dot = rest.rfind('.');
    if (dot == rest.npos) {
      // eval.label and its like, which have no name, are in the tables.
      if (prefix != kLangfuseScore) continue;
      SetPart("value", attribute.value, of_name(rest));
    } else if (dot > 0) {
      SetPart(rest.substr(dot + 1), attribute.value, of_name(rest.substr(0, dot)));
    }
  }
  for (const Evaluation& evaluation : found) Keep(evaluation, reading);
}

Value ValueOf(const JsonNode& node) {
  std::string_view text;
  std::int64_t integer = 0;
  bool flag = false;
  double real = 0;
  if (node.Text(text)) return Value::Text(text);
  if (node.Bool(flag)) return Value::Bool(flag);
  if (node.Integer(integer)) return Value::Int(integer);
  if (node.Real(real)) return Value::Double(real);
  return {};
}

void ReadItem(const JsonNode& item, SpanReading& reading) {
  if (!item.is_object()) return;
  Evaluation evaluation;
  for (const JsonNode& member : item) {
    if (IsOneOfFolded(member.key(), {"name", "key", "annotation_name"})) {
      member.Text(evaluation.name);
    } else if (member.key() == "result" && member.is_object()) {
      for (const JsonNode& part : member) SetPart(part.key(), ValueOf(part), evaluation);
    } else {
      SetPart(member.key(), ValueOf(member), evaluation);
    }
  }
  if (!evaluation.name.empty()) Keep(evaluation, reading);
}

void ReadList(std::string_view text, SpanReading& reading) {
  const JsonNode* const list = LooksLikeJson(text) ? reading.json.Parse(text) : nullptr;
  if (list == nullptr) return;
  if (list->is_object()) return ReadItem(*list, reading);
  if (!list->is_array()) return;
  for (const JsonNode& item : *list) ReadItem(item, reading);
}

}  // namespace

void ReadEvaluations(const Span& span, SpanReading& reading) {
  bool otel = false, flat_langfuse = false, any_named[std::size(kNamedPrefixes)] = {};
  for (const Attribute& attribute : span.attributes) {
    const std::string_view key = attribute.key;
    // Few keys begin with one of these letters.
    if (key.empty() || std::string_view("aegls").find(key[0]) == std::string_view::npos) {
      if (key != "trace_annotations") continue;
    }
    otel = otel || key.starts_with(kOtel);
    flat_langfuse = flat_langfuse || key == "langfuse.score.name";
    for (std::size_t i = 0; i < std::size(kNamedPrefixes); ++i) {
      any_named[i] = any_named[i] || key.starts_with(kNamedPrefixes[i]);
    }
    if (std::find(std::begin(kLists), std::end(kLists), key) != std::end(kLists)) {
      ReadList(attribute.value.text, reading);
    }
  }
  if (otel) ReadFlat(span.attributes, kOtel, reading);
  if (flat_langfuse) ReadFlat(span.attributes, kLangfuseScore, reading);
  for (std::size_t i = 0; i < std::size(kNamedPrefixes); ++i) {
    const bool is_flat = flat_langfuse && kNamedPrefixes[i] == kLangfuseScore;
    if (any_named[i] && !is_flat) ReadNamed(span.attributes, kNamedPrefixes[i], reading);
  }
  for (const Event& event : span.events) {
    if (event.name == "gen_ai.evaluation.result") ReadFlat(event.attributes, kOtel, reading);
  }
}

}  // namespace halo
