# SPDX-License-Identifier: MIT
"""Writes what was measured as markdown."""
from measure import NEAR

ENOUGH = 30  # pairs; a share of fewer is not given an interval


def number(value):
    return f"{value:.2f}"


def span(interval):
    return f"{number(interval[0])} to {number(interval[1])}"


def of(count):
    return f"{count[0]} of {count[1]}" if count[1] else "-"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "| " + " | ".join("---" for _ in heads) + " |"]
    return lines + ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |"
                    for row in rows] + [""]


def share_cells(row):
    if not row.placed:
        return ["-", "-", "-", "-"]
    share = f"{number(row.hits / row.placed)} ({row.hits} of {row.placed})"
    interval = span(row.interval) if row.placed >= ENOUGH else "unmeasured"
    return [share, interval, number(row.chance), f"{row.hits / row.placed / row.chance:.1f} x"]


def outcome_cells(row):
    if row.ratio is None:
        return [of(row.failed), of(row.passed), "-"]
    low = f"{number(row.ratio[0])} ({span(row.ratio[1:])})"
    return [of(row.failed), of(row.passed), low if row.pairs >= ENOUGH else "unmeasured"]


def findings_table(measured):
    with_marks = any(row.marked_runs for row in measured.rows)
    heads = ["detector", "class", "pairs"]
    if with_marks:
        heads += ["on a marked turn", "95 %", "chance", "is", "marked runs found", "within a turn"]
    heads += ["failed runs", "passed runs", "risk ratio (95 %)"]
    rows = []
    for row in measured.rows:
        cells = [row.detector, row.confidence, row.pairs]
        if with_marks:
            cells += share_cells(row)
            cells += [of((row.found, row.marked_runs)), of((row.found_near, row.marked_runs))]
        rows.append(cells + outcome_cells(row))
    return table(heads, rows)


def steps_table(measured):
    rows = [[row.detector, row.confidence, row.placed] +
            [f"{number(row.near[limit])} ({number(row.near_chance[limit])})" for limit in NEAR]
            for row in measured.rows if row.placed]
    if not rows or not measured.labelled.marks:
        return []
    return ["Share of findings by distance of their turn from the mark, in steps (chance in brackets):", ""] + table(
        ["detector", "class", "pairs"] + [f"within {limit}" if limit else "at it" for limit in NEAR],
        rows)


def defects_table(measured):
    if not measured.ranks:
        return []
    rows = []
    for found in measured.ranks:
        if found.rank is None:
            rows.append([found.name, found.runs, "none", "-", "-", "-"])
            continue
        rank = f"{found.rank}" if found.is_shown else f"{found.rank}, not shown by default"
        rows.append([found.name, found.runs, rank, f"`{found.entry}`", of((found.held, found.runs)),
                     found.others])
    return ["Rank of each known defect: the first entry that consists at least by half of its "
            "runs, and holds a quarter of them.", ""] + table(["defect", "runs", "rank", "entry", "its runs", "other runs"], rows)


def write_set(measured):
    runs = measured.runs.values()
    failed = sum(run.passed is False for run in runs)
    passed = sum(run.passed is True for run in runs)
    lines = [f"### {measured.labelled.name}", "",
             f"{len(runs)} runs ({failed} failed, {passed} passed): {measured.labelled.about}.", ""]
    lines += findings_table(measured) + steps_table(measured) + defects_table(measured)
    lines.append(f"- Entries: {measured.shown} shown by default, {len(measured.entries)} in all.")
    if measured.silent_failures[1]:
        lines.append(f"- Failed runs without any finding: {of(measured.silent_failures)}.")
    if measured.labelled.has_step_labels:
        until = (f"{measured.until_third} entries" if measured.until_third
                 else f"never (all {len(measured.entries)} read)")
        lines.append(f"- Read until the third true entry: {until}.")
    return lines + [""]
