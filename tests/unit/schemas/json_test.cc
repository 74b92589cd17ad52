// SPDX-License-Identifier: MIT
#include "schemas/json.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstdint>

#include "schemas/fence.h"

namespace halo {
namespace {

enum class Level { kLow, kHigh };
constexpr auto Names(Level) {
  return std::array{Named{Level::kLow, "low"}, Named{Level::kHigh, "high"}};
}

struct Range {
  std::string since;
  std::optional<std::string> until;
  static constexpr auto Fields() {
    return std::tuple{Field("since", &Range::since, "Start.").Example("\"-24h\""),
                      Option("until", &Range::until)};
  }
};

struct Input {
  std::optional<std::string> project;
  Level level = Level::kLow;
  int limit = 20;
  double share = 0.5;
  bool open = false;
  std::vector<std::int64_t> sizes;
  std::optional<Range> range;
  std::map<std::string, std::string> tags;

  static constexpr auto Fields() {
    using Self = Input;
    return std::tuple{
        Option("project", &Self::project, "Only this project."),
        Option("level", &Self::level),
        Option("limit", &Self::limit, "Most to return.", {1, 200}).Example("20"),
        Option("share", &Self::share, "", {0, 1}),
        Option("open", &Self::open),
        Option("sizes", &Self::sizes, "", {0, 9}),
        Option("range", &Self::range),
        Option("tags", &Self::tags),
    };
  }
};

struct Empty {
  static constexpr auto Fields() { return std::tuple{}; }
};

struct Output {
  std::int64_t count = 0;
  double rate = 0;
  TraceText quote;
  std::vector<std::string> notes;
  std::optional<Range> range;
  static constexpr auto Fields() {
    using Self = Output;
    return std::tuple{Field("count", &Self::count), Field("rate", &Self::rate),
                      Field("quote", &Self::quote), Option("notes", &Self::notes),
                      Option("range", &Self::range)};
  }
};

std::string ErrorOf(std::string_view text) {
  Input input;
  std::string error;
  return Read(boost::json::parse(text), input, Place(error)) ? "" : error;
}

}  // namespace

TEST_CASE("a reader fills what is there and keeps defaults for the rest") {
  Input input;
  std::string error;
  const auto json = boost::json::parse(
      R"({"project":"a","level":"high","limit":5.0,"sizes":[1,2],"range":{"since":"-1h"},
          "tags":{"k":"v"},"open":null})");
  REQUIRE(Read(json, input, Place(error)));
  CHECK(input.project == "a");
  CHECK(input.level == Level::kHigh);
  CHECK(input.limit == 5);
  CHECK(input.share == 0.5);
  CHECK_FALSE(input.open);
  CHECK(input.sizes == std::vector<std::int64_t>{1, 2});
  CHECK(input.range->since == "-1h");
  CHECK(input.tags.at("k") == "v");
}

TEST_CASE("a reading error tells the path, what was expected, an example and what came") {
  CHECK(ErrorOf("[]") == "$: expected an object, for example {}; got an array");
  CHECK(ErrorOf(R"({"limit":"5"})") ==
        R"($.limit: expected an integer from 1 to 200, for example 20; got the string "5")");
  CHECK(ErrorOf(R"({"limit":0})") ==
        "$.limit: expected an integer from 1 to 200, for example 20; got the number 0");
  CHECK(ErrorOf(R"({"limit":2.5})") ==
        "$.limit: expected an integer from 1 to 200, for example 20; got the number 2.5");
  CHECK(ErrorOf(R"({"share":1e300})").find("a number from 0 to 1") != std::string::npos);
  CHECK(ErrorOf(R"({"sizes":[1,12]})") ==
        "$.sizes[1]: expected an integer from 0 to 9; got the number 12");
  CHECK(ErrorOf(R"({"range":{}})") == R"($.range.since is required: a string, for example "-24h")");
  CHECK(ErrorOf(R"({"level":"hihg"})") ==
        R"($.level: expected one of low, high; got the string "hihg"; did you mean high?)");
  CHECK(ErrorOf(R"({"level":3})") == "$.level: expected one of low, high; got the number 3");
  CHECK(ErrorOf(R"({"lmit":5})") ==
        "$.lmit is not a known field; did you mean limit? known: project, level, limit, share, "
        "open, sizes, range, tags");
}

