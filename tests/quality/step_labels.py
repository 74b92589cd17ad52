# SPDX-License-Identifier: MIT
"""Sets in which people or a script marked the step at which each run went wrong."""
import json
import re

from labelled_set import (Defect, LabelledSet, call_message, made_up_id, otlp_span, result_message,
                          text_message, write_otlp)


def _schema(parameters):
    """{"name": {"required": true, "type": "string"}} as JSON Schema."""
    fields = json.loads(parameters)
    return {"type": "object",
            "properties": {name: {"type": field["type"]} for name, field in fields.items()},
            "required": [name for name, field in fields.items() if field.get("required")]}


def _mas_sim_attributes(span, call_id):
    """Names what the span says in words of the conventions. What is not named here is left out: the
    injected fault, the expected result, the status of the run."""
    said = span["attributes"]
    shown = {"gen_ai.request.model": said.get("gen_ai.request.model"),
             "gen_ai.usage.input_tokens": said.get("gen_ai.usage.input_tokens"),
             "gen_ai.usage.output_tokens": said.get("gen_ai.usage.output_tokens")}
    kind = said.get("experiment.operation_type")
    tool = said.get("tool.name")
    if kind == "tool_call":
        return {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool,
                "gen_ai.tool.call.id": call_id,
                "gen_ai.tool.call.arguments": said.get("tool.args_json"),
                "gen_ai.tool.call.result": said.get("tool.result_json"),
                "error.type": said.get("error.type")}
    if kind != "agent_llm":
        return {"gen_ai.input.messages": [text_message("user", said.get("task.input", ""))]}
    output = said.get("agent.output_message", "")
    answer = {**text_message("assistant", output), "finish_reason": "stop"}
    if tool and "tool.args_json" in said:
        answer = call_message(output, call_id, tool, json.loads(said["tool.args_json"]))
        if "gen_ai.tool.parameters" in said:
            shown["gen_ai.tool.definitions"] = [{
                "type": "function", "name": tool,
                "parameters": _schema(said["gen_ai.tool.parameters"])}]
    return {"gen_ai.operation.name": "chat", "gen_ai.agent.name": said.get("gen_ai.agent.name"),
            "gen_ai.input.messages": [text_message("user", said.get("agent.input_message", ""))],
            "gen_ai.output.messages": [answer], **shown}


def read_mas_sim(folder, work):
    """A script injected one fault a run, and says at which step."""
    runs, marks, outcomes, defects = [], {}, {}, {}
    for path in sorted((folder / "otel").glob("*.json")):
        record = json.loads(path.read_text())
        truth = json.loads((folder / "ground_truth" / f"{record['run_id']}.ground_truth.json").read_text())
        trace_id = record["spans"][0]["trace_id"]
        call_id = f"call_{trace_id[:8]}"
        spans = []
        for span in record["spans"]:
            failed = span["status"]["status_code"] == "ERROR"
            spans.append(otlp_span(
                trace_id, span["span_id"], span["parent_span_id"], span["name"],
                span["start_time_unix_ns"], span["end_time_unix_ns"],
                _mas_sim_attributes(span, call_id),
                (span["status"]["description"] or "") if failed else None))
            if span["attributes"].get("experiment.step_index") == truth["critical_failure_step"]:
                marks.setdefault(trace_id, set()).add(span["span_id"])
        runs.append(spans)
        outcomes[trace_id] = record["status"] == "SUCCESS"
        fault = f"{truth['failure_category']} at {truth['failed_component']}"
        defects.setdefault(fault, Defect(fault, set())).runs.add(trace_id)
    for defect in defects.values():
        defect.marks = {run: marks[run] for run in defect.runs if run in marks}
    return LabelledSet(
        "mas-sim-otel", "four agents and one tool; a script injected one fault into each run, and the "
        "step of the fault is marked, in runs that passed too",
        [write_otlp(work / "mas-sim.jsonl", "mas-sim", runs)], outcomes,
        (len(runs), sum(outcomes.values())), marks, list(defects.values()), True)


_EXECUTOR = "Computer_terminal"
_SECOND = 1_000_000_000
_FIRST_START = 1_735_689_600 * _SECOND  # the set has no times: a step takes a second


def _chat_spans(record, trace_id):
    """One root, and below it a model call for each message; those of the terminal run code."""
    root = made_up_id(16, trace_id, "root")
    step_ids = [made_up_id(16, trace_id, step) for step in range(len(record["history"]))]
    heard = [text_message("user", record["question"])]
    spans = [otlp_span(trace_id, root, "", "group chat", _FIRST_START,
                       _FIRST_START + len(step_ids) * _SECOND, {"gen_ai.input.messages": list(heard)})]
    waiting = None  # (call id, code) of code that the next message may run
    for step, message in enumerate(record["history"]):
        name, text = message.get("name") or message.get("role"), message["content"]
        start = _FIRST_START + step * _SECOND
        span = [trace_id, step_ids[step], root]
        if name == _EXECUTOR:
            call_id, code = waiting or (None, "")
            spans.append(otlp_span(*span, f"execute_tool {name}", start, start + _SECOND, {
                "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name,
                "gen_ai.tool.call.id": call_id, "gen_ai.tool.call.arguments": {"code": code},
                "gen_ai.tool.call.result": text}))
            heard.append(result_message(call_id, text) if call_id
                         else text_message("user", text, name))
            waiting = None
            continue
        code = "\n".join(re.findall(r"```(?:\w+)?\n(.*?)```", text, re.S))
        runs_next = (step + 1 < len(record["history"]) and
                     record["history"][step + 1].get("name") == _EXECUTOR)
        waiting = (f"call_{step_ids[step]}", code) if code and runs_next else None
        said = (call_message(text, waiting[0], _EXECUTOR, {"code": code}) if waiting
                else {**text_message("assistant", text), "finish_reason": "stop"})
        system = record.get("system_prompt", {}).get(name)
        spans.append(otlp_span(*span, f"chat {name}", start, start + _SECOND, {
            "gen_ai.operation.name": "chat", "gen_ai.agent.name": name,
            "gen_ai.system_instructions": [{"type": "text", "content": system}] if system else None,
            "gen_ai.input.messages": list(heard), "gen_ai.output.messages": [said]}))
        heard.append(said if waiting else text_message("assistant", text, name))
    return spans, step_ids


def read_who_and_when(folder, work):
    """People marked the decisive mistake of each failed run."""
    runs, marks = [], {}
    for path in sorted(folder.glob("*/*.json"), key=lambda path: (path.parent.name, path.name)):
        record = json.loads(path.read_text())
        trace_id = made_up_id(32, "who-and-when", path.parent.name, path.stem)
        spans, step_ids = _chat_spans(record, trace_id)
        runs.append(spans)
        marks[trace_id] = {step_ids[int(record["mistake_step"])]}
    return LabelledSet(
        "who-and-when-clean", "group chats of experts and a terminal that runs their code; all runs "
        "failed, and people marked the one decisive step of each",
        [write_otlp(work / "who-and-when.jsonl", "group-chat", runs)],
        {run: False for run in marks}, (len(runs), 0), marks, [], True)
