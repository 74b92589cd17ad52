// SPDX-License-Identifier: MIT
// A follower survives faults, and afterwards every line is stored exactly once.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/system/faults.h"
#include "tests/system/serving.h"
#include "tests/system/support.h"

namespace halo::system_test {
namespace {

constexpr FollowPace kQuick{std::chrono::milliseconds(10), std::chrono::milliseconds(50),
                            Patience(100), std::chrono::milliseconds(50)};

std::jthread Follow(Engine& engine, std::vector<std::string> paths, uid_t as_user = 0) {
  return std::jthread([&engine, paths = std::move(paths), as_user](std::stop_token stop) {
    // Sets the user of this thread and of the threads that it starts.
    if (as_user != 0) syscall(SYS_setfsuid, as_user);
    FollowOptions options;
    options.stop = std::move(stop);
    options.pace = kQuick;
    engine.Follow(paths, options);
  });
}

void AppendTo(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary | std::ios::app);
  out << bytes << std::flush;
  REQUIRE(out);
}

std::int64_t Spans(Engine& engine) {
  const Result<OverviewStats> stats = engine.Overview({});
  return stats ? stats->spans : -1;
}

bool Has(const std::string& text, std::string_view part) { return text.find(part) != text.npos; }

bool Storing(Engine& engine) {
  const FollowStatus status = engine.Following();
  return status.troubles.empty() || !status.troubles.front().path.empty();
}

struct Fault {
  const char* why;  // occurs in the reported problem
  // Returns what ends the fault; empty if the fault cannot be caused here.
  std::function<std::function<void()>(const std::string& folder)> begin;
};

// While `fault` lasts, lines are appended to a followed file, and a new file is created.
void OutlastsAndCountsOnce(Engine& engine, const TempFolder& folder, const Fault& fault,
                           const std::string& store_folder) {
  const std::vector<std::string> lines = SpanLines(12, 21);
  const auto count = static_cast<std::int64_t>(lines.size());
  const auto part = [&](double from, double to) {
    const auto at = [&](double share) {
      return lines.begin() + static_cast<long>(share * static_cast<double>(lines.size()));
    };
    return Join({at(from), at(to)});
  };
  const std::string one = folder.At("traces/one.jsonl"), two = folder.At("traces/two.jsonl");
  std::filesystem::create_directory(folder.At("traces"));
  WriteFile(one, part(0, 0.25));
  const std::jthread follower = Follow(engine, {folder.At("traces")});
  Eventually([&] { return Spans(engine) == count / 4; });

  const std::function<void()> end = fault.begin(store_folder);
  if (!end) return;
  AppendTo(one, part(0.25, 0.5));
  Eventually([&] { return !Storing(engine); });
  // Stored data is still answered from, and the answer says that some is missing.
  const std::string overview = CallTool(engine, "get_overview");
  INFO(overview);
  CHECK(Has(overview, "not_stored"));
  CHECK(Has(overview, "Followed traces have not been stored since 2"));
  CHECK(Has(overview, fault.why));
  CHECK(Spans(engine) == count / 4);
  AppendTo(one, part(0.5, 0.75));
  WriteFile(two, part(0.75, 1));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));  // some attempts
  CHECK(!Storing(engine));

  end();
  Eventually([&] { return Spans(engine) == count; });
  Eventually([&] { return Storing(engine); });
  CHECK(!Has(CallTool(engine, "get_overview"), "not_stored"));
  CHECK(engine.Rejects()->empty());
  // Another import of the same files finds nothing new.
  const IngestReport again = Ingest(engine, {folder.At("traces")});
  CHECK(again.spans.new_spans == 0);
  CHECK(Spans(engine) == count);
}

}  // namespace

TEST_CASE("a follower survives a write lock of another process") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("store"));
  LockHolder holder(folder.At("store/a.db"));
  const auto engine = Open(folder.StoreUrl("store/a.db"));
  OutlastsAndCountsOnce(*engine, folder,
                        {"in use by another process",
                         [&](const std::string&) {
                           holder.Lock();
                           return [&] { holder.Unlock(); };
                         }},
                        folder.At("store"));
}

TEST_CASE("a follower survives a full disk") {
  const TempFolder folder;
  const std::unique_ptr<SmallDisk> disk = SmallDisk::Mount(folder.At("store"), 4096);
  if (!disk) return;
  const auto engine = Open(folder.StoreUrl("store/a.db"));
  OutlastsAndCountsOnce(*engine, folder,
                        {"full",
                         [&](const std::string&) {
                           disk->Fill();
                           return [&] { disk->Clear(); };
                         }},
                        folder.At("store"));
}

TEST_CASE("a follower survives temporarily read-only store files") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("store"));
  const auto engine = Open(folder.StoreUrl("store/a.db"));
  OutlastsAndCountsOnce(*engine, folder,
                        {"Read-only file system",
                         [](const std::string& store) -> std::function<void()> {
                           if (!MakeReadOnly(store)) return {};
                           return [store] { MakeWritable(store); };
                         }},
                        folder.At("store"));
}

