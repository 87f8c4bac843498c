"""Many random networks as modules of one root: what terraform plans for them, and what is evaluated."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from agreement import differences, planned_resources
from batch import evaluated
from bounds import Fault, misses
from planning import OFFLINE, Refused, planned
from random_network import Drawn, some_network

from auditor import aws
from auditor.pipeline import Network, load
from auditor.reach import Verdict
from auditor.sources import terraform
from auditor.tree import Map, Reading
from tests.fixtures.sameness import difference

PROVIDER = 'terraform {\n  required_providers {\n    aws = {\n      source = "hashicorp/aws"\n    }\n  }\n}\n'
GIVEN = ("terraform.tfvars", "a.auto.tfvars", "b.auto.tfvars")
ROUNDS = 4
QUESTIONS = 60


@dataclass(frozen=True, slots=True)
class NetworkOutcome:
    """What a batch of networks showed: how much was compared, what terraform refused, and what differs."""

    resources: int
    refused: tuple[str, ...]
    differences: tuple[str, ...]


def check_networks(root: Path, seeds: Sequence[int], plugins: Path) -> NetworkOutcome:
    """Holds the evaluation of the networks of these seeds against their plan."""
    refused: list[str] = []
    left = list(seeds)
    for _ in range(ROUNDS):
        write_networks(root, left)
        document = planned(root, plugins=plugins)
        if not isinstance(document, Refused):
            found = tuple(_differences(root, document))
            return NetworkOutcome(len(planned_resources(document)), tuple(refused), found)
        refused += [f"{each.file}:{each.line}: {each.why}" for each in document.problems]
        wrong = {each.file.partition("/")[0].removesuffix("-inner") for each in document.problems}
        left = [seed for seed in left if f"n{seed}" not in wrong]
    return NetworkOutcome(0, tuple(refused), ("terraform refuses every round",))


def _differences(root: Path, document: dict[str, Any]) -> Iterator[str]:
    reading = terraform.read(str(root), terraform.TerraformOptions())
    for gap in reading.gaps:
        yield f"gap: {gap.what} {gap.at}: {gap.why}"
    yield from _resource_differences(reading, planned_resources(document))
    yield from _model_differences(root, reading, document)
    outputs = evaluated(root).outputs
    for name, change in document["output_changes"].items():
        for miss in misses(name, outputs[name], change.get("after"), change.get("after_unknown", False)):
            if miss.fault is not Fault.LOOSE or not isinstance(outputs[name], Map):
                yield f"output {miss}"


def _model_differences(root: Path, reading: Reading, document: dict[str, Any]) -> Iterator[str]:
    """The plan beside its code is the network that the code is; without it, it denies nothing of that."""
    (root / "plan.json").write_text(json.dumps(document))
    code = Network(aws.inventory(reading))
    yield from difference(code.inventory, load(str(root / "plan.json")).inventory)
    alone = root.parent / "alone" / "plan.json"
    alone.parent.mkdir(exist_ok=True)
    shutil.copy(root / "plan.json", alone)
    plan, random = load(str(alone)), Random(len(document["resource_changes"]))
    ends = [*code.inventory.groups, *code.inventory.workloads]
    for _ in range(QUESTIONS):
        source, destination = (random.choice([*(end.id for end in ends), "internet"]) for _ in range(2))
        known, said = (network.can_reach(source, destination).verdict for network in (code, plan))
        if Verdict.UNKNOWN not in {known, said} and known is not said:
            yield f"{source} -> {destination}: {known} by the code, {said} by the plan alone"


def _resource_differences(reading: Reading, planned: dict[str, dict[str, Any]]) -> Iterator[str]:
    ours = {each.address: each for each in reading.resources if not each.kind.startswith("data.")}
    for address in sorted(ours.keys() ^ planned.keys()):
        yield f"{address}: only {'evaluated' if address in ours else 'planned'}"
    for address in sorted(ours.keys() & planned.keys()):
        yield from differences(ours[address], planned[address])


def write_networks(root: Path, seeds: Sequence[int]) -> None:
    """Writes a root that calls the networks of these seeds, each in one of several ways."""
    if root.exists():
        shutil.rmtree(root)
    root.mkdir(parents=True)
    main = [OFFLINE, PROVIDER]
    given: dict[str, list[str]] = {name: [] for name in GIVEN}
    for seed in seeds:
        _write_network(root, seed, main, given)
    (root / "main.tf").write_text("".join(main), "utf-8")
    for name, lines in given.items():
        (root / name).write_text("".join(lines), "utf-8")


def _write_network(root: Path, seed: int, main: list[str], given: dict[str, list[str]]) -> None:
    random = Random(f"call {seed}")
    drawn = some_network(seed)
    arguments = []
    for name, text in drawn.arguments:
        if random.random() < 0.5:
            arguments.append((name, text))
            continue
        main.append(f'variable "n{seed}_{name}" {{\n  default = null\n}}\n')
        given[random.choice(GIVEN)].append(f"n{seed}_{name} = {text}\n")
        arguments.append((name, f"var.n{seed}_{name}"))
    folder, value = f"n{seed}", f"module.n{seed}.it"
    if random.random() < 0.4:
        _save(root / f"n{seed}-inner", drawn.files)
        _save(root / folder, {"main.tf": _passing(random, seed, drawn)})
    else:
        _save(root / folder, drawn.files)
    form = random.choice(("", "", "  count = 1\n", '  for_each = { "k.1" = 1, b = 2 }\n'))
    if form:
        value = f"{{ for k, m in module.n{seed} : k => m.it }}"
    lines = "".join(f"  {name} = {text}\n" for name, text in arguments)
    main.append(f'module "n{seed}" {{\n  source = "./{folder}"\n{form}{lines}}}\n')
    main.append(f'output "n{seed}" {{\n  value = {value}\n}}\n')


def _passing(random: Random, seed: int, drawn: Drawn) -> str:
    """A module that hands its variables on to another one."""
    form = random.choice(("", "  count = length([1])\n", '  for_each = toset(["x"])\n'))
    at = {"": "", "  count = length([1])\n": "[0]"}.get(form, '["x"]')
    variables = "".join(f'variable "{name}" {{\n  type = any\n}}\n' for name, _ in drawn.arguments)
    lines = "".join(f"  {name} = var.{name}\n" for name, _ in drawn.arguments)
    call = f'module "inner" {{\n  source = "../n{seed}-inner"\n{form}{lines}}}\n'
    return f'{variables}{call}output "it" {{\n  value = module.inner{at}.it\n}}\n'


def _save(folder: Path, files: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_bytes(text.encode())
