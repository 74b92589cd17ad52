// SPDX-License-Identifier: MIT
#include <catch2/catch.hpp>
#include <utility>
#include <vector>

#include "engine/semconv/conventions.h"
#include "tests/unit/semconv/span_builder.h"

namespace halo {

TEST_CASE("the task of a run is read from what platforms and benchmarks call it") {
  Conventions conventions;
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"task.id", "retail-7"},
      {"dataset.item.id", "retail-7"},
      {"langfuse.experiment.item.id", "retail-7"},
      {"langfuse.dataset.item.id", "retail-7"},
      {"langsmith.reference_example_id", "retail-7"},
      {"test_case_id", "retail-7"},
      // In metadata, as JSON or as attributes.
      {"metadata", R"({"task_id":"retail-7"})"},
      {"metadata", R"({"dataset_example_id":"retail-7"})"},
      {"langfuse.trace.metadata.dataset_item_id", "retail-7"},
      {"langfuse.trace.metadata", R"({"datasetItemId":"retail-7"})"},
      {"langsmith.metadata.reference_example_id", "retail-7"},
  };
  for (const auto& [key, text] : cases) {
    INFO(key);
    SpanBuilder b;
    b.Text(key, text);
    CHECK(conventions.Read(b.span()).task == "retail-7");
  }
  SpanBuilder number;
  number.Int("task_id", 12);
  CHECK(conventions.Read(number.span()).task == "12");
}

}  // namespace halo