TEST_CASE("a follower survives write errors of the disk") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("store"));
  const auto engine = Open(folder.StoreUrl("store/a.db"));
  OutlastsAndCountsOnce(*engine, folder,
                        {"disk I/O error",
                         [](const std::string&) {
                           FailWrites(true);
                           return [] { FailWrites(false); };
                         }},
                        folder.At("store"));
}

TEST_CASE("a file with read errors does not block other files") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(2, 30);
  WriteFile(folder.At("fine.jsonl"), lines[0]);
  std::filesystem::create_symlink("/proc/self/mem", folder.At("broken.jsonl"));
  const auto engine = Open("sqlite:" + folder.At(".store/a.db"));
  const std::jthread follower = Follow(*engine, {folder.path().string()});
  Eventually([&] { return Spans(*engine) == 1; });
  Eventually([&] { return engine->Following().troubles.size() == 1; });
  const FollowTrouble trouble = engine->Following().troubles.front();
  CHECK(Has(trouble.path, "broken.jsonl"));
  CHECK(Has(trouble.why, "Input/output error"));
  AppendTo(folder.At("fine.jsonl"), lines[1]);
  Eventually([&] { return Spans(*engine) == 2; });
  std::filesystem::remove(folder.At("broken.jsonl"));
  WriteFile(folder.At("broken.jsonl"), lines[2]);
  Eventually([&] { return Spans(*engine) == 3; });
  Eventually([&] { return engine->Following().troubles.empty(); });
}

TEST_CASE("a missing path is followed once it exists, and does not block other paths") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(4, 22);
  WriteFile(folder.At("a.jsonl"), lines[0]);
  const auto engine = Open(folder.StoreUrl("a.db"));
  const std::string file = folder.At("later.jsonl"), deep = folder.At("not/yet/there");
  const std::jthread follower = Follow(*engine, {file, folder.At("a.jsonl"), deep});
  Eventually([&] { return Spans(*engine) == 1; });
  Eventually([&] { return engine->Following().troubles.size() == 2; });
  const std::string overview = CallTool(*engine, "get_overview");
  CHECK(Has(overview, R"("not_followed","count":2)"));
  CHECK(Has(overview, "later.jsonl has not been read since 2"));
  CHECK(Has(overview, "no such file or folder"));

  WriteFile(file, lines[1]);
  Eventually([&] { return Spans(*engine) == 2; });
  std::filesystem::create_directories(deep);
  WriteFile(deep + "/b.jsonl", lines[2]);
  Eventually([&] { return Spans(*engine) == 3; });
  Eventually([&] { return engine->Following().troubles.empty(); });
  AppendTo(folder.At("a.jsonl"), lines[3]);
  Eventually([&] { return Spans(*engine) == 4; });
}

TEST_CASE("unreadable files are skipped, and read once they become readable") {
  const TempFolder folder;
  constexpr uid_t kNobody = 65534;
  const bool root = geteuid() == 0;
  const std::vector<std::string> lines = SpanLines(4, 23);
  std::filesystem::create_directory(folder.At("traces"));
  const std::string closed = folder.At("traces/closed.jsonl");
  WriteFile(closed, lines[0] + lines[1]);
  WriteFile(folder.At("traces/fine.jsonl"), lines[2]);
  chmod(closed.c_str(), 0);
  const auto engine = Open(folder.StoreUrl("a.db"));
  if (root) {  // permissions do not apply to root, so the follower is another user
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      chmod(entry.path().c_str(), entry.is_directory() ? 0777 : 0666);
    }
    chmod(folder.path().c_str(), 0777);
  }
  const std::jthread follower = Follow(*engine, {folder.At("traces")}, root ? kNobody : 0);
  Eventually([&] { return Spans(*engine) == 1; });
  Eventually([&] { return engine->Following().troubles.size() == 1; });
  CHECK(Has(engine->Following().troubles.front().why, "Permission denied"));
  CHECK(Has(CallTool(*engine, "get_overview"), "closed.jsonl"));

  // The change is not visible in its modification time.
  chmod(closed.c_str(), 0444);
  Eventually([&] { return Spans(*engine) == 3; });
  Eventually([&] { return engine->Following().troubles.empty(); });
  AppendTo(folder.At("traces/fine.jsonl"), lines[3]);
  Eventually([&] { return Spans(*engine) == 4; });
}

TEST_CASE("a restarted follower settles files that were still growing") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(2, 24);
  const std::string path = folder.At("a.jsonl");
  WriteFile(path, Join(lines));
  const auto engine = Open(folder.StoreUrl("a.db"));
  const auto all = static_cast<std::int64_t>(lines.size());
  {
    const std::jthread follower = Follow(*engine, {path});
    Eventually([&] { return Spans(*engine) == all; });
  }
  CHECK(engine->Overview({})->open_traces == 2);
  // As if the file had not changed for long.
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::minutes(5));
  const std::jthread follower = Follow(*engine, {path});
  Eventually([&] { return engine->Overview({})->open_traces == 0; });
  CHECK(Spans(*engine) == all);
  CHECK(engine->Rejects()->empty());
}

