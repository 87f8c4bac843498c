"""Whom a service lets use it: what its policies say of those who give no name.

https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ac.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from auditor.aws.reader.block import Block
from auditor.aws.reader.policies import document, plain
from auditor.model import Fact, Truth
from auditor.tree import Presence, Reason

_FEWEST_BITS = {4: 8, 6: 20}
"""The shortest prefixes, by version, that are somebody's and not everybody's."""


def asks_callers(block: Block, attribute: str, kinds: Iterable[str], named: str) -> Fact:
    """Whether callers must be somebody: by the block's own policy, and by those that others put on it.

    ``kinds`` are the types of these, which name the block in ``named``. Who has no policy lets nobody in
    without a signature.
    """
    found = [(block, Presence.CERTAIN)] if block.has(attribute) else []
    for kind in kinds:
        for user, link in block.users(kind, named, *block.ids):
            found.append((user, user.presence if link.certain else Presence.POSSIBLE))
    answers = [_asks(one, attribute, sure=presence is Presence.CERTAIN) for one, presence in found]
    if not answers:
        return Fact(Truth.YES, block.at)
    order = (Truth.NO, Truth.UNKNOWN, Truth.YES)
    return min(answers, key=lambda fact: order.index(fact.truth))


def _asks(block: Block, attribute: str, *, sure: bool) -> Fact:
    node, at = document(block, attribute), block.place(attribute)
    answers = set(_open(plain(node))) if node is not None else {Truth.UNKNOWN}
    if Truth.YES in answers and sure and Truth.UNKNOWN not in answers:
        return Fact(Truth.NO, at)
    if answers <= {Truth.NO}:
        return Fact(Truth.YES, at)
    why = Reason(f"whom the policy of {block.address} lets in", at, "a policy that is given")
    return Fact(Truth.UNKNOWN, at, (why,))


def _open(policy: object) -> Iterator[Truth]:
    """For each statement whether it lets everybody in; one that denies lets nobody in."""
    if not isinstance(policy, dict):
        yield Truth.UNKNOWN
        return
    for statement in _several(policy.get("Statement", policy.get("statement", ()))):
        yield _lets_everybody(statement)


def _lets_everybody(statement: object) -> Truth:
    if not isinstance(statement, dict):
        return Truth.UNKNOWN
    lowered = {str(key).lower(): value for key, value in statement.items()}
    effect = lowered.get("effect", "Allow")
    if effect == "Deny":
        return Truth.NO
    if effect != "Allow" or {"notprincipal", "not_principals"} & lowered.keys():
        return Truth.UNKNOWN
    everybody = _everybody(lowered.get("principal", lowered.get("principals", ())))
    return everybody if everybody is Truth.NO else _unless(everybody, lowered.get("condition"))


def _everybody(principals: object) -> Truth:
    """Whether principals, as a policy or as a data source writes them, hold everybody."""
    found: list[object] = []
    for one in _several(principals):
        inner = one.get("identifiers", list(one.values())) if isinstance(one, dict) else one
        found += [text for each in _several(inner) for text in _several(each)]
    if any(one == "*" for one in found):
        return Truth.YES
    return Truth.NO if all(isinstance(one, str) for one in found) else Truth.UNKNOWN


def _unless(everybody: Truth, condition: object) -> Truth:
    """What everybody may where a condition is set: nothing but from the few addresses that it names."""
    if condition in (None, [], {}):
        return everybody
    ranges = list(_ranges(condition))
    return Truth.NO if ranges and all(map(_is_somebody, ranges)) else Truth.UNKNOWN


def _ranges(condition: object) -> Iterator[object]:
    """The ranges that a condition asks the source to be of, in either spelling."""
    for one in _several(condition):
        if not isinstance(one, dict):
            continue
        if str(one.get("variable", "")).lower() == "aws:sourceip" and one.get("test") == "IpAddress":
            yield from _several(one.get("values", ()))
        asked = one.get("IpAddress")
        for name, values in asked.items() if isinstance(asked, dict) else ():
            if str(name).lower() == "aws:sourceip":
                yield from _several(values)


def _is_somebody(text: object) -> bool:
    try:
        found = ip_network(str(text), strict=False)
    except ValueError:
        return False
    return found.prefixlen >= _FEWEST_BITS[found.version]


def _several(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,)
