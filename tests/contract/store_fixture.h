// SPDX-License-Identifier: MIT
// Small hand-made traces for tests of stores.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/store/store.h"

namespace halo::test {

// The value; fails the test if there is an error.
template <class T>
T Must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}
inline void Must(Result<void> result) {
  if (!result) FAIL(result.error().message);
}

// A new folder that is removed with the object.
class ScratchFolder {
 public:
  ScratchFolder();
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

// The stores that must fulfil the contract; `url` is that of a new store in a folder.
struct StoreKind {
  std::string_view name;
  std::string (*url)(const ScratchFolder& folder);
};
const std::vector<StoreKind>& AllStores();

// Fails the test if the store does not open.
std::unique_ptr<Store> MustOpen(const std::string& url);

struct TestSpan {
  std::string id;
  std::string parent;
  std::string name = "step";
  Kind kind = Kind::kTool;
  std::int64_t start_ns = 0;
  std::int64_t end_ns = 0;
  std::string output;  // attribute "output.value"
  bool failed = false;
};

struct TestFinding {
  std::uint8_t detector = 0;
  std::string tool;
  std::string signature;
  std::int64_t nano_usd = 0;
};

// One trace with its analysis.
struct TestTrace {
  TraceKey key{"default", ""};
  std::vector<TestSpan> spans;
  std::string session, task, agent = "planner", model = "m1", service = "svc", version;
  Outcome outcome = Outcome::kUnknown;
  bool root_ended = true;
  std::vector<TestFinding> findings;
  std::string dialect = {};  // of all spans; none if empty
};

// A time at which every trace whose root has ended has settled.
inline constexpr std::int64_t kLater = std::int64_t{1} << 62;

// Trace `number` of a varied population; a pure function of the number.
TestTrace VariedTrace(int number);
std::vector<TestTrace> Population(int count);

TraceSummary SummaryOf(const TestTrace& trace);

// Builds a Batch as an ingest does: spans encoded into one block, and facts that refer to it.
class TestBatch {
 public:
  // Adds all spans of the trace.
  TestBatch& Add(const TestTrace& trace, bool analysed = true);
  // Adds the spans [begin, end) of the trace, without an analysis.
  TestBatch& AddSpans(const TestTrace& trace, std::size_t begin, std::size_t end);
  TestBatch& From(std::string source, bool complete = true);
  TestBatch& Reject(std::string reason, std::uint64_t offset);
  Batch Build(std::int64_t arrived_ns = 1'000);

 private:
  void AddSegment(const TestTrace& trace, std::size_t begin, std::size_t end, bool analysed);
  Batch batch_;
  std::string block_;
  StringPool words_;
  std::vector<SpanFacts> rows_;
};

// The answers to all questions about the store, as one text: equal stores give equal text.
std::string AnswersText(Store& store, std::int64_t now_ns);

std::string ModesText(const std::vector<ModeStats>& modes);

// Analyses all stale traces as the engine would; `traces` are the complete traces.
void AnalyseStale(Store& store, const std::vector<TestTrace>& traces);

}  // namespace halo::test
