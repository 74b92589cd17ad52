// SPDX-License-Identifier: MIT
#include "engine/json/json_cursor.h"

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/json/json_values.h"

namespace halo {
namespace {

// A text, followed by the padding that a cursor may read. The padding looks like JSON, as in a
// batch, where the next record follows.
class Document {
 public:
  explicit Document(std::string_view text) : bytes_(text) {
    const std::size_t size = bytes_.size();
    for (int i = 0; i < 16; ++i) bytes_ += "}],:";
    error_ = cursor_.Open(std::string_view(bytes_).substr(0, size), root_);
  }

  JsonError error() const { return error_; }
  Json& root() { return root_; }
  JsonCursor& cursor() { return cursor_; }

 private:
  std::string bytes_;
  JsonCursor cursor_;
  Json root_;
  JsonError error_;
};

// Appends everything in a value, read as an importer would.
JsonError Read(Json& json, std::string& out) {
  switch (json.type()) {
    case JsonType::kObject:
      out += "{";
      if (const JsonError error = json.ForEachField([&](RawString key, Json& value) {
            out.append(key.Content()).append("=");
            return Read(value, out);
          });
          Failed(error)) {
        return error;
      }
      out += "}";
      return JsonError::kOk;
    case JsonType::kArray:
      out += "[";
      if (const JsonError error = json.ForEachItem([&](Json& item) { return Read(item, out); });
          Failed(error)) {
        return error;
      }
      out += "]";
      return JsonError::kOk;
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
      out += !Failed(json.Int64(integer)) ? "i" : "d";
      return json.Double(real);
    }
    case JsonType::kBool: {
      bool truth;
      if (const JsonError error = json.Bool(truth); Failed(error)) return error;
      out += truth ? "T" : "F";
      return JsonError::kOk;
    }
    case JsonType::kNull:
      out += "N";
      return json.IsNull() ? JsonError::kOk : JsonError::kInvalid;
    case JsonType::kNone:
      break;
  }
  return JsonError::kInvalid;
}

// The dump of the text, or the name of the error.
std::string ReadAll(std::string_view text) {
  Document document(text);
  std::string out;
  JsonError error = document.error();
  if (!Failed(error)) error = Read(document.root(), out);
  if (!Failed(error) && !document.cursor().ReadAll()) error = JsonError::kInvalid;
  switch (error) {
    case JsonError::kOk:
      return out;
    case JsonError::kWrongType:
      return "wrong type";
    case JsonError::kTooDeep:
      return "too deep";
    case JsonError::kBadText:
      return "bad text";
    case JsonError::kInvalid:
      break;
  }
  return "invalid";
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
    CHECK(ReadAll("[" + bad + "]") == "invalid");
  }
  CHECK(ReadAll("[-]") == "wrong type");
  CHECK(ReadAll("[+1]") == "invalid");
  CHECK(ReadAll("[.5]") == "invalid");
  CHECK(ReadAll("[NaN]") == "invalid");
}

TEST_CASE("a truth value or null is the whole token") {
  for (const std::string bad : {"truex", "tru", "falsey", "True1", "true\"\"", "t"}) {
    CAPTURE(bad);
    CHECK(ReadAll("[" + bad + "]") == (bad[0] == 'T' ? "invalid" : "wrong type"));
  }
  for (const std::string bad : {"nullx", "nul", "n", "null0"}) {
    CAPTURE(bad);
    CHECK(ReadAll("[" + bad + "]") == "invalid");
  }
  CHECK(ReadAll("[null ]") == "[N]");
}

