// SPDX-License-Identifier: MIT
#include "engine/text/redact.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace halo {
namespace {

std::string Clean(const std::string& text, const RedactionConfig& config = {}) {
  const Redactor redactor(config);
  std::string once, twice;
  const std::size_t count = redactor.Redact(text, once);
  CHECK((count > 0) == redactor.MayContain(text));
  CHECK(redactor.Redact(once, twice) == 0);
  CHECK(twice == once);
  return once;
}

std::string Letters(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7"[i % 27];
  return text;
}

}  // namespace

TEST_CASE("keys with the prefix of their issuer are redacted") {
  const std::vector<std::pair<std::string, std::string>> keys = {
      {"sk-" + Letters(48), "api_key"},
      {"sk-proj-" + Letters(40) + "_" + Letters(20), "api_key"},
      {"sk-ant-api03-" + Letters(60) + "-AA", "api_key"},
      {"gsk_" + Letters(52), "api_key"},
      {"ghp_" + Letters(36), "github_token"},
      {"ghs_" + Letters(36), "github_token"},
      {"github_pat_" + Letters(22) + "_" + Letters(59), "github_token"},
      {"AKIAIOSFODNN7EXAMPLE", "aws_key"},
      {"AIza" + Letters(35), "google_key"},
      {"xoxb-123456789012-" + Letters(24), "slack_token"},
      {"sk_live_" + Letters(24), "stripe_key"},
      {"hf_" + Letters(34), "huggingface_token"},
      {"lsv2_pt_" + Letters(32) + "_" + Letters(10), "api_key"},
  };
  for (const auto& [key, kind] : keys) {
    const std::string marker = "[redacted:" + kind + "]";
    CHECK(Clean(key) == marker);
    CHECK(Clean("401: invalid key " + key + ".") == "401: invalid key " + marker + ".");
    CHECK(Clean(R"({\"a\":\")" + key + R"(\"})") == R"({\"a\":\")" + marker + R"(\"})");
    CHECK(Clean(R"(first\n)" + key + R"(\nlast)") == R"(first\n)" + marker + R"(\nlast)");
    CHECK(Clean(key + " " + key) == marker + " " + marker);
  }
}

TEST_CASE("words that only resemble keys are kept") {
  for (const std::string& text : std::vector<std::string>{
           "a task-1234567890123456789012 of disk-abcdefghijklmnopqrstuv1",
           "sk-loading-spinner-component-large",
           "sk-short1",
           "AKIAIOSFODNN7EXAMPLES",
           "eyJ is how base64 of JSON begins",
           "prompt_tokens: 1234567, max_tokens=4096",
           "the password: it must have at least 8 characters",
           R"({"password": {"type": "string"}, "api_key": "string"})",
           R"("password": "")",
           "password = get_password_2()",
           "api_key=os.environ1[\"KEY\"]",
           "secret=\"${SECRET_VALUE_1}\"",
           "Bearer realm=\"example\"",
           "Bearer authentication-is-required",
           "https://example.com:8080/a@b",
           "http://user@host/",
           "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
           "someone@example.com",
       }) {
    CHECK(Clean(text) == text);
  }
}

