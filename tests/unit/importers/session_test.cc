// SPDX-License-Identifier: MIT
// Sessions of Claude Code and Codex: recorded ones, and lines of older versions by hand.
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "engine/framing/framer.h"
#include "tests/support/source_dir.h"
#include "tests/unit/importers/read_facts.h"
#include "tests/unit/importers/read_input.h"

namespace halo {
namespace {

namespace fs = std::filesystem;

std::string Recorded(const char* name) {
  std::ifstream in(SourceDir() / "tests/golden/sessions" / name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string FactsOf(std::string_view input) {
  ScratchStore store;
  const std::int64_t refused = store.IngestBytes(input);
  std::string facts = DumpFacts(store.engine());
  if (refused != 0) facts += "refused " + std::to_string(refused) + "\n";
  return facts;
}

int Count(const std::string& text, std::string_view what) {
  int count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("a recorded session of Claude Code: a run per prompt, its calls, failures and tokens") {
  const std::string facts = FactsOf(Recorded("claude_code.jsonl"));
  INFO(facts);
  CHECK(Count(facts, "trace ") == 3);  // two prompts, and a note that a subagent is done
  CHECK(Count(facts, "AGENT claude-code") == 3);
  CHECK(Count(facts, " answers") == 3);
  CHECK(Count(facts, "LLM chat claude-opus-5-5 10+5 tokens") == 9);
  CHECK(Count(facts, "TOOL ") == 6);
  CHECK(Count(facts, "TOOL Bash") == 2);
  CHECK(Count(facts, "FAILED") == 3);  // a missing file twice, and a tool that does not exist
  CHECK(Count(facts, "refused") == 0);
  CHECK(Count(facts, "open") == 0);
}

TEST_CASE("a subagent's own file joins the run that started it") {
  ScratchStore store;
  store.IngestBytes(Recorded("claude_code_subagent.jsonl"));
  const std::string alone = DumpFacts(store.engine());
  INFO(alone);
  CHECK(Count(alone, "trace ") == 1);
  CHECK(Count(alone, "AGENT subagent") == 1);
  CHECK(Count(alone, "LLM ") == 7);
  const auto report = store.engine().IngestBytes("main", Recorded("claude_code.jsonl"), {});
  REQUIRE(report.has_value());
  const std::string both = DumpFacts(store.engine());
  INFO(both);
  CHECK(Count(both, "trace ") == 3);
  CHECK(Count(both, "LLM ") == 16);
  CHECK(Count(both, "  AGENT claude-code") == 3);
  CHECK(Count(both, "    AGENT subagent") == 1);
}

TEST_CASE("a recorded session of Codex") {
  const std::string facts = FactsOf(Recorded("codex.jsonl"));
  INFO(facts);
  CHECK(Count(facts, "trace ") == 1);
  CHECK(Count(facts, "  AGENT codex") == 1);
  CHECK(Count(facts, " answers") == 1);
  CHECK(Count(facts, "LLM chat fake-model 1+1 tokens") == 6);
  CHECK(Count(facts, "TOOL ") == 5);
  CHECK(Count(facts, "TOOL mcp__halo__get_overview") == 1);
  CHECK(Count(facts, "TOOL exec_command") == 1);
  CHECK(Count(facts, "TOOL exec_command ") == 1);
  CHECK(Count(facts, "FAILED cat: missing.txt: No such file or dir") == 1);
  CHECK(Count(facts, "FAILED unsupported") == 3);
  CHECK(Count(facts, "refused") == 0);
}

constexpr std::string_view kOldClaude =
    R"({"type":"summary","summary":"Old work","leafUuid":"z"}
{"parentUuid":null,"isSidechain":false,"type":"user","message":{"role":"user","content":"Fix it"},"uuid":"u1","timestamp":"2026-01-01T10:00:00.000Z","sessionId":"s","version":"1.0.50"}
{"parentUuid":"u1","isSidechain":false,"type":"assistant","message":{"id":"m1","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"thinking","thinking":"Hm."}],"stop_reason":null,"usage":{"input_tokens":7,"cache_read_input_tokens":100,"output_tokens":1}},"requestId":"r1","uuid":"a1","timestamp":"2026-01-01T10:00:01.000Z","sessionId":"s"}
{"parentUuid":"a1","isSidechain":false,"type":"assistant","message":{"id":"m1","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"text","text":"I ask."}],"stop_reason":null,"usage":{"input_tokens":7,"cache_read_input_tokens":100,"output_tokens":1}},"requestId":"r1","uuid":"a2","timestamp":"2026-01-01T10:00:02.000Z","sessionId":"s"}
{"parentUuid":"a2","isSidechain":false,"type":"assistant","message":{"id":"m1","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"tool_use","id":"t1","name":"Task","input":{"prompt":"Look \"around\"","subagent_type":"explore"}}],"stop_reason":"tool_use","usage":{"input_tokens":7,"cache_read_input_tokens":100,"output_tokens":20}},"requestId":"r1","uuid":"a3","timestamp":"2026-01-01T10:00:03.000Z","sessionId":"s"}
{"parentUuid":null,"isSidechain":true,"type":"user","message":{"role":"user","content":"Look \"around\""},"uuid":"x1","timestamp":"2026-01-01T10:00:04.000Z","sessionId":"s"}
{"parentUuid":"x1","isSidechain":true,"type":"assistant","message":{"id":"m2","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"tool_use","id":"t2","name":"Grep","input":{"pattern":"x"}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}},"uuid":"x2","timestamp":"2026-01-01T10:00:05.000Z","sessionId":"s"}
{"parentUuid":"x2","isSidechain":true,"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t2","content":"nothing"}]},"uuid":"x3","toolUseResult":"nothing","timestamp":"2026-01-01T10:00:06.000Z","sessionId":"s"}
{"parentUuid":"x3","isSidechain":true,"type":"assistant","message":{"id":"m3","role":"assistant","model":"claude-haiku-4-5","content":[{"type":"text","text":"Nothing."}],"stop_reason":"end_turn","usage":{"input_tokens":4,"output_tokens":2}},"uuid":"x4","timestamp":"2026-01-01T10:00:07.000Z","sessionId":"s"}
{"parentUuid":"a3","isSidechain":false,"type":"user","message":{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"Nothing."}]}]},"uuid":"u2","toolUseResult":{"totalDurationMs":3},"timestamp":"2026-01-01T10:00:08.000Z","sessionId":"s"}
{"parentUuid":"u2","isSidechain":false,"type":"assistant","isApiErrorMessage":true,"message":{"id":"e1","role":"assistant","model":"<synthetic>","content":[{"type":"text","text":"API Error: 529 overloaded_error"}],"stop_reason":"stop_sequence","usage":{"input_tokens":0,"output_tokens":0}},"uuid":"a4","timestamp":"2026-01-01T10:00:09.000Z","sessionId":"s"}
{"parentUuid":"a4","isSidechain":false,"type":"user","message":{"role":"user","content":[{"type":"text","text":"Again"}]},"uuid":"u3","timestamp":"2026-01-01T10:01:00.000Z","sessionId":"s"}
{"parentUuid":"u3","isSidechain":false,"type":"assistant","message":{"id":"m4","role":"assistant","model":"claude-sonnet-4-5","content":[{"type":"tool_use","id":"t3","name":"Bash","input":{"command":"ls"}}],"stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":3}},"uuid":"a5","timestamp":"2026-01-01T10:01:02.000Z","sessionId":"s"}
)";

