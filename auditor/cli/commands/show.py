"""``netaudit show``."""

from __future__ import annotations

import click

from auditor.cli.options import Settings, paths_argument, shared_options


@click.command("show")
@paths_argument
@shared_options
def command(settings: Settings) -> None:
    """Show what was read: the inventory, what is public, and what was not understood and why."""
    from auditor.cli.run import network, show
    from auditor.report import InventoryDocument

    read = network(settings)
    document = InventoryDocument(
        inventory=read.inventory, public=read.engine.public_workloads(), inputs=read.input_names
    )
    show(document, settings)
