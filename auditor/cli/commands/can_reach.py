"""``netaudit can-reach``."""

from __future__ import annotations

from collections.abc import Iterable

import click

from auditor.cli.options import (
    Asked,
    NetworkCommand,
    Settings,
    every_option,
    proxies_option,
    traffic_options,
)
from auditor.cli.outcome import Outcome, answered

FAILED, UNDECIDED = 1, 3


@click.command(
    "can-reach", cls=NetworkCommand, short_help="Tell whether SOURCE can reach DESTINATION, with the proof."
)
@click.argument("source")
@click.argument("destination")
@traffic_options
@proxies_option
@every_option
@click.option(
    "--assert",
    "asserted",
    type=click.Choice(["reachable", "blocked"]),
    help="Exit 0 if this is the verdict, 1 if it is not, 3 if it is unknown.",
)
@click.pass_obj
@answered
def command(
    settings: Settings,
    /,
    *,
    source: str,
    destination: str,
    protocol: str | None,
    ports: tuple[str, ...],
    every: bool,
    through_proxies: bool,
    asserted: str | None,
) -> Outcome:
    """Tell whether SOURCE can open a connection to DESTINATION, with the proof.

    The answer is the path hop by hop, or everything that blocks it, or what it depends on.
    """
    from auditor.cli.run import endpoints, network, outcome, progress
    from auditor.reach.asked import asked_traffic
    from auditor.report import AnswerDocument, several

    traffic = asked_traffic(Asked(protocol, ports).texts)
    read = network(settings)
    with progress("following the packets", quiet=settings.quiet):
        documents = tuple(
            AnswerDocument(
                answer=read.further.can_reach(start, end, traffic, through_proxies=through_proxies),
                names=(start.name, end.name),
                inputs=read.input_names,
            )
            for start in endpoints(read, source, every=every)
            for end in endpoints(read, destination, every=every)
        )
    verdicts = {document.answer.verdict.value for document in documents}
    return outcome(several(documents, every=every), settings, _exit_code(verdicts, asserted))


def _exit_code(verdicts: Iterable[str], asserted: str | None) -> int:
    """A one-way path opens no connection, and lets packets through: it satisfies neither assertion."""
    if asserted is None:
        return 0
    others = set(verdicts) - {asserted}
    if others - {"unknown"}:
        return FAILED
    return UNDECIDED if others else 0
