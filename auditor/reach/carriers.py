"""Which workload carries what: subnets, groups and public addresses, its own and those that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from auditor.model import (
    Accelerated,
    Calls,
    ElasticIp,
    ElasticIpAssociation,
    Fact,
    Family,
    GroupAttachment,
    Link,
    Links,
    Placement,
    Profile,
    Truth,
    Workload,
)
from auditor.reach.filing import Cabinet
from auditor.reach.index import Index
from auditor.tree import Presence, Reason

Owner = Workload | Profile
_Given = ElasticIp | ElasticIpAssociation


def _attached(one: GroupAttachment) -> Link:
    """The group of an attachment, certain only where all of it is."""
    sure = one.presence is Presence.CERTAIN and one.group.certain and one.interface.certain
    return one.group if sure else Link(one.group.id, one.at, certain=False, reasons=one.group.reasons)


class Carriers:
    """The workloads of an inventory with everything that other resources put on them."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._cabinet = Cabinet(index.canonical)
        self.workloads: Mapping[str, Workload] = {one.id: one for one in index.inventory.workloads}
        self._profiles = {one.id: one for one in index.inventory.profiles}

    @cached_property
    def _attached_groups(self) -> Mapping[str, list[Link]]:
        attachments = self._cabinet.filed(self.index.inventory.group_attachments, "interface", self._single)
        return {identity: list(map(_attached, ones)) for identity, ones in attachments.items()}

    @cached_property
    def _single(self) -> tuple[str, ...]:
        """What has one interface: all that a resource which names an instance or an interface may mean."""
        return tuple([one.id for one in self.workloads.values() if one.placement is Placement.ONE])

    @cached_property
    def interfaces(self) -> Mapping[str, list[Workload]]:
        """The interfaces of each instance that are declared on their own, by the instance's id."""
        found: dict[str, list[Workload]] = {}
        attachments = self.index.inventory.interface_attachments
        for instance, ones in self._cabinet.filed(attachments, "instance", self._single).items():
            ids = (identity for one in ones for identity in (one.interface.id, *one.interface.among))
            known = (self.workloads.get(self.index.canonical(identity)) for identity in ids)
            interfaces = [one for one in known if one]
            if interfaces:
                found[instance] = interfaces
        return found

    @cached_property
    def _holders(self) -> Mapping[str, bool]:
        """What an Elastic IP is given to, and whether it certainly is; an instance has it on an interface."""
        found: dict[str, bool] = {}
        inventory = self.index.inventory
        facts: tuple[_Given, ...] = (*inventory.elastic_ips, *inventory.elastic_ip_associations)
        for identity, ones in self._cabinet.filed(facts, "holder", self._single).items():
            found[identity] = any(
                one.presence is Presence.CERTAIN and one.holder is not None and one.holder.certain
                for one in ones
            )
        for instance, interfaces in self.interfaces.items():
            workload = self.workloads.get(instance)
            if instance in found and (workload is None or self.subnets(workload) == Links()):
                sure = found[instance] and len(interfaces) == 1
                found.update({one.id: found.get(one.id, False) or sure for one in interfaces})
        return found

    @cached_property
    def members(self) -> Mapping[str, list[Workload]]:
        """The workloads that carry a group, or may, by the group's id; see ``undecided`` for the rest."""
        found: dict[str, list[Workload]] = {}
        for workload in self.workloads.values():
            for identity in self.group_ids(workload):
                found.setdefault(identity, []).append(workload)
        return found

    @cached_property
    def undecided(self) -> tuple[Workload, ...]:
        """The workloads that may carry any group, as what names their groups is not known."""
        return tuple(one for one in self.workloads.values() if one.filtered and self.groups(one).open)

    def group_ids(self, workload: Workload) -> tuple[str, ...]:
        """The groups that a workload carries or may carry; its VPC's default where it names none."""
        links = self.groups(workload)
        return tuple(dict.fromkeys(self.index.canonical(link.id) for link in links.items))

    def subnets(self, workload: Workload) -> Links:
        """The subnets of a workload, its own and those of its profiles."""
        found = self._merged(workload, lambda one: one.subnets)
        return found if found.items or found.open else self._from_missing(workload, found, "subnets")

    def groups(self, workload: Workload) -> Links:
        """The groups of a workload: its own, its profiles', those attached to it, or the default one.

        What lies in no VPC has no default group.
        """
        own = self._merged(workload, lambda one: one.groups)
        found = Links(own.items + tuple(self._attached_groups.get(workload.id, ())), own.open)
        if found.items or found.open or not workload.filtered:
            return found
        found = self._from_missing(workload, found, "groups")
        if found.open or not (workload.default_group and workload.placed):
            return found
        return self._default(workload)

    def calls(self, workload: Workload) -> tuple[Calls, ...]:
        """What a workload cannot do without, by what it is and by what it is or may be made from."""
        why = (Reason(f"what {workload.id} is made from", workload.at),)
        found: dict[Calls, Calls] = {}
        for owner, sure in self._owners(workload):
            for each in owner.calls:
                calls = each if sure else replace(each, open=each.open or why)
                known = found.setdefault(replace(calls, open=()), calls)
                if known.open and not calls.open:
                    found[calls] = calls
        return tuple(found.values())

    def takes_default(self, workload: Workload) -> Fact:
        """Whether a workload carries its VPC's default group as nothing names another group for it."""
        own = self._merged(workload, lambda one: one.groups)
        named = own.items or self._attached_groups.get(workload.id)
        if named or not (workload.filtered and workload.default_group and workload.placed):
            return Fact(Truth.NO)
        unsure = own.open or self._from_missing(workload, Links(), "groups").open
        if unsure:
            return Fact(Truth.UNKNOWN, workload.at, unsure)
        return Fact(Truth.YES, workload.at)

    def _default(self, workload: Workload) -> Links:
        vpc = self.vpc(workload)
        default = self.index.default_group(vpc)
        if default:
            return Links((Link(default, workload.at),))
        what = f"the default security group of {vpc or 'its VPC'}"
        return Links(open=(Reason(what, workload.at, "the input that defines the VPC, or a snapshot"),))

    def vpc(self, workload: Workload) -> str | None:
        """The VPC of a workload, by what it says, its subnets, or its groups."""
        index = self.index
        if workload.vpc:
            return index.canonical(workload.vpc.id)
        for link in self.subnets(workload).items:
            known = index.vpc_of_subnet(index.canonical(link.id))
            if known and link.certain:
                return known
        own = self._merged(workload, lambda one: one.groups).items
        for link in (*own, *self._attached_groups.get(workload.id, ())):
            used = index.vpcs_of_group(index.canonical(link.id))
            if len(used) == 1 and link.certain:
                return used[0][0]
        return None

    def public(self, workload: Workload) -> Fact | None:
        """Whether a workload has a public IPv4 address, or None where its subnet decides."""
        held = self._holders.get(workload.id)
        if held:
            return Fact(Truth.YES, workload.at)
        own = workload.public or self._public_of_profiles(workload)
        if held is None or (own and own.truth is Truth.YES):
            return own
        reason = Reason(f"whether an Elastic IP is given to {workload.id}", workload.at)
        return Fact(Truth.UNKNOWN, workload.at, (reason,))

    def _public_of_profiles(self, workload: Workload) -> Fact | None:
        """What the profiles of a workload say; unknown where they differ, or none certainly counts."""
        found = [(one.public, sure) for one, sure in self._owners(workload) if one.public is not None]
        if not found:
            return None
        if len({fact.truth for fact, _ in found}) == 1 and any(sure for _, sure in found):
            return found[0][0]
        what = f"which of its templates decides whether {workload.id} has a public address"
        reasons = tuple(reason for fact, _ in found for reason in fact.reasons)
        return Fact(Truth.UNKNOWN, workload.at, reasons or (Reason(what, workload.at),))

    def accelerated(self, workload: Workload, subnet: str | None, family: Family) -> tuple[Accelerated, ...]:
        """What accelerators bring to a workload, or to whatever stands in its subnet."""
        facts = self._accelerated
        found = (*facts.get(workload.id, ()), *facts.get(subnet or "", ())) if facts else ()
        return tuple([one for one in found if family is Family.IPV4 or one.ipv6.truth is not Truth.NO])

    @cached_property
    def _accelerated(self) -> Mapping[str, list[Accelerated]]:
        """What accelerators bring, by the workload or subnet; an instance has it on an interface."""
        facts = self.index.inventory.accelerated
        found = self._cabinet.filed(facts, "endpoint", self.workloads) if facts else {}
        for instance, interfaces in self.interfaces.items() if facts else ():
            own = found.get(instance, [])
            if len(interfaces) > 1:
                own = [replace(one, presence=Presence.POSSIBLE) for one in own]
            for interface in interfaces if own else ():
                found.setdefault(interface.id, []).extend(own)
        return found

    def ipv6(self, workload: Workload) -> Fact:
        """Whether a workload is given IPv6 addresses, by itself or by what it is launched from."""
        found = workload.ipv6
        for owner, sure in self._owners(workload):
            if Truth.YES in {found.truth, owner.ipv6.truth if sure else Truth.NO}:
                return found if found.truth is Truth.YES else owner.ipv6
            if owner.ipv6.truth is not Truth.NO:
                found = Fact(Truth.UNKNOWN, owner.ipv6.at, owner.ipv6.reasons)
        return found

    def _owners(self, workload: Workload) -> Iterator[tuple[Owner, bool]]:
        """The workload and its profiles, nearest first, each with whether it certainly counts."""
        found: list[tuple[Owner, bool]] = [(workload, True)]
        seen = {workload.id}
        for owner, sure in found:
            yield owner, sure
            for link in owner.profiles:
                identity = self.index.canonical(link.id)
                profile = self._profiles.get(identity)
                if profile and identity not in seen:
                    seen.add(identity)
                    found.append((profile, sure and link.certain and profile.presence is Presence.CERTAIN))

    def _merged(self, workload: Workload, part: Callable[[Owner], Links]) -> Links:
        if not workload.profiles:
            return part(workload)
        items: list[Link] = []
        reasons: list[Reason] = []
        for owner, sure in self._owners(workload):
            links = part(owner)
            reasons.extend(links.open)
            items.extend(
                link if sure else Link(link.id, link.at, certain=False, reasons=link.reasons)
                for link in links.items
            )
        return Links(tuple(items), tuple(reasons))

    def _from_missing(self, workload: Workload, found: Links, noun: str) -> Links:
        """What names nothing itself may take it from a profile outside the input."""
        missing = [
            link
            for owner, _ in self._owners(workload)
            for link in owner.profiles
            if self.index.canonical(link.id) not in self._profiles
        ]
        reasons = tuple(
            reason
            for link in missing
            for reason in (
                link.reasons or (Reason(f"the {noun} of {link.id}", link.at, "the input that defines it"),)
            )
        )
        return Links(found.items, reasons) if reasons else found
