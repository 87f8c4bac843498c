"""What ways go through: firewalls, gateways, peerings, by name or by kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from auditor.errors import nearest
from auditor.model import TargetKind
from auditor.reach.names import label, plain
from auditor.rules.evidence import Evidence
from auditor.rules.policy.statement import Names
from auditor.rules.section import Problem

_KINDS = frozenset(
    {
        "network-firewall",
        "transit-gateway-attachment",
        *(kind.value for kind in TargetKind if kind not in {TargetKind.LOCAL, TargetKind.UNKNOWN}),
    }
)
_SAID = {
    "firewall": "network-firewall",
    "nat": "nat-gateway",
    "peering": "vpc-peering",
    "vpn": "vpn-gateway",
    "egress-only-gateway": "egress-only-internet-gateway",
}


@dataclass(frozen=True)
class Components:
    """What stands on ways in one network, by its names."""

    evidence: Evidence
    names: Mapping[str, Names]
    problems: list[Problem]
    _known: dict[Names, frozenset[str]] = field(default_factory=dict)

    def keys(self, names: Names) -> frozenset[str]:
        """The ids and kinds that names stand for."""
        if names not in self._known:
            self._known[names] = frozenset(self._keys(names))
        return self._known[names]

    def _keys(self, names: Names) -> Iterator[str]:
        for one in names:
            word = one.text.lower()
            if one.text in self.names:
                yield from self._keys(self.names[one.text])
            elif one.text in self._by_name:
                yield from self._by_name[one.text]
            elif word in _SAID or word in _KINDS:
                yield _SAID.get(word, word)
            elif plain(one.text) in self._by_name:
                yield from self._by_name[plain(one.text)]
            else:
                known = (*self.names, *_SAID, *sorted(_KINDS), *sorted(self._by_name))
                hint = nearest(one.text, known) or f"a name, or one of {', '.join(sorted((*_SAID, *_KINDS)))}"
                message = f"no way goes through anything named {one.text!r}"
                self.problems.append(Problem(str(one.at), message, hint))

    @cached_property
    def _by_name(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for identity, names in self._named():
            for name in (identity, *names, label(identity)):
                for spelling in (name, plain(name)):
                    found.setdefault(spelling, set()).add(identity)
        return {name: frozenset(ids) for name, ids in found.items()}

    def _named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        inventory = self.evidence.engine.inventory
        for group in (
            inventory.firewalls,
            inventory.nat_gateways,
            inventory.gateways,
            inventory.transit_gateways,
            inventory.transit_attachments,
            inventory.peerings,
            inventory.vpc_endpoints,
            inventory.workloads,
        ):
            for one in group:
                yield one.id, getattr(one, "names", ())
        for firewall in inventory.firewalls:
            yield from ((endpoint.id, ()) for endpoint in firewall.endpoints)
