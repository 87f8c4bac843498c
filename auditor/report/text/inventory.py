"""``show`` as text: how much of what was read, what is public, what was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from auditor.model import Acl, Gateway, Group, Inventory, NatGateway, RouteTable, Subnet, Truth, Vpc, Workload
from auditor.reach.environments import Environment, EnvironmentName
from auditor.reach.exposure import Exposed
from auditor.reach.tiers import Tier, TierName
from auditor.report.documents import InventoryDocument, Style
from auditor.report.text.paint import columns, gap_lines, packed, paint, reason_lines, wrapped
from auditor.tree import Reason

_EACH = 12

Told = tuple[Workload, Tier | Environment | None, tuple[Reason, ...]]
Named = Acl | Gateway | Group | NatGateway | RouteTable | Subnet | Vpc | Workload


def inventory_lines(document: InventoryDocument, style: Style) -> list[str]:
    """Counts of each kind with names, public workloads, workloads whose type is not modelled, and gaps."""
    inventory = document.inventory
    lines = [
        *wrapped(", ".join(_inputs(document)), style, f"{paint('read', 'bold', style)} ", hanging="     "),
        "",
    ]
    lines += columns(list(_counts(inventory, style))) or ["  nothing that bears on the network"]
    if document.public:
        lines += ["", paint("public", "bold", style)]
        lines += [line for exposed in document.public for line in _exposed(exposed, style)]
    lines += _sorted("tiers", TierName, document.tiers, style)
    if any(environment or doubts for _, environment, doubts in document.environments):
        lines += _sorted("environments", EnvironmentName, document.environments, style)
    strange = [workload for workload in inventory.workloads if not workload.modelled]
    if strange:
        lines += ["", paint("of a type that is not modelled: where it stands is not known", "bold", style)]
        for each in strange:
            lines += packed("  ", [(each.id, ""), (str(each.at), "dim")], style, 2)
    if inventory.gaps:
        lines += ["", paint("not understood", "bold", style), *gap_lines(inventory.gaps, style)]
    return lines


def _inputs(document: InventoryDocument) -> Iterator[str]:
    """The inputs, each with its language where that is not plain Terraform."""
    kinds = document.kinds or ("",) * len(document.inputs)
    for path, kind in zip(document.inputs, kinds, strict=True):
        yield path if kind in {"", "terraform"} else f"{path} ({kind})"


def _exposed(exposed: Exposed, style: Style) -> list[str]:
    end = exposed.end
    certain = exposed.public.truth is Truth.YES
    address = "" if end.address == end.name else end.address
    segments = [
        (end.name + ("" if certain else " (perhaps)"), ""),
        (address, "dim"),
        (str(end.at or ""), "dim"),
    ]
    return [
        *packed("  ", segments, style, 2),
        *(reason_lines(exposed.public.reasons, style) if not certain else ()),
    ]


def _sorted(title: str, names: Iterable[str], told: Iterable[Told], style: Style) -> list[str]:
    """The workloads of each tier or environment, and by which sign; those of none last."""
    rows: dict[str, list[list[str]]] = {name: [] for name in (*names, "unknown", "none")}
    for workload, found, doubts in told:
        name, why = _why(found, doubts)
        text = wrapped(f"{_name(workload)}: {why}", style, "", width=max(30, min(style.width, 120) - 12))
        rows[name].append([name, "\n".join(text)])
    if not any(rows.values()):
        return []
    shown = [row for ones in rows.values() for row in (ones if style.verbose else ones[:_EACH])]
    more = [(name, len(ones) - _EACH) for name, ones in rows.items() if len(ones) > _EACH]
    lines = ["", paint(title, "bold", style), *columns(shown)]
    if more and not style.verbose:
        lines.append(f"  … {', '.join(f'{count} more of {name}' for name, count in more)} (--verbose)")
    return lines


def _why(found: Tier | Environment | None, doubts: Sequence[Reason]) -> tuple[str, str]:
    """What a workload is, and by which sign; what is not known of stronger ones is said with it."""
    open_ = ", ".join(f"{why.what} ({why.settled_by or why.at})" for why in doubts)
    if found is None:
        return ("unknown", f"by {open_}") if doubts else ("none", "nothing says")
    return found.name.value, f"{found.reason}; or another, by {open_}" if doubts else found.reason


def _counts(inventory: Inventory, style: Style) -> Iterator[list[str]]:
    kinds: dict[str, list[Named]] = {
        "VPC": [*inventory.vpcs],
        "subnet": [*inventory.subnets],
        "route table": [*inventory.tables],
        "network ACL": [*inventory.acls],
        "gateway": [*inventory.gateways, *inventory.nat_gateways],
        "security group": [*inventory.groups],
    }
    for workload in sorted(inventory.workloads, key=lambda each: each.kind):
        kinds.setdefault(workload.kind, []).append(workload)
    for kind, components in kinds.items():
        if components:
            noun = kind if "_" in kind or len(components) == 1 else f"{kind}s"
            yield [str(len(components)), noun, _some([_name(each) for each in components], kinds, style)]


def _name(component: Named) -> str:
    """The name that people know it by: its Name tag, its own name, or its address in the input."""
    tags = () if isinstance(component, Gateway | Workload) else component.tags
    return dict(tags).get("Name") or next(iter(component.names), "") or component.id


def _some(names: Sequence[str], kinds: Sequence[str] | dict[str, list[Named]], style: Style) -> str:
    shown = ", ".join(names if style.verbose else names[:_EACH])
    if not style.verbose and len(names) > _EACH:
        shown += f", … {len(names) - _EACH} more"
    taken = max(len(kind) for kind in kinds) + 10
    return "\n".join(wrapped(shown, style, "", width=max(30, min(style.width, 120) - taken)))
