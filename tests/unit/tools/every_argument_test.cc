// SPDX-License-Identifier: MIT
// Every argument of every tool, as its input schema lists them, in each form that clients send: the
// answer equals that for the plain form. New tools are covered without changes here.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stop_token>
#include <string>
#include <vector>

#include "schemas/json_text.h"
#include "tests/support/source_dir.h"
#include "tests/support/tool_caller.h"

namespace halo {
namespace {

namespace json = boost::json;

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Desk {
 public:
  Desk() {
    const std::filesystem::path golden =
        SourceDir() / "tests/golden/tools/support_desk/traces.jsonl";
    caller_.Ingest("traces.jsonl", ReadFile(golden));
    std::filesystem::copy(golden, caller_.root() / "traces.jsonl");
    trace_id_ = caller_.Call("search_traces", json::object())
                    ->structured.at("traces")
                    .at(0)
                    .at("trace_id")
                    .as_string();
    mode_id_ = caller_.Call("list_failure_modes", {{"include_one_offs", true}})
                   ->structured.at("modes")
                   .at(0)
                   .at("id")
                   .as_string();
  }

  const std::vector<Tool>& tools() const { return caller_.tools(); }

  Engine& engine() { return caller_.engine(); }

  // The text of the answer or of the error.
  std::string Ask(const std::string& tool, const json::value& arguments) {
    const Result<ToolAnswer> answer = caller_.Call(tool, arguments);
    return answer ? answer->text : "error: " + answer.error().message;
  }

  // A value that fits the schema; `name` says what kind of id it is.
  json::value Sample(const std::string& name, const json::object& schema) const {
    const std::string type(schema.at("type").as_string());
    if (const json::value* allowed = schema.if_contains("enum")) return allowed->at(0);
    if (type == "boolean") return true;
    if (type == "integer" || type == "number") {
      const json::value* least = schema.if_contains("minimum");
      return json::value(least ? least->to_number<std::int64_t>() + 1 : 1);
    }
    if (type == "array") return json::array{Sample(name, schema.at("items").as_object())};
    if (type == "object") return SampleObject(schema);
    if (name == "id" || name == "failure_mode" || name == "entries") return mode_id_;
    if (name == "trace_id") return trace_id_;
    if (name == "since") return "2020-01-01T00:00:00Z";
    if (name == "until" || name == "expires") return "2120-01-01T00:00:00Z";
    return "x";
  }

  // All members with a value of their own, or the required ones only.
  json::object SampleObject(const json::object& schema, bool required_only = false) const {
    json::object out;
    const json::value* properties = schema.if_contains("properties");
    if (!properties) return out;
    const json::value* required = schema.if_contains("required");
    for (const auto& property : properties->as_object()) {
      const bool must = required && Contains(required->as_array(), property.key());
      if (required_only && !must) continue;
      out.emplace(property.key(), Sample(property.key(), property.value().as_object()));
    }
    return out;
  }

  // The smallest call that the tool answers.
  json::object Least(const Tool& tool) const {
    json::object least = SampleObject(tool.input_schema, true);
    if (tool.info.name == "import_traces") {  // needs one of two
      least.emplace("path", (caller_.root() / "traces.jsonl").string());
    }
    if (tool.info.name == "read_values") least.emplace("role", "answer");  // or a path
    if (tool.info.name == "query_sql") least["sql"] = "SELECT id FROM entries";
    return least;
  }

  static bool Contains(const json::array& words, std::string_view word) {
    for (const json::value& one : words) {
      if (one == json::string_view(word)) return true;
    }
    return false;
  }

 private:
  ToolCaller caller_;
  json::string trace_id_, mode_id_;
};

// The forms in which clients may send `value` for a schema of this type.
std::vector<json::value> FormsOf(const json::value& value, const json::object& schema) {
  const std::string text = Serialise(value);
  std::vector<json::value> forms;
  const std::string type(schema.at("type").as_string());
  if (type == "string" && !schema.contains("enum")) return forms;
  forms.emplace_back(text);
  forms.emplace_back(" " + text + "\n");
  if (type == "integer") {
    forms.emplace_back(value.to_number<double>());
    forms.emplace_back(text + ".0");
  }
  if (type == "boolean") forms.emplace_back(value.as_bool() ? "True" : "False");
  if (type == "object" || type == "array") forms.emplace_back(Serialise(json::value(text)));
  return forms;
}

json::object With(json::object arguments, json::string_view name, json::value value) {
  arguments[name] = std::move(value);
  return arguments;
}

}  // namespace

TEST_CASE("every argument of every tool is accepted in each form that clients send") {
  Desk desk;
  std::size_t tried = 0;
  for (const Tool& tool : desk.tools()) {
    const std::string& name = tool.info.name;
    const json::object least = desk.Least(tool);
    desk.Ask(name, least);  // so that a tool that writes has no further effect
    const std::string plain = desk.Ask(name, least);
    INFO(name << " " << Serialise(least));
    CHECK(plain.find("error: ") != 0);
    CHECK(desk.Ask(name, json::value(Serialise(least))) == plain);
    if (least.empty()) {
      for (const json::value& none : {json::value(), json::value(""), json::value(json::array())}) {
        CHECK(desk.Ask(name, none) == plain);
      }
    }
    const json::value* properties = tool.input_schema.if_contains("properties");
    if (!properties) continue;
    for (const auto& property : properties->as_object()) {
      const json::object& schema = property.value().as_object();
      const json::value value = desk.Sample(property.key(), schema);
      const json::object arguments = With(least, property.key(), value);
      INFO(Serialise(arguments));
      desk.Ask(name, arguments);
      const std::string wanted = desk.Ask(name, arguments);
      CHECK(wanted.find("Invalid arguments") == std::string::npos);
      CHECK(desk.Ask(name, json::value(Serialise(arguments))) == wanted);
      for (const json::value& form : FormsOf(value, schema)) {
        INFO("as " << Serialise(form));
        CHECK(desk.Ask(name, With(least, property.key(), form)) == wanted);
        ++tried;
      }
      if (!least.contains(property.key())) {
        CHECK(desk.Ask(name, With(least, property.key(), nullptr)) == desk.Ask(name, least));
      }
    }
  }
  CHECK(tried > 50);
}

TEST_CASE("every filter of every tool is accepted in each form that clients send") {
  Desk desk;
  for (const Tool& tool : desk.tools()) {
    const json::value* filters =
        json::value(tool.input_schema).is_object() && tool.input_schema.contains("properties")
            ? tool.input_schema.at("properties").as_object().if_contains("filters")
            : nullptr;
    if (!filters) continue;
    const json::object least = desk.Least(tool);
    const auto ask = [&](const json::object& given) {
      return desk.Ask(tool.info.name, With(least, "filters", given));
    };
    for (const auto& property : filters->at("properties").as_object()) {
      const json::object& schema = property.value().as_object();
      const json::value value = desk.Sample(property.key(), schema);
      const std::string wanted = ask({{property.key(), value}});
      INFO(tool.info.name << " " << property.key() << " " << Serialise(value));
      CHECK(wanted.find("Invalid arguments") == std::string::npos);
      for (const json::value& form : FormsOf(value, schema)) {
        INFO("as " << Serialise(form));
        CHECK(ask({{property.key(), form}}) == wanted);
      }
      CHECK(ask({{property.key(), nullptr}}) == ask({}));
    }
    CHECK(ask({{"agnt", "x"}}).find("$.filters.agnt is not a known field; did you mean agent?") !=
          std::string::npos);
  }
}

TEST_CASE("every tool ignores and names unknown arguments") {
  Desk desk;
  for (const Tool& tool : desk.tools()) {
    json::object arguments = desk.Least(tool);
    arguments.emplace("toolCallId", "call_1");
    arguments.emplace("task_progress", "- [x] read");
    const std::string answer = desk.Ask(tool.info.name, arguments);
    INFO(tool.info.name << ": " << answer);
    CHECK(answer.find("error: ") != 0);
    CHECK(answer.find(tool.info.name + " has no such arguments, so they were ignored: toolCallId, "
                                       "task_progress.") != std::string::npos);
    CHECK(tool.output_schema.at("properties").as_object().contains("notes"));
  }
}

TEST_CASE("no tool answers or changes anything after its call is cancelled") {
  Desk desk;
  std::stop_source stopped;
  stopped.request_stop();
  CallContext context;
  context.stop = stopped.get_token();
  for (const Tool& tool : desk.tools()) {
    const Result<ToolAnswer> answer = tool.call(desk.engine(), desk.Least(tool), context);
    INFO(tool.info.name);
    REQUIRE(!answer);
    CHECK(answer.error().code == Code::kCancelled);
  }
  const Result<ModeRanking> ranking = desk.engine().RankedModes({});
  REQUIRE(!ranking->modes.empty());
  for (const RankedMode& mode : ranking->modes) {
    CHECK(mode.triage.status == TriageStatus::kOpen);
  }
}

TEST_CASE("a word of 100 KB is not repeated in answers or errors") {
  Desk desk;
  const std::string word = std::string(100'000, 'w');
  const auto brief = [&](const std::string& name, const json::object& arguments) {
    const std::string answer = desk.Ask(name, arguments);
    INFO(name << " " << Serialise(arguments).substr(0, 200));
    CHECK(answer.find(std::string(2000, 'w')) == std::string::npos);
  };
  for (const Tool& tool : desk.tools()) {
    const std::string& name = tool.info.name;
    const json::object least = desk.Least(tool);
    brief(name, With(least, word, 1));
    brief(name, With(least, "filters", json::object{{word, word}}));
    const json::value* properties = tool.input_schema.if_contains("properties");
    if (!properties) continue;
    for (const auto& property : properties->as_object()) {
      const json::array values = {word,
                                  json::array{word},
                                  json::array{"0011223344556677", word},
                                  json::object{{word, 1}},
                                  json::string("fm_" + word),
                                  json::string("2026-01-01" + word)};
      for (const json::value& value : values) {
        brief(name, With(least, property.key(), value));
      }
      const json::value* inner = property.value().as_object().if_contains("properties");
      if (!inner) continue;
      for (const auto& filter : inner->as_object()) {
        brief(name, With(least, property.key(), json::object{{filter.key(), word}}));
        brief(name, With(least, property.key(), json::object{{filter.key(), json::array{word}}}));
      }
    }
  }
}

}  // namespace halo
