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
  CHECK(config->units.unit == Unit::kAuto);
  CHECK(config->redaction.secrets);
  CHECK(AnalysisConfigText(*config) == AnalysisConfigText(Config{}));
}

TEST_CASE("connections are read, and are not part of the analysis") {
  const Result<Config> config = ParseConfig(R"(
[connections.prod]
type = "langfuse"
url = "https://langfuse.example"
credentials = "~/.config/langfuse"
environments = ["production"]
tags = ["a", "b"]
trace_name = "support"
[connections.local]
type = "phoenix"
source_project = "clerk"
)");
  REQUIRE(config.has_value());
  REQUIRE(config->connections.size() == 2);
  CHECK(config->connections[0].name == "local");
  CHECK(config->connections[0].service == Service::kPhoenix);
  CHECK(config->connections[0].source_project == "clerk");
  CHECK(config->connections[1].url == "https://langfuse.example");
  CHECK(config->connections[1].tags == std::vector<std::string>{"a", "b"});
  CHECK(config->connections[1].trace_name == "support");
  CHECK(AnalysisConfigText(*config) == AnalysisConfigText(Config{}));
}

TEST_CASE("a wrong connection is refused, without repeating a secret") {
  const auto has = [](const std::string& message, std::string_view part) {
    INFO(message);
    CHECK(message.find(part) != std::string::npos);
  };
  has(ErrorOf("[connections.a]\nurl = \"https://x\""), "connections.a.type: is required");
  has(ErrorOf("[connections.a]\ntype = \"langsmith\""), "expected \"langfuse\" or \"phoenix\"");
  has(ErrorOf("[connections.a]\ntype = \"phoenix\"\nurls = \"x\""), "did you mean url");
  has(ErrorOf("connections = 1"), "expected tables");
  has(ErrorOf("[connections.a]\ntype = \"langfuse\"\ntags = \"x\""), "an array of strings");
  const std::string secret =
      ErrorOf("[connections.a]\ntype = \"langfuse\"\nsecret_key = \"sk-lf-1\"");
  has(secret, "does not belong in this file");
  CHECK(secret.find("sk-lf-1") == std::string::npos);
}

