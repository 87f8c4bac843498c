"""Which workloads a rule means: by tier, kind, name, or how exposed they are meant to be."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import assert_never

from auditor.frozen import dataclass
from auditor.model import Fact, Truth, Workload
from auditor.reach.environments import EnvironmentName
from auditor.reach.names import label
from auditor.reach.tagged import perhaps_named, perhaps_tagged
from auditor.reach.tiers import Sign, TierName, is_balancer
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section


class Exposure(StrEnum):
    """How a workload stands to the internet.

    ``public`` is meant for it: an internet-facing load balancer, a NAT gateway, what the configuration calls
    public. ``addressed`` has a public address.
    """

    PUBLIC = "public"
    ADDRESSED = "addressed"


@dataclass(frozen=True, slots=True)
class ByTier:
    """``tier:data``."""

    tier: TierName


@dataclass(frozen=True, slots=True)
class ByKind:
    """``kind:aws_db_*``: the type in its dialect's words; ``*`` and ``?`` as in file names."""

    pattern: str


@dataclass(frozen=True, slots=True)
class ByName:
    """``name:legacy-*``: an address, a label, a name or the Name tag."""

    pattern: str


@dataclass(frozen=True, slots=True)
class ByTag:
    """``tag:Environment=prod*``: a tag of the workload; both sides as in file names."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ByExposure:
    """``exposure:public``."""

    exposure: Exposure


@dataclass(frozen=True, slots=True)
class ByEnvironment:
    """``environment:production`` or ``environment:non-production``."""

    environment: EnvironmentName


@dataclass(frozen=True, slots=True)
class Outside:
    """``internet`` or ``on-premises``: no workload."""

    name: str


Selector = ByTier | ByKind | ByName | ByTag | ByExposure | ByEnvironment | Outside

SELECTOR_PATTERN = "^(internet|on-premises|(tier|kind|name|tag|exposure|environment):.+)$"
FORMS = (
    "tier:data, kind:aws_db_*, name:legacy-*, tag:Environment=prod, exposure:public, environment:production, "
    "internet, on-premises"
)


def parse_selector(text: str) -> Selector:
    """The selector that a text is.

    Raises:
        ValueError: it is none.
    """
    if text in {"internet", "on-premises"}:
        return Outside(text)
    word, _, rest = text.partition(":")
    makers: dict[str, Callable[[str], Selector]] = {
        "tier": lambda value: ByTier(TierName(value)),
        "kind": ByKind,
        "name": ByName,
        "tag": _by_tag,
        "exposure": lambda value: ByExposure(Exposure(value)),
        "environment": lambda value: ByEnvironment(EnvironmentName(value)),
    }
    if not rest or word not in makers:
        raise ValueError(f"{text!r} is no selector")
    return makers[word](rest)


def _by_tag(text: str) -> ByTag:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise ValueError(f"{text!r} is no tag")
    return ByTag(key, value)


def read_selector(section: Section, key: str) -> Selector:
    """The selector below a key; what is wrong with it is told to the section."""
    found = _read(section, key, section.text(key))
    return Outside("internet") if found is None else found


def _read(section: Section, key: str, text: str) -> Selector | None:
    if not text:
        return None
    try:
        return parse_selector(text)
    except ValueError:
        section.refuse(key, f"{text!r} selects nothing", f"write {FORMS}")
        return None


def selects(selector: Selector, workload: Workload, evidence: Evidence) -> Truth:
    """Whether a selector means a workload."""
    return means(selector, workload, evidence).truth


def means(selector: Selector, workload: Workload, evidence: Evidence) -> Fact:
    """Whether a selector means a workload, and why that is not known where a tag decides it."""
    match selector:
        case ByTier():
            doubts = evidence.tiers.doubts(workload)
        case ByEnvironment():
            doubts = evidence.environments.doubts(workload)
        case ByTag(key, value):
            doubts = perhaps_tagged(workload, key, value)
        case ByName(pattern):
            doubts = perhaps_named(workload, pattern)
        case ByExposure() | ByKind() | Outside():
            doubts = ()
        case _:
            assert_never(selector)
    told = _told(selector, workload, evidence)
    settled = told is Truth.YES and isinstance(selector, ByTag | ByName)
    return Fact(told if settled or not doubts else Truth.UNKNOWN, workload.at, () if settled else doubts)


def _told(selector: Selector, workload: Workload, evidence: Evidence) -> Truth:
    """Whether a selector means a workload, by what is known of it."""
    match selector:
        case ByTier(tier):
            found = evidence.tiers.of(workload)
            return _truth(found is not None and found.name is tier)
        case ByKind(pattern):
            return _truth(fnmatchcase(workload.kind, pattern))
        case ByName(pattern):
            names = (workload.id, label(workload.id), *workload.names, dict(workload.tags).get("Name", ""))
            return _truth(any(fnmatchcase(name, pattern) for name in names))
        case ByTag(key, value):
            return _truth(
                any(fnmatchcase(name, key) and fnmatchcase(text, value) for name, text in workload.tags)
            )
        case ByExposure(exposure):
            return _exposed(exposure, workload, evidence)
        case ByEnvironment(environment):
            named = evidence.environments.of(workload)
            return _truth(named is not None and named.name is environment)
        case Outside():
            return Truth.NO
        case _:
            assert_never(selector)


def _exposed(exposure: Exposure, workload: Workload, evidence: Evidence) -> Truth:
    if exposure is Exposure.ADDRESSED:
        return addressed(workload, evidence)
    tier = evidence.tiers.of(workload)
    if tier is not None and tier.sign is Sign.CONFIGURATION:
        return _truth(tier.name is TierName.PUBLIC)
    if not is_balancer(workload):
        return _truth(workload.kind in _FOR_THE_PUBLIC)
    return addressed(workload, evidence)


_FOR_THE_PUBLIC = frozenset({"aws_nat_gateway", "AWS::EC2::NatGateway"})


def addressed(workload: Workload, evidence: Evidence) -> Truth:
    """Whether a workload has a public IPv4 address, as far as it or its subnets say."""
    truths = {spot.public.truth for spot in evidence.engine.spots.of_workload(workload).spots}
    if Truth.YES in truths:
        return Truth.YES
    return Truth.UNKNOWN if Truth.UNKNOWN in truths else Truth.NO


def _truth(holds: bool) -> Truth:  # noqa: FBT001 - a truth of a truth
    return Truth.YES if holds else Truth.NO
