"""``netaudit rules``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from auditor.rules import RuleDefinition


@click.group("rules")
def command() -> None:
    """List the rules, show one, or run one's own against its examples."""


@command.command("list")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="List the rules of a folder too.")
@click.option(
    "--format",
    "how",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to print.",
)
def list_rules(folders: tuple[str, ...], how: str) -> None:
    """List every rule with its severity and title; as JSON with all that its file says but the examples."""
    from auditor import pipeline

    rules = pipeline.rules(folders)
    if how == "json":
        click.echo(_json(rules))
        return
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        click.echo(f"{rule.id:{width}}  {rule.severity.value:8}  {rule.title}")


@command.command("show")
@click.argument("identity", metavar="ID")
@click.option("--rules", "folders", multiple=True, metavar="DIR", help="Look into a folder of rules too.")
def show_rule(identity: str, folders: tuple[str, ...]) -> None:
    """Show what a rule asks, why it matters, how to mend it, and its examples."""
    from auditor import pipeline

    (rule,) = pipeline.rules(folders, only=(identity,))
    click.echo("\n".join(_lines(rule)))


def _json(rules: Sequence[RuleDefinition]) -> str:
    import json

    from auditor import __version__

    rows = [
        {
            "id": rule.id,
            "title": rule.title,
            "family": rule.family,
            "severity": rule.severity.value,
            "why": rule.why,
            "fix": rule.fix,
            "references": list(rule.references),
            "frameworks": {name: list(clauses) for name, clauses in rule.frameworks},
            "question": rule.predicate,
            "at": rule.at,
        }
        for rule in rules
    ]
    document = {"schema": "netaudit/rules/1", "netaudit": __version__, "rules": rows}
    return json.dumps(document, indent=2, ensure_ascii=False)


def _lines(rule: RuleDefinition) -> list[str]:
    lines = [f"{rule.id} ({rule.severity.value})", rule.title, "", rule.why, "", f"fix: {rule.fix}", ""]
    lines += [f"{name}: {', '.join(clauses)}" for name, clauses in rule.frameworks]
    lines += [f"see {reference}" for reference in rule.references]
    for example in rule.examples:
        lines += ["", f"example, {example.expect.value}: {example.name}", ""]
        lines += [f"  {line}".rstrip() for line in example.terraform.rstrip().splitlines()]
    return lines


@command.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="FILE", type=click.Path())
@click.option("--debug", is_flag=True, help="Show a traceback where netaudit itself fails.")
def test_rules(paths: tuple[str, ...], debug: bool) -> None:  # noqa: ARG001, FBT001 - read by the command line
    """Run the rule in each FILE against its examples; exit 1 where one does not prove it."""
    from pathlib import Path

    from auditor import pipeline
    from auditor.rules import load_file

    failed = False
    for path in paths:
        rule = load_file(Path(path))
        failures = tuple(pipeline.failing_examples(rule))
        failed = failed or bool(failures)
        click.echo(f"{rule.id}: {len(rule.examples)} examples, {len(failures)} failing")
        for failure in failures:
            click.echo(f"  {failure}")
    sys.exit(1 if failed else 0)
