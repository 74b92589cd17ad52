// SPDX-License-Identifier: MIT
// Blind reading: two sides are read mixed and masked, and told apart when the reading is done.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/support/review_desk.h"

namespace halo {
namespace {

namespace json = boost::json;
using Catch::Matchers::Contains;

constexpr std::string_view kSides =
    R"({"a":{"version":"1.0.0"},"b":{"version":"2.0.0"},"count":10)";

std::string Call(std::string_view more = "") {
  return std::string(kSides) + std::string(more) + "}";
}

// `bad` of ten runs before promise a refund; none after.
std::vector<ReviewedRun> Runs(int of_each, int bad_before, int bad_after = 0) {
  std::vector<ReviewedRun> out;
  for (int day : {1, 2}) {
    for (int i = 0; i < of_each; ++i) {
      ReviewedRun run;
      run.number = i;
      run.day = day;
      if (day == 2) {
        run.version = "2.0.0";
        run.model = "model-two";
        run.system = "You serve customers.\nNever promise refunds.\nBe brief.";
      }
      if (i % 10 < (day == 1 ? bad_before : bad_after)) run.answer = "Your refund is on its way.";
      out.push_back(run);
    }
  }
  return out;
}

std::string Judge(const std::string& turns) {
  return turns.find("refund is on") != turns.npos ? "refund promised" : "";
}

// Reads until nothing is left; the last answer.
json::object ReadAll(ReviewDesk& desk, const std::string& call) {
  for (int i = 0; i < 20; ++i) {
    json::object drawn = desk.Ask("review_runs", call);
    if (drawn.at("runs").as_array().empty()) return drawn;
    desk.Note(drawn, &Judge);
  }
  FAIL("the reading does not end");
  return {};
}

const json::value& DifferenceOf(const json::object& told, std::string_view id) {
  for (const json::value& row : told.at("blind").at("differences").as_array()) {
    if (row.at("id") == json::string(id)) return row;
    const json::value* const name = row.as_object().if_contains("name");
    if (name && *name == json::string(id)) return row;
  }
  FAIL("no difference of " << id);
  return told.begin()->value();
}

}  // namespace

TEST_CASE("dossiers of a blind reading do not tell the side") {
  ReviewDesk desk;
  desk.Add(Runs(6, 5));
  const json::object drawn = desk.Ask("review_runs", Call());
  REQUIRE(drawn.at("runs").as_array().size() == 10);
  CHECK(drawn.at("blind").at("runs") == 12);
  CHECK_FALSE(drawn.at("blind").as_object().contains("a"));
  for (const char* const secret : {"1.0.0", "2.0.0", "model-one", "model-two", "2026-03",
                                   "0000000000000007", "Never promise", "started", "outcome\""}) {
    INFO(secret);
    CHECK(json::serialize(drawn.at("runs")).find(secret) == std::string::npos);
    CHECK(json::serialize(drawn.at("texts")).find(secret) == std::string::npos);
  }
  // The rest is there, and the prompts of both sides are one.
  for (const json::value& run : drawn.at("runs").as_array()) {
    CHECK(run.at("prompt") == "prompt 1");
    CHECK_THAT(ReviewDesk::TurnsOf(run), Contains("in a van since …, said …"));
    CHECK_THAT(std::string(run.at("attributes").as_string()), Contains("channel=chat"));
  }
  REQUIRE(drawn.at("texts").as_array().size() == 1);
  // One run at length is masked as well.
  const std::string id(drawn.at("runs").as_array()[0].at("trace_id").as_string());
  const json::object whole = desk.Ask("review_runs", R"({"trace_id":")" + id + "\"}");
  CHECK(json::serialize(whole).find("model-") == std::string::npos);
  CHECK(json::serialize(whole).find("2026-03") == std::string::npos);
  CHECK(json::serialize(whole).find("0000000000000007") == std::string::npos);
  CHECK(whole.at("runs").as_array()[0].at("trace_id") == json::string(id));
}

