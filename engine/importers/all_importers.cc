// SPDX-License-Identifier: MIT
#include "engine/importers/all_importers.h"

#include <vector>

#include "engine/importers/chat_lines.h"
#include "engine/importers/chat_transcript.h"
#include "engine/importers/claude_code_session.h"
#include "engine/importers/codex_session.h"
#include "engine/importers/halo_jsonl.h"
#include "engine/importers/importer.h"
#include "engine/importers/jaeger_json.h"
#include "engine/importers/langfuse_json.h"
#include "engine/importers/langsmith_json.h"
#include "engine/importers/otlp_json.h"
#include "engine/importers/otlp_protobuf.h"
#include "engine/importers/phoenix_json.h"
#include "engine/importers/sdk_go_json.h"
#include "engine/importers/sdk_js_json.h"
#include "engine/importers/sdk_python_json.h"
#include "engine/importers/span_tree_json.h"
#include "engine/importers/tau2_results.h"

namespace halo {

std::span<const Importer> AllImporters() {
  static const Importer kAll[] = {
      kOtlpJson,      kOtlpProtobuf,   kOtlpProtobufUint32, kOtlpProtobufVarint, kPhoenixJson,
      kSdkPythonJson, kSdkJsJson,      kSdkGoJson,          kJaegerJson,         kLangSmithJson,
      kLangfuseJson,  kTau2Results,    kClaudeCodeSession,  kCodexSession,
      kSpanTreeJson,  // before HALO's lines, which are like its spans without children
      kHaloJsonl,     kChatTranscript, kChatLines,
  };
  return kAll;
}

std::string FormatNames(std::string_view conjunction) {
  std::vector<std::string_view> all;
  for (const Importer& importer : AllImporters()) {
    if (!importer.short_name.empty()) all.push_back(importer.short_name);
  }
  std::string names;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool is_last = i + 1 == all.size();
    if (i > 0) names += is_last ? " " + std::string(conjunction) + " " : ", ";
    names += all[i];
  }
  return names;
}

}  // namespace halo