TEST_CASE("an error stays short whatever the client sent") {
  const std::string name(100000, 'x');
  CHECK(ErrorOf("{\"" + name + "\":1}").size() < 300);
  CHECK(ErrorOf("{\"limit\":\"" + name + "\"}").size() < 300);
}

TEST_CASE("a writer leaves out what is absent and rounds numbers for reading") {
  Fence fence("n");
  Output output{3, 1.0 / 3, TraceText("q", 9), {}, {}};
  CHECK(Serialise(Write(output, fence)) == R"({"count":3,"rate":0.333333,"quote":"«n:q:n»"})");
  output.notes = {"n"};
  output.range = Range{"a", "b"};
  CHECK(
      Serialise(Write(output, fence)) ==
      R"({"count":3,"rate":0.333333,"quote":"«n:q:n»","notes":["n"],"range":{"since":"a","until":"b"}})");
}

TEST_CASE("a writer passes every string through its fence") {
  struct Mask {
    std::string Show(const std::string&) const { return "*"; }
  } mask;
  Input input;
  input.project = "secret";
  input.tags = {{"a", "b"}};
  CHECK(Serialise(Write(input, mask)) == R"({"project":"*","tags":{"*":"*"}})");
}

TEST_CASE("an input schema tells defaults and bounds and refuses unknown fields") {
  CHECK(
      Serialise(Schema<Input>(Direction::kInput)) ==
      R"({"type":"object","properties":{"project":{"type":"string","description":"Only this project."},)"
      R"("level":{"type":"string","enum":["low","high"],"default":"low"},)"
      R"("limit":{"type":"integer","minimum":1,"maximum":200,"description":"Most to return.","default":20},)"
      R"("share":{"type":"number","minimum":0,"maximum":1,"default":0.5},)"
      R"("open":{"type":"boolean","default":false},)"
      R"("sizes":{"type":"array","items":{"type":"integer","minimum":0,"maximum":9}},)"
      R"("range":{"type":"object","properties":{"since":{"type":"string","description":"Start."},)"
      R"("until":{"type":"string"}},"required":["since"],"additionalProperties":false},)"
      R"("tags":{"type":"object","additionalProperties":{"type":"string"}}},"additionalProperties":false})");
  CHECK(Serialise(Schema<Empty>(Direction::kInput)) ==
        R"({"type":"object","additionalProperties":false})");
}

TEST_CASE("an output schema is lean, and text from traces is a plain string to its reader") {
  CHECK(
      Serialise(Schema<Output>(Direction::kOutput)) ==
      R"({"type":"object","properties":{"count":{"type":"integer"},"rate":{"type":"number"},)"
      R"("quote":{"type":"string"},)"
      R"("notes":{"type":"array","items":{"type":"string"}},)"
      R"("range":{"type":"object","properties":{"since":{"type":"string","description":"Start."},)"
      R"("until":{"type":"string"}}}},"required":["count","rate","quote"]})");
}

TEST_CASE("numbers are plain decimals") {
  CHECK(FormatNumber(0.5) == "0.5");
  CHECK(FormatNumber(-0.00012) == "-0.00012");
  CHECK(FormatNumber(1e6) == "1000000");
  CHECK(FormatNumber(3) == "3");
  CHECK(FormatNumber(1e300) == "1e+300");
  CHECK(FormatNumber(std::numeric_limits<double>::infinity()) == "null");
  CHECK(RoundForReading(123456.789) == 123457);
}

TEST_CASE("serialised text parses back to the same value") {
  const auto value = boost::json::parse(
      R"({"a":[1,-2,18446744073709551615,1.5,true,null],"b":"\u0000\u001f\"\\\n\t\r é \u2028","c":{}})");
  CHECK(boost::json::parse(Serialise(value)) == value);
}

}  // namespace halo
