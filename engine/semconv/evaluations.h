// SPDX-License-Identifier: MIT
// Finds the evaluations in a span, as platforms write them:
//   OpenTelemetry   gen_ai.evaluation.name, .score.value, .score.label, as attributes of the span
//   or
//                   of its events gen_ai.evaluation.result
//   Langfuse        langfuse.score.NAME, or langfuse.score.name, .value, .string_value, .data_type
//   Phoenix         eval.NAME.label, eval.NAME.score (columns of its exports),
//   annotation.NAME.label lists           annotations, span_annotations, trace_annotations, scores,
//   langfuse.scores: JSON
//                   objects with name, and label, score, value or result{label, score}
#pragma once

#include "engine/semconv/span_reading.h"

namespace halo {

// Appends to reading.fields.evaluations.
void ReadEvaluations(const Span& span, SpanReading& reading);

}  // namespace halo
