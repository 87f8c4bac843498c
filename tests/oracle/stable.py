"""Answers of an imitation of AWS made the same at every run: ids counted, times and addresses fixed."""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
from collections import Counter
from typing import Any

Answers = dict[str, list[Any]]

# An id of EC2 keeps its kind and its length; the end of a balancer's ARN, a UUID and a MAC address likewise.
_ID = re.compile(
    r"(?<=[/:-])(?P<uuid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b"
    r"|\b(?P<kind>(?:[a-z]+-)+)(?:[0-9a-f]{17}|[0-9a-f]{8})\b(?!-)"
    r"|(?<=/)(?P<end>[0-9a-f]{32}|[0-9a-f]{16}|\d{15})\b"
    r"|\b(?P<mac>[0-9a-f]{2}(?::[0-9a-f]{2}){5})\b"
)
_RANDOM = (
    (re.compile(r"(?<=terraform-)\d{26}"), "0" * 26),
    (re.compile(r"(?<=[0-9a-f]{12}-)[A-Za-z]{6}(?=\")"), "AAAAAA"),
)
_TIME = re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|\+00:00)?")
_GIVEN = re.compile(r"^ami-|11111111-2222-3333-4444-555555555555")
_THEN = "2024-01-01T00:00:00+00:00"

# The field with a thing's own id, the lists that others point at first.
_OWN = {
    "Vpcs": "VpcId",
    "Subnets": "SubnetId",
    "SecurityGroups": "GroupId",
    "RouteTables": "RouteTableId",
    "NetworkAcls": "NetworkAclId",
    "InternetGateways": "InternetGatewayId",
    "NatGateways": "NatGatewayId",
    "VpcEndpoints": "VpcEndpointId",
    "VpcPeeringConnections": "VpcPeeringConnectionId",
    "PrefixLists": "PrefixListId",
    "LaunchTemplates": "LaunchTemplateId",
    "Reservations": "ReservationId",
    "NetworkInterfaces": "NetworkInterfaceId",
    "Addresses": "AllocationId",
    "SecurityGroupRules": "SecurityGroupRuleId",
}


def plain(answers: Answers, endpoint: str) -> Answers:
    """``answers`` as JSON has them, without what is of this run alone: times and the endpoint."""
    text = json.dumps(answers, default=_plain).replace(endpoint, "http://127.0.0.1")
    for pattern, instead in ((_TIME, _THEN), *_RANDOM):
        text = pattern.sub(instead, text)
    made: Answers = json.loads(text)
    return made


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.datetime) else str(value)


def stable(answers: Answers) -> Answers:
    """``answers`` in an order, and with ids and addresses, that do not depend on the run.

    A list is ordered by all that it says but ids; ids are counted in that order. What is alike but for ids is
    told apart by those of the things that it names.
    """
    named: dict[str, str] = {}
    for _ in range(4):
        answers = _ordered(answers)
        for key, own in _OWN.items():
            texts = Counter(_masked(each) for each in answers.get(key, ()))
            for each in answers.get(key, ()):
                if texts[_masked(each)] == 1 and "#" not in each[own]:
                    named[each[own]] = _placeholder(each[own], named)
        answers = _spelled(answers, named)
    answers = _ordered(answers)
    for match in _ID.finditer(json.dumps(answers)):
        if match[0] not in named and not _GIVEN.search(match[0]):
            named[match[0]] = _placeholder(match[0], named)
    return _readdressed(
        _spelled(_spelled(answers, named), {new: _written(old, new) for old, new in named.items()})
    )


def _masked(value: Any) -> str:
    text = _ID.sub(lambda match: match["kind"] or "", json.dumps(value, sort_keys=True))
    return re.sub(r"\b\d+([.-])\d+\1\d+\1\d+\b(?!/)", "", text)


def _ordered(value: Any) -> Any:
    match value:
        case dict():
            return {key: _ordered(each) for key, each in value.items()}
        case list():
            return sorted((_ordered(each) for each in value), key=_masked)
        case _:
            return value


def _placeholder(old: str, named: dict[str, str]) -> str:
    match = _ID.search(f"/{old}")
    assert match is not None, old
    kind = match["kind"] or match.lastgroup
    return f"#{kind}#{1 + sum(each.startswith(f'#{kind}#') for each in named.values())}#"


def _written(old: str, placeholder: str) -> str:
    _, kind, count, _ = placeholder.split("#")
    number = int(count)
    match kind:
        case "mac":
            return f"02:00:00:00:{number // 256:02x}:{number % 256:02x}"
        case "uuid":
            return f"00000000-0000-4000-8000-{number:012x}"
        case "end":
            return f"{number:0{len(old)}x}"
        case _:
            return f"{kind}{number:0{len(old) - len(kind)}x}"


def _spelled(answers: Answers, named: dict[str, str]) -> Answers:
    if not named:
        return answers
    pattern = re.compile("|".join(re.escape(each) for each in sorted(named, key=len, reverse=True)))
    made: Answers = json.loads(pattern.sub(lambda match: named[match[0]], json.dumps(answers)))
    return made


def _readdressed(answers: Answers) -> Answers:
    """Addresses counted from .10 within each subnet, public ones within a range of AWS's in Frankfurt."""
    named: dict[str, str] = {}
    hosts: Counter[str] = Counter()
    ranges = {each["SubnetId"]: ipaddress.ip_network(each["CidrBlock"]) for each in answers["Subnets"]}
    for each in answers.get("NetworkInterfaces", ()):
        subnet = each["SubnetId"]
        named[each["PrivateIpAddress"]] = str(ranges[subnet][10 + hosts[subnet]])
        hosts[subnet] += 1
    public = re.findall(r'"PublicIp": "([0-9.]+)"', json.dumps(answers))
    named |= {old: f"3.120.0.{10 + place}" for place, old in enumerate(dict.fromkeys(public))}
    dashed = {old.replace(".", "-"): new.replace(".", "-") for old, new in named.items()}
    pattern = (
        re.compile(rf"\b({'|'.join(map(re.escape, [*named, *dashed]))})\b(?!\.?\d|/)") if named else None
    )
    if pattern is None:
        return answers
    made: Answers = json.loads(pattern.sub(lambda match: (named | dashed)[match[0]], json.dumps(answers)))
    return made