TEST_CASE("a broken document is refused") {
  CHECK(ReadAll("") == "invalid");
  CHECK(ReadAll(" \n") == "invalid");
  CHECK(ReadAll(R"({"a)") == "invalid");
  CHECK(ReadAll("[\"\xff\"]") == "bad text");
  CHECK(ReadAll("[\"a\nb\"]") == "bad text");
  for (const std::string open : {"{", "[", R"({"a")", R"({"a":)", R"({"a":1)", R"({"a":1,)", "[1",
                                 "[1,", "[{}", R"({"a":[])", "{]", "[}"}) {
    CAPTURE(open);
    CHECK(ReadAll(open) == "invalid");
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
    CHECK(ReadAll(bad) == "invalid");
  }
}

// The names of the fields, after calling `use` for each; "broken" if there is an error.
template <class Use>
std::string Fields(std::string_view text, Use use) {
  Document document(text);
  if (Failed(document.error())) return "broken";
  std::string out;
  const auto error = document.root().ForEachField([&](RawString key, Json& value) {
    out.append(key.Content()).append(" ");
    return use(key, value);
  });
  if (Failed(error) || !document.cursor().ReadAll()) out += "broken";
  return out;
}

TEST_CASE("what nobody reads is skipped") {
  const auto skip = [](RawString, Json&) { return JsonError::kOk; };
  CHECK(Fields(R"({"a":1,"b":[1,{"x":[]},"]"],"c":{"d":{}},"e":[],"f":"}","g":x})", skip) ==
        "a b c e f g ");
  // Skipping only checks that brackets are balanced, not their kind.
  CHECK(Fields(R"({"a":[1 2}, "b":{"x"], "c":0})", skip) == "a b c ");
  CHECK(Fields(R"({"a":[1,"b":2})", skip) == "a broken");
  CHECK(Fields(R"({"a":[[],"b":{})", skip) == "a broken");
  // If an unread value takes the last bracket of the text, none is left to close the root.
  CHECK(Fields(R"({"a":[{"b":1})", skip) == "a broken");
  CHECK(Fields(R"({"a":{"b":"x")", skip) == "broken");
  // An escaped quote outside a string does not start a string.
  CHECK(Fields(R"({"a":[ \" { ] }, "b":1})", skip) == "a b ");
  CHECK(Fields(R"({"a":[ \\" { ", 1 ], "b":1})", skip) == "a b ");
  // A skipped string is not mistaken for a key.
  CHECK(Fields(R"({"a":"b":1})", skip) == "a broken");
  for (const std::string none : {",", ":", "]", "}"}) {
    CHECK(Fields(R"({"a":)" + none + R"(})", skip) == "broken");
    CHECK(Fields(R"({"a":)" + none + R"(,"b":1})", skip) == "broken");
  }
}

TEST_CASE("reading continues after a value that was read in part") {
  const auto give_up = [](RawString, Json& value) {
    std::string out;
    // Stops at the first 7, at any depth.
    const auto look = [&](const auto& self, Json& json) -> JsonError {
      if (json.type() == JsonType::kArray) {
        return json.ForEachItem([&](Json& item) { return self(self, item); });
      }
      if (json.type() == JsonType::kObject) {
        return json.ForEachField([&](RawString, Json& field) { return self(self, field); });
      }
      return json.Scalar() == "7" ? JsonError::kWrongType : JsonError::kOk;
    };
    const JsonError error = look(look, value);
    return error == JsonError::kWrongType ? JsonError::kOk : error;
  };
  CHECK(Fields(R"({"a":7,"b":[7,8],"c":[[],[1,{"x":7,"y":[2]},3],4],"d":{"e":{"f":[7]}},"g":1})",
               give_up) == "a b c d g ");
  CHECK(Fields(R"({"a":{"x":[7],"y":{}},"b":[{},7]})", give_up) == "a b ");
}

TEST_CASE("an object can be read again from its first field") {
  const std::string inner = R"({"x":{"y":[1]},"z":"t"})";
  for (const std::string& text : {inner, "[" + inner + ",2]", R"({"a":)" + inner + "}"}) {
    for (const std::string_view stop : {"x", "z", "none"}) {
      Document document(text);
      REQUIRE(document.error() == JsonError::kOk);
      std::string out;
      const auto twice = [&](Json& json) {
        if (json.type() != JsonType::kObject) return Read(json, out);
        JsonObject object;
        REQUIRE(object.Open(json) == JsonError::kOk);
        CHECK_FALSE(object.IsEmpty());
        static_cast<void>(object.ForEachField([&](RawString key, Json&) {
          return key.Is(stop) ? JsonError::kWrongType : JsonError::kOk;
        }));
        REQUIRE(object.Rewind() == JsonError::kOk);
        return object.ForEachField([&](RawString key, Json& value) {
          out.append(key.Content()).append("=");
          return Read(value, out);
        });
      };
      Json root = document.root();
      const JsonError error =
          text[0] == '['   ? root.ForEachItem(twice)
          : text[2] == 'a' ? root.ForEachField([&](RawString, Json& value) { return twice(value); })
                           : twice(root);
      CHECK(error == JsonError::kOk);
      CHECK(out.starts_with("x={y=[1i]}z='t'"));
      CHECK(document.cursor().ReadAll());
    }
  }
}

