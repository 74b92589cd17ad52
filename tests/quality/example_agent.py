# SPDX-License-Identifier: MIT
"""Recordings of the example agent, whose defects are known (examples/README.md)."""
import csv
import json

from labelled_set import Defect, LabelledSet


def read_truth(path):
    """The answer key of a recording: which defect took effect in which runs.

    A defect names the spans it marks ("spans": {trace id: [span id]}), or the tool whose calls it
    makes fail, or neither, where no step of its runs is known to be the wrong one.
    """
    defects = []
    for planted in json.loads(path.read_text())["planted"]:
        locus = planted.get("locus") or {}
        marks = {run: set(spans) for run, spans in planted.get("spans", {}).items()}
        defects.append(Defect(planted["defect"], set(planted["trace_ids"]), marks,
                              locus.get("tool", "")))
    return defects


def read_example(folder, name):
    with open(folder / "labels.csv", encoding="utf-8") as table:
        outcomes = {row["trace_id"]: row["outcome"] == "success" for row in csv.DictReader(table)}
    return LabelledSet(
        name, "the service agent of a shop with planted defects; a checker decided the outcomes, and "
        "the calls of the tool that a defect breaks are marked", [folder / "traces"], outcomes,
        (len(outcomes), sum(outcomes.values())), {}, read_truth(folder / "planted.json"), True)
