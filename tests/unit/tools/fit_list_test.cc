// SPDX-License-Identifier: MIT
// How much is written to find out what fits.
#include <catch2/catch.hpp>

#include "schemas/explain_trace.h"
#include "tools/common/budget.h"

namespace halo {
namespace {

wire::ExplainTraceOutput WithFindings(std::size_t count) {
  wire::ExplainTraceOutput out;
  for (std::size_t i = 0; i < count; ++i) {
    wire::ExplainTraceOutput::Finding finding;
    finding.mode_id = "fm_0123456789ab";
    finding.title = "finding number " + std::to_string(i);
    out.findings.push_back(std::move(finding));
  }
  return out;
}

TEST_CASE("a list is cut to what fits with a few writings, however long it is") {
  for (const std::size_t count : {0, 1, 5, 127, 128, 129, 2000, 50'000}) {
    INFO(count);
    wire::ExplainTraceOutput out = WithFindings(count);
    int writings = 0;
    std::size_t written = 0;
    FitList(out, out.findings, kDefaultAnswerBytes, [&](wire::ExplainTraceOutput& shown) {
      ++writings;
      written += shown.findings.size();
    });
    CHECK(writings <= 10);
    CHECK(written <= 1000);  // findings in all answers that were written
    const std::size_t shown = out.findings.size();
    CHECK(shown <= count);
    if (count > 0) CHECK(shown >= 1);
    if (count > 0)
      CHECK(out.findings.back().title == "finding number " + std::to_string(shown - 1));
    CHECK(AnswerBytes(out) <= kDefaultAnswerBytes);
    // One more would not have fitted.
    if (shown < count) {
      wire::ExplainTraceOutput more = WithFindings(shown + 1);
      CHECK(AnswerBytes(more) > kDefaultAnswerBytes);
    }
  }
}

TEST_CASE("what does not fit by itself stays as the only item") {
  wire::ExplainTraceOutput out = WithFindings(3);
  out.findings.front().title = std::string(20'000, 'x');
  FitList(out, out.findings, kDefaultAnswerBytes, [](wire::ExplainTraceOutput&) {});
  CHECK(out.findings.size() == 1);
}

}  // namespace
}  // namespace halo
