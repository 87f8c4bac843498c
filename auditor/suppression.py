"""Suppressions: findings that somebody has answered for, with a reason and for how long."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from fnmatch import fnmatchcase

from auditor.finding import Finding, Judgement, Severity, fingerprint
from auditor.frozen import dataclass
from auditor.tree import Location

EXPIRED, UNUSED, INVALID = "suppression-expired", "suppression-unused", "suppression-invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """Findings of ``rules`` that are answered for: in ``lines`` of the file of ``at``, or of ``component``.

    ``component`` is an address, in which ``*`` and ``?`` stand for anything. ``until`` is the last day on
    which it holds.
    """

    rules: tuple[str, ...]
    at: Location
    reason: str
    until: date | None = None
    owner: str = ""
    lines: range | None = None
    component: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks of a finding."""
        if finding.rule not in self.rules:
            return False
        if self.lines is not None:
            return finding.at.path == self.at.path and finding.at.line in self.lines
        return finding.component == self.component or fnmatchcase(finding.component, _pattern(self.component))

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.until is not None and today > self.until


def _pattern(component: str) -> str:
    """An address as a pattern: the key of an instance is text, whatever stands in it."""
    return component.replace("[", "[[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invalid:
    """What was meant as a suppression and is none, and why."""

    at: Location
    why: str
    fix: str


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding and what answers for it."""

    finding: Finding
    by: Suppression


@dataclass(frozen=True, slots=True)
class Sifted:
    """The findings that stand, with those about suppressions themselves; and those that are suppressed."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]


def sift(
    findings: Iterable[Finding],
    suppressions: Sequence[Suppression],
    invalid: Iterable[Invalid],
    ran: Collection[str],
    today: date,
) -> Sifted:
    """Findings without those that are answered for.

    A suppression that has expired suppresses nothing and is a finding; one that covers nothing is told, as
    far as the rules that ``ran`` can tell.
    """
    kept: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[int] = set()
    for finding in findings:
        by = [one for one in suppressions if one.covers(finding)]
        used.update(map(id, by))
        valid = next((one for one in by if not one.expired(today)), None)
        if valid is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, valid))
    about = [_expired(one) for one in suppressions if one.expired(today) and id(one) in used]
    about += [
        _unused(one) for one in suppressions if id(one) not in used and all(rule in ran for rule in one.rules)
    ]
    about += [_invalid(one) for one in invalid]
    return Sifted((*kept, *about), tuple(suppressed))


def _expired(one: Suppression) -> Finding:
    owner = f" {one.owner} answers for it." if one.owner else ""
    return _about(
        EXPIRED,
        Severity.MEDIUM,
        one,
        f"The suppression of {', '.join(one.rules)} held until {one.until}: {one.reason}.{owner}",
        "Mend what it suppressed, or say until when it holds now.",
    )


def _unused(one: Suppression) -> Finding:
    return _about(
        UNUSED,
        Severity.INFO,
        one,
        f"Nothing is found here that the suppression of {', '.join(one.rules)} would cover.",
        "Remove it.",
    )


def _about(rule: str, severity: Severity, one: Suppression, message: str, fix: str) -> Finding:
    return _finding(rule, severity, one.at, (one.component or str(one.at.path), *one.rules), (message, fix))


def _invalid(one: Invalid) -> Finding:
    message = f"This suppresses nothing: {one.why}."
    return _finding(INVALID, Severity.MEDIUM, one.at, (one.at.path, one.why), (message, one.fix))


def _finding(
    rule: str, severity: Severity, at: Location, identity: tuple[str, ...], words: tuple[str, str]
) -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        judgement=Judgement.VIOLATED,
        component=identity[0],
        at=at,
        message=words[0],
        fix=words[1],
        fingerprint=fingerprint(rule, *identity),
    )


def suppression_rules() -> Iterator[tuple[str, str, Severity]]:
    """The rules about suppressions: their ids, titles and severities."""
    yield EXPIRED, "A suppression whose last day is over", Severity.MEDIUM
    yield UNUSED, "A suppression that covers no finding", Severity.INFO
    yield (
        INVALID,
        "A suppression that is none: without a reason, or of a rule that there is not",
        Severity.MEDIUM,
    )
