// SPDX-License-Identifier: MIT
#include "engine/semconv/key_table.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

namespace halo {
namespace {

TEST_CASE("every key of every convention is found, with the fields its tables give it") {
  const KeyTable table(AllConventions());
  for (const Convention* const convention : AllConventions()) {
    for (const KeyRule& rule : convention->keys) {
      CAPTURE(rule.key);
      bool found = false;
      for (const KeyUse& use : table.Find(rule.key)) found |= use.field == rule.field;
      CHECK(found);
    }
    for (const FlatRule& rule : convention->flat) {
      CAPTURE(rule.pattern);
      int parts = 0;  // beside which the key may be a field
      for (const KeyUse& use : table.Find(rule.pattern)) {
        parts += use.what == KeyUse::What::kFlatPart;
      }
      CHECK(parts == 1);
    }
  }
}

TEST_CASE("a key that no table names is not found") {
  const KeyTable table(AllConventions());
  CHECK(table.Find("").empty());
  CHECK(table.Find("x").empty());
  CHECK(table.Find("gen_ai.usage.input_tokenz").empty());
  CHECK(table.Find("llm.input_messages.0.message.role").empty());
}

TEST_CASE("no convention names a key twice for one field") {
  for (const Convention* const convention : AllConventions()) {
    std::set<std::pair<std::string, int>> seen;
    for (const KeyRule& rule : convention->keys) {
      CAPTURE(rule.key);
      CHECK(seen.emplace(rule.key, static_cast<int>(rule.field)).second);
    }
  }
}

TEST_CASE("indexes are taken out of flattened keys") {
  const FlatKey two("llm.input_messages.10.message.tool_calls.2.tool_call.id");
  CHECK(two.pattern() == "llm.input_messages.#.message.tool_calls.#.tool_call.id");
  CHECK(two.outer() == 10);
  CHECK(two.inner() == 2);
  const FlatKey last("gen_ai.prompt.3");
  CHECK(last.pattern() == "gen_ai.prompt.#");
  CHECK(last.outer() == 3);
}

TEST_CASE("keys without an index, with a hostile one, or with too many are left alone") {
  CHECK(FlatKey("").pattern().empty());
  CHECK(FlatKey("plain.key").pattern().empty());
  CHECK(FlatKey("version.2x.name").pattern().empty());
  CHECK(FlatKey("ends.with.").pattern().empty());
  CHECK(FlatKey("llm.input_messages.2147483648.message.role").pattern().empty());
  CHECK(FlatKey("llm.input_messages.99999999999999999999999.message.role").pattern().empty());
  CHECK(FlatKey("a.1.b.2.c.3").pattern().empty());
  CHECK(FlatKey(std::string(500, 'a') + ".1").pattern().empty());
}

}  // namespace
}  // namespace halo
