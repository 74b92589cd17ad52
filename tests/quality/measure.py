# SPDX-License-Identifier: MIT
"""Measures the findings of the product on one labelled set."""
import collections
import dataclasses

import product as ask
from figures import design_effect, risk_ratio, wilson
from turns import Run, marked_turns, place

NEAR = (0, 1, 3)  # steps between the first span of a finding's turn and a marked one
TRUE_ENTRIES = 3
CANDIDATE = "candidate"
NO_CLASS = "-"    # a product that does not say how sure it is
CLASSES = ("proven", "likely", CANDIDATE, NO_CLASS)


@dataclasses.dataclass
class Judged:
    """A run with what is known of it, and what the product found in it."""
    run: Run
    passed: bool          # None if unknown
    task: str
    marks: set            # ids of marked spans; None if it is not known where the run went wrong
    findings: list

    def __post_init__(self):
        self.marked = marked_turns(self.run, self.marks) if self.marks else []
        self.chance = len(self.marked) / len(self.run.turns) if self.marked else 0.0


@dataclasses.dataclass
class Pair:
    """An entry that a run shows, at the first turn at which it does."""
    trace_id: str
    entry: str
    detector: str
    confidence: str
    finding: dict
    at: int               # index of the turn; None if the finding has no turn
    turn: object


def pairs_of(runs):
    """The distinct pairs of run and entry."""
    pairs = {}
    for trace_id, judged in runs.items():
        for finding in judged.findings:
            at, turn = place(finding, judged.run) or (None, None)
            entry = finding.get("entry_id") or finding["mode_id"]
            pair = Pair(trace_id, entry, finding["detector"],
                        finding.get("confidence") or NO_CLASS, finding, at, turn)
            other = pairs.get((trace_id, entry))
            if other is None or (at is not None and (other.at is None or at < other.at)):
                pairs[(trace_id, entry)] = pair
    return list(pairs.values())


def on_mark(pair, judged):
    return pair.turn is not None and bool(pair.turn.spans & judged.marks)


def near_mark(pair, judged):
    return pair.at is not None and any(abs(pair.at - at) <= 1 for at in judged.marked)


def steps_away(run, step, marks):
    """Between a step and the nearest marked span, in steps of the run; None if unknown."""
    places = {span: at for at, span in enumerate(run.steps)}
    away = [abs(places[step] - places[mark]) for mark in marks if mark in places]
    return min(away) if away and step in places else None


@dataclasses.dataclass
class Row:
    """Measures of the pairs of one detector and class."""
    detector: str
    confidence: str
    pairs: int = 0
    placed: int = 0            # pairs in runs with marks
    hits: int = 0              # of these, on a marked turn
    chance: float = 0.0        # share of random turns of the same runs that are marked
    interval: tuple = None     # of hits / placed
    found: int = 0             # marked runs with a pair on a marked turn
    found_near: int = 0        # or one turn beside it
    marked_runs: int = 0
    failed: tuple = (0, 0)     # runs that show it, of how many
    passed: tuple = (0, 0)
    ratio: tuple = None
    near: dict = dataclasses.field(default_factory=dict)         # steps -> share of placed pairs
    near_chance: dict = dataclasses.field(default_factory=dict)  # steps -> the same of random turns


def measure_row(detector, confidence, pairs, runs):
    row = Row(detector, confidence, len(pairs))
    judged = [(pair, runs[pair.trace_id]) for pair in pairs if runs[pair.trace_id].marked]
    row.placed = len(judged)
    row.marked_runs = sum(bool(run.marked) for run in runs.values())
    if judged:
        hit = [int(on_mark(pair, run)) for pair, run in judged]
        row.hits = sum(hit)
        row.chance = sum(run.chance for _, run in judged) / len(judged)
        effect = design_effect(hit, [pair.trace_id for pair, _ in judged])
        row.interval = wilson(row.hits, row.placed, effect)
        row.found = len({p.trace_id for p, run in judged if on_mark(p, run)})
        row.found_near = len({p.trace_id for p, run in judged
                              if on_mark(p, run) or near_mark(p, run)})
        _measure_steps(row, judged)
    shows = {pair.trace_id for pair in pairs}
    known = {one: run for one, run in runs.items() if run.passed is not None}
    failed = [one for one, run in known.items() if not run.passed]
    passed = [one for one, run in known.items() if run.passed]
    row.failed = (len(shows & set(failed)), len(failed))
    row.passed = (len(shows & set(passed)), len(passed))
    effect = design_effect([int(one in shows) for one in known], [known[one].task for one in known])
    row.ratio = risk_ratio(*row.failed, *row.passed, effect)
    return row


def _measure_steps(row, judged):
    for limit in NEAR:
        within, chance = 0, 0.0
        for pair, run in judged:
            away = pair.turn and steps_away(run.run, pair.turn.step, run.marks)
            within += away is not None and away <= limit
            turns = [steps_away(run.run, turn.step, run.marks) for turn in run.run.turns]
            chance += sum(a is not None and a <= limit for a in turns) / len(turns)
        row.near[limit] = within / len(judged)
        row.near_chance[limit] = chance / len(judged)


