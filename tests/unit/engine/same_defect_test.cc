// SPDX-License-Identifier: MIT
// One defect is one entry: pairs of errors (tests/golden/same_defect.txt) go through the facts of a
// span, to signatures, to the merge of modes.
#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "engine/facts/facts_computer.h"
#include "engine/model/mode_id.h"
#include "engine/semconv/conventions.h"
#include "engine/summaries/mode_variants.h"
#include "tests/support/source_dir.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {
namespace {

struct ErrorCase {
  std::string tool, agent = "worker", type, text;
};

struct Pair {
  std::string title;
  bool one = false;
  std::vector<ErrorCase> errors;
};

std::vector<Pair> ReadPairs() {
  std::vector<Pair> pairs;
  std::ifstream file(SourceDir() / "tests/golden/same_defect.txt");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("== ")) {
      pairs.push_back({line.substr(3), line.starts_with("== one"), {ErrorCase()}});
    } else if (pairs.empty()) {
      continue;
    } else if (line == "--") {
      pairs.back().errors.emplace_back();
    } else {
      ErrorCase& error = pairs.back().errors.back();
      if (line.starts_with("@tool ")) {
        error.tool = line.substr(6);
      } else if (line.starts_with("@agent ")) {
        error.agent = line.substr(7);
      } else if (line.starts_with("@type ")) {
        error.type = line.substr(6);
      } else {
        error.text += line + "\n";
      }
    }
  }
  for (Pair& pair : pairs) {
    for (ErrorCase& error : pair.errors) {
      while (error.text.ends_with('\n')) error.text.pop_back();
    }
  }
  return pairs;
}

// How a span records the text of its error.
enum class Recorded { kStatus, kEvent, kResult };

class Signer {
 public:
  ModeFace Of(const ErrorCase& error, Recorded recorded) {
    SpanBuilder b;
    const bool is_tool = !error.tool.empty();
    b.Name(is_tool ? "execute_tool " + error.tool : "chat gpt-4o")
        .Text("gen_ai.operation.name", is_tool ? "execute_tool" : "chat");
    if (is_tool) b.Text("gen_ai.tool.name", error.tool);
    if (!error.type.empty()) b.Text("error.type", error.type);
    switch (recorded) {
      case Recorded::kStatus:
        b.Status(StatusCode::kError, error.text);
        break;
      case Recorded::kEvent:
        b.Status(StatusCode::kError);
        b.Event("exception").Text("exception.message", error.text);
        break;
      case Recorded::kResult:
        b.Status(StatusCode::kError).Text("gen_ai.tool.call.result", error.text);
        break;
    }
    SpanFacts facts;
    const SpanFields& fields = conventions_.Read(b.span());
    computer_.Compute(b.span(), fields, conventions_.json(), words_, facts);
    const std::string signature(words_[facts.error_signature]);
    const std::string span_name = is_tool ? "" : "chat";
    const ModeId id = MakeModeId("error_cluster", {error.agent, error.tool, span_name}, signature);
    return FaceOf(id, 0, SignatureKind::kErrorText, error.agent, error.tool, span_name, signature,
                  TransportName(facts.transport));
  }

 private:
  PriceTable prices_;
  OutcomeConfig config_;
  Conventions conventions_;
  FactsComputer computer_{config_, prices_};
  StringPool words_;
};

bool AreOne(const ModeFace& a, const ModeFace& b) {
  if (a.id == b.id) return true;
  const std::vector<const ModeFace*> both = {&a, &b};
  const std::vector<std::uint32_t> groups = GroupVariants(both);
  return groups[0] == groups[1];
}

}  // namespace

TEST_CASE("one defect is one entry, two defects are two") {
  const std::vector<Pair> pairs = ReadPairs();
  CHECK(pairs.size() >= 80);
  Signer signer;
  for (const Pair& pair : pairs) {
    REQUIRE(pair.errors.size() == 2);
    for (const Recorded recorded : {Recorded::kStatus, Recorded::kEvent, Recorded::kResult}) {
      if (recorded == Recorded::kResult && pair.errors[0].tool.empty()) continue;
      const ModeFace a = signer.Of(pair.errors[0], recorded);
      const ModeFace b = signer.Of(pair.errors[1], recorded);
      CAPTURE(pair.title, static_cast<int>(recorded), a.signature, b.signature, a.key, b.key);
      CHECK(AreOne(a, b) == pair.one);
      CHECK(AreOne(b, a) == pair.one);
    }
  }
}

}  // namespace halo
