# SPDX-License-Identifier: MIT
"""The command line of script/quality."""
import argparse
import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

import draw
import measure
import product as ask
import tables
import verdicts
from example_agent import read_example
from outcomes_only import read_active_graph, read_tau_bench, read_tool_orchestra
from step_labels import read_mas_sim, read_who_and_when

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/quality.md"
BEGIN, END = "<!-- script/quality --write -->", "<!-- end of tables -->"
EXAMPLE = "example agent"

# Name of the set and of its folder in HALO_TEST_DATA, and what reads it.
SETS = {
    "mas-sim-otel": read_mas_sim,
    "who-and-when-clean": read_who_and_when,
    "tau-bench-gpt4o-airline": read_tau_bench,
    "tau2-toolorchestra-gpt5": read_tool_orchestra,
    "tau2-activegraph-events": read_active_graph,
}
WITHOUT_STEP_LABELS = ("tau-bench-gpt4o-airline", "tau2-toolorchestra-gpt5", "tau2-activegraph-events")


def skipped(name, why):
    print(f"SKIPPED: {name}: {why}", file=sys.stderr)


def fresh_example(seed, work):
    """Records the example agent anew; None, said aloud, where that needs what is not installed."""
    out = work / "fresh-example"
    done = subprocess.run([ROOT / "examples/record", "--seed", str(seed), "--out", out],
                          capture_output=True, text=True, check=False)
    if done.returncode != 0:
        skipped(f"{EXAMPLE}, seed {seed}", done.stderr.strip())
        return None
    return out


def wanted_sets(arguments, work):
    """Yields a LabelledSet for each set that is present."""
    folder = os.environ.get("HALO_TEST_DATA")
    for name, read in SETS.items():
        if arguments.set and name not in arguments.set:
            continue
        if arguments.draw and name not in WITHOUT_STEP_LABELS:
            continue
        if not folder:
            skipped(name, "HALO_TEST_DATA does not name a folder with labelled sets")
        elif not (pathlib.Path(folder) / name).is_dir():
            skipped(name, f"not in {folder}")
        else:
            yield read(pathlib.Path(folder) / name, work)
    if arguments.draw or (arguments.set and EXAMPLE not in arguments.set):
        return
    yield read_example(ROOT / "examples", EXAMPLE)
    if (ROOT / "examples/silent/planted.json").exists():
        yield read_example(ROOT / "examples/silent", f"{EXAMPLE}, silent defects")
    for other in arguments.example:
        yield read_example(other, f"{EXAMPLE}, {other.name}")
    if arguments.seed is not None and (out := fresh_example(arguments.seed, work)):
        yield read_example(out, f"{EXAMPLE}, seed {arguments.seed}")


def print_draw(measured, count, seed):
    products = {id(one): product for product, one in measured}
    known = verdicts.by_key(verdicts.read())
    pool = [one for _, one in measured]
    for at, (one, pair) in enumerate(draw.drawn(pool, count, seed), 1):
        print(draw.describe(products[id(one)], at, one, pair))
        key = verdicts.key_of(one.labelled.name, pair)
        print("verdict:", "\t".join(key), known[key].verdict if key in known else "none yet", "\n")


def write_page(text, count):
    if count < len(SETS) + 1:
        sys.exit(f"quality: {count} of {len(SETS) + 1} sets were measured; {PAGE.name} is not written")
    page = PAGE.read_text()
    before, _, rest = page.partition(BEGIN)
    if END not in rest:
        sys.exit(f"quality: {PAGE.name} lacks the lines {BEGIN} and {END}")
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{rest.partition(END)[2]}")


def default_binary():
    found = [ROOT / f"build/{preset}/halo-mcp" for preset in ("release", "dev")]
    return next((path for path in found if path.exists()), found[0])


def parse(argv):
    parser = argparse.ArgumentParser(
        prog="script/quality", description="Measures findings on labelled runs: those in the folder "
        "HALO_TEST_DATA, and recordings of the example agent. See docs/quality.md.")
    parser.add_argument("binary", nargs="?", type=pathlib.Path, default=default_binary(),
                        help="halo-mcp (default: the one in build/)")
    parser.add_argument("--set", action="append", choices=[*SETS, EXAMPLE], help="only this set")
    parser.add_argument("--seed", type=int, help="of the draw; without --draw, also measure a new "
                        "recording of the example agent with this seed")
    parser.add_argument("--example", action="append", type=pathlib.Path, default=[],
                        help="also measure this recording of the example agent")
    parser.add_argument("--draw", type=int, metavar="N",
                        help="print N findings of sets without step labels, to be judged by a person")
    parser.add_argument("--write", action="store_true", help=f"write the tables into docs/{PAGE.name}")
    arguments = parser.parse_args(argv)
    if not arguments.binary.exists():
        parser.error(f"{arguments.binary} does not exist; name the binary of halo-mcp")
    return arguments


def main(argv):
    arguments = parse(argv)
    with tempfile.TemporaryDirectory(prefix="halo-quality-") as folder, \
            contextlib.ExitStack() as products:
        work, measured = pathlib.Path(folder), []
        for at, labelled in enumerate(wanted_sets(arguments, work)):
            own = work / f"store-{at}"
            own.mkdir()
            product = products.enter_context(ask.Product(arguments.binary, own))
            runs = measure.load(labelled, product)
            measured.append((product, measure.measure(labelled, runs, *ask.entries(product))))
            print(f"measured {labelled.name}", file=sys.stderr)
        if arguments.draw:
            print_draw(measured, arguments.draw, 1 if arguments.seed is None else arguments.seed)
            return
        lines = [line for _, one in measured for line in tables.write_set(one)]
        if not arguments.set:
            lines += ["### Read by hand", "",
                      *verdicts.write(verdicts.read(), [one for _, one in measured])]
        text = "\n".join(lines)
        print(text)
        if arguments.write:
            if arguments.set:
                sys.exit("quality: --write measures all sets; leave --set out")
            write_page(text, len(measured))
