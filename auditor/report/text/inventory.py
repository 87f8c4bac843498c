"""``show`` as text: how much of what was read, what is public, what was not understood."""

from __future__ import annotations

from collections import Counter

from auditor.model import Inventory, Workload
from auditor.report.documents import InventoryDocument, Style
from auditor.report.text.paint import columns, gap_lines, paint

_EACH = 12


def inventory_lines(document: InventoryDocument, style: Style) -> list[str]:
    """Counts of each kind with names, public workloads, workloads whose type is not modelled, and gaps."""
    inventory = document.inventory
    lines = [f"{paint('read', 'bold', style)} {', '.join(document.inputs)}", ""]
    lines += columns(
        [[str(count), what, names] for what, count, names in _counts(inventory, style)], ["", "", ""]
    )[1:]
    if document.public:
        lines += [
            "",
            paint("public", "bold", style),
            *columns([[e.name, e.address, str(e.at or "")] for e in document.public], []),
        ]
    strange = [workload for workload in inventory.workloads if not workload.modelled]
    if strange:
        lines += ["", paint("of a type that is not modelled, placement unknown", "bold", style)]
        lines += columns([[each.id, each.kind, str(each.at)] for each in strange], [])
    if inventory.gaps:
        lines += ["", paint("not understood", "bold", style)]
        lines += gap_lines(inventory.gaps, style)
    return lines


def _counts(inventory: Inventory, style: Style) -> list[tuple[str, int, str]]:
    most = None if style.verbose else _EACH
    rows: list[tuple[str, list[str]]] = [
        ("VPCs", [each.id for each in inventory.vpcs]),
        ("subnets", [each.id for each in inventory.subnets]),
        ("route tables", [each.id for each in inventory.tables]),
        ("network ACLs", [each.id for each in inventory.acls]),
        (
            "gateways",
            [*(each.id for each in inventory.gateways), *(each.id for each in inventory.nat_gateways)],
        ),
        ("security groups", [each.id for each in inventory.groups]),
    ]
    counted = [(what, len(ids), _some(ids, most, style)) for what, ids in rows if ids]
    kinds = Counter(workload.kind for workload in inventory.workloads)
    counted += [
        (kind, count, _some(_ids(inventory.workloads, kind), most, style))
        for kind, count in sorted(kinds.items())
    ]
    return counted


def _ids(workloads: tuple[Workload, ...], kind: str) -> list[str]:
    return [workload.id for workload in workloads if workload.kind == kind]


def _some(ids: list[str], most: int | None, style: Style) -> str:
    import textwrap

    shown = ", ".join(ids[:most])
    if most is not None and len(ids) > most:
        shown += f", … {len(ids) - most} more"
    return "\n".join(
        textwrap.wrap(shown, width=max(30, style.width - 34), break_long_words=False, break_on_hyphens=False)
    )
