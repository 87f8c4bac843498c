"""``netaudit who-can-reach``."""

from __future__ import annotations

import click

from auditor.cli.options import Asked, NetworkCommand, Settings, every_option, traffic_options


@click.command("who-can-reach", cls=NetworkCommand)
@click.argument("target")
@traffic_options
@every_option
@click.pass_obj
def command(
    settings: Settings, /, *, target: str, protocol: str | None, ports: tuple[str, ...], every: bool
) -> None:
    """Tell every source that can open a connection to TARGET.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import neighbours
    from auditor.report import Question

    neighbours(settings, Question.WHO_CAN_REACH, target, Asked(protocol, ports), every=every)