TEST_CASE("a configuration round-trips through its text") {
  const Result<Config> config = ParseConfig(R"(
unit = "session"
[units]
helpdesk = "trace"
"a shop" = "session"
[outcome]
attributes = ["eval.passed", "odd \"key\"\t\u00e9"]
success_score = 1
use_root_status = false
[[outcome.scores]]
name = "helpfulness"
at_least = 0.7
[[outcome.scores]]
name = "toxicity"
at_most = 0.2
[redaction]
emails = true
patterns = ['\bEMP-\d{4}\b', "a\"b"]
[settle]
quiet_seconds = 2.5
abandoned_seconds = 60
log_seconds = 5
[thresholds]
stall_seconds = 90.5
no_tool_use_share = 0.5
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
  CHECK(config->units.Of("any other") == Unit::kSession);
  CHECK(config->units.Of("helpdesk") == Unit::kTrace);
  CHECK(config->units.Of("a shop") == Unit::kSession);
  CHECK(config->outcome.attributes.at(1) == "odd \"key\"\té");
  CHECK(config->outcome.success_score == 1);
  CHECK_FALSE(config->outcome.use_root_status);
  REQUIRE(config->outcome.scores.size() == 2);
  CHECK(config->outcome.scores[0].IsSuccess(0.7));
  CHECK_FALSE(config->outcome.scores[0].IsSuccess(0.6));
  CHECK_FALSE(config->outcome.scores[1].IsSuccess(0.3));
  CHECK(config->outcome.use_evaluators);
  CHECK(config->redaction.emails);
  CHECK(config->redaction.patterns == std::vector<std::string>{R"(\bEMP-\d{4}\b)", "a\"b"});
  CHECK(config->settle.quiet_ns == 2'500'000'000);
  CHECK(config->settle.abandoned_ns == 60'000'000'000);
  CHECK(config->settle.session_ns == SettleRule().session_ns);
  CHECK(config->settle.log_ns == 5'000'000'000);
  REQUIRE(config->prices.size() == 2);
  CHECK(config->prices[0].cache_read == 0.025);
  CHECK(config->prices[0].cache_write == -1);
  const std::string text = AnalysisConfigText(*config);
  const Result<Config> again = ParseConfig(text);
  REQUIRE(again.has_value());
  CHECK(AnalysisConfigText(*again) == text);
  CHECK(again->units == config->units);
  CHECK(again->settle == config->settle);
  CHECK(config->thresholds.stall_seconds == 90.5);
  CHECK(config->thresholds.stall_times_median == Thresholds().stall_times_median);
  CHECK(again->thresholds == config->thresholds);
}

TEST_CASE("a threshold is a number in its range, and one that is not given is the usual") {
  CHECK(ErrorOf("[thresholds]\nstall_second = 1\n")
            .find("unknown key thresholds.stall_second; did you mean stall_seconds?") !=
        std::string::npos);
  CHECK(ErrorOf("[thresholds]\nstall_seconds = 0\n") ==
        "line 2: thresholds.stall_seconds: expected a number from 1 to 86400, for example "
        "stall_seconds = 1; got 0");
  CHECK(AnalysisConfigText(Config()).find("thresholds") == std::string::npos);
}

TEST_CASE("a word list takes phrases, and what is given is part of the analysis") {
  const auto config =
      ParseConfig("[words]\ncorrections = [\"das ist falsch\", \"!still wrong\"]\n");
  REQUIRE(config.has_value());
  const auto list = static_cast<std::size_t>(WordList::kCorrections);
  CHECK(config->words.changes[list] == std::vector<std::string>{"das ist falsch", "!still wrong"});
  const auto again = ParseConfig(AnalysisConfigText(*config));
  REQUIRE(again.has_value());
  CHECK(again->words == config->words);
  CHECK(ErrorOf("[words]\nclaims = [\"nö\"]\n")
            .find("line 2: words.claims: expected phrases of at least 4 bytes") !=
        std::string::npos);
  CHECK(ErrorOf("[words]\nclaim = []\n").find("did you mean claims?") != std::string::npos);
}

TEST_CASE("the unit of a project is a word of the two") {
  const std::string error = ErrorOf("[units]\nshop = \"turns\"\n");
  CHECK(error.find(
            "line 2: shop: expected \"auto\", \"trace\", \"turn\" or \"session\"; got \"turns\"") !=
        std::string::npos);
  CHECK(ErrorOf("[units]\nshop = 1\n").find("units.shop: expected a string") != std::string::npos);
}

TEST_CASE("a run of log records settles after a next turn, an import's end or a silence") {
  const SettleRule rule;
  constexpr std::int64_t kSecond = 1'000'000'000;
  CHECK(LogStateOf(false, false, 0, 59 * kSecond, rule) == RunState::kOpen);
  CHECK(LogStateOf(false, false, 0, 60 * kSecond, rule) == RunState::kSettled);
  CHECK(LogStateOf(false, false, 0, 9000 * kSecond, rule) == RunState::kSettled);
  CHECK(LogStateOf(true, false, 0, kSecond, rule) == RunState::kSettled);
  CHECK(LogStateOf(false, true, 0, kSecond, rule) == RunState::kSettled);
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
        "attributes, success_score, use_root_status, use_evaluators, scores");
  CHECK(
      ErrorOf("[outcome]\nuse_evaluators = \"yes\"") ==
      "line 2: outcome.use_evaluators: expected true or false, for example use_evaluators = true; "
      "got 'yes'");
  CHECK(ErrorOf("[outcome]\nattributes = [\"a\",\n3]") ==
        "line 3: outcome.attributes: expected an array of strings, for example attributes = "
        "[\"name\"]; got 3");
  CHECK(ErrorOf("[outcome]\nsuccess_score = nan").find("line 2: outcome.success_score") == 0);
  CHECK(ErrorOf("unit = \"run\"") ==
        "line 1: unit: expected \"auto\", \"trace\", \"turn\" or \"session\"; got \"run\"");
  CHECK(
      ErrorOf("[[outcome.scores]]\nname = \"a\"").find("outcome.scores needs name and at_least") !=
      std::string::npos);
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
