// SPDX-License-Identifier: MIT
// Damaged transcripts: whatever is cut or changed, each span that comes out is sound, and what is
// lost has a name.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/fuzz/reader_fuzz.h"
#include "tests/support/source_dir.h"

namespace halo {
namespace {

std::string Recorded(const char* name) {
  std::ifstream in(SourceDir() / "tests/golden/sessions" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

constexpr std::string_view kRuns =
    R"([{"id":"a","task_id":3,"reward":1.0,"tools":[{"function":{"name":"f"}}],"messages":[
{"role":"user","content":"Hi \u00e9 \ud83d\ude00"},
{"role":"assistant","content":null,"tool_calls":[{"id":"c","function":{"name":"f","arguments":"{}"}}]},
{"role":"tool","tool_call_id":"c","content":[{"type":"text","text":"x"}],"timestamp":1764100000},
{"role":"assistant","content":[{"type":"text","text":"Ho"},{"type":"tool_use","id":"d","name":"g","input":{"a":[1,2.5e3,true]}}],"usage":{"input_tokens":3}}]},
[{"type":"function_call","call_id":"e","name":"h","arguments":"{}"},{"type":"function_call_output","call_id":"e","output":"y"}],
{"messages":[{"type":"ai","data":{"content":"Ho"}}]}])";

constexpr std::string_view kLines = R"({"role":"user","content":"Hi"}
{"role":"assistant","function_call":{"name":"f","arguments":"{}"}}
{"role":"function","name":"f","content":"x"}
)";

constexpr std::string_view kTau2 =
    R"({"info":{"agent_info":{"llm":"m"},"user_info":{}},"simulations":[{"id":"a","reward_info":{"reward":1},
"termination_reason":"max_steps","messages":[{"role":"assistant","content":"Hi","tool_calls":[{"id":"c","name":"f","arguments":{}}]},
{"role":"tool","id":"c","content":"x","error":true,"requestor":"assistant"}]}]})";

void CutAndChange(std::string_view importer, std::string_view input) {
  const std::size_t step = std::max<std::size_t>(1, input.size() / 700);
  for (std::size_t at = 0; at < input.size(); at += step) {
    ReadAnything(importer, input.substr(0, at));
    for (const char with : {'"', '{', ']', '\xFF', '0'}) {
      std::string changed(input);
      changed[at] = with;
      ReadAnything(importer, changed);
    }
  }
  ReadAnything(importer, input);
}

TEST_CASE("damaged transcripts give sound spans and named losses") {
  CutAndChange("chat_transcript", kRuns);
  CutAndChange("chat_lines", kLines);
  CutAndChange("tau2_results", kTau2);
  CutAndChange("claude_code_session", Recorded("claude_code.jsonl"));
  CutAndChange("codex_session", Recorded("codex.jsonl"));
  // Read as what they are not.
  for (const std::string_view importer :
       {"chat_transcript", "chat_lines", "tau2_results", "claude_code_session", "codex_session"}) {
    for (const std::string_view input : {kRuns, kLines, kTau2}) ReadAnything(importer, input);
    ReadAnything(importer, std::string(200, '[') + std::string(200, ']'));
    ReadAnything(importer, R"({"messages":)" + std::string(300, '[') + std::string(300, ']') + "}");
  }
}

}  // namespace
}  // namespace halo
