"""``netaudit check``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings
from auditor.cli.outcome import Outcome, answered

if TYPE_CHECKING:
    from auditor.finding import Finding, Severity
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
@click.option("--allow-parse-errors", is_flag=True, help="Do not fail on files that do not parse.")
@click.pass_obj
@answered
def command(
    settings: Settings,
    /,
    *,
    fail_on: str | None,
    unknown: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    folders: tuple[str, ...],
    allow_parse_errors: bool,
) -> Outcome:
    """Put the rules to the network and show what they find.

    Exit codes: 0 nothing at or above --fail-on, 1 findings at or above it, 2 a file that does not parse, 3
    undecided findings under --unknown fail.
    """
    from auditor import pipeline
    from auditor.cli.run import configuration, network, outcome, progress
    from auditor.finding import Judgement, Severity

    given = configuration(settings)
    threshold = Severity(fail_on or _configured(given.fail_on))
    rules = pipeline.rules(folders, only=only, skip=skip)
    read = network(settings)
    with progress("checking the rules", quiet=settings.quiet):
        findings = pipeline.check(read, rules, given.tiers)
    if unknown == "hide":
        findings = tuple(each for each in findings if each.judgement is Judgement.VIOLATED)
    document = pipeline.findings_document(read, rules, findings)
    if not allow_parse_errors and (unread := _unread(read.inventory.gaps)):
        return outcome(document, settings, UNREAD, _warning(unread))
    return outcome(document, settings, _exit_code(findings, threshold, unknown))


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
