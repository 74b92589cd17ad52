// SPDX-License-Identifier: MIT
// Tests of the SQLite store only: its files, its schema, its queue of writers.
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <latch>
#include <random>
#include <thread>

#include "engine/store/open_store.h"
#include "engine/store/sqlite/schema.h"
#include "engine/store/sqlite/write_log.h"
#include "engine/store/sqlite/writer_lease.h"
#include "tests/contract/store_fixture.h"

namespace halo {
namespace {

using test::Must;
using test::ScratchFolder;

constexpr int kReadWrite = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;

mode_t ModeOf(const std::string& path) {
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777;
}

Error OpenError(const std::string& url) {
  const auto store = OpenStore(url);
  REQUIRE(!store.has_value());
  return store.error();
}

TEST_CASE("a store's files and folders are the user's alone") {
  const ScratchFolder folder;
  const mode_t before = umask(0);
  const std::string path = folder / "new/folder/halo.db";
  const auto store = test::MustOpen("sqlite:" + path);
  Must(store->PutSetting("a", "b"));
  umask(before);
  CHECK(ModeOf(folder / "new") == 0700);
  CHECK(ModeOf(folder / "new/folder") == 0700);
  for (const char* suffix : {"", "-wal", "-shm", "-lease"}) CHECK(ModeOf(path + suffix) == 0600);
}

TEST_CASE("a plain path names a store too, and nonsense is refused") {
  const ScratchFolder folder;
  { test::MustOpen(folder / "plain.db"); }
  test::MustOpen("sqlite:" + folder / "plain.db");
  CHECK(OpenError("").code == Code::kInvalidArgument);
  CHECK(OpenError("sqlite:").code == Code::kInvalidArgument);
  CHECK(OpenError("clickhouse://host").code == Code::kInvalidArgument);
  CHECK(OpenError("/proc/none/halo.db").code == Code::kUnavailable);
}

TEST_CASE("a file that is no store is refused and left as it was") {
  const ScratchFolder folder;
  const std::string text = folder / "notes.txt";
  std::ofstream(text) << "buy milk, and write more than sixteen bytes";
  CHECK(OpenError("sqlite:" + text).message ==
        text +
            " is not a halo-mcp store (not an SQLite file); name another file with --store, or "
            "move this one away");
  std::string left;
  std::getline(std::ifstream(text), left);
  CHECK(left == "buy milk, and write more than sixteen bytes");

  const std::string other = folder / "other.db";
  Database(other, kReadWrite, 0).Script("CREATE TABLE cookies (a)");
  CHECK(OpenError("sqlite:" + other).message ==
        other +
            " is an SQLite database of another program, not a halo-mcp store; name another "
            "file with --store");
}

TEST_CASE("a new store can be opened by several at once") {
  const ScratchFolder folder;
  for (int round = 0; round < 25; ++round) {
    const std::string path = folder / (std::to_string(round) + ".db");
    std::array<std::string, 4> refusals;
    {
      std::latch start(refusals.size());
      std::vector<std::jthread> threads;
      for (std::string& refusal : refusals) {
        threads.emplace_back([&] {
          start.arrive_and_wait();
          if (const auto store = OpenStore(path); !store) refusal = store.error().message;
        });
      }
    }
    for (const std::string& refusal : refusals) CHECK(refusal == "");
  }
}

TEST_CASE("a damaged store says so") {
  const ScratchFolder folder;
  const std::string path = folder / "halo.db";
  {
    const auto store = test::MustOpen(path);
    test::TestBatch batch;
    for (const test::TestTrace& trace : test::Population(50)) batch.Add(trace);
    Must(store->Append(batch.Build()));
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(8192);
  file << std::string(200'000, '\x5a');
  file.close();
  const auto store = OpenStore(path);
  const auto answer = store ? (*store)->Overview({}) : Result<OverviewStats>(store.error());
  REQUIRE(!answer.has_value());
  CHECK(answer.error().code == Code::kCorrupt);
}

TEST_CASE("a store of a newer program is refused") {
  const ScratchFolder folder;
  const std::string path = folder / "halo.db";
  { test::MustOpen(path); }
  Database(path, kReadWrite, 0).Script("PRAGMA user_version = 99");
  const Error error = OpenError(path);
  CHECK(error.code == Code::kUnsupported);
  CHECK(error.message == path +
                             " was written by a newer halo-mcp: its schema is 99, this program "
                             "knows schemas up to " +
                             std::to_string(SchemaVersion()) +
                             "; update halo-mcp, or name another file with --store");
}

TEST_CASE("a store of a development build is refused and left as it was") {
  const ScratchFolder folder;
  const std::string path = folder / "halo.db";
  for (int schema = 1; schema <= 4; ++schema) {
    std::filesystem::remove(path);
    Database(path, kReadWrite, 0)
        .Script(("CREATE TABLE state (id); PRAGMA application_id = 0x48414c4f; "
                 "PRAGMA user_version = " +
                 std::to_string(schema))
                    .c_str());
    const Error error = OpenError(path);
    CHECK(error.code == Code::kUnsupported);
    CHECK(error.message == path +
                               " was written by another version of halo-mcp, whose format this one "
                               "does not read; delete it, or name another file with --store, and "
                               "ingest the traces again");
    CHECK(Database(path, kReadWrite, 0).Number("PRAGMA user_version") == schema);
  }
}

TEST_CASE("an older schema is brought up to date in place, a step at a time") {
  const ScratchFolder folder;
  Database database(folder / "halo.db", kReadWrite, 0);
  const std::vector<const char*> old = {"CREATE TABLE a (x); INSERT INTO a VALUES (1);"};
  Migrate(database, old);
  CHECK(database.Number("PRAGMA user_version") == 1);
  database.Script("INSERT INTO a VALUES (2)");
  const std::vector<const char*> steps = {old[0], "ALTER TABLE a ADD COLUMN y DEFAULT 5;",
                                          "UPDATE a SET y = x + y;"};
  Migrate(database, steps);
  CHECK(database.Number("PRAGMA user_version") == 3);
  CHECK(database.Number("SELECT sum(y) FROM a") == 13);
  Migrate(database, steps);
  CHECK(database.Number("SELECT sum(y) FROM a") == 13);
  // If a step fails, the store is unchanged.
  const std::vector<const char*> broken = {steps[0], steps[1], steps[2], "UPDATE a SET y = 0;",
                                           "no sql;"};
  CHECK_THROWS_AS(Migrate(database, broken), SqliteError);
  CHECK(database.Number("PRAGMA user_version") == 3);
  CHECK(database.Number("SELECT sum(y) FROM a") == 13);
}

TEST_CASE("the database file is sound after much writing and rewriting") {
  const ScratchFolder folder;
  const std::string path = folder / "halo.db";
  {
    const auto store = test::MustOpen(path);
    const std::vector<test::TestTrace> traces = test::Population(120);
    for (const test::TestTrace& trace : traces) {
      Must(store->Append(test::TestBatch().AddSpans(trace, 0, 1).Build()));
      test::AnalyseStale(*store, traces);
      Must(store->Append(test::TestBatch().AddSpans(trace, 1, trace.spans.size()).Build()));
      test::AnalyseStale(*store, traces);
    }
  }
  Database database(path, kReadWrite, 1000);
  CHECK(database.Ask("PRAGMA integrity_check").Step());
  Query check = database.Ask("PRAGMA integrity_check");
  REQUIRE(check.Step());
  CHECK(check.Text(0) == "ok");
  // Old summaries are removed, and every trace has one current summary.
  CHECK(database.Number("SELECT sum(traces - dead) FROM summaries") == 120);
  CHECK(database.Number("SELECT sum(traces) FROM summaries") <= 240);
  CHECK(database.Number("SELECT count(*) FROM summaries") < 40);
  CHECK(database.Number("SELECT count(*) FROM facts WHERE live <= 0") == 0);
  CHECK(database.Number("SELECT sum(live) FROM facts") ==
        database.Number("SELECT count(*) FROM segments"));
  const State state = ReadState(database);
  CHECK(state.traces == database.Number("SELECT count(*) FROM traces"));
  CHECK(state.spans == database.Number("SELECT sum(spans) FROM traces"));
}

TEST_CASE("what is committed gets from the write-ahead log to the file while the store is open") {
  const ScratchFolder folder;
  const std::string path = folder / "halo.db";
  constexpr std::int64_t kBlocks = 100;
  std::mt19937 random(5);
  std::string block(1 << 20, '\0');
  for (char& c : block) c = static_cast<char>(random());
  {
    const auto store = test::MustOpen(path);
    for (std::int64_t i = 0; i < kBlocks; ++i) Must(store->AppendPayloads(std::span(&block, 1)));
    // The last part of the log may be too short to be moved yet.
    constexpr std::uintmax_t kMoved = kBlocks << 19;
    for (int i = 0; i < 3000 && std::filesystem::file_size(path) < kMoved; ++i) usleep(10'000);
    CHECK(std::filesystem::file_size(path) >= kMoved);
  }
  Database database(path, kReadWrite, 1000);
  CHECK(database.Number("SELECT count(*) FROM payloads") == kBlocks);
  CHECK(database.Number("SELECT sum(length(bytes)) FROM payloads") == kBlocks << 20);
}

TEST_CASE("pieces are united by size class") {
  using Sizes = std::vector<std::int64_t>;
  CHECK(PickCompaction(Sizes{}, 4) == 0);
  CHECK(PickCompaction(Sizes{1, 1, 1}, 4) == 0);
  CHECK(PickCompaction(Sizes{1, 1, 1, 1}, 4) == 4);
  CHECK(PickCompaction(Sizes{1, 1, 1, 100'000}, 4) == 0);
  CHECK(PickCompaction(Sizes{1, 1, 1, 1, 100'000}, 4) == 4);
  CHECK(PickCompaction(Sizes{4, 4, 4, 4, 100'000}, 4) == 4);
}

// Memory shared by parent and children.
struct Shared {
  std::atomic<int> grants = 0;
  std::atomic<bool> stop = false;
};

TEST_CASE("writers stand in line: one that asks once is not overtaken again and again") {
  const ScratchFolder folder;
  const std::string path = folder / "lease";
  auto* shared =
      new (mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))
          Shared;
  std::vector<pid_t> children;
  for (int i = 0; i < 2; ++i) {
    children.push_back(fork());
    if (children.back() == 0) {
      while (!shared->stop) {
        const auto lease = WriterLease::Take(path, std::chrono::seconds(60));
        if (!lease) _exit(1);
        ++shared->grants;
        usleep(5'000);
      }
      _exit(0);
    }
  }
  while (shared->grants < 4) usleep(1000);
  std::vector<int> overtaken;
  for (int i = 0; i < 21; ++i) {
    const int before = shared->grants;
    const auto lease = WriterLease::Take(path, std::chrono::seconds(60));
    REQUIRE(lease.has_value());
    overtaken.push_back(shared->grants - before);
  }
  shared->stop = true;
  for (const pid_t child : children) {
    int status = 1;
    waitpid(child, &status, 0);
    CHECK(status == 0);
  }
  munmap(shared, sizeof(Shared));
  // The current holder and the one next in line; a few others may enter the line before this writer
  // does.
  std::nth_element(overtaken.begin(), overtaken.begin() + 10, overtaken.end());
  CHECK(overtaken[10] <= 3);
}

TEST_CASE("the lease of a writer that died goes to the next in line") {
  const ScratchFolder folder;
  const std::string path = folder / "lease";
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto lease = WriterLease::Take(path, std::chrono::seconds(60));
    if (!lease || write(ready[1], "x", 1) != 1) _exit(1);
    pause();
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  const auto busy = WriterLease::Take(path, std::chrono::milliseconds(20));
  REQUIRE(!busy.has_value());
  CHECK(busy.error().code == Code::kUnavailable);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(WriterLease::Take(path, std::chrono::seconds(60)).has_value());
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace halo
