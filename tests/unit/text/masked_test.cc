// SPDX-License-Identifier: MIT
#include "engine/text/masked.h"

#include <catch2/catch.hpp>

namespace halo {
namespace {

TEST_CASE("values that hide their content are masks") {
  for (const char* text : {"__REDACTED__",
                           "[REDACTED]",
                           " [redacted] ",
                           "***",
                           "********",
                           "<redacted>",
                           "<masked>",
                           "[Filtered]",
                           "[FILTERED]",
                           "[MASKED]",
                           "<hidden>",
                           "{{redacted}}",
                           "(redacted)",
                           "[content redacted]",
                           "[redacted:api_key]",
                           "[REDACTED: EMAIL]",
                           "<REDACTED_EMAIL>",
                           "REDACTED",
                           "redacted",
                           "\xE2\x80\xA2\xE2\x80\xA2\xE2\x80\xA2",
                           "XXXXXXXX",
                           "sha256:9f86d081884c7d65",
                           "[hash:0a1b2c3d4e]",
                           "md5=d41d8cd98f00b204e9800998ecf8427e",
                           "%%MASKED%%",
                           "xxxxx",
                           "XXX-XX-XXXX",
                           "***-**-****",
                           "j***@e***.com",
                           "+49******12",
                           "***-**-1234",
                           "<EMAIL_ADDRESS>",
                           "[PERSON]",
                           "<PERSON_2>",
                           "[PII]",
                           "<PII>",
                           "[encrypted]",
                           "[withheld]",
                           "--redacted--",
                           "$REDACTED$",
                           "Redacted",
                           "REDACTED_BY_POLICY",
                           "EMAIL_REDACTED"}) {
    INFO(text);
    CHECK(IsMask(text));
    CHECK(IsMasked(text));
  }
}

TEST_CASE("texts that contain such a mark are content") {
  for (const char* text : {"",
                           "*",
                           "**",
                           "no results",
                           "the key is *** and the name is Ann",
                           "**bold**",
                           "* * *",
                           "price: ***",
                           "[3 private messages]",
                           "<b>hidden</b> text here and more of it",
                           "hidden",
                           "removed",
                           "[1,2,3]",
                           "XXX",
                           "xxx",
                           "***bold***",
                           "src/***/main.c",
                           "PERSON",
                           "<person>",
                           "[YOUR_NAME]",
                           "not redacted",
                           "--dry-run--",
                           "sha256",
                           "hash: unknown",
                           "[link removed by the author, see "
                           "the other page]",
                           "your mail [REDACTED] was sent to 3 people",
                           "{\"a\":1}",
                           "_id_",
                           "deadbeefdeadbeef",
                           "[REDACTED] and then [3]",
                           "<hidden>7</hidden>"}) {
    INFO(text);
    CHECK_FALSE(IsMask(text));
    CHECK_FALSE(IsMasked(text));
  }
}

TEST_CASE("JSON is masked if one of its values is") {
  CHECK(IsMasked(R"({"query":"__REDACTED__"})"));
  CHECK(IsMasked(R"(["***"])"));
  CHECK(IsMasked(R"({"page":1,"q":{"text":"[REDACTED]"}})"));
  CHECK(IsMasked(R"("<masked>")"));
  CHECK(IsMasked(R"("{\"id\":\"[REDACTED]\"}")"));
  CHECK(IsMasked(R"({"body":"{\"a\":\"{\\\"b\\\":\\\"***\\\"}\"}"})"));
  CHECK_FALSE(IsMasked(R"("{\"[REDACTED]\":\"a\"}")"));
  CHECK_FALSE(IsMasked(R"({"query":"the key is *** and the name is Ann"})"));
  CHECK_FALSE(IsMasked(R"({"redacted":"no","[REDACTED]":1})"));  // names, not values
  CHECK_FALSE(IsMasked(R"({"cut":"[REDACT)"));
}

}  // namespace
}  // namespace halo
