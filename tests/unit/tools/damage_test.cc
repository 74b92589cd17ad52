// SPDX-License-Identifier: MIT
// A store with flipped bits or missing rows: its answers and its repair.
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "engine/engine.h"
#include "engine/store/sqlite/database.h"
#include "tools/answer/tool.h"

namespace halo {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

std::string Line(int trace, int span, std::string_view kind, std::string_view name,
                 json::object attributes, std::string_view error = {}) {
  const auto time = [&](int ms) {
    char text[64];
    std::snprintf(text, sizeof text, "2026-04-%02dT08:00:%02d.%03dZ", 1 + trace, ms / 1000,
                  ms % 1000);
    return std::string(text);
  };
  attributes["openinference.span.kind"] = kind;
  const std::string of = "damage-trace-" + std::to_string(trace);
  const json::object line = {
      {"trace_id", of},
      {"span_id", of + "-" + std::to_string(span)},
      {"parent_span_id", span == 0 ? std::string() : of + "-0"},
      {"name", name},
      {"start_time", time(span * 100)},
      {"end_time", time(span == 0 ? 5000 : span * 100 + 90)},
      {"status",
       {{"code", error.empty() ? "STATUS_CODE_OK" : "STATUS_CODE_ERROR"}, {"message", error}}},
      {"resource", {{"attributes", {{"service.name", "shop"}}}}},
      {"attributes", attributes}};
  return json::serialize(line) + "\n";
}

// Runs a third of which fail at the same tool. Texts differ, so that they do not compress well.
std::string Input() {
  std::mt19937 random(11);
  std::string out;
  for (int trace = 0; trace < 24; ++trace) {
    out +=
        Line(trace, 0, "AGENT", "run",
             {{"agent.name", "clerk"}, {"input.value", "order " + std::to_string(4711 + trace)}});
    for (int span = 1; span < 20; ++span) {
      std::string text;
      while (text.size() < 2500) text += std::to_string(random()) + " ";
      out += Line(trace, span, "TOOL", "lookup",
                  {{"tool.name", "lookup"},
                   {"input.value", "{\"order\":" + std::to_string(random()) + "}"},
                   {"output.value", text}},
                  trace % 3 == 0 && span == 7 ? "no such order in the books" : "");
    }
  }
  return out;
}

class Scene {
 public:
  Scene() {
    static int number = 0;
    folder_ = fs::temp_directory_path() /
              ("halo_damage_" + std::to_string(getpid()) + "_" + std::to_string(number++));
    fs::create_directories(folder_);
    std::ofstream(input()) << Input();
    Ingest();
  }
  ~Scene() { fs::remove_all(folder_); }

  std::string store() const { return folder_ / "halo.db"; }
  std::string input() const { return folder_ / "runs.jsonl"; }

  Result<std::unique_ptr<Engine>> Open() const {
    EngineOptions options;
    options.store_url = store();
    return Engine::Open(std::move(options));
  }

  void Ingest() const {
    const Result<std::unique_ptr<Engine>> engine = Open();
    if (!engine) FAIL(engine.error().message);
    const std::vector<std::string> paths = {input()};
    const Result<IngestReport> report = (*engine)->IngestPaths(paths, {});
    if (!report) FAIL(report.error().message);
  }

  // The answers to several calls, or their error messages.
  std::vector<std::string> Answers() const {
    static const std::vector<Tool> tools = AllTools();
    static const std::pair<std::string_view, std::string_view> calls[] = {
        {"get_overview", "{}"},
        {"list_failure_modes", R"({"include_one_offs":true})"},
        {"explain_trace", R"({"trace_id":"damage-trace-3"})"},
        {"explain_trace", R"({"trace_id":"damage-trace-16"})"},
        {"search_traces", R"({"text":"order 4720"})"},
        {"search_traces", "{}"},
        {"get_expensive_spans", R"({"by":"latency"})"},
        {"read_spans",
         R"({"trace_id":"damage-trace-9","span_ids":["damage-trace-9-0","damage-trace-9-7"]})"},
    };
    std::vector<std::string> out;
    const Result<std::unique_ptr<Engine>> engine = Open();
    for (const auto& [name, arguments] : calls) {
      if (!engine) {
        out.push_back("damaged: " + engine.error().message);
        continue;
      }
      for (const Tool& tool : tools) {
        if (tool.info.name != name) continue;
        CallContext context;
        context.nonce = "0000";
        const Result<ToolAnswer> answer = tool.call(**engine, json::parse(arguments), context);
        out.push_back(answer ? json::serialize(answer->structured) : answer.error().message);
      }
    }
    return out;
  }

