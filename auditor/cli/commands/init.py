"""``netaudit init``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from auditor.cli.options import NetworkCommand, Settings

if TYPE_CHECKING:
    from auditor.rules import Evidence


@click.command("init", cls=NetworkCommand, short_help="Write a commented netaudit.yaml for what is found.")
@click.pass_obj
def command(settings: Settings, /) -> None:
    """Write a commented netaudit.yaml: the tiers with their reasons, the groups, and a proposal of policy.

    It is written here, or to the file of -o, and never over a file that is there.
    """
    from pathlib import Path

    from auditor.cli.run import network, progress
    from auditor.errors import UsageError
    from auditor.report.text.configuration import configuration_text
    from auditor.rules import Evidence
    from auditor.rules.policy.proposals import proposals
    from auditor.sources.config import DEFAULT_NAME

    path = Path(settings.output or DEFAULT_NAME)
    if path.exists():
        raise UsageError(f"{path} is there already", hint="give another file with -o, or remove it")
    read = network(settings)
    evidence = Evidence(read.engine, dict(read.tiers))
    with progress("trying what the policy may say", quiet=settings.quiet):
        text = configuration_text(
            read.input_names,
            [(each, evidence.tiers.of(each)) for each in evidence.workloads],
            list(_groups(evidence)),
            [(each.text, each.objection) for each in proposals(evidence)],
        )
    path.write_text(text, encoding="utf-8")
    if not settings.quiet:
        click.echo(f"{path} is written; read it, and run netaudit check")


def _groups(evidence: Evidence) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The groups that have members, each by a name that no other has."""
    from auditor.reach.names import label

    seen: set[str] = set()
    for identity in evidence.engine.index.groups:
        members = evidence.engine.carriers.members.get(identity, ())
        name = label(identity)
        if members and name not in seen:
            seen.add(name)
            yield name, identity, tuple(each.id for each in members)
