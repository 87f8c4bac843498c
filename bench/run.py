"""Times netaudit, and its peers where they are installed, on the same inputs in one run.

    python bench/run.py [--large] [--runs N]

Prints a row a command: median wall time over the runs, peak memory, and the ratio to netaudit on that
input. ``--large`` adds the 10,000-group input (minutes with the peers). Peers are taken from the PATH:
checkov, c7n-left, cfn-lint. Whole processes are timed, as a user starts them: cold, without a cache; the
first run, which fills one; the same question again; and another question on the same input. ``--large`` also
times several roots in several processes. What hostile templates cost is told by templates.py.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from inputs import write_groups

ROOT = Path(__file__).resolve().parent.parent
NETAUDIT = (sys.executable, "-m", "auditor")
Words = Sequence[str]
CHECKOV_CHECKS = "CKV_AWS_24,CKV_AWS_25,CKV_AWS_260,CKV_AWS_277,CKV_AWS_382,CKV2_AWS_5"
C7N_POLICY = """\
policies:
  - name: open-to-world
    resource: terraform.aws_security_group
    filters:
      - type: value
        key: ingress[].cidr_blocks[]
        op: contains
        value: 0.0.0.0/0
"""
ADDED_RULE = """\
resource "aws_vpc_security_group_ingress_rule" "added" {
  security_group_id = aws_security_group.service_500.id
  from_port         = 443
  to_port           = 443
  ip_protocol       = "tcp"
  cidr_ipv4         = "10.0.0.0/24"
}
"""


@dataclass(frozen=True)
class Timed:
    """One command on one input: median wall seconds and peak memory in MB."""

    name: str
    seconds: float
    megabytes: float


def main() -> None:
    """Run the benchmarks and print the table."""
    options = _options()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        _row("--help", [_timed("netaudit", (*NETAUDIT, "--help"), options.runs)])
        three_tier = str(ROOT / "fixtures/three-tier/terraform")
        _row("three-tier, 60 resources", _all(three_tier, "sg-database-postgres", options.runs, folder))
        _write("inputs.py", folder / "1000", 1000)
        _row("1,000 groups x 10 rules", _all(str(folder / "1000"), "sg-service-500", options.runs, folder))
        _write("plans.py", folder / "1000.json", 1000)
        _row(
            "1,000 groups x 10 rules, their plan as JSON", _netaudit(str(folder / "1000.json"), options.runs)
        )
        _questions(folder / "1000")
        _differences(folder / "1000", folder, options.runs)
        _dense(folder, min(options.runs, 3))
        _templates(folder, options.runs)
        _snapshot(folder / "snapshot", options.runs, folder)
        if options.large:
            _write("inputs.py", folder / "10000", 10000)
            _row("10,000 groups x 10 rules", _all(str(folder / "10000"), "sg-service-500", 1, folder))
            _write("plans.py", folder / "10000.json", 10000)
            _row("10,000 groups x 10 rules, their plan as JSON", _netaudit(str(folder / "10000.json"), 1))
            _row("4 roots of 1,000 groups x 10 rules", _several(folder / "several", options.runs))


def _write(program: str, path: Path, *words: object) -> None:
    """Write an input by a process of its own: a child's peak memory counts from its parent's."""
    program = str(ROOT / "bench" / program)
    subprocess.run((sys.executable, program, str(path), *map(str, words)), check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    return parser.parse_args()


def _all(path: str, target: str, runs: int, scratch: Path) -> list[Timed]:
    timed = [
        *_cold_and_warm(
            ("who-can-reach", target, path), ("can-reach", "internet", target, path), runs, scratch
        ),
        *_cold_and_warm(("check", path), ("show", path), runs, scratch),
    ]
    return timed + [_timed(name, command, min(runs, 3)) for name, command in _peers(path, scratch)]


def _netaudit(path: str, runs: int, target: str = "sg-service-500") -> list[Timed]:
    words = (*NETAUDIT, "who-can-reach", target, path, "--no-cache")
    return [_timed("netaudit who-can-reach", words, runs)]


def _dense(folder: Path, runs: int) -> None:
    """All rules where much reaches much: by groups and ranges, and from the internet."""
    inputs = (
        ("1,000 instances of 3 tiers in 2 environments, 120 groups", 1000, ()),
        ("200 public instances of the same", 200, ("--public",)),
    )
    for title, count, words in inputs:
        path = folder / f"dense-{count}"
        _write("dense.py", path, count, *words)
        timed = _timed("netaudit check", (*NETAUDIT, "check", str(path), "--no-cache"), runs)
        _row(title, [timed])


def _templates(folder: Path, runs: int) -> None:
    """CloudFormation: groups in both languages, and a template of all sorts of resources."""
    inputs = (("500 groups x 10 rules", "groups.yaml", ()), ("500 groups x 10 rules", "groups.json", ()))
    for title, name, words in (*inputs, ("500 mixed resources", "mixed.yaml", ("--mixed",))):
        path = folder / "templates" / name
        path.parent.mkdir(exist_ok=True)
        _write("stacks.py", path, 500, *words)
        timed = _netaudit(str(path), runs, "sg-service-30")
        peers = _peers_on_templates(path)
        timed += [_timed(peer, command, min(runs, 3)) for peer, command in peers]
        size = path.stat().st_size / 1e6
        _row(f"CloudFormation, {title}, {size:.1f} MB of {path.suffix[1:].upper()}", timed)


def _peers_on_templates(path: Path) -> Iterator[tuple[str, Words]]:
    if lint := _program("cfn-lint"):
        yield "cfn-lint", (lint, str(path))
    if checkov := _program("checkov"):
        words = ("-f", str(path), "--framework", "cloudformation", "-c", CHECKOV_CHECKS)
        yield "checkov, 6 network checks", (checkov, *words, "--quiet", "--compact", "--skip-download")


def _snapshot(path: Path, runs: int, scratch: Path) -> None:
    _write("snapshots.py", path, 10_000, 2_000)
    words = ("who-can-reach", "sg-service-300", str(path))
    others = ("can-reach", "sg-service-4", "sg-service-300", str(path))
    _row(
        "a snapshot of 10,000 interfaces, 2,000 groups x 10 rules",
        list(_cold_and_warm(words, others, min(runs, 3), scratch)),
    )


def _differences(before: Path, scratch: Path, runs: int) -> None:
    """Two versions of one network: the same, and with one rule more."""
    after = scratch / "after"
    shutil.copytree(before, after)
    (after / "added.tf").write_text(ADDED_RULE)
    words = (*NETAUDIT, "diff", "--no-cache", str(before))
    timed = [
        _timed("netaudit diff, no difference", (*words, str(before)), runs),
        _timed("netaudit diff, one rule more", (*words, str(after)), runs),
    ]
    _row("1,000 groups x 10 rules, twice", timed)


def _cold_and_warm(words: Words, others: Words, runs: int, scratch: Path) -> Iterator[Timed]:
    """One question without the cache, filling it, and again; and another one on the same input."""
    cache = scratch / "cache"
    name = f"netaudit {words[0]}"

    def empty() -> None:
        shutil.rmtree(cache, ignore_errors=True)

    def without_answers() -> None:
        empty()
        subprocess.run((*NETAUDIT, *words), stdout=subprocess.DEVNULL, env=_environment(cache), check=False)

    yield _timed(name, (*NETAUDIT, *words, "--no-cache"), runs)
    yield _timed("  first run", (*NETAUDIT, *words), runs, cache=cache, before=empty)
    yield _timed("  again", (*NETAUDIT, *words), runs, cache=cache)
    yield _timed(f"  then {others[0]}", (*NETAUDIT, *others), runs, cache=cache, before=without_answers)
    yield _timed(f"  cold {others[0]}", (*NETAUDIT, *others, "--no-cache"), runs)
    empty()


def _several(folder: Path, runs: int) -> list[Timed]:
    for name in "abcd":
        write_groups(folder / name, 1000)
    command = (*NETAUDIT, "check", str(folder), "--no-cache", "--jobs")
    return [_timed(f"netaudit check --jobs {jobs}", (*command, str(jobs)), runs) for jobs in (1, 2, 4)]


def _peers(path: str, scratch: Path) -> Iterator[tuple[str, Words]]:
    if checkov := _program("checkov"):
        yield (
            "checkov, 6 network checks",
            (checkov, "-d", path, "-c", CHECKOV_CHECKS, "--quiet", "--compact", "--skip-download"),
        )
    if c7n := _program("c7n-left"):
        policies = scratch / "policies"
        policies.mkdir(exist_ok=True)
        (policies / "policy.yaml").write_text(C7N_POLICY)
        yield "c7n-left, 1 policy", (c7n, "run", "-p", str(policies), "-d", path)


def _program(name: str) -> str | None:
    """Where a peer is, if it is installed and starts."""
    path = shutil.which(name)
    if path is None or subprocess.run((path, "--help"), capture_output=True, check=False).returncode:
        print(f"  ({name} is not installed here, or does not start)")
        return None
    return path


def _nothing() -> None:
    pass


def _timed(
    name: str,
    command: Words,
    runs: int,
    *,
    cache: Path | None = None,
    before: Callable[[], None] = _nothing,
) -> Timed:
    walls, peaks = [], []
    for _ in range(runs):
        before()
        with tempfile.TemporaryFile() as said:
            start = time.perf_counter()
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=said, env=_environment(cache)
            )
            _, _, usage = os.wait4(process.pid, 0)
            walls.append(time.perf_counter() - start)
            peaks.append(usage.ru_maxrss / 1024)
            said.seek(0)
            if b"Traceback" in said.read():
                return Timed(f"{name} (failed)", statistics.median(walls), statistics.median(peaks))
    return Timed(name, statistics.median(walls), statistics.median(peaks))


def _environment(cache: Path | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"NETAUDIT_CACHE_DIR": str(cache or os.devnull)}


def _row(title: str, timed: Sequence[Timed]) -> None:
    print(f"\n{title}")
    for each in timed:
        ratio = each.seconds / timed[0].seconds
        print(f"  {each.name:<28} {each.seconds:8.2f} s {each.megabytes:7.0f} MB   x{ratio:.2f}", flush=True)


def _questions(folder: Path, count: int = 100_000) -> None:
    """Time ``count`` can_reach calls, every one another pair, on one loaded network."""
    import auditor

    network = auditor.load(str(folder))
    network.can_reach("sg-service-0", "sg-service-1")
    start = time.perf_counter()
    for number in range(count):
        source, destination = number % 1000, (number * 7 + number // 1000) % 1000
        network.can_reach(f"sg-service-{source}", f"sg-service-{destination}", "tcp/5432")
    spent = time.perf_counter() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n{count:,} can_reach calls on the 1,000-group network")
    each = f"{spent / count * 1e6:.0f} us each"
    print(f"  {'netaudit, in one process':<28} {spent:8.2f} s {memory:7.0f} MB   {each}")


if __name__ == "__main__":
    main()
