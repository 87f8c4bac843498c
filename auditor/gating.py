"""``check`` as a gate: what of the findings stands, what is answered for, and what was there before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from auditor import disk, pipeline
from auditor.frozen import dataclass

if TYPE_CHECKING:
    from auditor.baseline import Entry
    from auditor.finding import Finding
    from auditor.model import Inventory
    from auditor.pipeline import Network
    from auditor.rules import Evidence, Judged, RuleDefinition
    from auditor.sources.checking import Checking
    from auditor.suppression import Invalid, Suppressed, Suppression


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """How findings are judged: the settings of the project, the baseline, and which day it is."""

    given: Checking
    baseline: tuple[Entry, ...] | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """What a run comes to: the findings that stand, those that are answered for, and those of the baseline.

    ``gone`` is what of the baseline is there no more, ``spent`` the seconds that each rule took.
    """

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    known: tuple[Finding, ...]
    gone: tuple[Entry, ...]
    spent: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """The rules that run, and the ids of all that there are, sorted: those that a suppression may name."""

    rules: tuple[RuleDefinition, ...]
    known: tuple[str, ...]


def chosen_rules(
    given: Checking,
    folders: Sequence[str],
    only: Sequence[str],
    skip: Sequence[str],
    own: Sequence[RuleDefinition] = (),
) -> Chosen:
    """The rules that run: those of the settings, and what the command line adds; its choice goes first.

    ``own`` are statements of the project's policy, and scopes.

    Raises RuleError for a rule that the settings name and that there is not.
    """
    from auditor.errors import RuleError, one_of
    from auditor.rules import some_rules
    from auditor.sources.checking import unknown_rule
    from auditor.suppression import suppression_rules

    whole = (*pipeline.rules((*given.folders, *folders)), *own)
    known = [rule.id for rule in whole]
    if wrong := unknown_rule(given, known):
        raise RuleError(f"no rule is called {wrong[0]!r}", at=str(wrong[1]), hint=one_of(wrong[0], known))
    chosen = some_rules(
        whole,
        only=only or (() if skip else given.only),
        skip=(*(rule for rule in given.skip if rule not in only), *skip),
    )
    about = [rule for rule, _, _ in suppression_rules()]
    return Chosen(
        rules=tuple(_as_severe(rule, given.severities) for rule in chosen),
        known=tuple(sorted({*known, *about})),
    )


def gate(network: Network, chosen: Chosen, tiers: Mapping[str, str], how: Gate) -> Gated:
    """The findings of the rules, sifted by suppressions and compared with the baseline."""
    from auditor.baseline import Compared, compared
    from auditor.rules import in_order
    from auditor.suppression import sift

    spent: dict[str, float] = {}
    found = pipeline.check(network, chosen.rules, tiers, spent)
    ran = frozenset(rule.id for rule in chosen.rules)
    suppressions, invalid = _suppressions(network, how.given, chosen.known)
    sifted = sift(found, suppressions, invalid, ran, how.today)
    findings = in_order(sifted.findings)
    known = compared(findings, how.baseline, ran) if how.baseline is not None else Compared(findings, (), ())
    return Gated(
        findings=known.new,
        suppressed=sifted.suppressed,
        known=known.known,
        gone=known.gone,
        spent=tuple(spent.items()),
    )


def touched(
    gated: Gated,
    base: Network | None,
    rules: Sequence[RuleDefinition],
    tiers: Mapping[str, str],
    changed: Mapping[str, tuple[range, ...]],
) -> Gated:
    """The findings that stand on ``changed`` lines, by real paths, or that ``base`` does not have.

    What the base leaves undetermined and the head violates is new. Without a base everything is.
    """
    from auditor.baseline import compared, entries

    before = entries(_found(base, rules, tiers)) if base is not None else ()
    new = set(compared(gated.findings, before, ()).new)
    kept = tuple(one for one in gated.findings if one in new or _is_on(one, changed))
    return replace(gated, findings=kept)


def _found(base: Network, rules: Sequence[RuleDefinition], tiers: Mapping[str, str]) -> tuple[Finding, ...]:
    """What the rules find; a policy that names what is not there finds nothing."""
    from auditor.errors import RuleError

    policy = [rule for rule in rules if rule.predicate == "policy"]
    found = pipeline.check(base, [rule for rule in rules if rule not in policy], tiers)
    try:
        return (*found, *pipeline.check(base, policy, tiers))
    except RuleError:
        return found


def _is_on(finding: Finding, changed: Mapping[str, tuple[range, ...]]) -> bool:
    lines = changed.get(disk.real(finding.at.path), ())
    return any(finding.at.line in each for each in lines)


def read_baseline(path: str) -> tuple[Entry, ...]:
    """The baseline in a file. Raises RuleError where there is none, or it is none."""
    from auditor.baseline import of_text
    from auditor.errors import RuleError

    try:
        return of_text(disk.content(path).decode("utf-8"), path)
    except OSError as error:
        hint = "netaudit check --write-baseline writes one"
        raise RuleError(f"cannot read: {error.strerror}", at=path, hint=hint) from error
    except UnicodeDecodeError as error:
        raise RuleError("not UTF-8", at=path) from error


def write_baseline(path: str, gated: Gated) -> None:
    """Write the findings that stand as a baseline, but for those about suppressions.

    Raises InputError where it cannot be written.
    """
    from pathlib import Path

    from auditor.baseline import entries, text_of
    from auditor.errors import InputError
    from auditor.suppression import suppression_rules

    disk.unrepeatable("a baseline was written")
    about = {rule for rule, _, _ in suppression_rules()}
    kept = (one for one in (*gated.findings, *gated.known) if one.rule not in about)
    try:
        Path(path).write_text(text_of(entries(kept)), encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot write: {error.strerror}", at=path) from error


def _as_severe(rule: RuleDefinition, severities: Mapping[str, str]) -> RuleDefinition:
    """The rule with the severity that the settings give it, whatever it would say of a place."""
    from auditor.finding import Severity

    if rule.id not in severities:
        return rule
    severity = Severity(severities[rule.id])

    def judge(evidence: Evidence) -> Iterator[Judged]:
        return (replace(judged, severity=severity) for judged in rule.judge(evidence))

    return replace(rule, severity=severity, judge=judge)


def _suppressions(
    network: Network, given: Checking, known: Sequence[str]
) -> tuple[tuple[Suppression, ...], tuple[Invalid, ...]]:
    """Those of the code and of the settings; a wrong one of the settings is an error.

    Code that was installed from elsewhere suppresses nothing: it is the project that answers for it.
    """
    from auditor.errors import RuleError
    from auditor.sources.suppressing.files import Found, ignored, suppressions_in

    paths = (path for path in _paths(network.inventory) if "/.terraform/" not in f"/{path}")
    in_code: Found = suppressions_in(paths, known)
    own: Found = ignored(given, known)
    for wrong in own.invalid:
        raise RuleError(f"ignore: {wrong.why}", at=str(wrong.at), hint=wrong.fix)
    return (*in_code.suppressions, *own.suppressions), in_code.invalid


def _paths(inventory: Inventory) -> Iterator[str]:
    """Every file that something of the network stands in."""
    from dataclasses import fields

    for each in fields(inventory):
        for one in getattr(inventory, each.name):
            at = getattr(one, "at", None)
            if at is not None:
                yield at.path
