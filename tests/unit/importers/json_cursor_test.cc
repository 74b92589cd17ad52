// SPDX-License-Identifier: MIT
#include "engine/json/json_cursor.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json/json_values.h"

namespace halo {
namespace {

using simdjson::error_code;

// A text with the bytes behind it that a cursor may read. What follows there looks like JSON, as
// the next record of a batch does.
class Document {
 public:
  explicit Document(std::string_view text) : bytes_(text) {
    const std::size_t size = bytes_.size();
    for (int i = 0; i < 16; ++i) bytes_ += "}],:";
    error_ = cursor_.Open(std::string_view(bytes_).substr(0, size), root_);
  }

  error_code error() const { return error_; }
  Json root() const { return root_; }
  const JsonCursor& cursor() const { return cursor_; }

 private:
  std::string bytes_;
  JsonCursor cursor_;
  Json root_;
  error_code error_;
};

// Everything that stands in a value, read the way a reader of any format would.
error_code Read(Json json, std::string& out) {
  switch (json.type()) {
    case JsonType::kObject:
      out += "{";
      if (const auto error = json.ForEachField([&](RawString key, Json value) {
            out.append(key.Content()).append("=");
            return Read(value, out);
          })) {
        return error;
      }
      out += "}";
      return simdjson::SUCCESS;
    case JsonType::kArray:
      out += "[";
      if (const auto error = json.ForEachItem([&](Json item) { return Read(item, out); })) {
        return error;
      }
      out += "]";
      return simdjson::SUCCESS;
    case JsonType::kString: {
      RawString text;
      const auto error = json.String(text);
      out.append("'").append(text.Content()).append("'");
      return error;
    }
    case JsonType::kNumber: {
      std::int64_t integer;
      double real;
      out += json.Scalar();
      out += json.Int64(integer) == simdjson::SUCCESS ? "i" : "d";
      return json.Double(real);
    }
    case JsonType::kBool: {
      bool truth;
      if (const auto error = json.Bool(truth)) return error;
      out += truth ? "T" : "F";
      return simdjson::SUCCESS;
    }
    case JsonType::kNull:
      out += "N";
      return json.IsNull() ? simdjson::SUCCESS : simdjson::N_ATOM_ERROR;
    case JsonType::kNone:
      break;
  }
  return simdjson::TAPE_ERROR;
}

// What was read, or the name of the error.
std::string ReadAll(std::string_view text) {
  const Document document(text);
  std::string out;
  error_code error = document.error();
  if (!error) error = Read(document.root(), out);
  if (!error && !document.cursor().ReadAll()) error = simdjson::TAPE_ERROR;
  switch (error) {
    case simdjson::SUCCESS:
      return out;
    case simdjson::TAPE_ERROR:
      return "TAPE_ERROR";
    case simdjson::NUMBER_ERROR:
      return "NUMBER_ERROR";
    case simdjson::N_ATOM_ERROR:
      return "N_ATOM_ERROR";
    case simdjson::INCORRECT_TYPE:
      return "INCORRECT_TYPE";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "INCOMPLETE";
    case simdjson::EMPTY:
      return "EMPTY";
    case simdjson::UNCLOSED_STRING:
      return "UNCLOSED_STRING";
    case simdjson::UTF8_ERROR:
      return "UTF8_ERROR";
    case simdjson::UNESCAPED_CHARS:
      return "UNESCAPED_CHARS";
    default:
      return "another error";
  }
}

TEST_CASE("values of every kind are read") {
  CHECK(ReadAll(R"({})") == "{}");
  CHECK(ReadAll(R"([])") == "[]");
  CHECK(ReadAll(R"({"a":"x","b":1,"c":-2.5e3,"d":true,"e":false,"f":null})") ==
        "{a='x'b=1ic=-2.5e3dd=Te=Ff=N}");
  CHECK(ReadAll(R"([{"a":[]},[[{}]],"",{"":[1,"2",[3]]}])") == "[{a=[]}[[{}]]''{=[1i'2'[3i]]}]");
  CHECK(ReadAll(" \r\n\t{ \"a\" :\t\"x\" \n, \"b\" : [ 1 , null ] } ") == "{a='x'b=[1iN]}");
  CHECK(ReadAll(R"({"a\"b":"c\\","d ":" e "})") == R"({a\"b='c\\'d =' e '})");
  CHECK(ReadAll(R"(["}],:{[\"", "\\\\"])") == R"(['}],:{[\"''\\\\'])");
}

TEST_CASE("numbers follow the grammar and their range") {
  CHECK(ReadAll("[0,-0,9223372036854775807,-9223372036854775808]") ==
        "[0i-0i9223372036854775807i-9223372036854775808i]");
  CHECK(ReadAll("[9223372036854775808,12345678901234567890123,0.5,1E+2,1e-400]") ==
        "[9223372036854775808d12345678901234567890123d0.5d1E+2d1e-400d]");
  for (const std::string bad : {"01", "-01", "1.", "1.e3", "1e", "1e+", "1x", "1\"x\"", "1.2.3",
                                "1e999", "-1e999", "0x10", "1_0"}) {
    CAPTURE(bad);
    CHECK(ReadAll("[" + bad + "]") == "NUMBER_ERROR");
  }
  CHECK(ReadAll("[-]") == "INCORRECT_TYPE");
  CHECK(ReadAll("[+1]") == "TAPE_ERROR");
  CHECK(ReadAll("[.5]") == "TAPE_ERROR");
  CHECK(ReadAll("[NaN]") == "TAPE_ERROR");
}

TEST_CASE("a truth value or null is the whole token") {
  for (const std::string bad : {"truex", "tru", "falsey", "True1", "true\"\"", "t"}) {
    CAPTURE(bad);
    CHECK(ReadAll("[" + bad + "]") == (bad[0] == 'T' ? "TAPE_ERROR" : "INCORRECT_TYPE"));
  }
  for (const std::string bad : {"nullx", "nul", "n", "null0"}) {
    CAPTURE(bad);
    CHECK(ReadAll("[" + bad + "]") == "N_ATOM_ERROR");
  }
  CHECK(ReadAll("[null ]") == "[N]");
}

TEST_CASE("a broken document is refused") {
  CHECK(ReadAll("") == "EMPTY");
  CHECK(ReadAll(" \n") == "EMPTY");
  CHECK(ReadAll(R"({"a)") == "UNCLOSED_STRING");
  CHECK(ReadAll("[\"\xff\"]") == "UTF8_ERROR");
  CHECK(ReadAll("[\"a\nb\"]") == "UNESCAPED_CHARS");
  for (const std::string open : {"{", "[", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":1,)", "[1",
                                 "[1,", "[{}", R"({"a":[])", "{]", "[}"}) {
    CAPTURE(open);
    CHECK(ReadAll(open) == "INCOMPLETE");
  }
  for (const std::string bad : {R"({"a" 1})",
                                R"({"a":1 "b":2})",
                                R"({"a":1,})",
                                R"({,"a":1})",
                                R"({1:2})",
                                R"({a:1})",
                                R"({"a"})",
                                R"({"a":})",
                                R"({"a":,"b":1})",
                                R"({"a"::1})",
                                R"({"a":1]})",
                                R"({"a":{])",
                                R"({"a":[1}})",
                                "[1 2]",
                                "[1,]",
                                "[,1]",
                                "[1,,2]",
                                "[1:2]",
                                R"(["a":1])",
                                "[{]]",
                                "[1]]",
                                "[1][2]",
                                "{}{}",
                                "[1],[2]",
                                R"({"a":1}})",
                                R"({"a":{"b":1})",
                                "[[1]",
                                "{\"a\":{}\x0c}",
                                "{\"a\"\x1a 1}"}) {
    CAPTURE(bad);
    const std::string read = ReadAll(bad);
    CHECK((read == "TAPE_ERROR" || read == "INCOMPLETE"));
  }
}

// The names of the fields, each with what `use` makes of its value.
template <class Use>
std::string Fields(std::string_view text, Use use) {
  const Document document(text);
  std::string out;
  const auto error = document.root().ForEachField([&](RawString key, Json value) {
    out.append(key.Content()).append(" ");
    return use(key, value);
  });
  if (error || !document.cursor().ReadAll()) out += "broken";
  return out;
}

TEST_CASE("what nobody reads is skipped") {
  const auto skip = [](RawString, Json) { return simdjson::SUCCESS; };
  CHECK(Fields(R"({"a":1,"b":[1,{"x":[]},"]"],"c":{"d":{}},"e":[],"f":"}","g":x})", skip) ==
        "a b c e f g ");
  // Only that brackets are balanced, and not of which kind, is looked at there.
  CHECK(Fields(R"({"a":[1 2}, "b":{"x"], "c":0})", skip) == "a b c ");
  CHECK(Fields(R"({"a":[1,"b":2})", skip) == "a broken");
  CHECK(Fields(R"({"a":[[],"b":{})", skip) == "a broken");
  for (const std::string none : {",", ":", "]", "}"}) {
    CHECK(Fields(R"({"a":)" + none + R"(})", skip) == "a broken");
    CHECK(Fields(R"({"a":)" + none + R"(,"b":1})", skip) == "a broken");
  }
}

TEST_CASE("reading goes on behind a value in which a reader gave up") {
  const auto give_up = [](RawString, Json value) {
    std::string out;
    // Stops at the first 7, however deep it stands.
    const auto look = [&](const auto& self, Json json) -> error_code {
      if (json.type() == JsonType::kArray) {
        return json.ForEachItem([&](Json item) { return self(self, item); });
      }
      if (json.type() == JsonType::kObject) {
        return json.ForEachField([&](RawString, Json field) { return self(self, field); });
      }
      return json.Scalar() == "7" ? simdjson::INCORRECT_TYPE : simdjson::SUCCESS;
    };
    const error_code error = look(look, value);
    return error == simdjson::INCORRECT_TYPE ? simdjson::SUCCESS : error;
  };
  CHECK(Fields(R"({"a":7,"b":[7,8],"c":[[],[1,{"x":7,"y":[2]},3],4],"d":{"e":{"f":[7]}},"g":1})",
               give_up) == "a b c d g ");
  CHECK(Fields(R"({"a":{"x":[7],"y":{}},"b":[{},7]})", give_up) == "a b ");
}

TEST_CASE("a value can be read again, also after what stands behind it") {
  const Document document(R"({"a":{"x":1},"b":[2,3],"c":"t"})");
  Json a, b;
  REQUIRE(document.root().ForEachField([&](RawString key, Json value) {
    if (key.Is("a")) a = value;
    if (key.Is("b")) b = value;
    return simdjson::SUCCESS;
  }) == simdjson::SUCCESS);
  for (int i = 0; i < 2; ++i) {
    std::string out;
    CHECK(Read(b, out) == simdjson::SUCCESS);
    CHECK(Read(a, out) == simdjson::SUCCESS);
    CHECK(Read(document.root(), out) == simdjson::SUCCESS);
    CHECK(out == "[2i3i]{x=1i}{a={x=1i}b=[2i3i]c='t'}");
    CHECK(document.cursor().ReadAll());
  }
  CHECK(std::string_view(b.data(), 5) == "[2,3]");
}

TEST_CASE("a value of another kind is told from a broken one") {
  const Document document(R"([{"a":1},[2],"text",3,true,null])");
  std::string kinds;
  REQUIRE(document.root().ForEachItem([&](Json item) {
    RawString text;
    std::int64_t integer;
    bool truth;
    const auto no_field = [](RawString, Json) { return simdjson::SUCCESS; };
    const auto no_item = [](Json) { return simdjson::SUCCESS; };
    kinds += item.ForEachField(no_field) == simdjson::SUCCESS ? 'o' : '-';
    kinds += item.ForEachItem(no_item) == simdjson::SUCCESS ? 'a' : '-';
    kinds += item.String(text) == simdjson::SUCCESS ? 's' : '-';
    kinds += item.Int64(integer) == simdjson::SUCCESS ? 'i' : '-';
    kinds += item.Bool(truth) == simdjson::SUCCESS ? 'b' : '-';
    kinds += item.IsNull() ? 'n' : '-';
    kinds += ' ';
    return simdjson::SUCCESS;
  }) == simdjson::SUCCESS);
  CHECK(kinds == "o----- -a---- --s--- ---i-- ----b- -----n ");
}

TEST_CASE("where no value stands the text is broken, and no value of another kind") {
  for (const std::string none : {",", ":", "]", "}"}) {
    const Document document(R"({"a":)" + none + R"(,"b":1})");
    RawString text;
    std::vector<error_code> errors;
    CHECK(document.root().ForEachField([&](RawString, Json value) {
      errors = {value.String(text),
                value.ForEachField([](RawString, Json) { return simdjson::SUCCESS; }),
                value.ForEachItem([](Json) { return simdjson::SUCCESS; })};
      return simdjson::SUCCESS;
    }) == simdjson::TAPE_ERROR);
    CHECK(errors == std::vector<error_code>(3, simdjson::TAPE_ERROR));
  }
}

TEST_CASE("the tokens of a value can be compared at once") {
  const auto matches = [](std::string_view text) {
    const Document document(text);
    REQUIRE(document.error() == simdjson::SUCCESS);
    bool found = false;
    // Whether it matches must not change what is read behind it.
    std::string out;
    const auto error = document.root().ForEachItem([&](Json item) {
      found = found || item.Matches<'{', '"', ':', '"', '}'>();
      return simdjson::SUCCESS;
    });
    CHECK(error == simdjson::SUCCESS);
    CHECK(document.cursor().ReadAll());
    return found;
  };
  CHECK(matches(R"([{"a":"b"}])"));
  CHECK(matches(R"([ { "a" : "b" } , 1 ])"));
  CHECK(matches(R"([[{"a":"b"}], {"a":"b"}, {}])"));
  CHECK_FALSE(matches(R"([[{"a":"b"}]])"));
  CHECK_FALSE(matches(R"([{"a":1}])"));
  CHECK_FALSE(matches(R"([{"a":"b","c":"d"}])"));
  CHECK_FALSE(matches(R"([{}])"));
  CHECK_FALSE(matches(R"([])"));

  // The bytes behind the text would go on as asked for.
  const Document open(R"([{"a":"b"])");
  REQUIRE(open.error() == simdjson::SUCCESS);
  const auto error = open.root().ForEachItem([](Json item) {
    CHECK_FALSE(item.Matches<'{', '"', ':', '"', '}'>());
    CHECK_FALSE(item.Matches<'{', '"', ':', '"', ']', '}'>());
    return simdjson::SUCCESS;
  });
  CHECK(error == simdjson::TAPE_ERROR);
}

TEST_CASE("nesting of any depth is skipped without recursion") {
  constexpr std::size_t kDepth = 1'000'000;
  const std::string deep = std::string(kDepth, '[') + std::string(kDepth, ']');
  const auto skip = [](RawString, Json) { return simdjson::SUCCESS; };
  CHECK(Fields(R"({"a":)" + deep + R"(,"b":1})", skip) == "a b ");
  CHECK(Fields(R"({"a":[)" + deep + R"(,"b":1})", skip) == "a broken");

  // What is read is bounded by the depth of values.
  JsonValues values;
  std::string out;
  CHECK(Fields(R"({"a":)" + deep + R"(,"b":1})", [&](RawString, Json value) {
          return values.SkipMalformed(values.AppendJson(value, out), value, "part");
        }) == "a b ");
  REQUIRE(values.losses().size() == 1);
  CHECK(values.losses()[0].reason == kNestedTooDeeply);
}

TEST_CASE("a cursor is used for one text after another") {
  JsonCursor cursor;
  Json root;
  for (const std::string text :
       {"[1]", "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]", "{", "{}", "\"", "[[[]]]"}) {
    const simdjson::padded_string padded(text);
    const error_code error = cursor.Open({padded.data(), padded.size()}, root);
    CHECK((error == simdjson::SUCCESS) == (text.size() > 1));
    CHECK_FALSE(cursor.ReadAll());
    if (error) continue;
    std::string out;
    CHECK(Read(root, out) == simdjson::SUCCESS);
    CHECK(cursor.ReadAll());
  }
}

}  // namespace
}  // namespace halo
