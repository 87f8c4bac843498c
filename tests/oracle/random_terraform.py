"""Holds the evaluation of random Terraform against ``terraform plan``, thousands of configurations at a time.

    python tests/oracle/random_terraform.py --count 5000 --seed 1
    python tests/oracle/random_terraform.py --only values --seed 4711   # one configuration again

``values`` are modules of expressions of every type, ``networks`` modules of AWS resources.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from batch import Outcome, check  # noqa: E402 -- found by the line above
from network_batch import check_networks  # noqa: E402 -- as above
from planning import plugin_folder  # noqa: E402 -- as above
from random_values import some_values  # noqa: E402 -- as above

VALUES_IN_A_BATCH = 40
NETWORKS_IN_A_BATCH = 30


def values_outcome(root: Path, seeds: range) -> Outcome:
    """What the modules of values of these seeds show, with all known and with some of it unknown."""
    modules = [some_values(seed, unknown=unknown) for seed in seeds for unknown in (False, True)]
    return check(root, modules)


def batches(seed: int, count: int, size: int) -> Iterator[range]:
    """The seeds in batches."""
    for begin in range(seed, seed + count, size):
        yield range(begin, min(begin + size, seed + count))


def run_values(seed: int, count: int, tally: Counter[str]) -> Iterator[str]:
    """Checks modules of values; gives a line for each disagreement."""
    with tempfile.TemporaryDirectory() as scratch:
        for seeds in batches(seed, count, VALUES_IN_A_BATCH):
            outcome = values_outcome(Path(scratch) / "root", seeds)
            tally.update(
                values=len(seeds) * 2,
                outputs=outcome.compared,
                refused=outcome.refused,
                wrong=len(outcome.wrong),
                lenient=len(outcome.lenient),
                loose=len(outcome.loose),
                retyped=len(outcome.retyped),
            )
            for sort in ("wrong", "retyped", "loose", "lenient"):
                yield from (f"{sort}: {finding}" for finding in getattr(outcome, sort))


def run_networks(seed: int, count: int, tally: Counter[str]) -> Iterator[str]:
    """Checks networks; gives a line for each disagreement."""
    plugins = plugin_folder()
    with tempfile.TemporaryDirectory() as scratch:
        for seeds in batches(seed, count, NETWORKS_IN_A_BATCH):
            outcome = check_networks(Path(scratch) / "root", seeds, plugins)
            tally.update(networks=len(seeds), resources=outcome.resources, wrong=len(outcome.differences))
            tally.update(refused_networks=len(outcome.refused))
            yield from (f"refused: {line}" for line in outcome.refused)
            yield from (f"wrong: {line}" for line in outcome.differences)


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=1)
    parser.add_argument("--only", choices=("values", "networks"))
    given = parser.parse_args()
    tally: Counter[str] = Counter()
    for name, run in (("values", run_values), ("networks", run_networks)):
        if given.only in {None, name}:
            for line in run(given.seed, given.count, tally):
                sys.stdout.write(f"{line}\n")
    sys.stdout.write(f"{dict(tally)}\n")
    return int(tally["wrong"] > 0)


if __name__ == "__main__":
    sys.exit(main())
