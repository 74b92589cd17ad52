// SPDX-License-Identifier: MIT
#include "tools/story/outline.h"

#include <catch2/catch.hpp>

#include "schemas/fence.h"
#include "schemas/json.h"
#include "tools/story/failure_story.h"

namespace halo {
namespace {

// A trace drawn as indented text, one span per line ("TOOL search"), children indented below their
// parent. A span whose line ends in "!" failed on its own, one with "?" because of another span.
class DrawnTrace {
 public:
  explicit DrawnTrace(std::string_view text) {
    std::vector<SpanIndex> above;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      Add(text.substr(0, end), above);
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    Link();
  }

  const Trace& trace() const { return trace_; }
  void EndAt(std::size_t span, std::int64_t after_start_ns) {
    trace_.spans[span].end_ns = trace_.spans[span].start_ns + after_start_ns;
  }

 private:
  void Add(std::string_view line, std::vector<SpanIndex>& above) {
    const std::size_t depth = line.find_first_not_of(' ') / 2;
    line.remove_prefix(depth * 2);
    SpanFacts span;
    const bool root_cause = line.ends_with('!');
    span.failed = root_cause || line.ends_with('?');
    if (span.failed) line.remove_suffix(1);
    span.kind = line.starts_with("LLM")    ? Kind::kLlm
                : line.starts_with("TOOL") ? Kind::kTool
                                           : Kind::kAgent;
    span.name = span.operation = words_.Intern(line.substr(line.find(' ') + 1));
    const auto index = static_cast<SpanIndex>(trace_.spans.size());
    span.span_id = words_.Intern("s" + std::to_string(index));
    if (root_cause) span.error_signature = words_.Intern("boom");
    span.start_ns = 1'000'000'000 + std::int64_t{index} * 1'000'000;
    span.end_ns = span.start_ns + 2'000'000;
    above.resize(depth);
    trace_.parent.push_back(depth == 0 ? -1 : above.back());
    above.push_back(index);
    trace_.error_root.push_back(root_cause);
    trace_.spans.push_back(span);
  }

  void Link() {
    const std::size_t size = trace_.spans.size();
    trace_.words = &words_;
    trace_.critical_ns.assign(size, 1'000'000);
    for (std::size_t i = 0; i < size; ++i) {
      trace_.child_begin.push_back(static_cast<std::uint32_t>(trace_.child_list.size()));
      for (std::size_t child = 0; child < size; ++child) {
        if (trace_.parent[child] == static_cast<SpanIndex>(i)) {
          trace_.child_list.push_back(static_cast<SpanIndex>(child));
        }
      }
    }
    trace_.child_begin.push_back(static_cast<std::uint32_t>(trace_.child_list.size()));
  }

  StringPool words_;
  Trace trace_;
};

std::vector<std::string> Lines(std::string_view text, std::size_t max_lines = 40) {
  const DrawnTrace trace(text);
  Fence fence("n");
  std::vector<std::string> lines;
  for (const Prose& line : Outliner(trace.trace()).Make(max_lines).lines) {
    lines.push_back(fence.Show(line));
  }
  return lines;
}

}  // namespace

TEST_CASE("repeated siblings are one line, whatever their number") {
  CHECK(Lines("AGENT a\n  TOOL f\n  TOOL f\n  TOOL f\n  TOOL g") ==
        std::vector<std::string>{"AGENT a  +0 ms, 2 ms  [s0]", "  TOOL f x3  +1 ms, 6 ms  [s1]",
                                 "  TOOL g  +4 ms, 2 ms  [s4]"});
}

TEST_CASE("a repeated sequence is shown once, with its count") {
  CHECK(Lines("AGENT a\n  LLM m\n  TOOL f\n  LLM m\n  TOOL f\n  LLM m") ==
        std::vector<std::string>{"AGENT a  +0 ms, 2 ms  [s0]",
                                 "  2 times:", "    LLM m  +1 ms, 2 ms  [s1]",
                                 "    TOOL f  +2 ms, 2 ms  [s2]", "  LLM m  +5 ms, 2 ms  [s5]"});
}

TEST_CASE("a failed span is not folded into good ones") {
  const auto lines = Lines("AGENT a\n  TOOL f\n  TOOL f!\n  TOOL f");
  REQUIRE(lines.size() == 4);
  CHECK(lines[2] == "  TOOL f  +2 ms, 2 ms, FAILED: «n:boom:n»  [s2]");
}

TEST_CASE("omitted levels are counted, including failures") {
  const auto lines = Lines("AGENT a\n  AGENT b\n    TOOL f\n    TOOL g!\n  AGENT c\n    TOOL h", 3);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "  AGENT b  +1 ms, 2 ms, 2 spans below, 1 failed  [s1]");
}

TEST_CASE("of a long top level, the start and the end are kept") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "AGENT n" + std::to_string(i) + "\n";
  const auto lines = Lines(text, 10);
  REQUIRE(lines.size() == 10);
  CHECK(lines[5] == "... 41 lines left out ...");
  CHECK(lines.front().find("n0") != std::string::npos);
  CHECK(lines.back().find("n49") != std::string::npos);
}

TEST_CASE("a very deep trace does not overflow the stack") {
  std::string text;
  for (int i = 0; i < 3000; ++i)
    text += std::string(2 * static_cast<std::size_t>(i), ' ') + "LLM m\n";
  CHECK(Lines(text).size() <= 40);
}

TEST_CASE("the first failure is the first with its own cause, its cascade what followed") {
  const DrawnTrace text(
      "AGENT a?\n  AGENT b?\n    TOOL f!\n  TOOL f!\n  TOOL g!\n  TOOL f!\n  LLM m");
  const auto first = FindFirstFailure(text.trace());
  REQUIRE(first.has_value());
  const auto told = ToWire(text.trace(), *first);
  CHECK(told.span_id.raw() == "s2");
  CHECK(told.signature.raw() == "boom");
  std::vector<std::string> cascade;
  for (const auto& next : told.cascade) {
    const boost::json::value how = Write(next.how);
    cascade.push_back(std::string(how.as_string()) + " " + next.name.raw() + " " +
                      std::to_string(next.count));
  }
  CHECK(cascade == std::vector<std::string>{"passed on to b 1", "passed on to a 1",
                                            "same error again f 2", "then failed g 1"});
}

TEST_CASE("an agent that gives up at its end did not fail before the calls inside it") {
  DrawnTrace text("AGENT a!\n  TOOL f!\n  TOOL g");
  text.EndAt(0, 60'000'000);
  const auto first = FindFirstFailure(text.trace());
  REQUIRE(first.has_value());
  CHECK(text.trace().Text(text.trace().spans[first->span].span_id) == "s1");
  REQUIRE(first->cascade.size() == 1);
  CHECK(first->cascade[0].how == Aftermath::kThenFailed);
  CHECK(first->cascade[0].span == 0);
}

TEST_CASE("a trace without failures has no first failure") {
  CHECK_FALSE(FindFirstFailure(DrawnTrace("AGENT a\n  LLM m").trace()).has_value());
}

TEST_CASE("the critical path is listed by operation, longest first") {
  const DrawnTrace text("AGENT a\n  LLM m\n  TOOL f\n  LLM m");
  const auto parts = CriticalParts(text.trace(), 2);
  REQUIRE(parts.size() == 2);
  CHECK(PlainText(parts[0].name) == "m");
  CHECK(parts[0].calls == 2);
  CHECK(parts[0].share == Approx(0.5));
  CHECK(PlainText(parts[1].name) == "a");
}

}  // namespace halo
