// SPDX-License-Identifier: MIT
#include "engine/json/json_tree.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

using Type = JsonNode::Type;

std::string_view TextOf(const JsonNode& node) {
  std::string_view text = "(not a text)";
  node.Text(text);
  return text;
}

TEST_CASE("a tree has types, members in order, and every value as it is written") {
  JsonTrees json;
  const std::string text =
      R"( {"a" : [1, 2.50 , -0] , "b":{ "x" : null }, "c":"t\u00e9\n", "c":tru} )";
  const JsonNode* const root = json.Parse(text);
  REQUIRE(root != nullptr);
  REQUIRE(root->is_object());
  CHECK(root->written() == text.substr(1, text.size() - 2));
  CHECK(root->written().data() == text.data() + 1);
  CHECK(root->is_alone());
  CHECK_FALSE(root->is_valid());  // because of `tru`

  std::vector<std::string_view> keys, written;
  for (const JsonNode& member : *root) {
    keys.push_back(member.key());
    written.push_back(member.written());
  }
  CHECK(keys == std::vector<std::string_view>{"a", "b", "c", "c"});
  CHECK(written == std::vector<std::string_view>{"[1, 2.50 , -0]", R"({ "x" : null })",
                                                 R"("t\u00e9\n")", "tru"});
  const JsonNode& list = *root->Find("a");
  REQUIRE(list.is_array());
  CHECK(list.is_valid());
  std::int64_t integer = 7;
  double real = 0;
  auto item = list.begin();
  CHECK((*item).Integer(integer));
  CHECK(integer == 1);
  ++item;
  CHECK_FALSE((*item).Integer(integer));
  CHECK((*item).Real(real));
  CHECK(real == 2.5);
  CHECK((*item).written() == "2.50");
  CHECK(root->Find("b")->Find("x")->type() == Type::kNull);
  CHECK(TextOf(*root->Find("c")) == "t\u00e9\n");
  CHECK(root->Find("d") == nullptr);
}

TEST_CASE("a text is parsed once, and a string without escapes is not copied") {
  JsonTrees json;
  const std::string text = R"({"a":"plain"})";
  const JsonNode* const first = json.Parse(text);
  REQUIRE(first != nullptr);
  CHECK(json.Parse(text) == first);
  CHECK(TextOf(*first->Find("a")).data() == text.data() + 6);
  // The same bytes at another address are parsed again.
  const std::string other = text;
  CHECK(json.Parse(other) != first);
}

TEST_CASE("JSON in strings is parsed where it is asked for") {
  JsonTrees json;
  const std::string text = R"("{\"a\":\"[1,\\\"b\\\"]\"}")";
  const JsonNode* const outer = json.Parse(text);
  REQUIRE(outer != nullptr);
  const JsonNode* const object = json.Parse(TextOf(*outer));
  REQUIRE(object != nullptr);
  const JsonNode* const list = json.Parse(TextOf(*object->Find("a")));
  REQUIRE(list != nullptr);
  CHECK(list->written() == R"([1,"b"])");
}

TEST_CASE("text that is cut, or is not JSON, has no tree") {
  JsonTrees json;
  for (const std::string_view text : {"", "  ", "hello", "{]", "[1}", "{\"a\" 1}", "[1,]x", "]"}) {
    CAPTURE(text);
    CHECK(json.Parse(text) == nullptr);
  }
  CHECK_FALSE(json.saw_cut());
  for (const std::string_view text : {R"({"a":1)", R"([1, "two)", R"({"a":[1,2...)"}) {
    CAPTURE(text);
    json.Reset();
    CHECK(json.Parse(text) == nullptr);
    CHECK(json.saw_cut());
  }
  json.Reset();
  CHECK_FALSE(json.saw_cut());
}

TEST_CASE("values that are not JSON spoil only themselves") {
  JsonTrees json;
  const std::string text = R"({"n":NaN,"bad":"\q","big":01,"ok":"yes"})";
  const JsonNode* const root = json.Parse(text);
  REQUIRE(root != nullptr);
  CHECK_FALSE(root->is_valid());
  CHECK(root->Find("n")->type() == Type::kInvalid);
  CHECK(root->Find("bad")->is_string());
  CHECK(TextOf(*root->Find("bad")) == "(not a text)");
  double real = 0;
  CHECK_FALSE(root->Find("big")->Real(real));
  CHECK(TextOf(*root->Find("ok")) == "yes");
}

TEST_CASE("what follows a value is reported") {
  JsonTrees json;
  const JsonNode* const object = json.Parse(R"({"a":[]} and more)");
  REQUIRE(object != nullptr);
  CHECK(object->written() == R"({"a":[]})");
  CHECK_FALSE(object->is_alone());
  const JsonNode* const string = json.Parse(R"("a" and more)");
  REQUIRE(string != nullptr);
  CHECK(string->written() == R"("a")");
  CHECK_FALSE(string->is_alone());
}

TEST_CASE("a text may be a single number or word") {
  JsonTrees json;
  std::int64_t integer = 0;
  bool truth = false;
  REQUIRE(json.Parse(" 42 ") != nullptr);
  CHECK(json.Parse("42")->Integer(integer));
  CHECK(integer == 42);
  CHECK(json.Parse("true")->Bool(truth));
  CHECK(truth);
  CHECK(json.Parse("null")->type() == Type::kNull);
  CHECK_FALSE(json.Parse("12abc")->is_valid());
}

TEST_CASE("many texts and deep ones find their trees again") {
  JsonTrees json;
  std::vector<std::string> texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("[" + std::to_string(i) + "]");
  std::vector<const JsonNode*> roots;
  for (const std::string& text : texts) roots.push_back(json.Parse(text));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    REQUIRE(roots[i] != nullptr);
    REQUIRE(json.Parse(texts[i]) == roots[i]);
    REQUIRE(roots[i]->written() == texts[i]);
  }
  std::string deep = std::string(1000, '[') + std::string(1000, ']');
  CHECK(json.Parse(deep) != nullptr);
  deep = std::string(1001, '[') + std::string(1001, ']');
  json.Reset();
  CHECK(json.Parse(deep) == nullptr);
}

TEST_CASE("texts of equal values are equal, of others not") {
  JsonTrees json;
  const auto exact = [&](std::string_view text) {
    std::string out;
    AppendExact(*json.Parse(text), out);
    return out;
  };
  CHECK(exact(R"([1, "a\u0062", {"k": true}])") == exact(R"([1,"ab",{"k":true}])"));
  CHECK(exact("1.50") == exact("1.5"));
  for (const std::string_view other : {"1", "\"1\"", "1.0", "[1]", "true", "null", R"({"1":1})"}) {
    CAPTURE(other);
    CHECK((exact(other) == exact("1")) == (other == "1"));
  }
  CHECK(exact(R"(["a","b"])") != exact(R"(["a,1\"b"])"));
}

}  // namespace
}  // namespace halo
