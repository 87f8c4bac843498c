"""``netaudit check``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings
from auditor.cli.outcome import Outcome, answered

if TYPE_CHECKING:
    from auditor.finding import Finding, Severity
    from auditor.gating import Chosen, Gated
    from auditor.pipeline import Network
    from auditor.report import FindingsDocument
    from auditor.rules import RuleDefinition
    from auditor.sources.config import Configuration
    from auditor.tree import Gap

_SEVERITIES = ("info", "low", "medium", "high", "critical")

FINDINGS, UNREAD, UNDECIDED = 1, 2, 3


@click.command("check", cls=NetworkCommand)
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    help="The severity from which findings fail the run (default: high, or the configuration's).",
)
@click.option(
    "--unknown",
    type=click.Choice(["fail", "show", "hide"]),
    default="show",
    show_default=True,
    help="What to do with findings that depend on something the input does not say.",
)
@click.option("--only", multiple=True, metavar="ID", help="Run only this rule. Repeatable.")
@click.option("--skip", multiple=True, metavar="ID", help="Do not run this rule. Repeatable.")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="Run the rules of a folder too.")
@click.option(
    "--baseline",
    type=click.Path(),
    help="Findings that are in this file do not fail the run, and are only counted.",
)
@click.option(
    "--write-baseline",
    "new_baseline",
    type=click.Path(),
    help="Write what is found to this file, for --baseline.",
)
@click.option(
    "--changed-since",
    "since",
    metavar="REV",
    help="Only what stands on lines that differ from this revision of git, or was not found in it.",
)
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    metavar="FILE",
    help="Look for the paths of a Network Access Scope, in the JSON of the AWS API, or of preset:NAME "
    "(all-igw-ingress, aws-igw-egress, aws-vpc-ingress, aws-vpc-egress). Repeatable.",
)
@click.option("--allow-parse-errors", is_flag=True, help="Do not fail on files that do not parse.")
@click.pass_obj
@answered
def command(  # noqa: PLR0913 - one parameter an option
    settings: Settings,
    /,
    *,
    fail_on: str | None,
    unknown: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    folders: tuple[str, ...],
    baseline: str | None,
    new_baseline: str | None,
    since: str | None,
    scopes: tuple[str, ...],
    allow_parse_errors: bool,
) -> Outcome:
    """Put the rules to the network and show what they find.

    A finding is answered for by a comment, ``# netaudit:ignore RULE reason="…" until=2027-01-31``, by the
    metadata of a template's resource, by ``ignore`` in netaudit.yaml, or by the baseline.

    Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 a file that does not parse, 3
    undecided findings under --unknown fail.
    """
    from auditor.cli.run import configuration, network, outcome, progress
    from auditor.cli.scopes import own_rules
    from auditor.finding import Judgement, Severity
    from auditor.gating import chosen_rules, write_baseline

    given = configuration(settings)
    threshold = Severity(fail_on or _configured(given.fail_on))
    read = network(settings)
    own = own_rules(read.inventory, given.path, scopes)
    chosen = chosen_rules(given.checking, folders, only, skip, own=own)
    with progress("checking the rules", quiet=settings.quiet):
        gated = _gated(read, chosen, given, baseline)
        if since is not None:
            gated = _since(settings, since, gated, chosen.rules, given)
    if new_baseline is not None:
        write_baseline(new_baseline, gated)
    findings = gated.findings
    if unknown == "hide":
        findings = tuple(each for each in findings if each.judgement is Judgement.VIOLATED)
    document = _document(read, chosen.rules, findings, gated)
    if not allow_parse_errors and (unread := _unread(read.inventory.gaps)):
        return outcome(document, settings, UNREAD, _warning(unread))
    return outcome(document, settings, _exit_code(findings, threshold, unknown))


def _gated(read: Network, chosen: Chosen, given: Configuration, baseline: str | None) -> Gated:
    from datetime import date

    from auditor.gating import Gate, gate, read_baseline

    path = baseline or given.checking.baseline
    known = None if path is None else read_baseline(path)
    how = Gate(given=given.checking, baseline=known, today=date.today())  # noqa: DTZ011 - where it runs
    return gate(read, chosen, given.tiers, how)


def _since(
    settings: Settings, since: str, gated: Gated, rules: tuple[RuleDefinition, ...], given: Configuration
) -> Gated:
    """What of the findings a change touches, or newly makes."""
    from auditor.cli.revisions import networks_at
    from auditor.gating import touched
    from auditor.sources.revisions import changed_lines, revision

    found = revision(since)
    base = networks_at(settings, found)
    return touched(gated, base, rules, given.tiers, changed_lines(found))


def _document(
    read: Network, rules: tuple[RuleDefinition, ...], findings: tuple[Finding, ...], gated: Gated
) -> FindingsDocument:
    from dataclasses import replace

    from auditor import pipeline

    document = pipeline.findings_document(read, rules, findings)
    return replace(
        document, suppressed=gated.suppressed, known=gated.known, gone=gated.gone, spent=gated.spent
    )


def _configured(severity: str | None) -> str:
    from auditor.errors import RuleError

    if severity is not None and severity not in _SEVERITIES:
        raise RuleError(
            f"fail-on: {severity!r} is no severity", hint=f"one of {', '.join(_SEVERITIES)}, in netaudit.yaml"
        )
    return severity or "high"


def _unread(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    from auditor.tree import GapKind

    return tuple(gap for gap in gaps if gap.kind is GapKind.SYNTAX)


def _warning(unread: tuple[Gap, ...]) -> str:
    lines = [f"netaudit: {gap.at}: {gap.why}" for gap in unread]
    return "\n".join([*lines, "  hint: --allow-parse-errors judges the rest"])


def _exit_code(findings: Iterable[Finding], threshold: Severity, unknown: str) -> int:
    from auditor.finding import Judgement

    violated = [each for each in findings if each.judgement is Judgement.VIOLATED]
    if any(each.severity.rank >= threshold.rank for each in violated):
        return FINDINGS
    undecided = any(each.judgement is Judgement.UNDETERMINED for each in findings)
    return UNDECIDED if undecided and unknown == "fail" else 0
