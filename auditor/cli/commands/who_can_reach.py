"""``netaudit who-can-reach``."""

from __future__ import annotations

import click

from auditor.cli.options import (
    Asked,
    NetworkCommand,
    Settings,
    every_option,
    traffic_options,
    ways_options,
)
from auditor.cli.outcome import Outcome, answered


@click.command("who-can-reach", cls=NetworkCommand)
@click.argument("target")
@traffic_options
@ways_options
@every_option
@click.pass_obj
@answered
def command(
    settings: Settings,
    /,
    *,
    target: str,
    protocol: str | None,
    ports: tuple[str, ...],
    every: bool,
    through_proxies: bool,
    lateral: int | None,
) -> Outcome:
    """Tell every source that can open a connection to TARGET.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import neighbours
    from auditor.reach.asked import Ways
    from auditor.report import Question

    asked = (Asked(protocol, ports), Ways(through_proxies, lateral or 0))
    return neighbours(settings, Question.WHO_CAN_REACH, target, asked, every=every)
