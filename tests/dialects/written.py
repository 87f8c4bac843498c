"""A random network, written down and read again, and what it answers."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

from auditor.errors import UsageError
from auditor.pipeline import Network, load
from auditor.reach import Answer
from auditor.sources import ReadOptions
from auditor.traffic import NOTHING, Traffic, parse_traffic, traffic_text
from tests.dialects.answer_words import Answers
from tests.dialects.land import Land
from tests.dialects.template_text import Template

OUTSIDE = ("internet", "203.0.113.9/32", "10.1.0.77/32")


def of_terraform(text: str, folder: Path) -> Network:
    folder.mkdir(parents=True)
    (folder / "main.tf.json").write_text(text)
    return load(str(folder))


def of_template(template: Template, folder: Path, *, known: bool = True) -> Network:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stack.yaml").write_text(template.text)
    return load(str(folder), options=ReadOptions(parameters=template.values if known else ()))


def of_answers(answers: Answers, folder: Path, denied: tuple[str, ...] = ()) -> Network:
    """The network of a snapshot; ``denied`` are operations that its manifest says were not allowed."""
    region = folder / "123456789012/eu-central-1"
    region.mkdir(parents=True)
    for key, value in answers.items():
        (region / f"{key}.json").write_text(json.dumps({key: value}))
    if denied:
        where = {"account": "123456789012", "region": "eu-central-1", "error": "AccessDenied"}
        refused = [{**where, "operation": each} for each in denied]
        manifest = {"schema": "netaudit/snapshot/1", "denied": refused}
        (folder / "netaudit-snapshot.json").write_text(json.dumps(manifest))
    return load(str(folder))


def pairs(land: Land, *, services: bool = True) -> list[tuple[str, str]]:
    """Every pair of ends to ask about."""
    hosts = [f"host-{at}" for at in range(len(land.hosts))]
    inside = [*hosts, *(each.kind for each in land.services if services)]
    gateway = ("service:s3",) if land.gateways else ()
    found = list(permutations(inside, 2))
    found += [pair for each in inside for far in OUTSIDE for pair in ((each, far), (far, each))]
    return found + [(each, far) for each in inside for far in gateway]


def answer(network: Network, pair: tuple[str, str]) -> Answer | None:
    """The answer; None where the network does not know one of the two."""
    try:
        return network.can_reach(*pair)
    except UsageError:
        return None


def contradiction(less: Answer | None, full: Answer | None) -> str:
    """What is definite in the first, which knows less, and not so in the second; empty where nothing is.

    What an answer assumes, and says so, may only make it wider.
    """
    if less is None or full is None:
        return ""
    told = f"{less.verdict.value} with less, {full.verdict.value} with all"
    if full.verdict != "one-way" and _services(full.traffic.may) - _services(less.traffic.may):
        return f"may is too narrow: {told}"
    if any("assumed" in note for note in less.notes):
        return told if less.verdict == "blocked" != full.verdict else ""
    if less.verdict != "unknown" and full.verdict not in {less.verdict, "unknown"}:
        return told
    if any(hop.kind == "listener" for path in full.paths for hop in path.hops):
        # What accepts is taken to accept everything until its engine or its listeners are known.
        return ""
    if full.verdict != "unknown" and _services(less.traffic.must) - _services(full.traffic.must):
        return f"must is too wide: {told}"
    return ""


def _services(traffic: Traffic) -> Traffic:
    """The protocols and ports of traffic, whatever its addresses."""
    texts = list(traffic_text(traffic))
    return parse_traffic(",".join(texts)) if texts else NOTHING


def alike(one: Answer | None, other: Answer | None) -> bool:
    """Whether two answers are the same."""
    if one is None or other is None:
        return False
    return (one.verdict, one.traffic) == (other.verdict, other.traffic)
