"""Network Access Scopes in files, as the AWS API takes and gives them, and those that come with netaudit.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInsightsAccessScope.html
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.errors import InputError, UsageError, one_of
from auditor.sources.document import read_document
from auditor.tree import Dialect, Location, Map, Node, Resource, Scalar, Seq

_KIND = "AWS::EC2::NetworkInsightsAccessScope"
_CONTENT = "NetworkInsightsAccessScopeContent"
_RESOURCES = {"Resources": None, "ResourceTypes": None}
_THROUGH = {"ResourceStatement": _RESOURCES}
_HEADER = dict.fromkeys(
    (
        "SourceAddresses",
        "DestinationAddresses",
        "SourcePorts",
        "DestinationPorts",
        "SourcePrefixLists",
        "DestinationPrefixLists",
        "Protocols",
    )
)
_END = {"PacketHeaderStatement": _HEADER, "ResourceStatement": _RESOURCES}
_PATH = {"Source": _END, "Destination": _END, "ThroughResources": _THROUGH}
_BESIDE = dict.fromkeys(
    ("NetworkInsightsAccessScopeId", "ClientToken", "DryRun", "Tags", "TagSpecifications")
)
_SCOPE = {"MatchPaths": _PATH, "ExcludePaths": _PATH, **_BESIDE}

_INGRESS = (
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VPCEndpointService",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::VPNGateway",
)
_EGRESS = (
    "AWS::EC2::InternetGateway",
    "AWS::EC2::VPCPeeringConnection",
    "AWS::EC2::VPCEndpoint",
    "AWS::EC2::TransitGatewayAttachment",
    "AWS::EC2::VPNGateway",
)
_HOSTS = ("AWS::EC2::NetworkInterface",)


def _between(sources: Sequence[str], destinations: Sequence[str]) -> Mapping[str, Any]:
    ends = {"Source": sources, "Destination": destinations}
    return {"MatchPaths": [{end: {"ResourceStatement": {"ResourceTypes": [*ends[end]]}} for end in ends}]}


PRESETS: Mapping[str, Mapping[str, Any]] = {
    "all-igw-ingress": _between(_INGRESS[:1], _HOSTS),
    "aws-igw-egress": _between(_HOSTS, _EGRESS[:1]),
    "aws-vpc-ingress": _between(_INGRESS, _HOSTS),
    "aws-vpc-egress": _between(_HOSTS, _EGRESS),
}
"""The scopes that Amazon creates in every account: their names and what each is for are Amazon's.

Their content is written here after those descriptions, in the types of a resource statement.
https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/getting-started.html
https://docs.aws.amazon.com/vpc/latest/network-access-analyzer/resource-statement.html
"""


def read_scopes(names: Sequence[str]) -> tuple[Resource, ...]:
    """Scopes as resources: ``preset:NAME``, or a file of JSON (or YAML).

    Raises:
        UsageError: no preset has that name.
        InputError: a file says what no scope can say.
    """
    return tuple(map(_read, names))


def _read(name: str) -> Resource:
    word, colon, preset = name.partition(":")
    if colon and word == "preset":
        if preset.lower() not in PRESETS:
            raise UsageError(f"no preset is called {preset!r}", hint=one_of(preset.lower(), PRESETS))
        content: object = PRESETS[preset.lower()]
        place = Location(name)
        return _resource(preset.lower(), _node(content, lambda _: place, ()), place)
    document = read_document(name)
    content = document.value(())
    keys: tuple[str | int, ...] = ()
    if isinstance(content, dict) and isinstance(content.get(_CONTENT), dict):
        content, keys = content[_CONTENT], (_CONTENT,)

    def at(path: tuple[str | int, ...]) -> Location:
        return document.place(tuple(str(key) for key in path))

    _checked(content, _SCOPE, keys, at)
    stem = os.path.basename(name).rpartition(".")[0] or name  # noqa: PTH119 -- as the user would type it
    return _resource(stem, _node(content, at, keys), Location(name, 1, 1))


def _resource(name: str, body: Node, at: Location) -> Resource:
    if not isinstance(body, Map):
        raise InputError("expected a scope: MatchPaths and ExcludePaths", at=str(at))
    return Resource(kind=_KIND, address=name, body=body, at=at, dialect=Dialect.CLOUDFORMATION)


def _checked(content: object, known: Mapping[str, Any], keys: tuple[str | int, ...], at: Any) -> None:
    """Refuse words that a scope has not: what is not read must not pass for read."""
    if not isinstance(content, dict):
        raise InputError("expected a map of a scope's parts", at=str(at(keys)))
    for key, value in content.items():
        if key not in known:
            raise InputError(f"unknown key {key!r}", at=str(at((*keys, key))), hint=one_of(str(key), known))
        inner = known[key]
        if inner is None:
            continue
        for index, each in enumerate(value) if isinstance(value, list) else ((0, value),):
            _checked(each, inner, (*keys, key, index) if isinstance(value, list) else (*keys, key), at)


def _node(content: object, at: Any, keys: tuple[str | int, ...]) -> Node:
    place = at(keys)
    match content:
        case dict():
            return Map({str(key): _node(each, at, (*keys, key)) for key, each in content.items()}, place)
        case list():
            return Seq(tuple(_node(each, at, (*keys, index)) for index, each in enumerate(content)), place)
        case None | bool() | int() | float() | str():
            return Scalar(content, place)
        case _:
            raise InputError("expected text, a number, a list or a map", at=str(place))
