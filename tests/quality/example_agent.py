# SPDX-License-Identifier: MIT
"""Recordings of the example agent, whose defects are known (examples/README.md)."""
import csv
import json

from labelled_set import Defect, LabelledSet


def read_truth(path):
    """The answer key of a recording: which defect took effect in which runs.

    A defect names the turns it spoils ("turns": {trace id: [{"asked", "action", "seen"}]}), of which
    the action is marked, or the call that asked for none; or the tool whose calls it makes fail; or
    neither, where no step of its runs is known to be the wrong one.
    """
    defects = []
    for planted in json.loads(path.read_text())["planted"]:
        locus = planted.get("locus") or {}
        marks = {run: {turn.get("action") or turn["asked"] for turn in turns}
                 for run, turns in planted.get("turns", {}).items()}
        defects.append(Defect(planted["defect"], set(planted["trace_ids"]), marks,
                              locus.get("tool", "")))
    return defects


def read_example(folder, name):
    with open(folder / "labels.csv", encoding="utf-8") as table:
        outcomes = {row["trace_id"]: row["outcome"] == "success" for row in csv.DictReader(table)}
    return LabelledSet(
        name, "agents of a shop with planted defects; a checker decided the outcomes, and the turns that "
        "a defect spoils are marked, or else the calls of the tool that it breaks", [folder / "traces"], outcomes,
        (len(outcomes), sum(outcomes.values())), {}, read_truth(folder / "planted.json"), True)
