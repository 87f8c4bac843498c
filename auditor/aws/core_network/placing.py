"""Which segment a policy puts an attachment into: the first of its rules whose conditions hold decides.

https://docs.aws.amazon.com/network-manager/latest/cloudwan/cloudwan-policy-attachments.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from auditor.aws.core_network.policies import Policy, Segment
from auditor.aws.reader import Block
from auditor.aws.reader.accepting import accepted
from auditor.frozen import dataclass
from auditor.model import NO, YES, Fact, Truth
from auditor.tree import Dialect, Map, Scalar

VPC, VPN, CONNECT, DIRECT = (
    f"aws_networkmanager_{name}_attachment" for name in ("vpc", "site_to_site_vpn", "connect", "dx_gateway")
)
TABLE = "aws_networkmanager_transit_gateway_route_table_attachment"
PEERING = "aws_networkmanager_transit_gateway_peering"
LISTED = "aws_networkmanager_attachment"
ACCEPTER = "aws_networkmanager_attachment_accepter"
TYPES = {
    VPC: "vpc",
    VPN: "site-to-site-vpn",
    CONNECT: "connect",
    DIRECT: "direct-connect-gateway",
    TABLE: "transit-gateway-route-table",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A segment that an attachment is in, or may be in, and whether somebody has to accept it there."""

    segment: str
    sure: bool
    acceptance: Fact


def places_of(policy: Policy, attachment: Block) -> tuple[Place, ...]:
    """All segments that an attachment may be in; the only one where that is certain."""
    known = attachment.text("segment_name")
    if known:
        return (Place(known, sure=True, acceptance=NO),)
    found: dict[str, Place] = {}
    sure = not policy.doubts
    for rule in policy.rules:
        truth = _holds(rule, attachment)
        if truth is Truth.NO:
            continue
        named = _segments(rule, attachment, policy)
        sure = sure and truth is Truth.YES
        for name in named:
            segment = policy.segment(name)
            place = Place(name, sure=sure and len(named) == 1, acceptance=_acceptance(rule, segment))
            found.setdefault(name, place)
        if truth is Truth.YES:
            break
    return tuple(found.values())


def active(attachment: Block, places: Iterable[Place]) -> Fact:
    """Whether an attachment carries traffic: its segment may ask for somebody's consent."""
    there = attachment.text("state") == "AVAILABLE"
    asked = {place.acceptance.truth for place in places}
    if there or attachment.resource.dialect is Dialect.SNAPSHOT or asked == {Truth.NO}:
        return YES
    return accepted(attachment, ACCEPTER, "attachment_id")


def _acceptance(rule: Block, segment: Segment | None) -> Fact:
    own = rule.fact("action.require_acceptance", NO)
    theirs = YES if segment is None else segment.acceptance
    order = (Truth.YES, Truth.UNKNOWN, Truth.NO)
    return min(own, theirs, key=lambda fact: order.index(fact.truth))


def _segments(rule: Block, attachment: Block, policy: Policy) -> tuple[str, ...]:
    """The segments that a rule may choose; none where it puts into a group of network functions."""
    if rule.has("action.add_to_network_function_group") and not rule.has("action.association_method"):
        return ()
    action = next(rule.blocks("action"), rule)
    everything = tuple(segment.name for segment in policy.segments)
    match action.text("association_method"):
        case "constant":
            name: str | None = action.text("segment") or None
        case "tag":
            name = _tag(attachment, action.text("tag_value_of_key"))
        case _:
            name = None
    if name is None:
        return everything
    return (name,) if policy.segment(name) is not None or policy.doubts else ()


def _holds(rule: Block, attachment: Block) -> Truth:
    truths = {_condition(each, attachment) for each in rule.blocks("conditions")}
    if any(not rule.holds(each) for each in rule.blocks("conditions")) or not truths:
        return Truth.UNKNOWN
    if len(truths) == 1:
        return truths.pop()
    match rule.text("condition_logic"):
        case "and":
            return Truth.NO if Truth.NO in truths else Truth.UNKNOWN
        case "or":
            return Truth.YES if Truth.YES in truths else Truth.UNKNOWN
        case _:
            return Truth.UNKNOWN


def _condition(condition: Block, attachment: Block) -> Truth:
    scope = attachment.resource.scope
    match condition.text("type"):
        case "any":
            return Truth.YES
        case "attachment-type":
            return _compared(condition, _type(attachment))
        case "tag-exists":
            tag = _tag(attachment, condition.text("key"))
            return Truth.UNKNOWN if tag is None else Truth.YES if tag is not ABSENT else Truth.NO
        case "tag-value":
            tag = _tag(attachment, condition.text("key"))
            return Truth.NO if tag is ABSENT else _compared(condition, tag)
        case "region":
            return _compared(condition, attachment.text("edge_location") or scope.region or None)
        case "account-id":
            return _compared(condition, scope.account if scope.account.isdecimal() else None)
        case _:
            return Truth.UNKNOWN


def _type(attachment: Block) -> str | None:
    listed = attachment.text("attachment_type").lower().replace("_", "-")
    return TYPES.get(attachment.resource.kind) or listed or None


_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "equals": lambda one, other: one == other,
    "not-equals": lambda one, other: one != other,
    "contains": lambda one, other: other in one,
    "begins-with": lambda one, other: one.startswith(other),
}


def _compared(condition: Block, known: str | None) -> Truth:
    """Whether a text is as a condition wants it; where its case would decide, that is not known."""
    wanted, test = condition.text("value"), _TESTS.get(condition.text("operator") or "equals")
    if known is None or not wanted or test is None:
        return Truth.UNKNOWN
    exact, folded = test(known, wanted), test(known.lower(), wanted.lower())
    return Truth.UNKNOWN if exact != folded else Truth.YES if exact else Truth.NO


ABSENT = "\0"


def _tag(attachment: Block, key: str) -> str | None:
    """The value of a tag, ABSENT where there is none, None where that is not known.

    A provider and a stack may give tags of their own to all that they make.
    """
    entries = attachment.body.entries
    all_, own = entries.get("tags_all"), entries.get("tags")
    node = all_ if isinstance(all_, Map) else own
    whole = isinstance(all_, Map) or attachment.resource.dialect is Dialect.SNAPSHOT
    if isinstance(node, Map) and key in node.entries:
        value = node.entries[key]
        return str(value.value) if isinstance(value, Scalar) else None
    if not whole or not key or (isinstance(node, Map) and node.more is not None):
        return None
    return ABSENT if isinstance(node, Map) or node is None else None
