"""``netaudit can-reach``."""

from __future__ import annotations

import sys

import click

from auditor.cli.options import Asked, NetworkCommand, Settings, traffic_options


@click.command("can-reach", cls=NetworkCommand)
@click.argument("source")
@click.argument("destination")
@traffic_options
@click.option(
    "--assert",
    "asserted",
    type=click.Choice(["reachable", "blocked"]),
    help="Exit 0 if this is the verdict, 1 if it is not, 3 if it is unknown.",
)
@click.pass_obj
def command(
    settings: Settings,
    /,
    *,
    source: str,
    destination: str,
    protocol: str | None,
    ports: tuple[str, ...],
    asserted: str | None,
) -> None:
    """Tell whether SOURCE can open a connection to DESTINATION, with the proof.

    The answer is the path hop by hop, or everything that blocks it, or what it depends on.
    """
    from auditor.cli.run import network, progress, show
    from auditor.report import AnswerDocument

    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        answer = read.can_reach(source, destination, Asked(protocol, ports).texts)
    show(AnswerDocument(answer=answer, inputs=read.input_names), settings)
    sys.exit(_exit_code(answer.verdict.value, asserted))


def _exit_code(verdict: str, asserted: str | None) -> int:
    """A one-way path opens no connection, and lets packets through: it satisfies neither assertion."""
    if asserted is None or verdict == asserted:
        return 0
    return 3 if verdict == "unknown" else 1