TEST_CASE("tokens, keys and passwords in their usual places are redacted") {
  CHECK(Clean("Authorization: Bearer abcdef0123456789.x-y") ==
        "Authorization: Bearer [redacted:bearer_token]");
  CHECK(Clean(R"("authorization": "Basic dXNlcjpwYXNz")") ==
        R"("authorization": "Basic [redacted:secret]")");
  CHECK(Clean("t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTYifQ.dozjgNryP4J3jVmN;") ==
        "t=[redacted:jwt];");
  CHECK(Clean("cut: eyJhbGciOiJIUzI1NiJ9.eyJzdWIi") == "cut: [redacted:jwt]");
  CHECK(Clean("postgres://app:s3cr3t@db:5432/x") == "postgres://app:[redacted:password]@db:5432/x");
  CHECK(Clean("redis://:p@ss@host") == "redis://:[redacted:password]@host");
  CHECK(Clean(R"({"user":"x","password": "hunter2"})") ==
        R"({"user":"x","password": "[redacted:password]"})");
  CHECK(Clean(R"({"db_passwd":"correct[horse"})") == R"({"db_passwd":"[redacted:password]"})");
  CHECK(Clean(R"("{\"password\": \"a\\\"b1\", \"x\": 1}")") ==
        R"("{\"password\": \"[redacted:password]\", \"x\": 1}")");
  CHECK(Clean("GET /v1?api_key=abc12345&q=1") == "GET /v1?api_key=[redacted:api_key]&q=1");
  CHECK(Clean("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY") ==
        "AWS_SECRET_ACCESS_KEY=[redacted:secret]");
  CHECK(Clean("x-auth-token: abcdef123456") == "x-auth-token: [redacted:secret]");
  CHECK(Clean(R"({"accessToken":"abcdef123456","clientSecret":"zyx987654"})") ==
        R"({"accessToken":"[redacted:secret]","clientSecret":"[redacted:secret]"})");
}

TEST_CASE("private key blocks are redacted completely, also if truncated or escaped") {
  const std::string body = "MIIEowIBAAKCAQEA0Z\nabc+/=\n";
  const std::string block =
      "-----BEGIN RSA PRIVATE KEY-----\n" + body + "-----END RSA PRIVATE KEY-----";
  CHECK(Clean("a\n" + block + "\nb") == "a\n[redacted:private_key]\nb");
  CHECK(Clean("a\n-----BEGIN PRIVATE KEY-----\n" + body) == "a\n[redacted:private_key]");
  CHECK(Clean(R"(k: -----BEGIN EC PRIVATE KEY-----\nMHQC\n-----END EC PRIVATE KEY-----\n.)") ==
        R"(k: [redacted:private_key]\n.)");
}

TEST_CASE("e-mail addresses are redacted only if configured") {
  const RedactionConfig emails = {true, true};
  CHECK(Clean("write to Jane.Doe+x@mail.example.org.", emails) == "write to [redacted:email].");
  CHECK(Clean("@decorator a@b x@1.2", emails) == "@decorator a@b x@1.2");
  CHECK(Clean("me@example.com", {false, true}) == "[redacted:email]");
  CHECK(Clean("me@example.com ghp_" + Letters(36), {false, false}) ==
        "me@example.com ghp_" + Letters(36));
}

TEST_CASE("a key surrounded by parts of other keys is redacted in one pass") {
  const std::string key = "AKIAIOSFODNN7EXAMPLE";
  const RedactionConfig both = {true, true};
  for (const std::string& text : std::vector<std::string>{
           "password=" + key, "\"password\": \"a b " + key + "\"",
           "\"password\": \"" + key + " b\"", "://user:" + key, "://user:" + key + "@host",
           "Bearer " + key, "a@" + key + ".com", key + "." + key,
           "-----BEGIN PRIVATE KEY-----" + key, "eyJaaaaaaaaaaaa." + key}) {
    CHECK(Clean(text, both).find(key.substr(4)) == std::string::npos);
  }
}

TEST_CASE("a replacement does not expose its neighbour") {
  // Clean checks that a second pass changes nothing.
  Clean("AKIAIOSFODNN7EXAMPLE" + std::string(64, 'x') + "@example.com", {true, true});
  Clean("password=a@b.com secret=x1@b.com", {true, true});
}

TEST_CASE("text that begins or ends within a secret is redacted without reading beyond it") {
  const Redactor redactor({true, true});
  std::vector<std::string> texts = {"ssh://git@host:22/a git@host:22/a@b",
                                    R"([["x-api-key", "a1b2c3d4e5f6"]])",
                                    R"([[\"x-api-key\", \"a1b2c3d4e5f6\"]])",
                                    R"({"name":"x-api-key","value":"a1b2c3d4e5f6"})",
                                    "Authorization: Bearer a1b2c3d4e5f6a1b2c3d4",
                                    "postgres://app:hunterly@db:5432/x"};
  std::string out;
  for (const std::string& text : texts) {
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
      // Buffers of exactly that size, so that sanitizers see every byte beyond.
      const std::vector<char> head(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(cut));
      const std::vector<char> tail(text.begin() + static_cast<std::ptrdiff_t>(cut), text.end());
      for (const std::vector<char>* part : {&head, &tail}) {
        redactor.Redact({part->data(), part->size()}, out);
        CHECK(out.size() <= part->size() + 40);
      }
    }
  }
  CHECK(Clean("ssh://git@host:22/a") == "ssh://git@host:22/a");
  CHECK(Clean("ftp://me@corp.io:hunterly@host/a") == "ftp://me@corp.io:[redacted:password]@host/a");
  CHECK(Clean(R"(x-api-key", "a1b2c3d4e5f6"])") == R"(x-api-key", "a1b2c3d4e5f6"])");
}

TEST_CASE("the user's own patterns are redacted") {
  const RedactionConfig own = {true, false, {R"(\bEMP-\d{4}\b)", R"(room=(\w+))"}};
  CHECK(Clean("EMP-1234 in room=b12, not EMP-12345", own) ==
        "[redacted:pattern] in room=[redacted:pattern], not EMP-12345");
  CHECK(Clean("room=", own) == "room=");
  // Replacements are not matched again, neither these nor the others.
  const RedactionConfig words = {true, false, {R"([a-z]+)"}};
  CHECK(Clean("AKIAIOSFODNN7EXAMPLE is", words) == "[redacted:aws_key] [redacted:pattern]");
  CHECK(Clean("ab CD ef", {false, false, {"[a-z]+"}}) ==
        "[redacted:pattern] CD [redacted:pattern]");
  CHECK(Clean("aXb", {false, false, {"(a)|b"}}) == "[redacted:pattern]Xb");
}

TEST_CASE("a secret that is percent-encoded with its surroundings is redacted alone") {
  CHECK(Clean("q=%7B%27api_key%27%3A%20%27a1b2c3d4e5f6%27%2C%20%27n%27%3A%201%7D&x=1") ==
        "q=%7B%27api_key%27%3A%20%27[redacted:api_key]%27%2C%20%27n%27%3A%201%7D&x=1");
  CHECK(Clean("q%3D%257B%2522password%2522%253A%2520%2522hunterly%2522%257D") ==
        "q%3D%257B%2522password%2522%253A%2520%2522[redacted:password]%2522%257D");
  CHECK(Clean("100% of 20%25 and %zz %2") == "100% of 20%25 and %zz %2");
  std::string hostile;
  while (hostile.size() < (1U << 18)) hostile += "%25252525";
  Clean(hostile);
}

TEST_CASE("hostile repetition is redacted in linear time") {
  const Redactor redactor({true, true});
  std::string out;
  for (const std::string piece : {"eyJ", "-----BEGIN PRIVATE KEY----- ", "password=\"",
                                  "password=\\\"", "://", "://a:", "ssw", "@", "a@", "sk-", "-sk-a",
                                  "\\nsk-", "Bearer ", "a.b@", "password='password=\"", "AKIA"}) {
    std::string text;
    while (text.size() < (1U << 18)) text += piece;
    redactor.Redact(text, out);  // quadratic time would take minutes
    CHECK(redactor.Redact(out, text) == 0);
  }
}

}  // namespace halo