constexpr std::string_view kOldClaudeFirst =
    "trace unknown task hashed session s, 9000 ms\n"
    "  AGENT claude-code 9000 ms answers\n"
    "    LLM chat claude-sonnet-4-5 107+20 tokens, 100 cached 3000 ms calls 1\n"
    "    TOOL Task 5000 ms {\"prompt\":\"Look \\\"around\\\"\",\"subagent_type\":\"explore\"} -> "
    "Nothing.\n"
    "      AGENT subagent 3000 ms answers\n"
    "        LLM chat claude-haiku-4-5 3+2 tokens 1000 ms calls 1\n"
    "        TOOL Grep 1000 ms {\"pattern\":\"x\"} -> nothing\n"
    "        LLM chat claude-haiku-4-5 4+2 tokens 1000 ms\n"
    "    LLM chat no model 1000 ms FAILED API Error: <int> overloaded_error\n";

TEST_CASE("an older session of Claude Code: usage once, subagents between the lines, an open run") {
  const std::string facts = FactsOf(kOldClaude);
  INFO(facts);
  CHECK(Count(facts, kOldClaudeFirst) == 1);
  CHECK(Count(facts,
              "AGENT claude-code open without an answer\n"
              "    LLM chat claude-sonnet-4-5 9+3 tokens 2000 ms calls 1\n"
              "    TOOL Bash open {\"command\":\"ls\"} -> \n") == 1);
  CHECK(Count(facts, "trace ") == 2);
}

