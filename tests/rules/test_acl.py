"""Replies that network ACLs drop, and entries that never match."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.finding import Finding, Severity
from tests.rules.networks import NETWORK, findings

EPHEMERAL = (1024, 65535)


def entry(direction: str, number: int, *, action: str = "allow", **words: object) -> str:
    """An inline entry; ``ports`` and ``cidr`` and ``protocol`` as given."""
    low, high = words.get("ports", (0, 0))  # type: ignore[misc]
    return (
        f'{direction} {{\n  rule_no = {number}\n  action = "{action}"\n'
        f'  protocol = "{words.get("protocol", "tcp")}"\n'
        f'  cidr_block = "{words.get("cidr", "10.0.0.0/8")}"\n  from_port = {low}\n  to_port = {high}\n}}\n'
    )


def acl(*entries: str, used: bool = True) -> str:
    subnets = "subnet_ids = [aws_subnet.a.id]" if used else ""
    return (
        f'resource "aws_network_acl" "n" {{\n  vpc_id = aws_vpc.main.id\n  {subnets}\n{"".join(entries)}}}\n'
    )


def replies(folder: Path, *entries: str, used: bool = True) -> tuple[Finding, ...]:
    return findings(folder, "nacl-drops-replies", NETWORK, acl(*entries, used=used))


def shadowed(folder: Path, *entries: str) -> tuple[Finding, ...]:
    return findings(folder, "nacl-entry-shadowed", NETWORK, acl(*entries))


def test_requests_both_ways_without_replies_are_one_finding(tmp_path: Path):
    (finding,) = replies(
        tmp_path,
        entry("ingress", 1, ports=(443, 443)),
        entry("egress", 1, ports=(5432, 5432), cidr="10.1.0.0/16"),
    )
    assert "tcp/443 in from 10.0.0.0/8 and tcp/5432 out to 10.1.0.0/16" in finding.message
    to, from_ = "tcp/1024-65535 to 10.0.0.0/8 (egress)", "tcp/1024-65535 from 10.1.0.0/16 (ingress)"
    assert finding.fix == f"Allow {to} and {from_} in aws_network_acl.n."


@pytest.mark.parametrize("back", [EPHEMERAL, (32768, 60999), (49152, 65535)])
def test_every_range_of_ephemeral_ports_is_for_replies(tmp_path: Path, back: tuple[int, int]):
    assert replies(tmp_path, entry("ingress", 1, ports=(443, 443)), entry("egress", 1, ports=back)) == ()


def test_a_deny_before_the_replies_drops_them(tmp_path: Path):
    deny = entry("egress", 1, action="deny", ports=(1024, 65535), cidr="10.0.0.0/8")
    found = replies(
        tmp_path, entry("ingress", 1, ports=(443, 443)), deny, entry("egress", 2, ports=EPHEMERAL)
    )
    assert len(found) == 1


def test_replies_to_somebody_else_are_no_replies(tmp_path: Path):
    found = replies(
        tmp_path,
        entry("ingress", 1, ports=(443, 443)),
        entry("egress", 1, ports=EPHEMERAL, cidr="192.168.0.0/16"),
    )
    assert len(found) == 1


def test_what_is_open_for_replies_needs_none_itself(tmp_path: Path):
    assert replies(tmp_path, entry("egress", 1, ports=(443, 443)), entry("ingress", 1, ports=EPHEMERAL)) == ()


def test_everything_in_and_nothing_out_drops_every_reply(tmp_path: Path):
    assert len(replies(tmp_path, entry("ingress", 1, protocol="-1", cidr="0.0.0.0/0"))) == 1


def test_an_acl_of_no_subnet_drops_nothing(tmp_path: Path):
    assert replies(tmp_path, entry("ingress", 1, ports=(443, 443)), used=False) == ()


def test_names_that_are_asked_for_over_udp_need_replies_too(tmp_path: Path):
    (finding,) = replies(tmp_path, entry("egress", 1, protocol="udp", ports=(53, 53)))
    assert "udp/53 out to 10.0.0.0/8" in finding.message
    assert "udp/1024-65535" in finding.fix


def test_an_entry_that_says_what_an_earlier_one_says_is_low(tmp_path: Path):
    wide, narrow = (
        entry("ingress", 1, ports=(0, 65535)),
        entry("ingress", 2, ports=(22, 22), cidr="10.0.0.0/16"),
    )
    (finding,) = shadowed(tmp_path, wide, narrow)
    assert finding.severity is Severity.LOW
    assert finding.fix == "Remove the entry: what it says is said before it."


def test_an_entry_of_which_a_part_is_left_matches(tmp_path: Path):
    assert (
        shadowed(
            tmp_path,
            entry("ingress", 1, ports=(22, 22), cidr="10.0.0.0/9"),
            entry("ingress", 2, action="deny", ports=(22, 22)),
        )
        == ()
    )


def test_the_other_direction_shadows_nothing(tmp_path: Path):
    assert shadowed(tmp_path, entry("egress", 1, ports=(22, 22)), entry("ingress", 2, ports=(22, 22))) == ()


def test_the_numbers_count_and_not_the_order_in_the_file(tmp_path: Path):
    (finding,) = shadowed(
        tmp_path,
        entry("ingress", 200, action="deny", ports=(22, 22)),
        entry("ingress", 100, ports=(0, 65535)),
    )
    assert "'200: deny tcp/22 from 10.0.0.0/8'" in finding.message
    assert "below 100" in finding.fix
