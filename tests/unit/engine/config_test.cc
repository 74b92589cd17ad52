// SPDX-License-Identifier: MIT
#include "engine/model/config.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

std::string ErrorOf(std::string_view toml) {
  const Result<Config> config = ParseConfig(toml);
  return config ? "" : config.error().message;
}

}  // namespace

TEST_CASE("an empty configuration is the default one") {
  const Result<Config> config = ParseConfig("");
  REQUIRE(config.has_value());
  CHECK(config->unit == Unit::kTrace);
  CHECK(config->redaction.secrets);
  CHECK(AnalysisConfigText(*config) == AnalysisConfigText(Config{}));
}

TEST_CASE("a configuration round-trips through its text") {
  const Result<Config> config = ParseConfig(R"(
unit = "session"
[outcome]
attributes = ["eval.passed", "odd \"key\"\t\u00e9"]
success_score = 1
use_root_status = false
[redaction]
emails = true
patterns = ['\bEMP-\d{4}\b', "a\"b"]
[settle]
quiet_seconds = 2.5
abandoned_seconds = 60
[[prices]]
model = "house-*"
input = 0.25
output = 1
cache_read = 0.025
[[prices]]
model = "other"
input = 0
output = 1e-3
)");
  REQUIRE(config.has_value());
  CHECK(config->unit == Unit::kSession);
  CHECK(config->outcome.attributes.at(1) == "odd \"key\"\té");
  CHECK(config->outcome.success_score == 1);
  CHECK_FALSE(config->outcome.use_root_status);
  CHECK(config->outcome.use_evaluators);
  CHECK(config->redaction.emails);
  CHECK(config->redaction.patterns == std::vector<std::string>{R"(\bEMP-\d{4}\b)", "a\"b"});
  CHECK(config->settle.quiet_ns == 2'500'000'000);
  CHECK(config->settle.abandoned_ns == 60'000'000'000);
  CHECK(config->settle.session_ns == SettleRule().session_ns);
  REQUIRE(config->prices.size() == 2);
  CHECK(config->prices[0].cache_read == 0.025);
  CHECK(config->prices[0].cache_write == -1);
  const std::string text = AnalysisConfigText(*config);
  const Result<Config> again = ParseConfig(text);
  REQUIRE(again.has_value());
  CHECK(AnalysisConfigText(*again) == text);
}

TEST_CASE("a pattern of redaction must be one, and match something") {
  CHECK(ErrorOf("[redaction]\npatterns = ['a(']\n").find("redaction.patterns: \"a(\" is not a") !=
        std::string::npos);
  CHECK(ErrorOf("[redaction]\npatterns = ['a*']\n").find("matches the empty text") !=
        std::string::npos);
  CHECK(ErrorOf("[redaction]\npatterns = 'a'\n").find("redaction.patterns") != std::string::npos);
}

TEST_CASE("abandoned_seconds is at least quiet_seconds") {
  const Result<Config> config =
      ParseConfig("[settle]\nquiet_seconds = 100\nabandoned_seconds = 1\n");
  REQUIRE(config.has_value());
  CHECK(config->settle.abandoned_ns == config->settle.quiet_ns);
  CHECK(ErrorOf("[settle]\nquiet_seconds = -1\n").find("settle.quiet_seconds") !=
        std::string::npos);
  CHECK(ErrorOf("[settle]\nquiet = 1\n").find("unknown key settle.quiet") != std::string::npos);
}

TEST_CASE("an error names line, key, what was expected and an example") {
  CHECK(ErrorOf("\n[$x]\n").starts_with("line 2: "));
  CHECK(ErrorOf("\n[outcome]\nsuccess_scor = 1\n") ==
        "line 3: unknown key outcome.success_scor; did you mean success_score? known: "
        "attributes, success_score, use_root_status, use_evaluators");
  CHECK(
      ErrorOf("[outcome]\nuse_evaluators = \"yes\"") ==
      "line 2: outcome.use_evaluators: expected true or false, for example use_evaluators = true; "
      "got 'yes'");
  CHECK(ErrorOf("[outcome]\nattributes = [\"a\",\n3]") ==
        "line 3: outcome.attributes: expected an array of strings, for example attributes = "
        "[\"name\"]; got 3");
  CHECK(ErrorOf("[outcome]\nsuccess_score = nan").find("line 2: outcome.success_score") == 0);
  CHECK(ErrorOf("unit = \"run\"") ==
        "line 1: unit: expected \"trace\" or \"session\"; got \"run\"");
  CHECK(ErrorOf("outcome = 3") == "line 1: outcome: expected a table; got 3");
  CHECK(ErrorOf("[prices]\nmodel = \"m\"").find("each starting with [[prices]]") !=
        std::string::npos);
  CHECK(
      ErrorOf("[[prices]]\nmodel = \"m\"\ninput = -1\noutput = 1") ==
      "line 3: prices.input: expected a number from 0 to 1000000, for example input = 0.5; got -1");
  CHECK(ErrorOf("[[prices]]\nmodel = \"m\"\ninput = 1e300\noutput = 1")
            .find("line 3: prices.input: expected a number from 0") == 0);
  CHECK(ErrorOf("[[prices]]\nmodel = \"m\"\ninput = 1").find("line 1: prices.output is required") ==
        0);
  CHECK(ErrorOf("unit = ").find("line 1: invalid TOML: ") == 0);
}

TEST_CASE("the error for a missing configuration file names it") {
  const Result<Config> config = LoadConfig("/nonexistent/halo.toml");
  REQUIRE_FALSE(config.has_value());
  CHECK(config.error().message == "/nonexistent/halo.toml: cannot open it");
}

}  // namespace halo
