"""What a rule is concerned with: some services, some workloads, or what is exempt from both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Truth, Workload
from auditor.rules.evidence import Evidence
from auditor.rules.section import Section
from auditor.rules.selectors import Selector, means, parse_selector
from auditor.traffic import EVERYTHING, NOTHING, Traffic, parse_traffic

EXEMPTIONS = {"type": "array", "items": {"type": "string"}}
SERVICES = {"type": "object", "additionalProperties": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Exemption:
    """Workloads that may be open to the world, on some services."""

    selector: Selector
    service: Traffic


@dataclass(frozen=True, slots=True)
class Named:
    """A service by the name that people know it by."""

    name: str
    service: Traffic


@dataclass(frozen=True, slots=True)
class Concern:
    """The services and the workloads that a rule is about: either is enough; all, where none is named."""

    services: tuple[Named, ...] = ()
    to: tuple[Selector, ...] = ()

    @property
    def is_narrow(self) -> bool:
        """Whether anything is left out."""
        return bool(self.services or self.to)

    def part(self, service: Traffic) -> Traffic:
        """What of a service concerns the rule whoever offers it."""
        if not self.is_narrow:
            return service
        return Traffic.union([service & one.service for one in self.services]) if self.services else NOTHING

    def of(self, workload: Workload, service: Traffic, evidence: Evidence) -> tuple[Traffic, Fact]:
        """What of a service concerns the rule on a workload, and whether it certainly does."""
        chosen = any_of(self.to, workload, evidence)
        part = service if chosen.truth is not Truth.NO else self.part(service)
        if self.is_narrow and workload.listens is not None:
            part = part if part & workload.listens.may else NOTHING
        return part, chosen if chosen.truth is Truth.UNKNOWN else YES

    def names(self, service: Traffic) -> tuple[str, ...]:
        """The names of the services that a service holds some of."""
        return tuple(one.name for one in self.services if service & one.service)


def read_concern(section: Section) -> Concern:
    """``services``: names with their traffic; ``to``: selectors."""
    return Concern(tuple(_services(section)), read_selectors(section, "to"))


def _services(section: Section) -> Iterator[Named]:
    given = section.section("services", required=False)
    for name in given.keys if given else ():
        text = given.text(name) if given else ""
        try:
            yield Named(name, parse_traffic(text))
        except ValueError as error:
            section.refuse("services", f"{name}: {error}", "write it as tcp/22 or tcp/3389,udp/3389")


def read_selectors(section: Section, key: str, *, required: bool = False) -> tuple[Selector, ...]:
    """A list of selectors."""
    found = []
    for text in section.texts(key, required=required):
        try:
            found.append(parse_selector(text.strip()))
        except ValueError as error:
            section.refuse(key, str(error), "write it as tier:data, kind:aws_db_*, name:*bastion*")
    return tuple(found)


def read_exemptions(section: Section) -> tuple[Exemption, ...]:
    """``except``: ``SELECTOR [on TRAFFIC]``."""
    found = (_exemption(section, text) for text in section.texts("except", required=False))
    return tuple(one for one in found if one is not None)


def _exemption(section: Section, text: str) -> Exemption | None:
    selector, on, service = text.partition(" on ")
    try:
        return Exemption(parse_selector(selector.strip()), parse_traffic(service) if on else EVERYTHING)
    except ValueError as error:
        section.refuse("except", str(error), "write it as exposure:addressed on tcp/80,tcp/443")
        return None


def exempt(exemptions: Iterable[Exemption], workload: Workload, service: Traffic, evidence: Evidence) -> Fact:
    """Whether a workload is exempt on all of a service."""
    return any_of((one.selector for one in exemptions if service <= one.service), workload, evidence)


def any_of(selectors: Iterable[Selector], workload: Workload, evidence: Evidence) -> Fact:
    """Whether one of several selectors means a workload."""
    facts = [means(one, workload, evidence) for one in selectors]
    sure = next((fact for fact in facts if fact.truth is Truth.YES), None)
    perhaps = [fact for fact in facts if fact.truth is Truth.UNKNOWN]
    if sure is not None or not perhaps:
        return sure or NO
    return Fact(Truth.UNKNOWN, workload.at, tuple(why for fact in perhaps for why in fact.reasons))
