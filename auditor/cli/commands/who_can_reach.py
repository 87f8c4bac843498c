"""``netaudit who-can-reach``."""

from __future__ import annotations

import click

from auditor.cli.options import Settings, asked, paths_argument, shared_options, traffic_options


@click.command("who-can-reach")
@click.argument("target")
@paths_argument
@traffic_options
@shared_options
def command(settings: Settings, target: str, protocol: str | None, ports: tuple[str, ...]) -> None:
    """Tell every source that can open a connection to TARGET.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import network, progress, show
    from auditor.report import NeighboursDocument, Question

    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        neighbours = read.who_can_reach(target, asked(protocol, ports))
    show(
        NeighboursDocument(neighbours=neighbours, question=Question.WHO_CAN_REACH, inputs=read.input_names),
        settings,
    )
