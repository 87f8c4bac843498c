"""``netaudit reach-from``."""

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


@click.command(
    "reach-from", cls=NetworkCommand, short_help="Tell every destination that SOURCE can connect to."
)
@click.argument("source")
@traffic_options
@ways_options
@every_option
@click.pass_obj
@answered
def command(
    settings: Settings,
    /,
    *,
    source: str,
    protocol: str | None,
    ports: tuple[str, ...],
    every: bool,
    through_proxies: bool,
    lateral: int | None,
) -> Outcome:
    """Tell every destination that SOURCE can open a connection to.

    Each comes with its traffic, the rules that let it, and where they stand.
    """
    from auditor.cli.run import neighbours
    from auditor.reach.asked import Ways
    from auditor.report import Question

    asked = (Asked(protocol, ports), Ways(through_proxies, lateral or 0))
    return neighbours(settings, Question.REACH_FROM, source, asked, every=every)
