"""``netaudit reach-from``."""

from __future__ import annotations

import click

from auditor.cli.options import Asked, NetworkCommand, Settings, traffic_options


@click.command("reach-from", cls=NetworkCommand)
@click.argument("source")
@traffic_options
@click.pass_obj
def command(settings: Settings, /, *, source: str, protocol: str | None, ports: tuple[str, ...]) -> None:
    """Tell every destination that SOURCE can open a connection to.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import network, progress, show
    from auditor.pipeline import asked_traffic
    from auditor.report import NeighboursDocument, Question

    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        neighbours = read.engine.reach_from(source, asked_traffic(Asked(protocol, ports).texts))
    question = Question.REACH_FROM
    show(NeighboursDocument(neighbours=neighbours, question=question, inputs=read.input_names), settings)
