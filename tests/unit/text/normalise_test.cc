// SPDX-License-Identifier: MIT
#include "engine/text/normalise.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <string>
#include <vector>

#include "tests/support/source_dir.h"

namespace halo {
namespace {

struct Golden {
  std::string kind, text, signature;
};

std::string Unescape(const std::string& text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view pair = std::string_view(text).substr(i, 2);
    const char c = pair == "\\n" ? '\n' : pair == "\\t" ? '\t' : pair == "\\e" ? '\x1b' : '\0';
    plain.push_back(c == '\0' ? text[i] : c);
    if (c != '\0') ++i;
  }
  return plain;
}

const std::vector<Golden>& GoldenCases() {
  static const std::vector<Golden> cases = [] {
    std::vector<Golden> read;
    std::ifstream file(SourceDir() / "tests/golden/normaliser.tsv");
    for (std::string line; std::getline(file, line);) {
      const std::size_t first = line.find('\t'), second = line.find('\t', first + 1);
      if (line.starts_with('#') || second == std::string::npos) continue;
      const std::string text = line.substr(first + 1, second - first - 1);
      // Windows paths contain what looks like escapes.
      const bool path = line.starts_with("path\t");
      read.push_back(
          {line.substr(0, first), path ? text : Unescape(text), line.substr(second + 1)});
    }
    return read;
  }();
  return cases;
}

bool IsUtf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t size = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 0;
    if (size == 0 || i + size > text.size()) return false;
    for (std::size_t k = 1; k < size; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += size;
  }
  return true;
}

}  // namespace

TEST_CASE("variable text is masked, the cause is kept") {
  CHECK(GoldenCases().size() > 70);
  for (const Golden& golden : GoldenCases()) {
    CAPTURE(golden.kind, golden.text);
    CHECK(NormaliseError(golden.text) == golden.signature);
  }
}

TEST_CASE("normalising a signature again does not change it") {
  std::vector<std::string> texts;
  for (const Golden& golden : GoldenCases()) {
    for (std::size_t size = 0; size <= golden.text.size(); size += 3) {
      texts.push_back(golden.text.substr(0, size));
      texts.push_back(golden.text.substr(size));
    }
  }
  for (std::size_t i = 0; i < GoldenCases().size(); ++i) {
    for (std::size_t k = 0; k < GoldenCases().size(); k += 5) {
      texts.push_back(GoldenCases()[i].text + GoldenCases()[k].text);
    }
  }
  for (const std::string& text : texts) {
    CAPTURE(text);
    const std::string once = NormaliseError(text);
    CHECK(NormaliseError(once) == once);
    const std::string name = NormaliseName(text);
    CHECK(NormaliseName(name) == name);
  }
}

TEST_CASE("a signature has at most 512 bytes of whole characters, from the first 4 KB") {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text(shift, 'x');
    while (text.size() < 10'000) text += "é日本😀";
    const std::string signature = NormaliseError(text);
    CHECK(signature.size() <= 512);
    CHECK(signature.size() > 500);
    CHECK(IsUtf8(signature));
  }
  const std::string head(4096, ' ');
  CHECK(NormaliseError(head + "x").empty());
  CHECK(NormaliseError("").empty());
  std::string numbers;
  for (int i = 0; i < 1000; ++i) numbers += "x 7 ";
  CHECK(NormaliseError(numbers).ends_with("x <int>"));
  CHECK(NormaliseError(std::string(4096, '{')).size() == 512);
  CHECK(NormaliseError(std::string(4096, '\'')).size() <= 512);
}

TEST_CASE("binary data is harmless") {
  std::string bytes;
  for (int i = 0; i < 4000; ++i) bytes.push_back(static_cast<char>(i * 7919 >> 3));
  const std::string once = NormaliseError(bytes);
  CHECK(NormaliseError(once) == once);
  CHECK(NormaliseError(std::string(300, '\xbf')).size() == 300);
}

TEST_CASE("span names lose counters and ids") {
  CHECK(NormaliseName("Step 7") == NormaliseName("Step 8"));
  CHECK(NormaliseName("Step 7") == "Step <int>");
  CHECK(NormaliseName("step7") == NormaliseName("step12"));
  CHECK(NormaliseName("agent_3.run") == NormaliseName("agent_4.run"));
  CHECK(NormaliseName("worker-3") == "worker-<int>");
  CHECK(NormaliseName("Turn 3/10") == "Turn <int>/<int>");
  CHECK(NormaliseName("run 550e8400-e29b-41d4-a716-446655440000") == "run <uuid>");
  CHECK(NormaliseName("call_abc123XYZ") == "<id>");
  CHECK(NormaliseName("task deadbeef12") == "task <hex>");
  CHECK(NormaliseName("search 'weather in Rome'") == "search <str>");
  CHECK(NormaliseName("fetch https://a.b/c") == "fetch <url>");
  CHECK(NormaliseName("  LLM\tcall ") == "LLM call");
}

TEST_CASE("names of different tools stay different") {
  for (const std::string& name : std::vector<std::string>{
           "tool_v2", "tool_v3", "s3_upload", "oauth2", "md5", "web.search", "chat gpt-4o",
           "execute_tool get_weather", "POST /v1/messages", "it's fine", "ChatOpenAI"}) {
    CHECK(NormaliseName(name) == name);
  }
}

}  // namespace halo