constexpr std::string_view kOldCodex =
    R"({"timestamp":"2026-01-01T10:00:00.000Z","type":"session_meta","payload":{"id":"sess","cwd":"/home/user","cli_version":"0.40.0","model_provider":"openai"}}
{"timestamp":"2026-01-01T10:00:00.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context>x</environment_context>"}]}}
{"timestamp":"2026-01-01T10:00:01.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"List"}]}}
{"timestamp":"2026-01-01T10:00:01.000Z","type":"event_msg","payload":{"type":"user_message","message":"List","kind":"plain"}}
{"timestamp":"2026-01-01T10:00:01.000Z","type":"turn_context","payload":{"cwd":"/home/user","model":"gpt-5-codex"}}
{"timestamp":"2026-01-01T10:00:03.000Z","type":"response_item","payload":{"type":"reasoning","summary":[]}}
{"timestamp":"2026-01-01T10:00:04.000Z","type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\"command\":[\"ls\"]}","call_id":"c1"}}
{"timestamp":"2026-01-01T10:00:04.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":100,"total_tokens":110},"last_token_usage":{"input_tokens":100,"cached_input_tokens":60,"output_tokens":10,"reasoning_output_tokens":4,"total_tokens":110}}}}
{"timestamp":"2026-01-01T10:00:05.000Z","type":"response_item","payload":{"type":"function_call_output","call_id":"c1","output":"{\"output\":\"ls: no\",\"metadata\":{\"exit_code\":2,\"duration_seconds\":0.1}}"}}
{"timestamp":"2026-01-01T10:00:05.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":100,"total_tokens":110},"last_token_usage":{"input_tokens":100,"cached_input_tokens":60,"output_tokens":10,"reasoning_output_tokens":4,"total_tokens":110}}}}
{"timestamp":"2026-01-01T10:00:07.000Z","type":"event_msg","payload":{"type":"agent_message","message":"None."}}
{"timestamp":"2026-01-01T10:00:07.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"None."}]}}
{"timestamp":"2026-01-01T10:00:07.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":220,"total_tokens":235},"last_token_usage":{"input_tokens":120,"cached_input_tokens":100,"output_tokens":5,"total_tokens":125}}}}
{"timestamp":"2026-01-01T10:05:00.000Z","type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"Thanks"}]}}
{"timestamp":"2026-01-01T10:05:00.000Z","type":"event_msg","payload":{"type":"user_message","message":"Thanks"}}
{"timestamp":"2026-01-01T10:05:00.000Z","type":"turn_context","payload":{"model":"gpt-5-codex"}}
{"timestamp":"2026-01-01T10:05:02.000Z","type":"response_item","payload":{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Bye."}]}}
{"timestamp":"2026-01-01T10:05:02.000Z","type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":350,"total_tokens":367},"last_token_usage":{"input_tokens":130,"output_tokens":2,"total_tokens":132}}}}
)";

TEST_CASE("an older session of Codex: turns by prompts, each count once, the session in line one") {
  const std::string facts = FactsOf(kOldCodex);
  INFO(facts);
  CHECK(Count(facts, "session sess") == 2);
  CHECK(Count(facts,
              "AGENT codex 6000 ms answers\n"
              "    LLM chat gpt-5-codex 100+10 tokens, 60 cached 3000 ms calls 1\n"
              "    TOOL shell 1000 ms FAILED ls: no {") == 1);
  CHECK(Count(facts, "LLM chat gpt-5-codex 120+5 tokens, 100 cached") == 1);
  CHECK(Count(facts, "LLM chat gpt-5-codex 130+2 tokens") == 1);
  CHECK(Count(facts, "LLM ") == 3);
}

