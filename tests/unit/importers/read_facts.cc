// SPDX-License-Identifier: MIT
#include "tests/unit/importers/read_facts.h"

#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <vector>

namespace halo {
namespace {

std::string TextAt(const OwnedSpan& owned, std::string_view key) {
  for (const Attribute& attribute : owned.span().attributes) {
    if (attribute.key == key) return std::string(attribute.value.text.substr(0, 60));
  }
  return {};
}

bool IsHashed(std::string_view task) {
  return task.starts_with("task_") && task.size() == sizeof("task_000000000000") - 1;
}

void DumpTrace(Engine& engine, const TraceKey& key, std::ostream& out) {
  const auto read = engine.ReadTrace(key);
  if (!read) {
    out << read.error().message << '\n';
    return;
  }
  const Trace& trace = read->trace;
  const TraceSummary& summary = read->summary;
  out << "trace " << OutcomeName(summary.outcome);
  if (summary.outcome_rule != OutcomeRule::kNone) {
    out << " by " << OutcomeRuleName(summary.outcome_rule);
  }
  if (!summary.task.empty()) {
    out << " task " << (IsHashed(summary.task) ? "hashed" : summary.task);
  }
  if (!summary.session.empty()) out << " session " << summary.session;
  const std::int64_t ns = PlausibleNs(summary.start_ns, summary.end_ns);
  if (ns >= 0) out << ", " << ns / 1'000'000 << " ms";
  if (!summary.root_ended) out << ", open";
  out << '\n';
  std::vector<SpanIndex> all(trace.spans.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<SpanIndex>(i);
  const auto owned = engine.ReadSpans(*read, all);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const SpanFacts& span = trace.spans[i];
    const auto text = [&](StringId word) { return std::string(trace.Text(word)); };
    int depth = 1;
    for (SpanIndex up = trace.parent[i]; up != -1;
         up = trace.parent[static_cast<std::size_t>(up)]) {
      ++depth;
    }
    out << std::string(static_cast<std::size_t>(depth) * 2, ' ') << KindName(span.kind) << ' '
        << text(span.tool ? span.tool : span.name);
    if (span.kind == Kind::kLlm) out << ' ' << (span.model ? text(span.model) : "no model");
    if (span.has_usage) out << ' ' << span.usage.input << '+' << span.usage.output << " tokens";
    if (span.usage.cache_read > 0) out << ", " << span.usage.cache_read << " cached";
    if (span.cost_source == CostSource::kReported) out << ", " << span.cost_nano_usd << " nUSD";
    const std::int64_t length_ns = PlausibleNs(span.start_ns, span.end_ns);
    if (length_ns >= 0) out << ' ' << length_ns / 1'000'000 << " ms";
    if (span.end_ns == 0) out << " open";
    if (span.failed) out << " FAILED " << text(span.error_signature);
    if (span.tool_call_count > 0) out << " calls " << span.tool_call_count;
    if (span.kind == Kind::kLlm && span.output_blank) out << " blank";
    if (!owned) continue;
    if (span.kind == Kind::kTool) {
      out << ' ' << TextAt((*owned)[i], "gen_ai.tool.call.arguments") << " -> "
          << TextAt((*owned)[i], "gen_ai.tool.call.result");
    }
    if (span.kind == Kind::kAgent) out << (span.has_output ? " answers" : " without an answer");
    out << '\n';
  }
}

}  // namespace

ScratchStore::ScratchStore() {
  std::string name = (std::filesystem::temp_directory_path() / "halo_facts_XXXXXX").string();
  folder_ = ::mkdtemp(name.data());
  EngineOptions options;
  options.store_url = "sqlite:" + folder_ + "/halo.db";
  options.threads = 2;
  auto engine = Engine::Open(std::move(options));
  if (engine) engine_ = std::move(*engine);
}

ScratchStore::~ScratchStore() {
  engine_.reset();
  std::filesystem::remove_all(folder_);
}

std::int64_t ScratchStore::Ingest(const std::string& path) {
  const std::vector<std::string> paths = {path};
  const auto report = engine_->IngestPaths(paths, IngestOptions{});
  std::int64_t refused = report ? 0 : -1;
  if (report) {
    for (const auto& [reason, count] : report->rejects) refused += count;
  }
  return refused;
}

std::int64_t ScratchStore::IngestBytes(std::string_view bytes) {
  const auto report = engine_->IngestBytes("input", bytes, IngestOptions{});
  std::int64_t refused = report ? 0 : -1;
  if (report) {
    for (const auto& [reason, count] : report->rejects) refused += count;
  }
  return refused;
}

std::string DumpFacts(Engine& engine) {
  const auto page = engine.Traces(Question{}, TraceSort::kNewest, 1000, {});
  if (!page) return page.error().message;
  std::vector<TraceKey> keys;
  for (const TraceRow& row : page->rows) keys.push_back(row.key);
  std::sort(keys.begin(), keys.end(),
            [](const TraceKey& a, const TraceKey& b) { return a.trace_id < b.trace_id; });
  std::ostringstream out;
  for (const TraceKey& key : keys) DumpTrace(engine, key, out);
  return out.str();
}

}  // namespace halo
