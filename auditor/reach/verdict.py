"""What an answer consists of: verdict, traffic, paths, blockers, deciding unknowns, notes."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from auditor.frozen import dataclass
from auditor.reach.later import Later
from auditor.traffic import Bounds, Traffic
from auditor.tree import Gap, Location, Reason


class Verdict(StrEnum):
    """The four answers to "can A open a connection to B"."""

    REACHABLE = "reachable"
    ONE_WAY = "one-way"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"


class Code(StrEnum):
    """Why a control point blocks: explanation codes of AWS's Reachability Analyzer."""

    ENI_SG_RULES_MISMATCH = "ENI_SG_RULES_MISMATCH"
    SG_HAS_NO_RULES = "SG_HAS_NO_RULES"
    SUBNET_ACL_RESTRICTION = "SUBNET_ACL_RESTRICTION"
    NO_ROUTE_TO_DESTINATION = "NO_ROUTE_TO_DESTINATION"
    BAD_STATE_ROUTE = "BAD_STATE_ROUTE"
    CANNOT_ROUTE = "CANNOT_ROUTE"
    MORE_SPECIFIC_ROUTE = "MORE_SPECIFIC_ROUTE"
    IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS = "IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS"
    IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS = "IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS"
    IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS = "IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS"
    IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS = "IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS"
    NGW_REQUIRES_SOURCE_IN_VPC = "NGW_REQUIRES_SOURCE_IN_VPC"
    PROTOCOL_RESTRICTION = "PROTOCOL_RESTRICTION"
    TARGET_ADDRESS_RESTRICTION = "TARGET_ADDRESS_RESTRICTION"
    TARGET_PORT_RESTRICTION = "TARGET_PORT_RESTRICTION"
    VPCE_INTRA_VPC_TRAFFIC = "VPCE_INTRA_VPC_TRAFFIC"
    UNASSOCIATED_COMPONENT = "UNASSOCIATED_COMPONENT"
    DISCONNECTED_VPCS = "DISCONNECTED_VPCS"
    NO_SOURCE_OR_DESTINATION = "NO_SOURCE_OR_DESTINATION"
    VPC_BLOCK_PUBLIC_ACCESS_ENABLED = "VPC_BLOCK_PUBLIC_ACCESS_ENABLED"
    BAD_STATE = "BAD_STATE"
    BAD_STATE_ATTACHMENT = "BAD_STATE_ATTACHMENT"
    PCX_REQUIRES_ADDRESS_IN_VPC_CIDR = "PCX_REQUIRES_ADDRESS_IN_VPC_CIDR"
    TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION = "TGW_ATTACH_MISSING_TGW_RTB_ASSOCIATION"
    TGW_ATTACH_VPC_AZ_RESTRICTION = "TGW_ATTACH_VPC_AZ_RESTRICTION"
    TGW_RTB_BAD_STATE_ROUTE = "TGW_RTB_BAD_STATE_ROUTE"
    TGW_RTB_CANNOT_ROUTE = "TGW_RTB_CANNOT_ROUTE"
    TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT = "TGW_RTB_NO_ROUTE_TO_TGW_ATTACHMENT"
    TGW_RTB_ROUTES_ARE_UNKNOWN = "TGW_RTB_ROUTES_ARE_UNKNOWN"
    ENI_SOURCE_DEST_CHECK_RESTRICTION = "ENI_SOURCE_DEST_CHECK_RESTRICTION"
    FIREWALL_RULES_RESTRICTION = "FIREWALL_RULES_RESTRICTION"
    GATEWAY_REJECTS_SPOOFED_TRAFFIC = "GATEWAY_REJECTS_SPOOFED_TRAFFIC"
    BAD_STATE_VPN = "BAD_STATE_VPN"
    ENI_ADDRESS_RESTRICTION = "ENI_ADDRESS_RESTRICTION"
    VPCE_GATEWAY_PROTOCOL_RESTRICTION = "VPCE_GATEWAY_PROTOCOL_RESTRICTION"
    ELBV2_LISTENER_HAS_NO_TG = "ELBV2_LISTENER_HAS_NO_TG"
    ELBV2_LISTENER_PORT_RESTRICTION = "ELBV2_LISTENER_PORT_RESTRICTION"
    ELB_NOT_CROSSZONE = "ELB_NOT_CROSSZONE"
    NO_PATH = "NO_PATH"


