"""Policies put to whole networks: ways through firewalls, and those past them."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor import pipeline
from auditor.finding import Judgement, Severity
from auditor.rules.policy import configured_rules
from tests.rules.policies import says

FIXTURES = Path(__file__).parents[2] / "fixtures"
FIREWALL = "every way to the internet goes through {}"


def verdicts(folder: Path, fixture: str, *statements: str) -> set[tuple[str, Judgement, Severity]]:
    """The components at which statements find something, and how."""
    (folder / "netaudit.yaml").write_text(says(*statements), encoding="utf-8")
    network = pipeline.load(str(FIXTURES / fixture / "terraform"))
    found = pipeline.check(network, configured_rules(str(folder / "netaudit.yaml")))
    return {(each.component, each.judgement, each.severity) for each in found}


@pytest.mark.parametrize("named", ["the firewall", "network-firewall", "aws_networkfirewall_firewall.egress"])
def test_egress_that_all_goes_through_the_firewall_is_satisfied(tmp_path: Path, named: str):
    assert verdicts(tmp_path, "filtered-egress", FIREWALL.format(named)) == set()


def test_egress_past_the_firewall_stands_at_the_routes_and_one_way_is_less(tmp_path: Path):
    assert verdicts(tmp_path, "hub-and-spoke", FIREWALL.format("the firewall")) == {
        ("aws_route_table.spoke_a", Judgement.VIOLATED, Severity.HIGH),
        ("aws_route_table.spoke_b", Judgement.VIOLATED, Severity.HIGH),
        ("aws_route_table.legacy", Judgement.VIOLATED, Severity.MEDIUM),
    }


def test_egress_through_the_hub_is_what_it_goes_through(tmp_path: Path):
    through = FIREWALL.format("aws_ec2_transit_gateway.hub")
    assert verdicts(tmp_path, "hub-and-spoke", through) == set()


def test_a_network_that_keeps_its_tiers_apart_satisfies_what_says_so(tmp_path: Path):
    assert (
        verdicts(
            tmp_path,
            "three-tier",
            "only tier:app reaches tier:data",
            "internet never reaches tier:data",
            "tier:data never reaches the internet",
            "must stay reachable: aws_autoscaling_group.app -> aws_db_instance.postgres:5432",
            "must stay reachable: internet -> tier:public:443",
        )
        == set()
    )