TEST_CASE("the sides are told when all runs are noted, with the difference") {
  ReviewDesk desk;
  desk.Add(Runs(30, 5));
  const json::object first = desk.Ask("review_runs", Call());
  // The same runs come again until they are noted.
  CHECK(desk.Ask("review_runs", Call()).at("runs") == first.at("runs"));
  const json::object noted = desk.Note(first, &Judge);
  CHECK(json::serialize(noted).find("0000000000000007") == std::string::npos);
  CHECK(noted.at("next").as_array().at(0) ==
        R"(review_runs {"a":{"version":"1.0.0"},"b":{"version":"2.0.0"}})");
  const json::object told = ReadAll(desk, Call());
  CHECK(told.at("blind").at("read") == 40);
  CHECK(told.at("blind").at("read_a") == 20);
  CHECK(told.at("blind").at("read_b") == 20);
  CHECK_THAT(std::string(told.at("blind").at("a").as_string()), Contains("1.0.0"));
  const json::value& bad = DifferenceOf(told, "bad");
  CHECK(bad.at("a").as_int64() >= 4);
  CHECK(bad.at("b") == 0);
  CHECK(bad.at("difference").as_double() == Approx(-bad.at("a").as_int64() / 20.0));
  CHECK(bad.at("high").as_double() < 0);
  CHECK(DifferenceOf(told, "refund promised").at("a") == bad.at("a"));
  // Another seed draws the runs that are left.
  const json::object more = desk.Ask("review_runs", Call(R"(,"seed":2)"));
  CHECK(more.at("blind").at("runs") == 20);
  CHECK(desk.Ask("review_runs", Call()).at("blind").at("read") == 40);
}

TEST_CASE("a blind reading goes on in another process, and ends when it is asked to") {
  ReviewDesk desk;
  desk.Add(Runs(8, 5));
  const json::object first = desk.Ask("review_runs", Call());
  auto other = Engine::Open({.store_url = desk.caller.store_url(), .config = {}});
  REQUIRE(other.has_value());
  desk.Note(first, &Judge);
  const Result<std::vector<ReviewEvent>> events = (*other)->ReviewEvents();
  REQUIRE(events.has_value());
  CHECK(events->size() == 11);  // the reading and ten notes
  const json::object told = desk.Ask("review_runs", Call(R"(,"end":true)"));
  CHECK(told.at("blind").at("read") == 10);
  CHECK(told.at("blind").at("runs") == 16);
  CHECK_THAT(std::string(told.at("notes").as_array().at(0).as_string()), Contains("6 drawn runs"));
  // What is noted afterwards, knowing the sides, does not count.
  const json::value id = json::string(std::string(told.at("blind").at("id").as_string()) + "_01");
  const json::object late =
      desk.Ask("note_runs",
               json::serialize(json::object{
                   {"notes", json::array{json::object{{"trace_id", id}, {"verdict", "bad"}}}}}));
  CHECK_THAT(std::string(late.at("refused").as_array().at(0).at("why").as_string()),
             Contains("is over"));
  CHECK(desk.Ask("review_runs", Call()).at("blind") == told.at("blind"));
}

TEST_CASE("a note of a blind reading does not replace what was noted before") {
  ReviewDesk desk;
  desk.Add(Runs(3, 5));
  const json::object plain = desk.Ask("review_runs", R"({"count":6})");
  desk.Note(plain, [](const std::string&) { return std::string(); });
  const json::object told = ReadAll(desk, Call());
  CHECK(DifferenceOf(told, "bad").at("a") == 3);
  const json::object state = desk.Ask("note_runs");
  CHECK(state.at("progress").at("bad") == 0);
  CHECK(state.at("progress").at("same_reader").at("runs") == 6);
  CHECK(state.at("progress").at("same_reader").at("alike") == 3);
}

TEST_CASE("quotes of masked texts are found, and refusals stay masked") {
  ReviewDesk desk;
  desk.Add(Runs(2, 0));
  const json::object drawn = desk.Ask("review_runs", Call());
  const std::string id(drawn.at("runs").as_array()[0].at("trace_id").as_string());
  const auto note = [&](const std::string& quote) {
    return desk.Ask("note_runs", R"({"notes":[{"trace_id":")" + id +
                                     R"(","verdict":"bad","problems":[{"category":"x","quote":")" +
                                     quote + R"("}]}]})");
  };
  const json::object refused = note("in a van for days, said nobody");
  const json::value& row = refused.at("refused").as_array().at(0);
  CHECK(row.at("trace_id") == json::string(id));
  CHECK(row.at("nearest").at("trace_id") == json::string(id));
  for (const char* const secret : {"0000000000000007", "2026-03", "model-"}) {
    CHECK(json::serialize(refused).find(secret) == std::string::npos);
  }
  CHECK(note("in a van since …, said").contains("stored"));
}

