# SPDX-License-Identifier: MIT
"""Runs halo-mcp on a store of its own, and asks its tools as a client would."""
import json
import os
import pathlib
import subprocess
import threading

ANSWER_WITHIN = 300  # seconds


class Failed(Exception):
    pass


class Product:
    def __init__(self, binary, folder):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(folder)
        self.store = f"sqlite:{self.folder / 'halo.db'}"
        self.server = None
        self.next_id = 0
        self.schemas = {}

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def run(self, *arguments, accept=(0,)):
        done = subprocess.run([self.binary, *map(str, arguments), "--store", self.store],
                              cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode not in accept:
            raise Failed(f"halo-mcp {arguments[0]} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def ingest(self, paths):
        report = json.loads(self.run("ingest", *paths, "--json"))
        if report.get("rejects") or report.get("refused"):
            raise Failed(f"halo-mcp refused input: {report.get('rejects')} {report.get('refused')}")
        return report

    def label(self, outcomes):
        path = self.folder / "labels.csv"
        rows = [f"{run},{'success' if passed else 'failure'}" for run, passed in outcomes.items()]
        path.write_text("\n".join(["trace_id,outcome", *rows]) + "\n")
        self.run("label", path, "--who", "quality")

    def _request(self, method, params):
        """One process answers all questions: starting one for each takes longer than the answer."""
        if self.server is None:
            environment = {k: v for k, v in os.environ.items() if not k.startswith("HALO_")}
            # pylint: disable-next=consider-using-with
            self.server = subprocess.Popen(
                [self.binary, "stdio", "--store", self.store], cwd=self.folder, env=environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            self._request("initialize", {"protocolVersion": "2025-06-18", "capabilities": {},
                                         "clientInfo": {"name": "quality", "version": "1"}})
            self._send({"method": "notifications/initialized"})
            listed = self._request("tools/list", {})["tools"]
            self.schemas = {tool["name"]: tool["inputSchema"]["properties"] for tool in listed}
        self.next_id += 1
        own_id = self.next_id
        watch = threading.Timer(ANSWER_WITHIN, self.server.kill)
        watch.start()
        try:
            self._send({"id": own_id, "method": method, "params": params})
            for line in self.server.stdout:
                message = json.loads(line)
                if message.get("id") == own_id and "method" not in message:
                    if "error" in message:
                        raise Failed(f"{method}: {message['error']}")
                    return message["result"]
        finally:
            watch.cancel()
        raise Failed(f"halo-mcp stdio ended, or did not answer {method} in {ANSWER_WITHIN} s")

    def _send(self, message):
        self.server.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self.server.stdin.flush()

    def call(self, tool, arguments):
        result = self._request("tools/call", {"name": tool, "arguments": arguments})
        if result.get("isError"):
            raise Failed(f"{tool} {json.dumps(arguments)}: {result['content'][0]['text']}")
        return result["structuredContent"]

    def with_candidates(self, tool, arguments):
        """Adds the argument by which a tool shows candidates too, if it has one."""
        if not self.schemas:
            self.call("get_overview", {})  # starts the server
        known = self.schemas[tool]
        if "include_candidates" in known:
            return {**arguments, "include_candidates": True}
        for name in ("confidence", "min_confidence"):
            if "candidate" in known.get(name, {}).get("enum", []):
                return {**arguments, name: "candidate"}
        return arguments

    def close(self):
        if self.server is None:
            return
        self.server.stdin.close()
        try:
            self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()
        self.server.stdout.close()
        self.server = None


def unfenced(text, answer):
    """A text of an answer without the fence that marks text from traces."""
    mark = answer.get("fence", "").partition(":")[0].lstrip("«")
    if not mark:
        return text
    return text.replace(f"«{mark}:", "").replace(f":{mark}»", "")


def all_pages(product, tool, arguments, key):
    answer = product.call(tool, arguments)
    while True:
        yield from ((item, answer) for item in answer[key])
        if not answer.get("next_cursor"):
            return
        answer = product.call(tool, {"cursor": answer["next_cursor"]})


def outcomes_of_runs(product):
    """trace id -> (True, False or None, task)."""
    passed = {"success": True, "failure": False}
    return {run["trace_id"]: (passed.get(run.get("outcome")), run.get("task") or run["trace_id"])
            for run, _ in all_pages(product, "search_traces", {"limit": 100}, "traces")}


def entries(product):
    """(id, title) in the order in which a reader sees them: first those that are shown by default,
    whose number is returned too, then the one-offs and candidates."""
    every = product.with_candidates("list_failure_modes", {"limit": 50, "include_one_offs": True})
    titles, shown = {}, 0
    for arguments in ({"limit": 50}, every):
        for mode, answer in all_pages(product, "list_failure_modes", arguments, "modes"):
            titles.setdefault(mode["id"], unfenced(mode.get("title", ""), answer))
        shown = len(titles) if arguments is not every else shown
    return list(titles.items()), shown


def findings(product, trace_id):
    arguments = product.with_candidates("explain_trace", {"trace_id": trace_id, "outline_lines": 1})
    found = []
    while True:
        answer = product.call("explain_trace", {**arguments, "findings_from": len(found)})
        found += [{**finding, "title": unfenced(finding.get("title", ""), answer),
                   "said": unfenced((finding.get("quote") or {}).get("text", ""), answer)}
                  for finding in answer["findings"]]
        if not answer["findings"] or len(found) >= answer["findings_total"]:
            return found


def tree(product, trace_id):
    spans, offset = [], 0
    while True:
        answer = product.call("read_spans", {"trace_id": trace_id, "offset": offset, "limit": 1000})
        spans += [{**span, "name": unfenced(span.get("name", ""), answer)}
                  for span in answer["tree"]]
        if not answer.get("next_offset"):
            return spans
        offset = answer["next_offset"]