TEST_CASE("a session that grows gives what it gives when it is read at once") {
  const std::string inputs[] = {Recorded("claude_code.jsonl"), std::string(kOldClaude),
                                Recorded("codex.jsonl"), std::string(kOldCodex)};
  const fs::path folder = fs::temp_directory_path() / ("halo_session_" + std::to_string(getpid()));
  for (const std::string& input : inputs) {
    INFO(input.substr(0, 60));
    fs::create_directories(folder);
    const fs::path file = folder / "session.jsonl";
    ScratchStore store;
    for (std::size_t part = 1; part <= 8; ++part) {
      std::ofstream(file, std::ios::binary)
          << input.substr(0, part == 8 ? input.size() : input.size() * part / 8);
      store.Ingest(file.string());
    }
    CHECK(DumpFacts(store.engine()) == FactsOf(input));
    fs::remove_all(folder);
  }
}

TEST_CASE("a session of Codex that grows is read on from its last turn") {
  const fs::path folder = fs::temp_directory_path() / ("halo_resume_" + std::to_string(getpid()));
  for (const bool is_old : {false, true}) {
    INFO(is_old);
    fs::create_directories(folder);
    const fs::path file = folder / "rollout.jsonl";
    // The first line is longer than what is read at once.
    std::string text = R"({"timestamp":"2026-01-01T10:00:00.000Z","type":"session_meta","payload":)"
                       R"({"id":"sess","cli_version":"0.1","instructions":")" +
                       std::string(200'000, 'x') + "\"}}\n";
    const auto add = [&](int turn, std::string_view type, std::string_view payload) {
      text += R"({"timestamp":"2026-01-01T10:0)" + std::to_string(turn) + R"(:00.000Z","type":")" +
              std::string(type) + R"(","payload":)" + std::string(payload) + "}\n";
    };
    ScratchStore store;
    std::int64_t bytes = 0;
    for (int turn = 1; turn <= 5; ++turn) {
      const std::string id = "t" + std::to_string(turn);
      if (!is_old) add(turn, "event_msg", R"({"type":"task_started","turn_id":")" + id + R"("})");
      add(turn, "event_msg", R"({"type":"user_message","message":"Go )" + id + R"("})");
      add(turn, "response_item",
          R"({"type":"message","role":"assistant","content":[{"type":"output_text","text":"Ok"}]})");
      if (!is_old) add(turn, "event_msg", R"({"type":"task_complete","turn_id":")" + id + R"("})");
      std::ofstream(file, std::ios::binary) << text;
      const std::vector<std::string> paths = {file.string()};
      const auto report = store.engine().IngestPaths(paths, IngestOptions{});
      REQUIRE(report.has_value());
      bytes += report->bytes;
    }
    const std::string facts = DumpFacts(store.engine());
    CHECK(facts == FactsOf(text));
    CHECK(Count(facts, "session sess") == 5);
    // Each turn once when it comes, and once more with the next.
    CHECK(bytes < static_cast<std::int64_t>(text.size()) + 5'000);
    fs::remove_all(folder);
  }
}

TEST_CASE("turns are cut at prompts however the bytes arrive, and the last one is read again") {
  for (const auto& [framing, input] :
       {std::pair(Framing::kClaudeCodeTurns, std::string(kOldClaude)),
        std::pair(Framing::kCodexTurns, std::string(kOldCodex))}) {
    for (const std::size_t step : {std::size_t{1}, std::size_t{700}, input.size()}) {
      const std::unique_ptr<Framer> framer = MakeFramer(framing);
      std::vector<RecordBatch> batches;
      for (std::size_t at = 0; at < input.size(); at += step) {
        framer->Feed(std::string_view(input).substr(at, step), batches);
      }
      framer->Finish(true, batches);
      std::vector<Record> records;
      for (const RecordBatch& batch : batches) {
        records.insert(records.end(), batch.records.begin(), batch.records.end());
      }
      REQUIRE(records.size() >= 2);
      const bool is_codex = framing == Framing::kCodexTurns;
      CHECK(records.back().resource.starts_with(is_codex ? R"({"timestamp")" : ""));
      CHECK(batches.back().end_offset == records.back().offset);
      CHECK(batches.back().resumable);
      std::size_t bytes = 0;
      for (const Record& record : records) bytes += record.bytes.size() + 1;
      CHECK(bytes == input.size());
    }
  }
}

}  // namespace
}  // namespace halo