def measure_rows(pairs, runs):
    groups = collections.defaultdict(list)
    for pair in pairs:
        groups[(pair.detector, pair.confidence)].append(pair)
    rows = [measure_row(*key, group, runs) for key, group in groups.items()]
    rows.sort(key=lambda row: (-row.pairs, row.detector, row.confidence))
    classes = sorted({pair.confidence for pair in pairs}, key=CLASSES.index)
    if len(classes) > 1:
        rows += [measure_row("all", one, [p for p in pairs if p.confidence == one], runs)
                 for one in classes]
    shown = [pair for pair in pairs if pair.confidence != CANDIDATE]
    if len(shown) < len(pairs):
        rows.append(measure_row("all", "shown by default", shown, runs))
    return rows + [measure_row("all", "", pairs, runs)]


@dataclasses.dataclass
class DefectRank:
    name: str
    runs: int
    rank: int = None       # from 1; None if no entry shows it
    is_shown: bool = False  # by default; else among one-offs and candidates
    entry: str = ""
    held: int = 0          # runs of the defect that the entry holds
    others: int = 0        # its other runs


def shows_defect(pair, defect, runs):
    """The pair is in a run of the defect and, where spans are marked, on a marked turn."""
    marks = defect_marks(defect, pair.trace_id, runs[pair.trace_id].run)
    return pair.trace_id in defect.runs and (
        not marks or (pair.turn is not None and bool(pair.turn.spans & marks)))


def rank_defects(defects, entries, shown, pairs, runs):
    """The first entry of whose runs at least half are runs of the defect, and at least a quarter of
    these."""
    by_entry = collections.defaultdict(list)
    for pair in pairs:
        by_entry[pair.entry].append(pair)
    ranks = []
    for defect in defects:
        found = DefectRank(defect.name, len(defect.runs & set(runs)))
        for at, (entry, _) in enumerate(entries):
            of_entry = by_entry[entry]
            held = sum(shows_defect(pair, defect, runs) for pair in of_entry)
            if held and 2 * held >= len(of_entry) and 4 * held >= found.runs:
                found.rank, found.is_shown, found.entry = at + 1, at < shown, entry
                found.held, found.others = held, len(of_entry) - held
                break
        ranks.append(found)
    return ranks


def read_until(entries, pairs, runs, defects):
    """How many entries a reader reads until the third true one; None if there are fewer.

    An entry is true if at least half of its pairs are on marked turns, or show one known defect.
    """
    by_entry = collections.defaultdict(list)
    for pair in pairs:
        by_entry[pair.entry].append(pair)
    true = 0
    for at, (entry, _) in enumerate(entries):
        of_entry = by_entry[entry]
        if defects:
            most = max(sum(shows_defect(pair, one, runs) for pair in of_entry) for one in defects)
        else:
            most = sum(bool(runs[p.trace_id].marked) and on_mark(p, runs[p.trace_id])
                       for p in of_entry)
        true += bool(of_entry) and most > 0 and 2 * most >= len(of_entry)
        if true == TRUE_ENTRIES:
            return at + 1
    return None


def defect_marks(defect, trace_id, run):
    """Ids of the spans that a defect marks in a run."""
    if trace_id in defect.marks:
        return defect.marks[trace_id]
    if trace_id not in defect.runs or not defect.tool:
        return set()
    return {span for span in run.spans
            if run.kind(span) == "TOOL" and run.spans[span].get("name") == defect.tool}


def marks_of_run(labelled, trace_id, run):
    """All marked spans; None if the run has none, or a defect whose place is unknown."""
    marks = set(labelled.marks.get(trace_id, ()))
    if not labelled.marks:
        for defect in labelled.defects:
            if trace_id in defect.runs:
                more = defect_marks(defect, trace_id, run)
                if not more:
                    return None
                marks |= more
    return marks or None


@dataclasses.dataclass
class Measured:
    labelled: object
    runs: dict
    pairs: list
    rows: list
    entries: list
    shown: int             # of entries, by default
    ranks: list
    until_third: int       # None: fewer true ones
    silent_failures: tuple  # failed runs without any finding, of how many


def load(labelled, product):
    """Ingests a set into the store of a product, and judges its runs."""
    product.ingest(labelled.files)
    if labelled.outcomes:
        product.label(labelled.outcomes)
    outcomes = ask.outcomes_of_runs(product)
    counted = len(outcomes), sum(passed is True for passed, _ in outcomes.values())
    if labelled.expected and counted != labelled.expected:
        raise ask.Failed(f"{labelled.name}: the product sees {counted[0]} runs of which {counted[1]} "
                         f"passed, the files hold {labelled.expected[0]} and {labelled.expected[1]}")
    runs = {}
    for trace_id, (passed, task) in sorted(outcomes.items()):
        run = Run(ask.tree(product, trace_id))
        runs[trace_id] = Judged(run, passed, task, marks_of_run(labelled, trace_id, run),
                                ask.findings(product, trace_id))
    return runs


def measure(labelled, runs, entries, shown):
    pairs = pairs_of(runs)
    ranks = rank_defects(labelled.defects, entries, shown, pairs, runs)
    failed = [one for one, run in runs.items() if run.passed is False]
    silent = len(set(failed) - {pair.trace_id for pair in pairs})
    return Measured(labelled, runs, pairs, measure_rows(pairs, runs), entries, shown, ranks,
                    read_until(entries, pairs, runs, labelled.defects),
                    (silent, len(failed)))
