"""``netaudit show``."""

from __future__ import annotations

import click

from auditor.cli.options import NetworkCommand, Settings
from auditor.cli.outcome import Outcome, answered


@click.command(
    "show", cls=NetworkCommand, short_help="Show what was read, what is public, what was not understood."
)
@click.pass_obj
@answered
def command(settings: Settings, /) -> Outcome:
    """Show what was read: the inventory, what is public, tiers, environments, and what was not understood."""
    from auditor.cli.run import network, outcome
    from auditor.reach.environments import Environments
    from auditor.reach.exposure import public_workloads
    from auditor.report import InventoryDocument

    read = network(settings)
    public = public_workloads(read.engine)
    kinds = tuple(each.kind.value for each in read.inputs)
    placed = tuple(each for each in read.inventory.workloads if each.placed)
    tiers = read.engine.tiers
    environments = Environments(read.engine.index, read.engine.carriers)
    document = InventoryDocument(
        inventory=read.inventory,
        public=public,
        inputs=read.input_names,
        kinds=kinds,
        tiers=tuple((each, tiers.of(each), tiers.doubts(each)) for each in placed),
        environments=tuple((each, environments.of(each), environments.doubts(each)) for each in placed),
    )
    return outcome(document, settings)