 private:
  fs::path folder_;
};

std::string ReadAll(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void WriteAll(const std::string& path, const std::string& bytes) {
  for (const char* suffix : {"-wal", "-shm"}) fs::remove(path + suffix);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

// Checks that each answer is equal to the undamaged one or says that it is damaged. Returns whether
// all are equal.
bool EqualOrSaid(const std::vector<std::string>& answers, const std::vector<std::string>& whole) {
  REQUIRE(answers.size() == whole.size());
  bool equal = true;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (answers[i] == whole[i]) continue;
    equal = false;
    const bool said = answers[i].find("damaged") != std::string::npos;
    INFO(answers[i] << "\ninstead of\n" << whole[i]);
    CHECK(said);
  }
  return equal;
}

}  // namespace

TEST_CASE("a flipped bit anywhere in a store never silently changes an answer") {
  const Scene scene;
  const std::vector<std::string> whole = scene.Answers();
  const std::string sound = ReadAll(scene.store());
  CHECK(VerifyStore(scene.store())->empty());
  constexpr std::size_t kPage = 16384;
  REQUIRE(sound.size() % kPage == 0);
  std::mt19937_64 random(7);
  int unseen = 0, flips = 0;
  for (std::size_t page = 0; page < sound.size(); page += kPage) {
    for (int i = 0; i < 6; ++i, ++flips) {
      std::string bytes = sound;
      // More often in the first bytes of a page, which matter most.
      const std::size_t at = page + random() % (i % 3 == 0 ? 120 : kPage);
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      WriteAll(scene.store(), bytes);
      INFO("byte " << at);
      EqualOrSaid(scene.Answers(), whole);
      const Result<std::vector<StoreDamage>> found = VerifyStore(scene.store());
      unseen += found && found->empty();
    }
  }
  CHECK(flips > 100);
  // Flips in unused parts of pages need not be noticed, but those must be rare.
  CHECK(unseen * 20 < flips);
}

TEST_CASE("losses of a damaged store are named, and restored from the same files") {
  // Deleted rows and changed bytes.
  const char* const damages[] = {
      "DELETE FROM segments",
      "DELETE FROM segments WHERE trace % 3 = 1",
      "DELETE FROM facts",
      "DELETE FROM payloads WHERE id % 2 = 1",
      "DELETE FROM summaries",
      "DELETE FROM traces WHERE id % 2 = 0",
      "UPDATE facts SET bytes = CAST(substr(bytes, 1, 40) || x'55' || substr(bytes, 42) AS BLOB)",
      "UPDATE payloads SET bytes = CAST(substr(bytes, 1, 99) || x'55' || substr(bytes, 101) AS "
      "BLOB) WHERE id = 1",
      "UPDATE summaries SET bytes = CAST(substr(bytes, 1, 30) || x'55' || substr(bytes, 32) AS "
      "BLOB)",
      "UPDATE segments SET versions = zeroblob(length(versions))",
      "UPDATE segments SET payload_base = payload_base + 1 WHERE trace = 2",
      "UPDATE traces SET trace_id = trace_id || 'x' WHERE id = 5",
  };
  for (const char* const damage : damages) {
    INFO(damage);
    const Scene scene;
    const std::vector<std::string> whole = scene.Answers();
    Database(scene.store(), SQLITE_OPEN_READWRITE, 1000).Script(damage);
    EqualOrSaid(scene.Answers(), whole);

    const Result<std::vector<StoreDamage>> found = VerifyStore(scene.store());
    REQUIRE(found.has_value());
    CHECK(!found->empty());
    const Result<std::vector<StoreDamage>> repaired = RepairStore(scene.store());
    if (!repaired) FAIL(repaired.error().message);
    CHECK(!repaired->empty());
    const Result<std::vector<StoreDamage>> after = VerifyStore(scene.store());
    REQUIRE(after.has_value());
    CHECK(after->empty());
    // Until the sources are read again, the loss is counted.
    CHECK(scene.Answers().front().find("lost_to_damage") != std::string::npos);
    scene.Ingest();
    CHECK(scene.Answers() == whole);
  }
}

TEST_CASE("a file with damaged pages is repaired in place, while another process has it open") {
  const Scene scene;
  const std::vector<std::string> whole = scene.Answers();
  const std::string sound = ReadAll(scene.store());
  constexpr std::size_t kPage = 16384;
  for (std::size_t page = 1; page * kPage < sound.size(); page += 3) {
    std::string bytes = sound;
    for (const std::size_t at : {page * kPage + 3, page * kPage + 5000}) {
      bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
    }
    WriteAll(scene.store(), bytes);
    INFO("page " << page + 1);
    const Result<std::unique_ptr<Engine>> other = scene.Open();
    const Result<std::vector<StoreDamage>> repaired = RepairStore(scene.store());
    if (!repaired) FAIL(repaired.error().message);
    CHECK(VerifyStore(scene.store())->empty());
    scene.Ingest();
    CHECK(scene.Answers() == whole);
  }
}

}  // namespace halo
