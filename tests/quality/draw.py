# SPDX-License-Identifier: MIT
"""Draws findings at random, for a person to judge."""
import random

from product import unfenced

MOST = 900  # characters of a value


def drawn(measured_sets, count, seed):
    """(set, pair), in the order of the draw; the same seed draws the same from the same findings."""
    pool = sorted(((measured, pair) for measured in measured_sets for pair in measured.pairs),
                  key=lambda one: (one[0].labelled.name, one[1].trace_id, one[1].entry))
    return random.Random(seed).sample(pool, min(count, len(pool)))


def shown_value(product, trace_id, span_id, value, answer):
    """The end of an input, since what is new in it stands there; the beginning of other values."""
    text, path = unfenced(value["text"], answer), value["path"]
    size = value.get("bytes", len(text.encode()))
    if "input" in path and size > MOST:
        tail = product.call("read_spans", {"trace_id": trace_id, "span_ids": [span_id], "path": path,
                                           "offset": size - MOST})
        return "... " + unfenced(tail["value"]["text"], tail)
    return text[:MOST] + (" ..." if len(text) > MOST or size > len(text.encode()) else "")


WORTH_READING = ("input.messages", "output.messages", "input.value", "output.value",
                 "tool.call.arguments", "tool.call.result", "status", "exception")


def describe(product, number, measured, pair):
    judged = measured.runs[pair.trace_id]
    outcome = {True: "passed", False: "failed", None: "unknown"}[judged.passed]
    lines = [f"## {number}. {measured.labelled.name} {pair.trace_id} ({outcome}, task {judged.task})",
             f"{pair.detector}, {pair.confidence}, {pair.entry}: {pair.finding['title']}",
             f"quote: {pair.finding['said']}"]
    parts = pair.turn and [("asked", pair.turn.asked), ("action", pair.turn.action),
                           ("next", pair.turn.seen)] or []
    for role, span_id in parts:
        if not span_id:
            continue
        span = judged.run.spans[span_id]
        answer = product.call("read_spans", {"trace_id": pair.trace_id, "span_ids": [span_id]})
        lines.append(f"-- {role}: {span.get('kind')} {span['name']} [{span_id}]")
        for value in answer["spans"][0]["values"]:
            if any(word in value["path"] for word in WORTH_READING):
                text = shown_value(product, pair.trace_id, span_id, value, answer)
                lines.append(f"   {value['path']}: {text}")
    return "\n".join(lines) + "\n"
