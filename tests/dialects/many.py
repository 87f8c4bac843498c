"""What is held of one random network; run by hand, of as many as are asked for."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from auditor.pipeline import Network
from tests.dialects.answer_words import Answers, answers
from tests.dialects.land import SERVICES, some_land
from tests.dialects.template_words import template
from tests.dialects.terraform_words import terraform
from tests.dialects.written import (
    alike,
    answer,
    contradiction,
    of_answers,
    of_template,
    of_terraform,
    pairs,
)

# Not Vpcs: without them it is not known which public addresses are a VPC's own, and not of the internet.
REMOVED = {
    "Subnets": "DescribeSubnets",
    "RouteTables": "DescribeRouteTables",
    "SecurityGroups": "DescribeSecurityGroups",
    "NetworkAcls": "DescribeNetworkAcls",
    "NetworkInterfaces": "DescribeNetworkInterfaces",
    "Reservations": "DescribeInstances",
    "Addresses": "DescribeAddresses",
    "InternetGateways": "DescribeInternetGateways",
    "EgressOnlyInternetGateways": "DescribeEgressOnlyInternetGateways",
    "NatGateways": "DescribeNatGateways",
    "VpcEndpoints": "DescribeVpcEndpoints",
    "VpcPeeringConnections": "DescribeVpcPeeringConnections",
    "PrefixLists": "DescribeManagedPrefixLists",
    "PrefixListEntries": "GetManagedPrefixListEntries",
}


def apart(seed: int, folder: Path) -> Iterator[str]:
    """Where the dialects of a network answer otherwise. A snapshot has no services of AWS here."""
    land = some_land(seed)
    code = of_terraform(terraform(land), folder / "terraform")
    stack = of_template(template(land, seed), folder / "stack")
    runs = of_answers(answers(land, seed), folder / "runs")
    for pair in pairs(land):
        told = answer(code, pair)
        if not alike(told, answer(stack, pair)):
            yield f"seed {seed}: the template, {pair}"
        if not set(pair) & set(SERVICES) and not alike(told, answer(runs, pair)):
            yield f"seed {seed}: the snapshot, {pair}"


def bounded(seed: int, folder: Path) -> Iterator[str]:
    """Where a template with parameters left open contradicts itself with their values."""
    land = some_land(seed)
    for share in (0.3, 1.0):
        written = template(land, seed, share)
        known = of_template(written, folder / f"known-{share}")
        less = of_template(written, folder / f"open-{share}", known=False)
        for pair in pairs(land):
            if told := contradiction(answer(less, pair), answer(known, pair)):
                yield f"seed {seed}, {share} left open: {pair}: {told}"


def unsound(seed: int, key: str, folder: Path) -> Iterator[str]:
    """Where a snapshot without one kind of answer contradicts the whole one."""
    land = some_land(seed)
    told = answers(land, seed)
    full = of_answers(told, folder / "full")
    for denied in (True, False):
        less = without(told, key, folder / f"{key}-{denied}", denied=denied)
        for pair in pairs(land, services=False):
            if wrong := contradiction(answer(less, pair), answer(full, pair)):
                yield f"seed {seed} without {key}, denied {denied}: {pair}: {wrong}"


def without(told: Answers, key: str, folder: Path, *, denied: bool) -> Network:
    """The snapshot without one kind of answer: not asked for, or ``denied``."""
    rest = {name: each for name, each in told.items() if name != key}
    return of_answers(rest, folder, (f"ec2.{REMOVED[key]}",) if denied else ())


def main() -> None:
    """Hold ``--count`` networks from ``--seed`` on against all of it; exit code 1 where something differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    wrong = 0
    for seed in range(asked.seed, asked.seed + asked.count):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            lines = [*apart(seed, folder / "apart"), *bounded(seed, folder / "bounded")]
            for key in REMOVED:
                lines += unsound(seed, key, folder / key)
        wrong += len(lines)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.write(f"{asked.count} networks, {wrong} differences\n")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
