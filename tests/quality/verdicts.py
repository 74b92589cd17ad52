# SPDX-License-Identifier: MIT
"""Verdicts of people on findings that --draw printed (verdicts.tsv).

A verdict belongs to a run, a detector and a turn, whose action (or call) its span names, so that it
stays true when entries are merged or renamed.
"""
import collections
import csv
import dataclasses
import pathlib

from figures import wilson
from tables import ENOUGH, number, span, table

FILE = pathlib.Path(__file__).resolve().parent / "verdicts.tsv"
WORDS = ("true", "in part", "false")


@dataclasses.dataclass
class Verdict:
    set: str
    run: str
    detector: str
    span: str
    verdict: str
    reason: str

    @property
    def key(self):
        return self.set, self.run, self.detector, self.span


def read(path=FILE):
    with open(path, encoding="utf-8") as lines:
        found = [Verdict(**row) for row in csv.DictReader(lines, delimiter="\t")]
    for one in found:
        if one.verdict not in WORDS:
            raise ValueError(f"{path}: verdict {one.verdict!r} is none of {', '.join(WORDS)}")
    return found


def key_of(set_name, pair):
    return (set_name, pair.trace_id, pair.detector,
            pair.turn.action or pair.turn.asked if pair.turn else "")


def by_key(verdicts):
    return {one.key: one for one in verdicts}


def write(verdicts, measured_sets):
    """How many findings of each detector were true, and the list, with what is still found."""
    found = {key_of(one.labelled.name, pair) for one in measured_sets for pair in one.pairs}
    counts = collections.defaultdict(collections.Counter)
    for one in verdicts:
        for name in (one.detector, "all"):
            counts[name][one.verdict] += 1
            counts[name]["still"] += one.key in found
    rows = []
    for name in sorted(counts, key=lambda name: (name == "all", name)):
        count = counts[name]
        judged = sum(count[word] for word in WORDS)
        share = (span(wilson(count["true"], judged)) if judged >= ENOUGH else "unmeasured")
        rows.append([name, judged, *(count[word] for word in WORDS),
                     number(count["true"] / judged), share, count["still"]])
    lines = table(["detector", "read", *WORDS, "share true", "95 %", "still found"], rows)
    return lines + table(
        ["", "set", "run", "detector", "verdict", "reason", "still found"],
        [[at, one.set, f"`{one.run}`", one.detector, one.verdict, one.reason,
          "yes" if one.key in found else "no"] for at, one in enumerate(verdicts, 1)])
