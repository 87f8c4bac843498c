"""``--through-proxies`` and ``--lateral`` on the command line and in Python."""

from __future__ import annotations

import json

import auditor
from tests.cli.running import THREE_TIER, called


def test_lateral_goes_on_from_the_hosts_that_reach_the_target():
    direct = called("who-can-reach", "sg-database-postgres", THREE_TIER)
    further = called("who-can-reach", "sg-database-postgres", THREE_TIER, "--lateral")
    assert "held" not in direct.out
    assert "sg-loadbalancer-public" not in direct.out
    assert "    via tcp/443 → aws_security_group.app_server, held, → tcp/5432" in further.out.splitlines()


def test_one_hop_is_what_there_is_without_the_flag():
    direct = called("who-can-reach", "sg-database-postgres", THREE_TIER)
    assert called("who-can-reach", "sg-database-postgres", THREE_TIER, "--lateral=1").out == direct.out
    assert called("who-can-reach", "sg-database-postgres", THREE_TIER, "--lateral=0").code == 2


def test_all_commands_take_through_proxies():
    for words in (
        ("who-can-reach", "sg-database-postgres"),
        ("reach-from", "sg-app-server"),
        ("can-reach", "internet", "sg-database-postgres"),
    ):
        ran = called(*words, THREE_TIER, "--through-proxies", "--format", "json")
        assert (ran.code, ran.err) == (0, "")
        assert json.loads(ran.out)["inputs"] == [THREE_TIER]


def test_python_has_the_same_ways():
    network = auditor.load(THREE_TIER)
    rows = network.who_can_reach("sg-database-postgres", through_proxies=True, lateral=3)
    assert {row.end.name for row in rows if row.hosts} >= {"sg-loadbalancer-public"}
    assert network.can_reach("internet", "sg-database-postgres", through_proxies=True).verdict == "blocked"
    assert any(row.via for row in network.reach_from("sg-loadbalancer-public", lateral=2))
