"""The stateful rules, as Suricata asks them: of the first packets, and of what the connection then carries.

A rule of addresses and ports alone is asked of the first packet of each side, and settles the connection;
one for an application, for established connections or for packets to the server is asked of packets as they
come. So a pass rule for a port lets the connection pass before any rule for a name sees the name:
https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
https://docs.suricata.io/en/latest/rules/rule-types.html
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from auditor.frozen import dataclass
from auditor.model.inspection import FirewallAction
from auditor.reach.firewalls.fates import Fate, in_order, perhaps, rest_of, union, within
from auditor.reach.firewalls.payloads import payloads
from auditor.reach.firewalls.rulings import Ruling
from auditor.reach.points import ALL, NONE, PERHAPS
from auditor.traffic import EVERYTHING, NOTHING, PROTOCOLS, TCP, Bounds, IntSet, Traffic, exact

_PASS = frozenset({FirewallAction.PASS})
_TCP = IntSet.single(TCP)
_OTHERS = PROTOCOLS - _TCP
_STREAMS = exact(Traffic.of(protocols=_TCP))
_DATAGRAMS = exact(EVERYTHING - _STREAMS.must)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What becomes of packets that no rule fits: a connection's first ones and what it then carries, those
    of protocols without connections, and what answers these.

    ``aws:drop_established`` lets a connection be established and drops what it then carries, and all packets
    of protocols without connections. What its variants for applications do with those is not documented.
    """

    first: Bounds[Traffic]
    carried: Bounds[Traffic]
    datagrams: Bounds[Traffic]
    answers: Bounds[Traffic]


def defaults(actions: Iterable[str]) -> Defaults:
    """The default actions of a policy in strict order; without one that drops, all passes."""
    found = Defaults(ALL, ALL, ALL, ALL)
    for action in actions:
        match action.removeprefix("aws:"):
            case "drop_strict":
                return Defaults(NONE, NONE, NONE, PERHAPS)
            case "drop_established":
                found = Defaults(ALL, NONE, NONE, ALL)
            case "drop_established_app_layer":
                found = Defaults(ALL, NONE, PERHAPS, PERHAPS)
            case "drop_established_app_layer_to_server":
                found = Defaults(ALL, NONE, PERHAPS, ALL)
            case word if word.startswith("alert_"):
                pass
            case _:
                return Defaults(PERHAPS, PERHAPS, PERHAPS, PERHAPS)
    return found


@dataclass(frozen=True, slots=True)
class Tracking:
    """The connections that pass, whatever they carry or for some of what they carry.

    ``open`` are those for which it matters what they carry, ``plain`` those that pass with what no rule
    knows.
    """

    passes: Bounds[Traffic]
    open: Traffic
    plain: Traffic


def tracking(rulings: Sequence[Ruling], rest: Defaults) -> Tracking:
    """What the stateful rules let pass, by the connection's first packet."""
    rulings = [one for one in rulings if one.action is not FirewallAction.ALERT]
    streams = [one for one in rulings if _about(one, _TCP)]
    datagrams = [one for one in rulings if _about(one, _OTHERS)]
    alone = _unruled(rest)
    parts = (
        _streams(streams, rest) if streams else alone[0],
        _datagrams(datagrams, rest) if datagrams else alone[1],
    )
    return Tracking(
        parts[0].passes | parts[1].passes, parts[0].open | parts[1].open, parts[0].plain | parts[1].plain
    )


@lru_cache(maxsize=8)
def _unruled(rest: Defaults) -> tuple[Tracking, Tracking]:
    return _streams((), rest), _datagrams((), rest)


def _about(ruling: Ruling, protocols: IntSet) -> bool:
    return any(box[0].overlaps(protocols) for one in (ruling.region, ruling.back) for box in one.may.boxes)


def _streams(rulings: Sequence[Ruling], rest: Defaults) -> Tracking:
    first = [one for one in rulings if not (one.application or one.established)]
    settled = within(in_order([_settling(one) for one in first]).passed, _STREAMS)
    replies = in_order([one.fate(one.replies, _PASS) for one in first])
    alive = _alive(in_order([_fate(one) for one in first]), rest.first)
    if replies.passed.may:
        settled = Bounds(settled.must, settled.may | alive.may & replies.passed.may)
    later = [one for one in rulings if not one.settling]
    carried = [in_order([_carried(one) for one in _asked(later, places)]) for places in payloads(later)]
    answered = rest_of(ALL if rest.first is ALL else PERHAPS, replies)
    return _told(settled, within(alive, answered), [rest_of(rest.carried, fate) for fate in carried])


def _alive(opened: Fate, first: Bounds[Traffic]) -> Bounds[Traffic]:
    passed = Fate(within(opened.passed, _STREAMS), opened.dropped)
    return rest_of(within(first, _STREAMS), passed)


def _datagrams(rulings: Sequence[Ruling], rest: Defaults) -> Tracking:
    answered = rest_of(rest.answers, in_order([one.fate(one.replies, _PASS) for one in rulings]))
    let = []
    for places in payloads(rulings):
        asked = _asked(rulings, places)
        settled = within(in_order([_settling(one) for one in asked]).passed, _DATAGRAMS)
        fate = in_order([_datagram(one) for one in asked])
        passed = Fate(within(fate.passed, _DATAGRAMS), fate.dropped)
        let.append(settled | within(rest_of(within(rest.datagrams, _DATAGRAMS), passed), answered))
    return _told(NONE, _DATAGRAMS, let)


def _told(settled: Bounds[Traffic], alive: Bounds[Traffic], let: Sequence[Bounds[Traffic]]) -> Tracking:
    if len(let) == 1:
        passes = let[0] if alive is _DATAGRAMS else settled | within(alive, let[0])
        return Tracking(passes, NOTHING, NOTHING)
    some, plain = union(let), let[0]
    every = plain.must
    for one in let:
        every = every & one.must
    matters = (some.may - plain.must) | (plain.may - every)
    open_ = matters & (alive.may - settled.must)
    return Tracking(settled | within(alive, some), open_, open_ & plain.may)


def _asked(rulings: Sequence[Ruling], places: tuple[int, ...]) -> list[Ruling]:
    """The rules that are asked of a payload."""
    fitting = frozenset(places)
    return [one for place, one in enumerate(rulings) if not one.application or place in fitting]


def _fate(ruling: Ruling) -> Fate:
    return ruling.fate(ruling.region, _PASS)


def _settling(ruling: Ruling) -> Fate:
    """What a rule settles with the first packet: one that is asked packet by packet passes this one alone."""
    if ruling.settling or ruling.application or ruling.action is not FirewallAction.PASS:
        return _fate(ruling)
    return Fate(NONE, ruling.region)


def _carried(ruling: Ruling) -> Fate:
    """What a rule does with a connection's later packets: those from the server may be dropped, too."""
    fate = _fate(ruling)
    return Fate(fate.passed, fate.dropped | ruling.replies) if fate.dropped.may else fate


def _datagram(ruling: Ruling) -> Fate:
    """What a rule does with a packet outside of TCP, of which it is not clear when it is established."""
    fate = _fate(ruling)
    return Fate(perhaps(fate.passed), perhaps(fate.dropped)) if ruling.established else fate
