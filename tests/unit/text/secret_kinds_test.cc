// SPDX-License-Identifier: MIT
#include "tests/unit/text/secret_kinds.h"

#include <catch2/catch.hpp>

#include "engine/text/redact.h"

namespace halo {

TEST_CASE("no kind of secret survives redaction") {
  const Redactor redactor(RedactionConfig{});
  const std::vector<SecretKind> kinds = SecretKinds();
  CHECK(kinds.size() >= 70);
  for (const SecretKind& kind : kinds) {
    std::string once, twice;
    redactor.Redact(kind.text, once);
    CAPTURE(kind.what + ": " + once);
    CHECK(kind.text.find(kind.secret) != std::string::npos);
    CHECK(redactor.MayContain(kind.text));
    CHECK(once.find(kind.secret) == std::string::npos);
    CHECK(redactor.Redact(once, twice) == 0);
    // In the middle of a longer text.
    redactor.Redact("first line\n" + kind.text + "\nlast line", once);
    CHECK(once.find(kind.secret) == std::string::npos);
    CHECK(once.find("first line") == 0);
    CHECK(once.ends_with("line"));  // a PEM block that is cut off takes the next word
  }
}

TEST_CASE("what only resembles a secret survives redaction") {
  const Redactor redactor(RedactionConfig{});
  const std::vector<std::string> texts = NearMisses();
  CHECK(texts.size() >= 40);
  for (const std::string& text : texts) {
    std::string out;
    redactor.Redact(text, out);
    CAPTURE(out);
    CHECK(out == text);
    CHECK_FALSE(redactor.MayContain(text));
  }
}

}  // namespace halo