TEST_CASE("an empty object is seen to be empty") {
  const auto is_empty = [](std::string_view text) {
    Document document(text);
    Json root = document.root();
    JsonObject object;
    REQUIRE(object.Open(root) == JsonError::kOk);
    return object.IsEmpty();
  };
  CHECK(is_empty("{}"));
  CHECK(is_empty("{" + std::string(200, ' ') + "}"));
  CHECK_FALSE(is_empty(R"({"":0})"));
}

TEST_CASE("a value of another type is not a broken one") {
  Document document(R"([{"a":1},[2],"text",3,true,null])");
  std::string kinds;
  REQUIRE(document.root().ForEachItem([&](Json& item) {
    RawString text;
    std::int64_t integer;
    bool truth;
    const auto no_field = [](RawString, Json&) { return JsonError::kOk; };
    const auto no_item = [](Json) { return JsonError::kOk; };
    kinds += item.ForEachField(no_field) == JsonError::kOk ? 'o' : '-';
    kinds += item.ForEachItem(no_item) == JsonError::kOk ? 'a' : '-';
    kinds += item.String(text) == JsonError::kOk ? 's' : '-';
    kinds += item.Int64(integer) == JsonError::kOk ? 'i' : '-';
    kinds += item.Bool(truth) == JsonError::kOk ? 'b' : '-';
    kinds += item.IsNull() ? 'n' : '-';
    kinds += ' ';
    return JsonError::kOk;
  }) == JsonError::kOk);
  CHECK(kinds == "o----- -a---- --s--- ---i-- ----b- -----n ");
}

TEST_CASE("a root that is neither array nor object has a type only") {
  for (const std::string text : {"7", "\"a\"", "true", "null"}) {
    Document document(text);
    REQUIRE(document.error() == JsonError::kOk);
    Json root = document.root();
    CHECK(root.type() != JsonType::kNone);
    RawString string;
    std::int64_t integer;
    double real;
    bool truth;
    CHECK(root.String(string) == JsonError::kWrongType);
    CHECK(root.Int64(integer) == JsonError::kWrongType);
    CHECK(root.Double(real) == JsonError::kWrongType);
    CHECK(root.Bool(truth) == JsonError::kWrongType);
    CHECK_FALSE(root.IsNull());
    CHECK_FALSE(document.cursor().ReadAll());
  }
}

TEST_CASE("nesting of any depth is skipped without recursion") {
  constexpr std::size_t kDepth = 1'000'000;
  const std::string deep = std::string(kDepth, '[') + std::string(kDepth, ']');
  const auto skip = [](RawString, Json&) { return JsonError::kOk; };
  CHECK(Fields(R"({"a":)" + deep + R"(,"b":1})", skip) == "a b ");
  CHECK(Fields(R"({"a":[)" + deep + R"(,"b":1})", skip) == "a broken");

  // Values that are read, rather than skipped, have a maximum depth.
  JsonValues values;
  std::string out;
  CHECK(Fields(R"({"a":)" + deep + R"(,"b":1})", [&](RawString, Json& value) {
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
    const std::string padded = text + std::string(kJsonPadding, ' ');
    const JsonError error = cursor.Open(std::string_view(padded).substr(0, text.size()), root);
    CHECK((error == JsonError::kOk) == (text.size() > 1));
    CHECK_FALSE(cursor.ReadAll());
    if (Failed(error)) continue;
    std::string out;
    CHECK(Read(root, out) == JsonError::kOk);
    CHECK(cursor.ReadAll());
  }
}

}  // namespace
}  // namespace halo