class Leg(StrEnum):
    """Which of the two packets a control point is asked about."""

    REQUEST = "request"
    REPLY = "reply"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One control point that a packet meets: what it decided, by which rule, and what is left after it.

    ``component`` is its id; ``kind`` is one of ``interface``, ``security-group``, ``network-acl``,
    ``route-table``, ``internet-gateway``, ``nat-gateway``, ``egress-only-internet-gateway``, …; ``rule`` is
    the decisive rule in words, and ``holder`` the id of what holds it (empty where it is nothing written).
    """

    component: str
    kind: str
    leg: Leg
    decision: str
    rule: str
    at: Location | None
    traffic: Bounds[Traffic]
    holder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """One way from a source interface to a destination interface, there and back.

    A way through proxies goes ``via`` them: its ``connections`` follow each other, its hops are all of
    theirs, and its traffic is what the source sends.
    """

    source: str
    destination: str
    verdict: Verdict
    traffic: Bounds[Traffic]
    hops: tuple[Hop, ...]
    via: tuple[str, ...] = ()
    connections: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocker:
    """A control point that blocks on its own."""

    code: Code
    component: str
    leg: Leg
    at: Location | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What would open a connection, and what is not certain of it."""

    changes: tuple[Blocker, ...] = ()
    notes: tuple[str, ...] = ()


NOTHING_OPENS: Final = Later(Opened)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one question, with its proof.

    ``traffic`` bounds what is delivered and answered (``one-way``: delivered): ``must`` whatever the unknowns
    are, ``may`` for some value of them. ``reachable`` has a path, ``blocked`` every blocker, ``unknown``
    every deciding unknown. ``opening`` is what would open a connection where none opens, worked out when
    ``changes`` or ``notes`` are asked for; ``remarks`` are the notes beside it.
    """

    source: str
    destination: str
    asked: Traffic
    verdict: Verdict
    traffic: Bounds[Traffic]
    paths: tuple[Path, ...] = ()
    blockers: tuple[Blocker, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    remarks: tuple[str, ...] = ()
    opening: Later[Opened] = NOTHING_OPENS

    @property
    def changes(self) -> tuple[Blocker, ...]:
        """The fewest changes that together open a connection where none opens.

        Each has the control point that asks for it, and its text says what to add or change.
        """
        return self.opening().changes

    @property
    def notes(self) -> tuple[str, ...]:
        """What else is to be said: what is not certain of the changes, what is assumed."""
        return (*self.opening().notes, *self.remarks)


class EndpointKind(StrEnum):
    """What stands at either end of a question."""

    SECURITY_GROUP = "security-group"
    WORKLOAD = "workload"
    SUBNET = "subnet"
    VPC = "vpc"
    CIDR = "cidr"
    INTERNET = "internet"
    ON_PREMISES = "on-premises"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The name of an end: ``name`` as people say it, ``address`` its id in the input (empty for none)."""

    kind: EndpointKind
    name: str
    address: str = ""
    at: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisiveRule:
    """A rule that lets a connection pass, and where it stands."""

    component: str
    at: Location
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One of several connections that lead from one end to another."""

    source: str
    destination: str
    verdict: Verdict
    traffic: Bounds[Traffic]
    rules: tuple[DecisiveRule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One row of ``who-can-reach`` or ``reach-from``: the other end, and what can pass by which rules.

    Where more than one connection leads there, ``via`` names what stands between, in order, and ``steps``
    are the connections; ``traffic`` is what the source sends first. ``hosts`` of those between are taken
    over, one after the other, and the others are proxies.
    """

    end: End
    verdict: Verdict
    traffic: Bounds[Traffic]
    rules: tuple[DecisiveRule, ...] = ()
    via: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    hosts: tuple[str, ...] = ()
    unknowns: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def hops(self) -> int:
        """How many times an attacker connects: once, and once more from each host taken over."""
        return len(self.hosts) + 1

    @property
    def source(self) -> End:
        """The other end, as a row of ``who_can_reach`` calls it."""
        return self.end

    @property
    def destination(self) -> End:
        """The other end, as a row of ``reach_from`` calls it."""
        return self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """Every end that can reach ``target`` (or that it can reach), sorted, and the gaps that bear on it."""

    target: End
    asked: Traffic
    rows: tuple[Neighbour, ...]
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