TEST_CASE("blind readings that cannot be made say why") {
  ReviewDesk desk;
  desk.Add(Runs(3, 0));
  CHECK_THAT(desk.Refusal("review_runs", R"({"a":{"version":"1.0.0"}})"), Contains("two sides"));
  CHECK_THAT(desk.Refusal("review_runs", R"({"a":{"version":"1"},"b":{"version":"1"}})"),
             Contains("must differ"));
  CHECK_THAT(desk.Refusal("review_runs", R"({"a":{"verzion":"1"},"b":{"version":"1"}})"),
             Contains("$.a"));
  CHECK_THAT(desk.Refusal("review_runs", R"({"fix":"fix_000000000000"})"), Contains("no fix"));
  CHECK_THAT(desk.Refusal("review_runs", Call(R"(,"end":true)")), Contains("has begun"));
  CHECK_THAT(desk.Refusal("review_runs", Call(R"(,"draw":"diverse")")), Contains("at random"));
  const json::object empty =
      desk.Ask("review_runs", R"({"a":{"version":"1.0.0"},"b":{"version":"3"}})");
  CHECK_THAT(std::string(empty.at("headline").as_string()), Contains("both sides"));
  CHECK_THAT(std::string(empty.at("notes").as_array().at(0).as_string()), Contains("side b"));
  const json::object same =
      desk.Ask("review_runs", R"({"a":{"version":"1.0.0"},"b":{"model":"model-one"}})");
  CHECK_THAT(std::string(same.at("notes").as_array().at(0).as_string()), Contains("overlap"));
  CHECK_THAT(
      desk.Ask("note_runs", R"({"notes":[{"trace_id":"blind_00000000_01","verdict":"good"}]})")
          .at("refused")
          .as_array()
          .at(0)
          .at("why")
          .as_string()
          .c_str(),
      Contains("no blind reading"));
}

TEST_CASE("a fix of what readers noted is verified by a blind reading") {
  ReviewDesk desk;
  desk.Add(Runs(24, 6));
  desk.Note(desk.Ask("review_runs", R"({"filters":{"version":"1.0.0"},"count":10})"), &Judge);
  const json::object state = desk.Ask("note_runs");
  const std::string id(state.at("categories").as_array().at(0).at("id").as_string());
  const json::object recorded =
      desk.Ask("record_fix", R"({"entries":[")" + id +
                                 R"("],"summary":"the prompt forbids refunds and names model-two",)"
                                 R"("version":"2.0.0"})");
  const json::value& entry = recorded.at("entries").as_array().at(0);
  CHECK_THAT(std::string(entry.at("title").as_string()), Contains("refund promised"));
  CHECK(entry.at("eligible") == 24);
  CHECK(entry.at("affected").as_int64() >= 3);
  const std::string fix(recorded.at("id").as_string());
  const json::object before = desk.Ask("verify_fix");
  CHECK(before.at("verdict") == "inconclusive");
  CHECK_THAT(std::string(before.at("entries").as_array()[0].at("needed").as_string()),
             Contains("blind reading"));
  const std::string call = R"({"fix":")" + fix + "\"}";
  CHECK(before.at("next").as_array().at(0) == json::string("review_runs " + call));
  const json::object first = desk.Ask("review_runs", call);
  desk.Note(first, &Judge);
  CHECK(desk.Ask("verify_fix").at("verdict") == "inconclusive");
  const json::object told = ReadAll(desk, call);
  CHECK(told.at("next").as_array().at(0) == json::string("verify_fix " + call));
  const json::object after = desk.Ask("verify_fix");
  CHECK(after.at("verdict") == "fixed");
  const json::value& read = after.at("entries").as_array()[0];
  CHECK(read.at("before").at("observations") == 20);
  CHECK(read.at("after").at("affected") == 0);
  CHECK(read.at("ratio_high").as_double() <= 0.5);
  CHECK_THAT(std::string(read.at("title").as_string()), Contains("refund promised"));
}

TEST_CASE("a fix that changed nothing is neither fixed nor improved") {
  ReviewDesk desk;
  desk.Add(Runs(24, 5, 5));
  desk.Note(desk.Ask("review_runs", R"({"filters":{"version":"1.0.0"},"count":10})"), &Judge);
  const std::string id(
      desk.Ask("note_runs").at("categories").as_array().at(0).at("id").as_string());
  const json::object recorded =
      desk.Ask("record_fix",
               R"({"entries":[")" + id + R"("],"summary":"now with model-two","version":"2.0.0"})");
  const std::string call = R"({"fix":")" + std::string(recorded.at("id").as_string()) + "\"}";
  ReadAll(desk, call);
  const json::object after = desk.Ask("verify_fix");
  CHECK(after.at("verdict") == "inconclusive");
  // What is left of the runs can be read in another reading.
  CHECK_THAT(std::string(after.at("next").as_array().at(0).as_string()), Contains("\"seed\":2"));
}

}  // namespace halo
