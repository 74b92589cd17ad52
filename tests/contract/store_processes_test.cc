// SPDX-License-Identifier: MIT
// Several threads and processes on one store, and processes that are killed.
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "engine/store/open_store.h"
#include "tests/contract/store_fixture.h"

namespace halo::test {
namespace {

StoreKind AnyStore() { return GENERATE(from_range(AllStores())); }

// Runs `work` in a child process, which exits without running the parent's destructors.
template <class Work>
pid_t InChild(Work&& work) {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    work();
    _exit(0);
  }
  return child;
}

// Every third trace is the same for all writers, so that they repeat each other's spans.
TestTrace TraceOf(int writer, int i) { return VariedTrace(i % 3 == 0 ? i : writer * 10'000 + i); }

void AppendMany(const std::string& url, int writer, int count) {
  const auto store = OpenStore(url);
  if (!store) _exit(2);
  for (int i = 0; i < count; ++i) {
    const TestTrace trace = TraceOf(writer, i);
    const std::size_t half = trace.spans.size() / 2;
    if (!(*store)->Append(TestBatch().AddSpans(trace, 0, half).Build())) _exit(3);
    if (!(*store)->Append(TestBatch().AddSpans(trace, half - 1, trace.spans.size()).Build())) {
      _exit(4);
    }
  }
}

void CheckAllThere(Store& store, int writers, int count) {
  for (int writer = 1; writer <= writers; ++writer) {
    for (int i = 0; i < count; ++i) {
      const TestTrace trace = TraceOf(writer, i);
      const StoredTrace stored = Must(store.LoadTrace(trace.key));
      REQUIRE(stored.spans.size() == trace.spans.size());
    }
  }
}

TEST_CASE("processes that write at once lose and repeat nothing") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  constexpr int kCount = 60;
  std::vector<pid_t> children;
  for (int writer = 1; writer <= 2; ++writer) {
    children.push_back(InChild([&] { AppendMany(url, writer, kCount); }));
  }
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
  }
  const auto store = MustOpen(url);
  CheckAllThere(*store, 2, kCount);
  const StoreInfo info = Must(store->Info());
  CHECK(info.traces == 2 * kCount - kCount / 3);
}

TEST_CASE("threads write and ask at once, in one store and in two") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto one = MustOpen(url);
  const auto two = MustOpen(url);
  std::atomic<bool> failed = false;
  constexpr int kCount = 40;
  {
    std::vector<std::jthread> threads;
    for (int writer = 1; writer <= 3; ++writer) {
      threads.emplace_back([&, writer] {
        Store& store = writer == 1 ? *one : *two;
        for (int i = 0; i < kCount; ++i) {
          const TestTrace trace = TraceOf(writer, i);
          const bool stored =
              store.Append(TestBatch().Add(trace).From("file:/a").Build()).has_value();
          if (!stored || !store.LoadTrace(trace.key)) failed = true;
        }
      });
    }
    threads.emplace_back([&] {
      std::int64_t traces = 0;
      for (int i = 0; i < 60; ++i) {
        const auto overview = (i % 2 ? *one : *two).Overview({});
        const auto modes = one->Modes({});
        const auto search = two->Search({}, {"output 3", false, false}, 5, {}, {}, nullptr);
        if (!overview || !modes || !search || overview->traces < (i % 2 ? 0 : traces))
          failed = true;
        if (overview && i % 2 == 0) traces = overview->traces;
      }
    });
  }
  CHECK(!failed);
  CheckAllThere(*one, 3, kCount);
  CHECK(AnswersText(*one, kLater) == AnswersText(*two, kLater));
}

TEST_CASE("what was acknowledged survives kill -9 at any moment") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  std::mt19937 random(11);
  int first = 0;
  for (int round = 0; round < 12; ++round) {
    int acknowledged[2];
    REQUIRE(pipe(acknowledged) == 0);
    const pid_t child = InChild([&] {
      const auto store = OpenStore(url);
      if (!store) _exit(2);
      for (int i = first;; ++i) {
        if (!(*store)->Append(TestBatch().Add(VariedTrace(i)).Add(VariedTrace(-1 - i)).Build())) {
          _exit(3);
        }
        if (write(acknowledged[1], &i, sizeof i) != sizeof i) _exit(4);
      }
    });
    close(acknowledged[1]);
    int last = -1;
    // The child runs until its first append, and then for a random time.
    REQUIRE(read(acknowledged[0], &last, sizeof last) == sizeof last);
    usleep(random() % 30'000);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    while (read(acknowledged[0], &last, sizeof last) == sizeof last) {
    }
    close(acknowledged[0]);

    const auto store = MustOpen(url);
    for (int i = 0; i <= last; ++i) {
      REQUIRE(store->LoadTrace(VariedTrace(i).key).has_value());
      REQUIRE(store->LoadTrace(VariedTrace(-1 - i).key).has_value());
    }
    // A batch is stored completely or not at all.
    const StoreInfo info = Must(store->Info());
    CHECK(info.traces % 2 == 0);
    CHECK(Must(store->Overview({})).traces == info.traces);
    CHECK(info.stale_traces == 0);
    first = last + 1;
  }
}