TEST_CASE("serve follows more files than it may have open at once") {
  const TempFolder folder;
  const std::vector<std::string> lines = SpanLines(15, 25);
  REQUIRE(lines.size() >= 300);
  std::filesystem::create_directory(folder.At("traces"));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    WriteFile(folder.At("traces/" + std::to_string(i) + ".jsonl"), lines[i]);
  }
  Serving serving("--store " + folder.StoreUrl("a.db") + " --traces " + folder.At("traces"),
                  "ulimit -n 128;");
  const auto spans = "\"spans\":" + std::to_string(lines.size()) + ",";
  Eventually([&] { return Has(serving.Overview(), spans); });
  CHECK(serving.Health() == "200 ok\n");
  const std::vector<std::string> more = SpanLines(1, 26);
  AppendTo(folder.At("traces/0.jsonl"), more[0]);
  Eventually([&] {
    return Has(serving.Overview(), "\"spans\":" + std::to_string(lines.size() + 1) + ",");
  });
}

TEST_CASE("serve survives a file size limit") {
  const TempFolder folder;
  std::filesystem::create_directory(folder.At("traces"));
  WriteFile(folder.At("traces/a.jsonl"), Join(SpanLines(2, 27)));
  CHECK(RunProgram("ingest " + folder.At("traces") + " --store " + folder.StoreUrl("a.db")).first ==
        0);
  Serving serving("--store " + folder.StoreUrl("a.db") + " --traces " + folder.At("traces"));
  const rlimit small{40'000, RLIM_INFINITY}, none{RLIM_INFINITY, RLIM_INFINITY};
  REQUIRE(prlimit(serving.pid(), RLIMIT_FSIZE, &small, nullptr) == 0);
  const std::vector<std::string> lines = SpanLines(20, 28);
  WriteFile(folder.At("traces/b.jsonl"), Join(lines));
  Eventually([&] { return serving.Health().starts_with("200 degraded\n"); });
  CHECK(Has(serving.Health(), "disk I/O error"));
  CHECK(Has(serving.Overview(), "\"traces\":2,"));
  REQUIRE(prlimit(serving.pid(), RLIMIT_FSIZE, &none, nullptr) == 0);
  Eventually([&] { return serving.Health() == "200 ok\n"; });
  Eventually([&] { return Has(serving.Overview(), "\"traces\":22,"); });
  CHECK(serving.End() == 0);
}

TEST_CASE("serve and stdio report since when and why nothing is stored") {
  const TempFolder folder;
  LockHolder holder(folder.At("a.db"));
  const std::vector<std::string> lines = SpanLines(6, 29);
  const std::string path = folder.At("a.jsonl");
  WriteFile(path, lines[0]);
  const std::string store = " --store " + folder.StoreUrl("a.db");
  CHECK(RunProgram("ingest " + path + store).first == 0);
  Serving serving("--traces " + path + store);
  CHECK(serving.Health() == "200 ok\n");

  // Also a stdio server, which follows another file into the same store.
  const std::string other = folder.At("b.jsonl"), said = folder.At("said");
  const std::string command =
      "(echo '{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\","
      "\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
      "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}'; "
      "i=0; while [ -e " +
      folder.At("a.jsonl") + " ] && [ ! -e " + folder.At("end") +
      " ] && [ $i -lt 1500 ]; do sleep 0.05; i=$((i+1)); done) | " + HALO_BINARY " stdio" + store +
      " --traces " + other + " > " + said + " 2>/dev/null &";
  WriteFile(other, lines[1]);
  REQUIRE(std::system(command.c_str()) == 0);
  const auto read = [](const std::string& file) {
    std::ifstream in(file);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  Eventually([&] { return Has(serving.Overview(), "\"spans\":2,"); });

  holder.Lock();
  AppendTo(path, Join({lines.begin() + 2, lines.begin() + 60}));
  AppendTo(other, Join({lines.begin() + 60, lines.end()}));
  Eventually(
      [&] { return serving.Health().starts_with("200 degraded\nFollowed traces have not"); });
  Eventually([&] { return Has(read(said), "notifications/message"); });
  CHECK(Has(read(said), R"("level":"error")"));
  CHECK(Has(read(said), "Followed traces have not been stored since 2"));
  Eventually([&] { return Has(serving.Overview(), "not_stored"); });
  const auto [code, doctor] = RunProgram("doctor" + store);
  INFO(doctor);
  CHECK(code == 3);
  CHECK(Has(doctor, "WARN  the store does not accept writes now"));
  CHECK(Has(doctor, "have not been stored by another process that follows them since 2"));

  holder.Unlock();
  const auto spans = "\"spans\":" + std::to_string(lines.size()) + ",";
  Eventually([&] { return Has(serving.Overview(), spans); });
  Eventually([&] { return Has(read(said), "stored again"); });
  Eventually([&] { return serving.Health() == "200 ok\n"; });
  WriteFile(folder.At("end"), "");
  CHECK(!Has(RunProgram("doctor" + store).second, "not been stored"));
}

}  // namespace halo::system_test
