"""Network ACLs: stateless, lowest number first, the first match wins, and what matches nothing is denied.

https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.frozen import dataclass
from auditor.model import AclEntry, Direction, Family, Truth
from auditor.reach.index import Index, place
from auditor.reach.points import ALL, PERHAPS, Clause, services_text
from auditor.traffic import EVERYTHING, IPV4, IPV6, NOTHING, Bounds, IntSet, Traffic, exact
from auditor.tree import Location, Presence, Reason

_BETWEEN_HOSTS = {
    Family.IPV4: Traffic.of(sources=IPV4, destinations=IPV4),
    Family.IPV6: Traffic.of(sources=IPV6, destinations=IPV6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """A network ACL in one direction, on the packets that it is asked about.

    ``assumed`` is set where the ACL is outside the input: what AWS gives by default, everything, is assumed.
    """

    component: str
    at: Location | None
    passes: Bounds[Traffic]
    clauses: tuple[Clause, ...] = ()
    assumed: bool = False

    def opens(self, family: Family) -> bool:
        """Whether everything between hosts of one address family certainly passes."""
        return self.passes is ALL or _BETWEEN_HOSTS[family] <= self.passes.must

    @property
    def opens_all(self) -> bool:
        """Whether everything between hosts of either family certainly passes."""
        return all(self.opens(family) for family in Family)


class Acls:
    """The network ACLs of an inventory and the subnets that use them."""

    def __init__(self, index: Index, *, strict: bool) -> None:
        self.index = index
        self.strict = strict
        self._screens: dict[tuple[str, Direction], Screen] = {}
        self._at_subnet: dict[tuple[str | None, str | None, Direction], tuple[Screen, ...]] = {}

    def in_effect(self, subnet: str | None, vpc: str | None) -> tuple[str | None, ...]:
        """The ACLs that a subnet may use; None for one that the input does not define.

        Where several are given to one subnet, the last that happens to be applied is in effect.
        """
        index = self.index
        found: list[str | None] = []
        settled = False
        for one in index.acl_associations.get(subnet or "", ()):
            sure = one.presence is Presence.CERTAIN and one.acl.certain and one.subnet.certain
            settled = settled or sure
            found.append(index.canonical(one.acl.id))
        if settled:
            return tuple(dict.fromkeys(found))
        if subnet in index.subnets:
            return (*dict.fromkeys(found), index.default_acl(vpc))
        # What is not known may be one of the subnets that are.
        for other in index.subnets_of.get(vpc or "", ()):
            found.extend(acl for acl in self.in_effect(other.id, vpc) if acl)
        return (*dict.fromkeys(found), None)

    def screens(self, subnet: str | None, vpc: str | None, direction: Direction) -> tuple[Screen, ...]:
        """The ACLs that may stand at a subnet's border, one of which does."""
        key = (subnet, vpc, direction)
        found = self._at_subnet.get(key)
        if found is None:
            acls = self.in_effect(subnet, vpc)
            found = self._at_subnet[key] = tuple(
                self.screen(acl, direction) if acl else self._outside(subnet, vpc) for acl in acls
            )
        return found

    def screen(self, acl: str, direction: Direction) -> Screen:
        """What an ACL lets pass in a direction."""
        found = self._screens.get((acl, direction))
        if found is None:
            found = self._screens[acl, direction] = self._compiled(acl, direction)
        return found

    def _compiled(self, acl: str, direction: Direction) -> Screen:
        entries = [one for one in self.index.acl_entries.get(acl, ()) if one.direction is direction]
        known = self.index.acls.get(acl)
        if known is None:
            implicit = acl in self.index.implicit_acls
            return self._beyond(acl, entries, direction, implicit=implicit)
        clauses = tuple(_clause(entry, direction) for entry in entries)
        return Screen(component=acl, at=known.at, passes=_first_match(entries, clauses), clauses=clauses)

    def _beyond(
        self, acl: str, entries: Sequence[AclEntry], direction: Direction, *, implicit: bool
    ) -> Screen:
        """An ACL that the input does not declare: its entries here come before all else that it allows."""
        clauses = tuple(_clause(entry, direction) for entry in entries)
        rest = ALL if implicit or not self.strict else PERHAPS
        passes = _first_match([*entries], clauses, rest=rest) if entries else rest
        why = () if rest is ALL else (_why(acl),)
        text = "all" if implicit else "all, as is AWS's default"
        last = Clause(component=acl, at=None, text=text, region=rest, reasons=why)
        return Screen(component=acl, at=None, passes=passes, clauses=(*clauses, last), assumed=not implicit)

    def _outside(self, subnet: str | None, vpc: str | None) -> Screen:
        name = f"the network ACL of {place(subnet, vpc)}"
        if not self.strict:
            allow = Clause(component=name, at=None, text="all, as is AWS's default", region=ALL)
            return Screen(component=name, at=None, passes=ALL, clauses=(allow,), assumed=True)
        clause = Clause(component=name, at=None, text="not known", region=PERHAPS, reasons=(_why(name),))
        return Screen(component=name, at=None, passes=PERHAPS, clauses=(clause,), assumed=True)


