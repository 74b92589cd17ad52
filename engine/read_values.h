// SPDX-License-Identifier: MIT
// The same value of many spans at once: a role in the run, or a path. Reads one trace at a time, so
// memory is bounded by the values that are returned; stops at a deadline and says so.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/model/question.h"
#include "engine/role_values.h"

namespace halo {

enum class ValueSample : std::uint8_t {
  kFirst,    // in order of time
  kLast,     // the newest first
  kDiverse,  // one of each kind: values that differ only in numbers of time and generated ids are
             // one kind; the most frequent kinds first
  kRandom,   // drawn from all values, each with the same probability
};

struct ValueQuery {
  std::optional<ValueRole> role;  // or
  std::string path;               // of one stored value, as ValueAt takes it
  SpanFilter spans;
  // Equal values are one, the one in most runs first; kDiverse and kRandom do not apply.
  bool distinct = false;
  ValueSample sample = ValueSample::kFirst;
  std::uint64_t seed = 1;        // of kRandom
  std::size_t characters = 400;  // bytes of each text that are returned, cut between characters
  std::size_t skip = 0, limit = 20;
  // Runs that started later are left out, so that runs that arrive between two pages shift nothing.
  std::int64_t newest_ns = INT64_MAX;
};

struct ReadValue {
  struct Example {
    TraceKey key;
    std::string span_id;
  };
  TraceKey key;
  std::string span_id, path;  // where it stands; path is empty if it is not known
  std::uint32_t offset = 0;   // within the value at path
  std::string name;           // of the tool that it is about; empty: none
  std::string text;           // the beginning of the value
  std::size_t bytes = 0;      // of the whole value
  // Equal values, or those of its kind: at most kExamples of them from other runs.
  std::int64_t values = 1, runs = 1;
  std::vector<Example> more;
};

struct ValuePage {
  std::vector<ReadValue> values;
  std::int64_t newest_ns = INT64_MAX;  // for the next page
  // Counts are over the runs that were read: all that pass the filters if `complete`.
  std::int64_t passed_runs = 0, read_runs = 0;
  std::int64_t found_runs = 0, found_spans = 0, found = 0;  // with a value; values
  std::int64_t groups = 0;     // distinct values, or kinds of them; 0: not grouped
  bool groups_cut = false;     // only the first kMaxGroups of them were kept apart
  bool complete = false;       // every run was read
  bool out_of_time = false;    // stopped at the deadline
  bool more = false;           // values follow on the next page
  std::int64_t lost_runs = 0;  // pruned or damaged meanwhile
};

inline constexpr std::size_t kValueExamples = 4;
// Distinct values that are kept apart.
inline constexpr std::size_t kMaxValueGroups = 10'000;

}  // namespace halo
