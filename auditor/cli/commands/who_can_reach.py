"""``netaudit who-can-reach``."""

from __future__ import annotations

import click

from auditor.cli.options import Asked, NetworkCommand, Settings, traffic_options


@click.command("who-can-reach", cls=NetworkCommand)
@click.argument("target")
@traffic_options
@click.pass_obj
def command(settings: Settings, /, *, target: str, protocol: str | None, ports: tuple[str, ...]) -> None:
    """Tell every source that can open a connection to TARGET.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import network, progress, show
    from auditor.pipeline import asked_traffic
    from auditor.report import NeighboursDocument, Question

    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        neighbours = read.engine.who_can_reach(target, asked_traffic(Asked(protocol, ports).texts))
    question = Question.WHO_CAN_REACH
    show(NeighboursDocument(neighbours=neighbours, question=question, inputs=read.input_names), settings)
