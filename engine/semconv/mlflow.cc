// SPDX-License-Identifier: MIT
// MLflow's traces: https://mlflow.org/docs/latest/genai/tracing. Every value is written as JSON, a
// text with its quotes. A span's name is its tool's or agent's. other_usage.cc has what it counts.
#include "engine/semconv/convention.h"

namespace halo {
namespace {

constexpr KeyRule kKeys[] = {
    {"mlflow.spanType", Field::kKind},
    {"mlflow.trace.session", Field::kSession},
    {"mlflow.trace.user", Field::kUser},
    {"mlflow.spanInputs", Field::kInput},
    {"mlflow.spanOutputs", Field::kOutput},
    {"mlflow.traceInputs", Field::kInput},
    {"mlflow.traceOutputs", Field::kOutput},
    {"mlflow.chat.tools", Field::kTools},
    {"mlflow.trace.tokenUsage", Field::kUsageJson},
};

constexpr KindWord kKinds[] = {
    {"llm", Kind::kLlm},
    {"chat_model", Kind::kLlm},
    {"chain", Kind::kChain},
    {"workflow", Kind::kChain},
    {"task", Kind::kChain},
    {"agent", Kind::kAgent},
    {"tool", Kind::kTool},
    {"retriever", Kind::kRetriever},
    {"reranker", Kind::kReranker},
    {"embedding", Kind::kEmbedding},
    {"guardrail", Kind::kGuardrail},
    {"evaluator", Kind::kEvaluator},
    {"parser", Kind::kSpan},
    {"memory", Kind::kSpan},
};

}  // namespace

extern constexpr Convention kMlflow{.name = "mlflow", .keys = kKeys, .kinds = kKinds};

}  // namespace halo
