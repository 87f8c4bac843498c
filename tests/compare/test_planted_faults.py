"""From three-tier to three-tier-broken: what follows from the faults that its README names, and nothing else.

The list was written by hand from the two networks' READMEs and answers before the comparison was.
"""

from __future__ import annotations

import pytest

from auditor.pipeline import Network, diff, load
from tests.cli.running import FIXTURES
from tests.compare.showing import changes, mirrored

INTO_PUBLIC = "tcp/443, tcp/1024-65535"  # what the public tier's ACL lets in and its neighbours' let out
IN_APP = "tcp/22, tcp/1024-65535"  # what the app tier's ACL lets pass between its own subnets
EXPECTED = [
    # cidr-instead-of-group: whoever stands in the app subnet of the first zone reaches the database
    "added: 10.0.10.0/24 -> sg-database-postgres: tcp/5432",
    "added: sg-jobs -> sg-database-postgres: tcp/5432",
    # internal-service-open-to-world: the internet, and inside the VPC where it does not arrive
    "added: internet -> sg-admin-metrics: tcp/9090",
    "added: 0.0.0.0/0 inside the VPC -> sg-internal-reports: tcp/8080",
    # data-tier-egress
    "added: sg-database-postgres -> internet: tcp/443",
    "added: sg-database-postgres -> sg-loadbalancer-public: tcp/443",
    # nacl-drops-replies
    "added one-way: sg-monitoring -> sg-app-server: tcp/9100",
    # group-shared-by-services: admin, jobs and reports among each other
    f"added: sg-default-all -> sg-admin-metrics: {INTO_PUBLIC}",
    f"added: sg-admin-metrics -> sg-internal-reports: {INTO_PUBLIC}",
    f"added: sg-admin-metrics -> sg-jobs: {INTO_PUBLIC}",
    f"added: sg-jobs -> sg-internal-reports: {IN_APP}",
    f"added: sg-internal-reports -> sg-jobs: {IN_APP}",
    # the nightly jobs may go anywhere
    "added: sg-jobs -> internet: tcp/443",
    "added: sg-jobs -> sg-loadbalancer-public: tcp/443",
]


@pytest.fixture(scope="module")
def sound() -> Network:
    return load(str(FIXTURES / "three-tier" / "terraform"))


@pytest.fixture(scope="module")
def broken() -> Network:
    return load(str(FIXTURES / "three-tier-broken" / "terraform"))


def test_the_changes_are_what_follows_from_the_faults(sound: Network, broken: Network):
    assert changes(sound, broken) == sorted(EXPECTED)


def test_mending_them_takes_back_all_of_it(sound: Network, broken: Network):
    assert changes(broken, sound) == sorted(mirrored(line) for line in EXPECTED)


def test_nothing_is_left_open(sound: Network, broken: Network):
    assert diff(sound, broken).undecided == ()


def test_what_only_the_head_has_is_listed(sound: Network, broken: Network):
    found = diff(sound, broken)
    assert found.only_before == ()
    assert {end.address for end in found.only_after} == {
        *(f"aws_instance.{name}" for name in ("admin", "jobs", "monitoring", "reports")),
        *(f"aws_security_group.{name}" for name in ("admin_metrics", "default_all", "internal_reports")),
        *(f"aws_security_group.{name}" for name in ("jobs", "monitoring")),
        "aws_subnet.management",
    }


def test_a_change_names_the_rule_that_lets_it_and_what_stood_in_its_way(sound: Network, broken: Network):
    (change,) = [
        each
        for each in diff(sound, broken).changes
        if each.source.end.name == "10.0.10.0/24" and each.destination.end.name == "sg-database-postgres"
    ]
    assert change.after is not None
    assert change.before is not None
    assert [(rule.component, rule.at.line) for rule in change.after.rules] == [
        ("aws_vpc_security_group_ingress_rule.database_from_app_subnet", 162)
    ]
    assert [blocker.code.value for blocker in change.before.blockers] == ["ENI_SG_RULES_MISMATCH"]


def test_a_change_of_the_routes_names_the_route_too(sound: Network, broken: Network):
    (change,) = [
        each
        for each in diff(sound, broken).changes
        if each.source.end.name == "sg-database-postgres" and each.destination.end.name == "internet"
    ]
    assert change.after is not None
    assert "network.tf:144" in " ".join(str(rule.at) for rule in change.after.rules)
