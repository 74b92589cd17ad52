# SPDX-License-Identifier: MIT
"""What is known of a set of runs, apart from the product."""
import dataclasses
import hashlib
import json


@dataclasses.dataclass
class Defect:
    """A failure that was planted in, or seen in, several runs."""
    name: str
    runs: set                                 # trace ids of the runs in which it took effect
    marks: dict = dataclasses.field(default_factory=dict)  # trace id -> ids of marked spans
    tool: str = ""                            # where no spans are named, all calls of this tool are


@dataclasses.dataclass
class LabelledSet:
    name: str
    about: str                                # what was labelled, and how
    files: list                               # what to ingest
    outcomes: dict = None                     # trace id -> passed; None: the files say it
    expected: tuple = None                    # (runs, passed runs) that the files hold
    marks: dict = dataclasses.field(default_factory=dict)   # trace id -> ids of marked spans
    defects: list = dataclasses.field(default_factory=list)
    has_step_labels: bool = False


def made_up_id(size, *parts):
    """An id that is the same on every machine."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:size]


def _value(value):
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"stringValue": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}


def otlp_span(trace_id, span_id, parent_id, name, start_ns, end_ns, attributes, error=None):
    span = {"traceId": trace_id, "spanId": span_id, "name": name, "kind": 1,
            "startTimeUnixNano": str(start_ns), "endTimeUnixNano": str(end_ns),
            "attributes": [{"key": key, "value": _value(value)}
                           for key, value in attributes.items() if value is not None]}
    if parent_id:
        span["parentSpanId"] = parent_id
    if error is not None:
        span["status"] = {"code": 2, "message": error}
    return span


def write_otlp(path, service, runs):
    """One request a run and line."""
    with open(path, "w", encoding="utf-8") as out:
        for spans in runs:
            request = {"resourceSpans": [{
                "resource": {"attributes": [{"key": "service.name", "value": _value(service)}]},
                "scopeSpans": [{"scope": {"name": "quality"}, "spans": spans}]}]}
            out.write(json.dumps(request, ensure_ascii=False) + "\n")
    return path


def text_message(role, text, name=None):
    message = {"role": role, "parts": [{"type": "text", "content": text}]}
    return {**message, "name": name} if name else message


def call_message(text, call_id, tool, arguments):
    parts = [{"type": "text", "content": text}] if text else []
    parts.append({"type": "tool_call", "id": call_id, "name": tool, "arguments": arguments})
    return {"role": "assistant", "parts": parts, "finish_reason": "tool_call"}


def result_message(call_id, result):
    return {"role": "tool", "parts": [{"type": "tool_call_response", "id": call_id,
                                       "response": result}]}