TEST_CASE("a lease is one process's, until it dies") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  {
    const std::unique_ptr<Lease> lease = Must(store->TryLease("follow file:/a"));
    REQUIRE(lease);
    CHECK(!Must(store->TryLease("follow file:/a")));
    CHECK(Must(store->TryLease("follow file:/b")));
  }
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = InChild([&] {
    const auto other = OpenStore(url);
    const auto lease = (*other)->TryLease("follow file:/a");
    if (!lease || !*lease || write(ready[1], "x", 1) != 1) _exit(2);
    pause();
  });
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  CHECK(!Must(store->TryLease("follow file:/a")));
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(Must(store->TryLease("follow file:/a")));
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("leases hold no descriptor each") {
  const ScratchFolder folder;
  const auto store = MustOpen(AnyStore().url(folder));
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit few{64, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  std::vector<std::unique_ptr<Lease>> leases;
  bool all = true;
  for (int i = 0; i < 300 && all; ++i) {
    Result<std::unique_ptr<Lease>> lease = store->TryLease("follow file:/" + std::to_string(i));
    all = lease && *lease;
    if (all) leases.push_back(std::move(*lease));
  }
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(all);
  CHECK(!Must(store->TryLease("follow file:/7")));
  leases[7].reset();
  CHECK(Must(store->TryLease("follow file:/7")));
}

TEST_CASE("a notice is seen by others, until it is taken back or its process dies") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto one = MustOpen(url);
  CHECK(one->Notices().empty());
  Must(one->PostNotice("mine"));
  CHECK(one->Notices().empty());
  const auto two = MustOpen(url);
  CHECK(two->Notices() == std::vector<std::string>{"mine"});
  Must(one->PostNotice(""));
  CHECK(two->Notices().empty());

  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t child = InChild([&] {
    const auto other = OpenStore(url);
    if (!other || !(*other)->PostNotice("the child's") || write(ready[1], "x", 1) != 1) _exit(2);
    pause();
  });
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  CHECK(one->Notices() == std::vector<std::string>{"the child's"});
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  CHECK(one->Notices().empty());
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("a write that gets no turn in time fails, and changes nothing") {
  const ScratchFolder folder;
  const std::string url = AnyStore().url(folder);
  const auto store = MustOpen(url);
  Must(store->AwaitTurn(Patience(10'000)));
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  // A process that is stopped during a write.
  const pid_t child = InChild([&] {
    const auto other = OpenStore(url);
    if (!other || write(ready[1], "x", 1) != 1) _exit(2);
    for (int i = 0;; ++i) {
      if (!(*other)->Append(TestBatch().Add(VariedTrace(1000 + i)).Build())) _exit(3);
    }
  });
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  const TestTrace trace = VariedTrace(1);
  const Batch batch = TestBatch().Add(trace).Build();
  // At some attempt the stop falls into a write.
  bool refused = false;
  for (int attempt = 0; attempt < 200 && !refused; ++attempt) {
    kill(child, SIGSTOP);
    int status = 0;
    REQUIRE(waitpid(child, &status, WUNTRACED) == child);
    const Result<void> turn = store->AwaitTurn(Patience(20));
    if (!turn) {
      refused = true;
      CHECK(turn.error().code == Code::kUnavailable);
      const Result<AppendReceipt> written = store->Append({&batch, 1}, Patience(20));
      REQUIRE(!written.has_value());
      CHECK(written.error().code == Code::kUnavailable);
      // Reads still succeed.
      CHECK(store->Overview({}).has_value());
      CHECK(!store->LoadTrace(trace.key).has_value());
    }
    kill(child, SIGCONT);
    usleep(1000);
  }
  CHECK(refused);
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  Must(store->Append(batch));
  CHECK(Must(store->LoadTrace(trace.key)).spans.size() == trace.spans.size());
  close(ready[0]);
  close(ready[1]);
}

}  // namespace
}  // namespace halo::test
