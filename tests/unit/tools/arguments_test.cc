// SPDX-License-Identifier: MIT
#include "tools/answer/arguments.h"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/json_text.h"

namespace halo {
namespace {

const char* const kSchema = R"({"type":"object","properties":{
  "text":{"type":"string"},
  "id":{"type":"string"},
  "limit":{"type":"integer"},
  "cost":{"type":"number"},
  "all":{"type":"boolean"},
  "sort":{"type":"string","enum":["cost","latency"]},
  "ids":{"type":"array","items":{"type":"string"}},
  "sizes":{"type":"array","items":{"type":"integer"}},
  "filters":{"type":"object","properties":{"agent":{"type":"string"},"has_error":{"type":"boolean"},
    "min_cost":{"type":"number"}},"additionalProperties":false},
  "by_name":{"type":"object","additionalProperties":{"type":"integer"}}
 },"required":["id"],"additionalProperties":false})";

FittedArguments FitText(std::string_view given) {
  return FitArguments(boost::json::parse(given), boost::json::parse(kSchema).get_object(), "tool");
}

}  // namespace

TEST_CASE("arguments are converted to the types of the schema") {
  struct Row {
    std::string_view given, fitted;
  };
  const std::vector<Row> rows = {
      // All arguments as one text.
      {R"("{\"limit\":5}")", R"({"limit":5})"},
      {R"("\"{\\\"limit\\\":5}\"")", R"({"limit":5})"},
      {R"("")", "{}"},
      {R"("null")", "{}"},
      {"null", "{}"},
      {"[]", "{}"},
      {R"([1])", "[1]"},
      {R"("nonsense")", R"("nonsense")"},
      {"7", "7"},
      // Objects and arrays.
      {R"({"filters":"{\"agent\":\"a\",\"has_error\":\"true\"}"})",
       R"({"filters":{"agent":"a","has_error":true}})"},
      {R"({"filters":""})", R"({"filters":null})"},
      {R"({"filters":"null"})", R"({"filters":null})"},
      {R"({"filters":[]})", R"({"filters":{}})"},
      {R"({"filters":"{agent:a}"})", R"({"filters":"{agent:a}"})"},
      {R"({"filters":{"min_cost":"0.5","agent":null}})",
       R"({"filters":{"min_cost":0.5,"agent":null}})"},
      {R"({"by_name":"{\"a\":\"1\"}"})", R"({"by_name":{"a":1}})"},
      {R"({"ids":"[\"a\",\"b\"]"})", R"({"ids":["a","b"]})"},
      {R"({"ids":" [ \"a\" ] "})", R"({"ids":["a"]})"},
      {R"({"ids":"a"})", R"({"ids":["a"]})"},
      {R"({"ids":7})", R"({"ids":["7"]})"},
      {R"({"ids":"a,b"})", R"({"ids":"a,b"})"},
      {R"({"ids":"[a"})", R"({"ids":"[a"})"},
      {R"({"ids":{"a":1}})", R"({"ids":{"a":1}})"},
      {R"({"sizes":"[1,\"2\",3.0]"})", R"({"sizes":[1,2,3]})"},
      {R"({"sizes":"4"})", R"({"sizes":[4]})"},
      // Numbers.
      {R"({"limit":"5"})", R"({"limit":5})"},
      {R"({"limit":" 5 "})", R"({"limit":5})"},
      {R"({"limit":5.0})", R"({"limit":5})"},
      {R"({"limit":"5.0"})", R"({"limit":5})"},
      {R"({"limit":"5e0"})", R"({"limit":5})"},
      {R"({"limit":"-1"})", R"({"limit":-1})"},
      {R"({"limit":5.5})", R"({"limit":5.5})"},
      {R"({"limit":"five"})", R"({"limit":"five"})"},
      {R"({"limit":"5 runs"})", R"({"limit":"5 runs"})"},
      {R"({"limit":""})", R"({"limit":null})"},
      {R"({"limit":"null"})", R"({"limit":null})"},
      {R"({"limit":true})", R"({"limit":true})"},
      {R"({"cost":"0.25"})", R"({"cost":0.25})"},
      {R"({"cost":"2"})", R"({"cost":2})"},
      // Booleans.
      {R"({"all":"true"})", R"({"all":true})"},
      {R"({"all":"False"})", R"({"all":false})"},
      {R"({"all":" TRUE "})", R"({"all":true})"},
      {R"({"all":""})", R"({"all":null})"},
      {R"({"all":"yes"})", R"({"all":"yes"})"},
      {R"({"all":1})", R"({"all":1})"},
      // Enum values.
      {R"({"sort":"Cost"})", R"({"sort":"cost"})"},
      {R"({"sort":"\"latency\""})", R"({"sort":"latency"})"},
      {R"({"sort":" cost"})", R"({"sort":"cost"})"},
      {R"({"sort":""})", R"({"sort":null})"},
      {R"({"sort":"size"})", R"({"sort":"size"})"},
      // Strings are not changed.
      {R"({"text":"123"})", R"({"text":"123"})"},
      {R"({"text":"[x]"})", R"({"text":"[x]"})"},
      {R"({"text":"[1,2]"})", R"({"text":"[1,2]"})"},
      {R"({"text":"{\"a\":1}"})", R"({"text":"{\"a\":1}"})"},
      {R"({"text":"\"quoted\""})", R"({"text":"\"quoted\""})"},
      {R"({"text":"true"})", R"({"text":"true"})"},
      {R"({"text":"null"})", R"({"text":"null"})"},
      {R"({"text":""})", R"({"text":""})"},
      {R"({"text":" x "})", R"({"text":" x "})"},
      {R"({"text":123})", R"({"text":"123"})"},
      {R"({"text":18446744073709551615})", R"({"text":"18446744073709551615"})"},
      {R"({"text":true})", R"({"text":"true"})"},
      {R"({"text":1.5})", R"({"text":1.5})"},
      {R"({"text":["a"]})", R"({"text":["a"]})"},
      {R"({"id":""})", R"({"id":""})"},
  };
  for (const auto& [given, fitted] : rows) {
    INFO(given);
    const FittedArguments got = FitText(given);
    CHECK(Serialise(got.value) == fitted);
    CHECK(got.note.empty());
  }
}

