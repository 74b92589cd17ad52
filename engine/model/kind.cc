// SPDX-License-Identifier: MIT
#include "engine/model/kind.h"

namespace halo {

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kSpan:
      return "SPAN";
    case Kind::kAgent:
      return "AGENT";
    case Kind::kLlm:
      return "LLM";
    case Kind::kTool:
      return "TOOL";
    case Kind::kChain:
      return "CHAIN";
    case Kind::kRetriever:
      return "RETRIEVER";
    case Kind::kReranker:
      return "RERANKER";
    case Kind::kEmbedding:
      return "EMBEDDING";
    case Kind::kGuardrail:
      return "GUARDRAIL";
    case Kind::kEvaluator:
      return "EVALUATOR";
    case Kind::kPrompt:
      return "PROMPT";
  }
  return "SPAN";
}

bool CallsModel(Kind kind) {
  return kind == Kind::kLlm || kind == Kind::kEmbedding || kind == Kind::kReranker;
}

}  // namespace halo
