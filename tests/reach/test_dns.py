"""Names in DNS as people type them, and what they name."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.model import AddressPeer, DnsName, ElasticIp, Link
from auditor.reach import Endpoint
from auditor.reach.verdict import EndpointKind
from auditor.traffic import cidrs, exact, parse_cidr
from tests.reach.network import (
    AT,
    BLOCKED,
    REACHABLE,
    WHY,
    allow_in,
    allow_out,
    engine,
    group,
    host,
    subnet,
    verdict,
    vpc,
)


def alias(name: str, of: str) -> DnsName:
    return DnsName(name=name, at=AT, of=Link(of, AT))


def addressed(name: str, *texts: str) -> DnsName:
    peers = tuple(AddressPeer(exact(parse_cidr(text)), text, AT) for text in texts)
    return DnsName(name=name, at=AT, addresses=peers)


NET = engine(
    vpc(),
    subnet("a", "10.0.1.0/24"),
    group("app"),
    group("db"),
    allow_out("app"),
    allow_in("db", "tcp/5432", "app"),
    host("client", "a", "app"),
    host("base", "a", "db"),
    ElasticIp(id="eip", at=AT, holder=Link("base", AT)),
    alias("db.internal.example.com", "base"),
    alias("read.internal.example.com", "DB.internal.example.com."),
    alias("public.example.com", "eip"),
    alias("*.dev.example.com", "base"),
    alias("two.example.com", "base"),
    alias("two.example.com", "client"),
    alias("round.example.com", "round.example.com"),
    alias("far.example.com", "aws_cloudfront_distribution.it"),
    alias("app", "base"),
    alias("short", "base"),
    addressed("old.example.com", "10.9.0.7", "10.9.0.8"),
    DnsName(name="open.example.com", at=AT, reasons=(WHY,)),
)


@pytest.mark.parametrize(
    "text",
    [
        "db.internal.example.com",
        "DB.Internal.Example.COM.",
        "read.internal.example.com",
        "public.example.com",
        "x.dev.example.com",
        "x.y.dev.example.com",
        "short",
    ],
)
def test_a_name_names_what_it_stands_for_at_last(text: str) -> None:
    assert [one.id for one in NET.endpoints(text)] == ["base"]
    assert verdict(NET, "client", text, "tcp/5432") is REACHABLE
    assert verdict(NET, "client", text, "tcp/22") is BLOCKED


def test_a_name_of_several_things_names_each_of_them() -> None:
    assert [one.id for one in NET.endpoints("two.example.com")] == ["base", "client"]
    with pytest.raises(UsageError, match="names several things: base, client"):
        NET.can_reach("client", "two.example.com")


def test_a_name_of_addresses_names_the_hosts_at_them() -> None:
    (found,) = NET.endpoints("old.example.com")
    assert isinstance(found, Endpoint)
    assert (found.kind, found.name) == (EndpointKind.CIDR, "old.example.com")
    assert cidrs(found.addresses) == ("10.9.0.7/32", "10.9.0.8/32")


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("open.example.com", "var.x"),
        ("far.example.com", "aws_cloudfront_distribution.it"),
        ("round.example.com", "round.example.com"),
    ],
)
def test_a_name_of_something_that_the_input_does_not_say_is_told(text: str, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        NET.endpoints(text)


def test_a_name_of_one_label_gives_way_to_the_names_of_things() -> None:
    assert [one.id for one in NET.endpoints("app")] == ["app"]


def test_a_name_without_a_record_is_none() -> None:
    with pytest.raises(UsageError, match="nothing in the input is named"):
        NET.endpoints("other.example.com")
