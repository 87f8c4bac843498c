"""``netaudit reach-from``."""

from __future__ import annotations

import click

from auditor.cli.options import Settings, asked, paths_argument, shared_options, traffic_options


@click.command("reach-from")
@click.argument("source")
@paths_argument
@traffic_options
@shared_options
def command(settings: Settings, source: str, protocol: str | None, ports: tuple[str, ...]) -> None:
    """Tell every destination that SOURCE can open a connection to.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import network, progress, show
    from auditor.report import NeighboursDocument, Question

    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        neighbours = read.reach_from(source, asked(protocol, ports))
    show(
        NeighboursDocument(neighbours=neighbours, question=Question.REACH_FROM, inputs=read.input_names),
        settings,
    )