def _why(name: str) -> Reason:
    return Reason(f"the entries of {name}", Location(""), "the input that defines it, or a snapshot")


def _first_match(
    entries: Sequence[AclEntry], clauses: Sequence[Clause], rest: Bounds[Traffic] | None = None
) -> Bounds[Traffic]:
    """What passes, whatever the unknown entries are (``must``) and for some value of them (``may``).

    A packet certainly passes where a certain entry allows it and nothing that may come before may deny it;
    it perhaps passes where an entry may allow it and nothing that certainly comes before certainly denies
    it.
    """
    must: list[Traffic] = []
    may: list[Traffic] = []
    ordered = list(zip(entries, clauses, strict=True))
    for entry, clause in ordered:
        if entry.allow.truth is Truth.NO:
            continue
        if entry.allow.truth is Truth.YES and clause.region.must:
            before = [
                c.region.may for e, c in ordered if e.allow.truth is not Truth.YES and _may_precede(e, entry)
            ]
            must.append(clause.region.must - Traffic.union(before))
        before = [c.region.must for e, c in ordered if e.allow.truth is Truth.NO and _must_precede(e, entry)]
        may.append(clause.region.may - Traffic.union(before))
    if rest is not None:
        denied = Traffic.union(c.region.may for e, c in ordered if e.allow.truth is not Truth.YES)
        surely = Traffic.union(c.region.must for e, c in ordered if e.allow.truth is Truth.NO)
        must.append(rest.must - denied)
        may.append(rest.may - surely)
    passing = Bounds(Traffic.union(must), Traffic.union(may))
    if passing.must == EVERYTHING:
        return ALL
    return exact(passing.may) if passing.known else passing


def _may_precede(one: AclEntry, other: AclEntry) -> bool:
    return one.number is None or other.number is None or one.number <= other.number


def _must_precede(one: AclEntry, other: AclEntry) -> bool:
    return one.number is not None and other.number is not None and one.number < other.number


def _clause(entry: AclEntry, direction: Direction) -> Clause:
    addresses = entry.peer.addresses
    must, may = (_facing(direction, part) for part in (addresses.must, addresses.may))
    region = entry.service & (exact(may) if addresses.known else Bounds(must, may))
    if entry.presence is not Presence.CERTAIN or not entry.acl.certain:
        region = Bounds(NOTHING, region.may)
    allows = entry.allow.truth is not Truth.NO
    word = {Truth.YES: "allow", Truth.NO: "deny", Truth.UNKNOWN: "allow or deny"}[entry.allow.truth]
    end = "from" if direction is Direction.INGRESS else "to"
    number = "an unknown number" if entry.number is None else str(entry.number)
    services = services_text(entry.service.may)
    if entry.allow.truth is Truth.UNKNOWN:
        region = Bounds(NOTHING, region.may)
    return Clause(
        component=entry.component,
        at=entry.at,
        text=f"{number}: {word} {services} {end} {entry.peer.text}",
        region=region,
        allows=allows,
        reasons=entry.reasons + entry.peer.reasons + entry.allow.reasons,
        undecided=entry.number is None,
    )


def _facing(direction: Direction, addresses: IntSet) -> Traffic:
    if direction is Direction.INGRESS:
        return Traffic.of(sources=addresses)
    return Traffic.of(destinations=addresses)


def assumptions(screens: Iterable[Screen]) -> tuple[str, ...]:
    """What has been assumed about the ACLs outside the input, as notes."""
    return tuple(
        dict.fromkeys(
            f"{screen.component} is outside the input: AWS's default, allow all, is assumed"
            for screen in screens
            if screen.assumed and screen.passes.must
        )
    )
