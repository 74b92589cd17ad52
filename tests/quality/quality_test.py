# SPDX-License-Identifier: MIT
"""Small labelled sets whose numbers are computed by hand, in the comments."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
# pylint: disable=wrong-import-position
import draw
import figures
import main
import measure
import product as ask
import tables
import verdicts
from example_agent import read_truth
from labelled_set import Defect, LabelledSet
from outcomes_only import read_active_graph, read_tau_bench
from step_labels import read_mas_sim, read_who_and_when
from turns import Run, Turn, marked_turns, place


def tree(*spans):
    """Each span: (id, parent, kind), depth first."""
    return [{"span_id": one, "parent_id": parent, "kind": kind, "name": one}
            for one, parent, kind in spans]


# Turns: (L1, T1, L2), (L2, T2, L3), (L3).
TWO_CALLS = tree(("R", "", "AGENT"), ("L1", "R", "LLM"), ("T1", "R", "TOOL"), ("H1", "T1", "SPAN"),
                 ("L2", "R", "LLM"), ("T2", "R", "TOOL"), ("L3", "R", "LLM"))


def finding(entry, *spans, detector="failed", **more):
    return {"mode_id": entry, "detector": detector, "span_ids": list(spans), "title": entry,
            "said": "", **more}


class Figures(unittest.TestCase):
    def test_wilson(self):
        low, high = figures.wilson(5, 10)
        self.assertAlmostEqual(low, 0.2366, 4)
        self.assertAlmostEqual(high, 0.7634, 4)
        self.assertIsNone(figures.wilson(0, 0))

    def test_risk_ratio(self):
        # log variance 1/10 - 1/20 + 1/5 - 1/20 = 0.2; exp(1.96 * sqrt 0.2) = 2.4026
        ratio, low, high = figures.risk_ratio(10, 20, 5, 20)
        self.assertAlmostEqual(ratio, 2.0)
        self.assertAlmostEqual(low, 2 / 2.4026, 3)
        self.assertAlmostEqual(high, 2 * 2.4026, 3)
        # (2.5 / 11) / (0.5 / 21)
        self.assertAlmostEqual(figures.risk_ratio(2, 10, 0, 20)[0], 9.545, 3)
        self.assertIsNone(figures.risk_ratio(0, 10, 0, 20))
        self.assertIsNone(figures.risk_ratio(3, 10, 0, 0))

    def test_design_effect(self):
        # Ten clusters of two equal values: the correlation is 1, so the two count as one.
        values = [1] * 10 + [0] * 10
        self.assertAlmostEqual(figures.design_effect(values, [i // 2 for i in range(20)]), 2.0)
        # Two clusters are too few to estimate it: 1 + (8/4 - 1) * 0.3
        self.assertAlmostEqual(figures.design_effect([1, 0, 1, 0], [1, 1, 2, 2]), 1.3)
        self.assertEqual(figures.design_effect(values, range(20)), 1.0)


class Turns(unittest.TestCase):
    def test_turns(self):
        run = Run(TWO_CALLS)
        self.assertEqual(run.turns, [Turn("L1", "T1", "L2"), Turn("L2", "T2", "L3"), Turn("L3")])
        self.assertEqual(run.steps, ["L1", "T1", "L2", "T2", "L3"])
        self.assertEqual(marked_turns(run, {"L2"}), [0, 1])
        self.assertEqual(marked_turns(run, {"R"}), [])

    def test_hand_over_is_an_action_with_turns_of_its_own(self):
        run = Run(tree(("R", "", "AGENT"), ("L1", "R", "LLM"), ("B", "R", "AGENT"), ("M1", "B", "LLM"),
                       ("T", "B", "TOOL"), ("N", "T", "LLM"), ("L2", "R", "LLM")))
        self.assertEqual(set(run.turns), {Turn("L1", "B", "L2"), Turn("M1", "T", ""), Turn("N"),
                                          Turn("L2")})

    def test_parallel_calls_and_wrapped_model_calls(self):
        run = Run(tree(("R", "", "CHAIN"), ("W", "R", "LLM"), ("L1", "W", "LLM"), ("A", "R", "TOOL"),
                       ("B", "R", "TOOL"), ("L2", "R", "LLM")))
        self.assertEqual(run.turns, [Turn("L1", "A", "L2"), Turn("L1", "B", "L2"), Turn("L2")])

    def test_place_without_evidence(self):
        run = Run(TWO_CALLS)
        for span, at in (("T2", 1), ("H1", 0), ("L2", 1), ("L1", 0), ("R", 2), ("L3", 2)):
            self.assertEqual(place(finding("x", span), run), (at, run.turns[at]), span)
        self.assertEqual(place(finding("x", "T2", "T1"), run)[0], 0)
        self.assertIsNone(place(finding("x", "elsewhere"), run))

    def test_place_with_evidence(self):
        run = Run(TWO_CALLS)
        evidence = [{"role": "repeated", "span_id": "T1"}, {"role": "arguments", "span_id": "L1"},
                    {"role": "failed", "span_id": "T2"}, {"role": "asked", "span_id": "L1"}]
        self.assertEqual(place(finding("x", "T1", evidence=evidence), run), (1, Turn("L1", "T2", "L3")))
        self.assertEqual(place(finding("x", evidence=[{"role": "other", "span_id": "L3"}]), run)[0], 2)

    def test_no_steps(self):
        run = Run(tree(("R", "", "CHAIN"), ("S", "R", "SPAN")))
        self.assertEqual(run.turns, [])
        self.assertIsNone(place(finding("x", "S"), run))


def four_runs():
    """X: a hit in a and b, a miss in c. Y: a miss in a. Nothing in d."""
    judged = {
        "a": (False, {"T1"}, [finding("X", "T1"), finding("Y", "T2", detector="other",
                                                          confidence="candidate")]),
        "b": (False, {"L2"}, [finding("X", "T2"), finding("X", "T1")]),
        "c": (True, {"L3"}, [finding("X", "T1")]),
        "d": (False, {"T2"}, []),
    }
    return {one: measure.Judged(Run(TWO_CALLS), passed, one, marks, found)
            for one, (passed, marks, found) in judged.items()}


class Measures(unittest.TestCase):
    def setUp(self):
        defect = Defect("planted", {"a", "b"}, {"a": {"T1"}, "b": {"L2"}})
        labelled = LabelledSet("small", "made by hand", [], marks={"a": {"T1"}}, defects=[defect],
                               has_step_labels=True)
        self.measured = measure.measure(labelled, four_runs(), [("Y", "Y"), ("X", "X")], 1)
        self.rows = {(row.detector, row.confidence): row for row in self.measured.rows}

    def test_pairs(self):
        self.assertEqual({(p.trace_id, p.entry): p.at for p in self.measured.pairs},
                         {("a", "X"): 0, ("a", "Y"): 1, ("b", "X"): 0, ("c", "X"): 0})

    def test_marked_turns_beside_chance(self):
        row = self.rows[("failed", "-")]
        self.assertEqual((row.pairs, row.placed, row.hits), (3, 3, 2))
        self.assertAlmostEqual(row.chance, (1 / 3 + 2 / 3 + 2 / 3) / 3)
        # The turn of c lies beside a marked one.
        self.assertEqual((row.found, row.found_near, row.marked_runs), (2, 3, 4))
        other = self.rows[("other", "candidate")]
        self.assertEqual((other.placed, other.hits), (1, 0))
        self.assertAlmostEqual(other.chance, 1 / 3)

    def test_steps(self):
        # Steps L1 T1 L2 T2 L3. From L1 to the marks: 1, 2, 4. From the turns (L1, L2, L3) of
        # random runs: 1 1 3; 2 0 2; 4 2 0.
        row = self.rows[("failed", "-")]
        self.assertEqual([round(row.near[k] * 3) for k in (0, 1, 3)], [0, 1, 2])
        self.assertEqual([round(row.near_chance[k] * 9) for k in (0, 1, 3)], [2, 4, 8])

    def test_outcomes(self):
        row = self.rows[("failed", "-")]
        self.assertEqual((row.failed, row.passed), ((2, 3), (1, 1)))
        self.assertAlmostEqual(row.ratio[0], 2 / 3)
        self.assertEqual(self.measured.silent_failures, (1, 3))

    def test_candidates_are_apart(self):
        self.assertEqual(self.rows[("all", "shown by default")].pairs, 3)
        self.assertEqual(self.rows[("all", "")].pairs, 4)

    def test_rank_of_a_defect(self):
        found, = self.measured.ranks
        self.assertEqual((found.rank, found.is_shown, found.entry, found.held, found.others),
                         (2, False, "X", 2, 1))
        self.assertIsNone(self.measured.until_third)

    def test_reading_until_the_third_true_entry(self):
        runs = four_runs()
        pairs = [measure.Pair("a", entry, "x", "-", {}, at, runs["a"].run.turns[at])
                 for entry, at in (("p", 0), ("q", 2), ("r", 0), ("s", 0))]
        listed = [(one, one) for one in "pqrs"]
        self.assertEqual(measure.read_until(listed, pairs, runs, []), 4)

    def test_a_defect_without_spans_marks_the_calls_of_its_tool(self):
        run = Run(TWO_CALLS)
        labelled = LabelledSet("x", "", [], defects=[Defect("d", {"a", "b"}, {}, "T2"),
                                                     Defect("e", {"b"})])
        self.assertEqual(measure.marks_of_run(labelled, "a", run), {"T2"})
        self.assertIsNone(measure.marks_of_run(labelled, "b", run))  # the place of e is unknown
        self.assertIsNone(measure.marks_of_run(labelled, "c", run))

    def test_tables(self):
        text = "\n".join(tables.write_set(self.measured))
        self.assertIn("| failed | - | 3 | 0.67 (2 of 3) | unmeasured | 0.56 | 1.2 x | 2 of 4 | "
                      "3 of 4 | 2 of 3 | 1 of 1 | unmeasured |", text)
        self.assertIn("| planted | 2 | 2, not shown by default | `X` | 2 of 2 | 1 |", text)
        self.assertIn("Read until the third true entry: never (all 2 read).", text)
        self.assertIn("Failed runs without any finding: 1 of 3.", text)

    def test_an_interval_from_thirty_pairs_on(self):
        row = measure.Row("d", "-", 30, 30, 15, 0.25, (0.33, 0.67), failed=(1, 2), passed=(1, 2),
                          ratio=(1.0, 0.5, 2.0))
        self.assertEqual(tables.share_cells(row), ["0.50 (15 of 30)", "0.33 to 0.67", "0.25", "2.0 x"])
        self.assertEqual(tables.outcome_cells(row)[2], "1.00 (0.50 to 2.00)")

    def test_draw(self):
        first = [pair.entry for _, pair in draw.drawn([self.measured], 3, 7)]
        self.assertEqual(first, [pair.entry for _, pair in draw.drawn([self.measured], 3, 7)])
        self.assertEqual(len(draw.drawn([self.measured], 30, 7)), 4)

    def test_all_by_class(self):
        self.assertEqual(self.rows[("all", "candidate")].pairs, 1)
        self.assertEqual(self.rows[("all", "-")].pairs, 3)

    def test_verdicts(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "verdicts.tsv"
            head = "set\trun\tdetector\tspan\tverdict\treason\n"
            path.write_text(head + "small\ta\tfailed\tT1\ttrue\tit did\n"
                            "small\ta\tfailed\tT2\tfalse\tit did not\n")
            text = "\n".join(verdicts.write(verdicts.read(path), [self.measured]))
            self.assertIn("| failed | 2 | 1 | 0 | 1 | 0.50 | unmeasured | 1 |", text)
            self.assertIn("| 1 | small | `a` | failed | true | it did | yes |", text)
            self.assertIn("| 2 | small | `a` | failed | false | it did not | no |", text)
            path.write_text(head + "small\ta\tfailed\tT1\tperhaps\tit did\n")
            with self.assertRaises(ValueError):
                verdicts.read(path)

    def test_page(self):
        with tempfile.TemporaryDirectory() as folder:
            main.PAGE, page = pathlib.Path(folder) / "quality.md", main.PAGE
            try:
                main.PAGE.write_text(f"before\n{main.BEGIN}\nold\n{main.END}\nread by hand\n")
                main.write_page("new", len(main.SETS) + 1)
                self.assertEqual(main.PAGE.read_text(),
                                 f"before\n{main.BEGIN}\n\nnew\n{main.END}\nread by hand\n")
                with self.assertRaises(SystemExit):
                    main.write_page("new", 2)
            finally:
                main.PAGE = page


def mas_sim_span(run, step, kind, **attributes):
    failed = attributes.pop("failed", None)
    start = 1_760_000_000_000_000_000 + step * 1_000_000_000
    return {"name": f"step {step}", "trace_id": f"{run:032x}", "span_id": f"{run * 100 + step:016x}",
            "parent_span_id": f"{run * 100:016x}" if step else None,
            "start_time_unix_ns": start, "end_time_unix_ns": start + 900_000_000,
            "status": {"status_code": "ERROR" if failed else "OK", "description": failed},
            "events": [{"name": "fault.injected", "attributes": {}}],
            "attributes": {"experiment.step_index": step, "experiment.operation_type": kind,
                           "task.expected_result": "forty-two", **attributes}}


def write_mas_sim(folder):
    """Runs 1 and 2 fail at their tool, where the mark is; in run 3 the mark is on the answer."""
    (folder / "otel").mkdir(parents=True)
    (folder / "ground_truth").mkdir()
    for run in (1, 2, 3):
        failed = "store is closed" if run < 3 else None
        spans = [mas_sim_span(run, 0, "workflow", **{"task.input": "Count them.", "run.status": "FAILED"}),
                 mas_sim_span(run, 1, "agent_llm", **{
                     "gen_ai.agent.name": "Asker", "tool.name": "Counter", "tool.args_json": '{"of": "x"}',
                     "gen_ai.tool.parameters": '{"of": {"required": true, "type": "string"}}',
                     "agent.input_message": "Count them.", "agent.output_message": "I ask."}),
                 mas_sim_span(run, 2, "tool_call", failed=failed, **{
                     "tool.name": "Counter", "tool.args_json": '{"of": "x"}',
                     "tool.result_json": '{"ok": false}' if failed else '{"count": 41}'}),
                 mas_sim_span(run, 3, "agent_llm", **{
                     "gen_ai.agent.name": "Teller", "agent.input_message": "Tell.",
                     "agent.output_message": "It is 41."})]
        name = f"run{run}"
        (folder / "otel" / f"{name}.otel.json").write_text(json.dumps({
            "run_id": name, "status": "FAILED" if failed else "SUCCESS", "spans": spans,
            "task_metadata": {"target_fault_category": "Fault"}}))
        (folder / "ground_truth" / f"{name}.ground_truth.json").write_text(json.dumps({
            "critical_failure_step": 2 if failed else 3, "failure_category": "Fault",
            "failed_component": "Counter" if failed else "Teller"}))


class Readers(unittest.TestCase):
    def setUp(self):
        holder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(holder.cleanup)
        self.folder = pathlib.Path(holder.name)

    def test_mas_sim_is_stripped(self):
        write_mas_sim(self.folder / "in")
        labelled = read_mas_sim(self.folder / "in", self.folder)
        text = labelled.files[0].read_text()
        for label in ("fault", "Fault", "forty-two", "FAILED", "SUCCESS"):
            self.assertNotIn(label, text)
        self.assertIn("It is 41.", text)
        self.assertEqual(labelled.marks[f"{1:032x}"], {f"{102:016x}"})
        self.assertEqual(labelled.expected, (3, 1))
        self.assertEqual({one.name: len(one.runs) for one in labelled.defects},
                         {"Fault at Counter": 2, "Fault at Teller": 1})

    def test_who_and_when_is_stripped(self):
        (self.folder / "in").mkdir()
        (self.folder / "in/7.json").write_text(json.dumps({
            "question": "How many?", "ground_truth": "forty-two", "mistake_agent": "Expert",
            "mistake_step": "2", "mistake_reason": "guessed", "history": [
                {"name": "Expert", "role": "assistant", "content": "Run:\n```python\nprint(1)\n```"},
                {"name": "Computer_terminal", "role": "user", "content": "exitcode: 0"},
                {"name": "Expert", "role": "assistant", "content": "It is 1."}]}))
        labelled = read_who_and_when(self.folder, self.folder)
        text = labelled.files[0].read_text()
        for label in ("forty-two", "guessed", "mistake"):
            self.assertNotIn(label, text)
        spans = json.loads(text)["resourceSpans"][0]["scopeSpans"][0]["spans"]
        (trace_id, marked), = labelled.marks.items()
        self.assertEqual(marked, {spans[3]["spanId"]})
        self.assertEqual({one["traceId"] for one in spans}, {trace_id})
        said = {one["key"]: one["value"]["stringValue"] for one in spans[2]["attributes"]}
        self.assertEqual(said["gen_ai.tool.call.arguments"], '{"code": "print(1)\\n"}')

    def test_outcomes_are_all_that_is_left_of_a_reward(self):
        (self.folder / "gpt-4o-airline.json").write_text(json.dumps([{
            "task_id": 1, "trial": 0, "reward": 1.0, "info": {"task": {"actions": ["secret"]}},
            "traj": [{"role": "user", "content": "Hello"}]}]))
        labelled = read_tau_bench(self.folder, self.folder)
        self.assertNotIn("secret", labelled.files[0].read_text())
        self.assertEqual(labelled.expected, (1, 1))
        output = self.folder / "runs/1/tau2_output"
        output.mkdir(parents=True)
        (output / "results.json").write_text(json.dumps({
            "tasks": [{"id": "1", "evaluation_criteria": "secret"}],
            "simulations": [{"reward_info": {"reward": 0.0, "action_checks": ["secret"]}}]}))
        labelled = read_active_graph(self.folder, self.folder)
        self.assertNotIn("secret", labelled.files[0].read_text())
        self.assertEqual(labelled.expected, (1, 0))

    def test_truth(self):
        path = self.folder / "planted.json"
        path.write_text(json.dumps({"planted": [
            {"defect": "a", "locus": {"agent": "x", "tool": "t"}, "trace_ids": ["1"]},
            {"defect": "b", "locus": {}, "trace_ids": ["2"],
             "turns": {"2": [{"asked": "l", "action": "s", "seen": "m"}, {"asked": "n"}]}}]}))
        first, second = read_truth(path)
        self.assertEqual((first.tool, first.runs, first.marks), ("t", {"1"}, {}))
        self.assertEqual((second.tool, second.marks), ("", {"2": {"s", "n"}}))


@unittest.skipUnless(os.environ.get("HALO_BINARY"), "HALO_BINARY does not name halo-mcp")
class WithTheProduct(unittest.TestCase):
    def test_small_set(self):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            write_mas_sim(folder / "in")
            labelled = read_mas_sim(folder / "in", folder)
            with ask.Product(os.environ["HALO_BINARY"], folder) as product:
                runs = measure.load(labelled, product)
                measured = measure.measure(labelled, runs, *ask.entries(product))
                text = "".join(draw.describe(product, 1, measured, pair) for pair in measured.pairs)
        # Each run has the turns (1, 2, 3) and (3); the mark on 2 is in the first, on 3 in both.
        self.assertEqual(sorted(run.chance for run in runs.values()), [0.5, 0.5, 1.0])
        self.assertEqual({run: judged.passed for run, judged in runs.items()},
                         {f"{1:032x}": False, f"{2:032x}": False, f"{3:032x}": True})
        for run in (1, 2):
            hits = [pair for pair in measured.pairs if pair.trace_id == f"{run:032x}"]
            self.assertTrue(hits)
            self.assertTrue(all(measure.on_mark(pair, runs[pair.trace_id]) for pair in hits))
        self.assertEqual(measured.ranks[0].rank, 1)
        self.assertIn("store is closed", text)
        self.assertNotIn("«", text)


if __name__ == "__main__":
    unittest.main()
