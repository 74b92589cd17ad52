// SPDX-License-Identifier: MIT
// Reads what real SDKs exported (examples/emitters) and compares each fact of each run with the
// truth. emitter_gaps.tsv lists the facts that are not read yet. An entry that has become needless
// fails the test, so the list can only shrink.
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "engine/json/canonical_json.h"
#include "engine/semconv/conventions.h"
#include "tests/support/source_dir.h"
#include "tools/story/request.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Facts = std::map<std::string, std::set<std::string>>;  // by folder

template <class T>
T Must(Result<T> result) {
  INFO((result ? "" : result.error().message));
  REQUIRE(result.has_value());
  return std::move(*result);
}

std::string ReadAll(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  REQUIRE(in);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string Text(const json::value& object, const char* key) {
  const json::value* const member = object.as_object().if_contains(key);
  return member && member->is_string() ? std::string(member->as_string()) : std::string();
}

std::int64_t Number(const json::value& object, const char* key) {
  const json::value* const member = object.as_object().if_contains(key);
  return member && member->is_int64() ? member->as_int64() : 0;
}

bool Flag(const json::value& object, const char* key) { return object.at(key).as_bool(); }

// Clients of MCP put the server's name before a tool's.
std::string PlainToolName(std::string_view name) {
  const std::size_t at = name.starts_with("mcp__") ? name.find("__", 5) : name.npos;
  return std::string(at == name.npos ? name : name.substr(at + 2));
}

struct ReadTool {
  std::string name;
  std::string agent;
  std::uint64_t arguments = 0;
  bool failed = false;
  std::string result;
};

// A call that the model asked for and that its tools' definitions do not allow.
struct Refused {
  std::string name;
  std::uint64_t arguments = 0;
};

struct ReadCall {
  std::string model, agent;
  TokenUsage usage;
  FinishClass finish = FinishClass::kUnknown;
  std::string question;  // the first words of a user
  std::string answer;
};

// What the product makes of the traces of one run, in the order of time.
struct ReadRun {
  std::vector<ReadCall> calls;
  std::vector<ReadTool> tools;
  std::vector<Refused> refused;
  TokenUsage usage;
  std::int64_t nano_usd = 0;
  std::set<std::string> agents, sessions, users, outputs;
  std::string question;         // as explain_trace shows it
  std::set<std::string> asked;  // what the agents were asked
};

void AddTrace(Engine& engine, const std::string& trace_id, Conventions& conventions, ReadRun& run) {
  const auto reading = engine.ReadTrace({"", trace_id});
  if (!reading) return;
  const Trace& trace = reading->trace;
  std::vector<SpanIndex> all(trace.spans.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<SpanIndex>(i);
  const std::vector<OwnedSpan> spans = Must(engine.ReadSpans(*reading, all));
  REQUIRE(spans.size() == all.size());
  if (!reading->summary.session.empty()) run.sessions.insert(reading->summary.session);
  if (!reading->summary.user.empty()) run.users.insert(reading->summary.user);
  run.nano_usd += reading->summary.nano_usd;
  if (const auto asked = FindRequest(engine, *reading, 4096); asked && run.question.empty()) {
    run.question = asked->text.raw();
  }
  std::set<SpanIndex> steps;
  for (const Scope& scope : trace.scopes) steps.insert(scope.steps.begin(), scope.steps.end());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SpanFacts& facts = trace.spans[i];
    const SpanFields& fields = conventions.Read(spans[i].span());
    run.usage += trace.spend[i].usage;
    if (facts.kind == Kind::kAgent) {
      run.agents.insert(std::string(trace.Text(facts.agent)));
      run.asked.insert(std::string(fields.input.text));
    }
    if (facts.kind == Kind::kLlm && trace.wraps_call[i] == 0) {
      ReadCall& call = run.calls.emplace_back();
      call.model = trace.Text(facts.model);
      call.agent = trace.Text(trace.agent[i]);
      call.usage = trace.spend[i].usage;
      call.finish = facts.finish;
      for (const Message& message : fields.messages_in) {
        if (message.role == "user" && call.question.empty()) call.question = message.content;
      }
      for (const Message& message : fields.messages_out) {
        call.answer += message.content;
        if (facts.invalid_call == 0) continue;
        for (const ToolCall& asked : message.tool_calls) {
          if (asked.name != trace.Text(facts.invalid_call_tool)) continue;
          JsonTrees trees;
          const std::string arguments(asked.arguments);
          run.refused.push_back({PlainToolName(asked.name), CanonicalHash(arguments, trees)});
        }
      }
    } else if (facts.kind == Kind::kTool && steps.count(all[i]) > 0) {
      run.tools.push_back({PlainToolName(trace.Text(facts.tool)),
                           std::string(trace.Text(trace.agent[i])), facts.arguments_hash,
                           facts.failed, std::string(fields.output.text)});
      // The hash holds the name as it was emitted.
      if (!run.tools.back().arguments) continue;
      JsonTrees trees;
      const std::string input(fields.input.text);
      run.tools.back().arguments = CanonicalHash(input, trees);
    } else {
      run.outputs.insert(std::string(fields.output.text));
    }
  }
}

std::uint64_t HashOf(const json::value& value) {
  JsonTrees trees;
  const std::string text = json::serialize(value);
  return CanonicalHash(text, trees);
}

// A call that was refused before it reached its tool has no span: it must be among the invalid
// ones.
bool IsRefused(const json::value& call, const ReadRun& run) {
  return !Flag(call, "ran") &&
         std::any_of(run.refused.begin(), run.refused.end(), [&](const Refused& refused) {
           return refused.name == PlainToolName(Text(call, "name")) &&
                  refused.arguments == HashOf(call.at("arguments"));
         });
}

// Whether each call that was read is one of the truth's, all of them where as many were recorded.
bool ToolsFit(const json::array& truth, const ReadRun& run,
              const std::function<bool(const json::value&, const ReadTool&)>& same) {
  std::size_t at = 0;
  for (const ReadTool& tool : run.tools) {
    while (at < truth.size() && !same(truth[at], tool)) ++at;
    if (at == truth.size()) return false;
    ++at;
  }
  return !run.tools.empty() ||
         std::all_of(truth.begin(), truth.end(),
                     [&](const json::value& call) { return IsRefused(call, run); });
}

bool CallsFit(const json::array& truth, const ReadRun& run,
              const std::function<bool(const json::value&, const ReadCall&)>& same) {
  return truth.size() == run.calls.size() &&
         std::equal(truth.begin(), truth.end(), run.calls.begin(), same);
}

bool TokensFit(const json::array& truth, const ReadRun& run, const char* key,
               std::int64_t TokenUsage::*count) {
  std::int64_t sum = 0;
  for (const json::value& call : truth) sum += Number(call, key);
  return sum == run.usage.*count && CallsFit(truth, run, [&](const auto& want, const auto& call) {
           return Number(want, key) == call.usage.*count;
         });
}

bool IsOnly(const std::set<std::string>& words, const std::string& word) {
  return words.size() == 1 && *words.begin() == word;
}

bool AnswerFits(const std::string& answer, const ReadRun& run) {
  if (!run.calls.empty() && run.calls.back().answer == answer) return true;
  return std::any_of(run.outputs.begin(), run.outputs.end(),
                     [&](const std::string& output) { return output.find(answer) != output.npos; });
}

// The facts of a run that are not read as they were.
std::set<std::string> Wrong(const json::value& truth, const ReadRun& run) {
  const json::array& calls = truth.at("model_calls").as_array();
  const json::array& tools = truth.at("tool_calls").as_array();
  std::set<std::string> wrong;
  const auto check = [&](const char* fact, bool fits) {
    if (!fits) wrong.insert(fact);
  };
  check("model_calls", calls.size() == run.calls.size());
  check("model", CallsFit(calls, run, [](const auto& want, const auto& call) {
          return call.model == Text(want, "response_model") || call.model == Text(want, "model");
        }));
  check("input_tokens", TokensFit(calls, run, "input", &TokenUsage::input));
  check("output_tokens", TokensFit(calls, run, "output", &TokenUsage::output));
  check("cache_read_tokens", TokensFit(calls, run, "cache_read", &TokenUsage::cache_read));
  check("cache_write_tokens", TokensFit(calls, run, "cache_write", &TokenUsage::cache_write));
  check("reasoning_tokens", TokensFit(calls, run, "reasoning", &TokenUsage::reasoning));
  check("finish_reason", CallsFit(calls, run, [](const auto& want, const auto& call) {
          return call.finish == FinishClass::kStop ||
                 (call.finish == FinishClass::kToolCalls && Flag(want, "asks_for_tool"));
        }));
  const std::string question = Text(truth, "question");
  check("question", run.question == question || run.asked.count(question) > 0 ||
                        (!run.calls.empty() && run.calls.front().question == question));
  if (!Text(truth, "answer").empty()) check("answer", AnswerFits(Text(truth, "answer"), run));

  const auto ran = std::count_if(tools.begin(), tools.end(),
                                 [](const json::value& call) { return Flag(call, "ran"); });
  check("tool_calls",
        run.tools.size() == tools.size() || static_cast<std::ptrdiff_t>(run.tools.size()) == ran);
  const auto same_name = [](const json::value& want, const ReadTool& tool) {
    return tool.name == PlainToolName(Text(want, "name"));
  };
  const auto same_arguments = [](const json::value& want, const ReadTool& tool) {
    return HashOf(want.at("arguments")) == tool.arguments;
  };
  check("tool_name", ToolsFit(tools, run, same_name));
  check("tool_arguments", ToolsFit(tools, run, same_arguments));
  check("tool_failure", ToolsFit(tools, run, [&](const json::value& want, const ReadTool& tool) {
          return same_name(want, tool) && Flag(want, "failed") == tool.failed;
        }));
  check("tool_result", ToolsFit(tools, run, [&](const json::value& want, const ReadTool& tool) {
          const json::value* const result = want.as_object().if_contains("result");
          JsonTrees trees;
          return same_name(want, tool) &&
                 (!result || CanonicalHash(tool.result, trees) == HashOf(*result));
        }));
  if (const std::string agent = Text(truth, "agent"); !agent.empty()) {
    const auto is_agent = [&](const auto& step) { return step.agent == agent; };
    check("agent", !run.calls.empty() &&
                       std::all_of(run.calls.begin(), run.calls.end(), is_agent) &&
                       std::all_of(run.tools.begin(), run.tools.end(), is_agent));
  }
  if (const std::string session = Text(truth, "session"); !session.empty()) {
    check("session", IsOnly(run.sessions, session));
  }
  if (const std::string user = Text(truth, "user"); !user.empty()) {
    check("user", IsOnly(run.users, user));
  }
  if (const json::value& cost = truth.at("cost_usd"); cost.is_number()) {
    check("cost", std::abs(cost.to_number<double>() * 1e9 - static_cast<double>(run.nano_usd)) < 2);
  }
  return wrong;
}

bool IsExcluded(const json::value& truth, const std::string& fact, const std::string& scenario) {
  for (const json::value& cannot : truth.at("cannot").as_array()) {
    if (Text(cannot, "fact") != fact) continue;
    const json::value* const runs = cannot.as_object().if_contains("runs");
    if (!runs) return true;
    for (const json::value& run : runs->as_array()) {
      if (run.as_string() == scenario) return true;
    }
  }
  return false;
}

class Scratch {
 public:
  Scratch() {
    std::string pattern = (fs::temp_directory_path() / "halo-emitters-XXXXXX").string();
    REQUIRE(mkdtemp(pattern.data()));
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// The recorded traces of a run, and those that its log records became.
std::vector<std::string> TracesOf(const json::value& run, Engine& engine) {
  std::vector<std::string> ids;
  for (const json::value& id : run.at("trace_ids").as_array()) ids.emplace_back(id.as_string());
  Question question;
  question.filter.session = Text(run, "session");
  if (question.filter.session->empty()) return ids;
  for (const TraceRow& row : Must(engine.Traces(question, TraceSort::kNewest, 100, "")).rows) {
    const std::string& id = row.key.trace_id;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }
  return ids;
}

std::vector<std::string> RecordingsIn(const fs::path& folder) {
  std::vector<std::string> paths;
  for (const char* const name :
       {"traces.jsonl", "traces.jsonl.gz", "logs.jsonl", "logs.jsonl.gz"}) {
    if (fs::exists(folder / name)) paths.push_back((folder / name).string());
  }
  return paths;
}

void CheckFolder(const fs::path& folder, std::span<const std::string> paths, Facts& wrong) {
  const json::value truth = json::parse(ReadAll(folder / "truth.json"));
  const Scratch scratch;
  const auto engine =
      Must(Engine::Open({"sqlite:" + (scratch.path() / "halo.db").string(), Config{}}));
  IngestReport report = Must(engine->IngestPaths(paths, {}));
  INFO(folder);
  report.rejects.erase("logs_of_no_run");
  CHECK(report.rejects.empty());
  CHECK(report.refused.empty());
  Conventions conventions;
  for (const json::value& run : truth.at("runs").as_array()) {
    ReadRun read;
    for (const std::string& id : TracesOf(run, *engine)) AddTrace(*engine, id, conventions, read);
    for (const std::string& fact : Wrong(run, read)) {
      if (!IsExcluded(truth, fact, Text(run, "scenario"))) {
        wrong[folder.filename().string()].insert(fact);
      }
    }
  }
}

// Folder, fact and reason, separated by tabs.
Facts ReadGaps() {
  std::ifstream in(SourceDir() / "tests" / "golden" / "emitter_gaps.tsv");
  REQUIRE(in);
  Facts gaps;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    INFO(line);
    REQUIRE(second != line.npos);
    CHECK(second + 1 < line.size());
    gaps[line.substr(0, first)].insert(line.substr(first + 1, second - first - 1));
  }
  return gaps;
}

}  // namespace

TEST_CASE("what real SDKs export is read as it was, but for the known gaps") {
  const Facts gaps = ReadGaps();
  Facts wrong;
  std::size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(SourceDir() / "examples" / "emitters")) {
    const std::vector<std::string> paths = RecordingsIn(entry.path());
    if (paths.empty() || !fs::exists(entry.path() / "truth.json")) continue;
    ++folders;
    CheckFolder(entry.path(), paths, wrong);
  }
  CHECK(folders >= 25);
  const auto list = [](const Facts& facts, const Facts& known, const char* what) {
    for (const auto& [folder, names] : facts) {
      for (const std::string& fact : names) {
        const auto found = known.find(folder);
        if (found != known.end() && found->second.count(fact) > 0) continue;
        FAIL_CHECK(folder << '\t' << fact << '\t' << what);
      }
    }
  };
  list(wrong, gaps, "is not read");
  list(gaps, wrong, "is read: delete it from emitter_gaps.tsv");
}

}  // namespace halo