TEST_CASE("unknown arguments are dropped and named") {
  const FittedArguments one = FitText(R"({"toolCallId":"c","limit":"5"})");
  CHECK(Serialise(one.value) == R"({"limit":5})");
  CHECK(one.note == "tool has no such argument, so it was ignored: toolCallId.");
  CHECK(FitText(R"({"limt":5})").note ==
        "tool has no such argument, so it was ignored: limt (did you mean limit?).");
  CHECK(FitText(R"({"agent":"a","task_progress":[]})").note ==
        "tool has no such arguments, so they were ignored: agent (it belongs in filters), "
        "task_progress.");
  CHECK(FitText(R"("{\"zz\":1}")").note == "tool has no such argument, so it was ignored: zz.");
  CHECK(FitText(R"({"q1":1,"q2":1,"q3":1,"q4":1,"q5":1,"q6":1,"q7":1})").note ==
        "tool has no such arguments, so they were ignored: q1, q2, q3, q4, q5 and 2 more.");
  // A name may be any text from a client.
  const std::string hostile = FitText("{\"a\\nb\\u202e" + std::string(500, 'x') + "\":1}").note;
  CHECK(hostile.find('\n') == std::string::npos);
  CHECK(hostile.size() < 200);
  // Unknown inner members are kept, so that Read refuses them.
  const FittedArguments inner = FitText(R"({"filters":{"agnt":"a"}})");
  CHECK(Serialise(inner.value) == R"({"filters":{"agnt":"a"}})");
  CHECK(inner.note.empty());
}

}  // namespace halo
