"""What people type, and what it names."""

from __future__ import annotations

import pytest

from auditor.errors import UsageError
from auditor.model import Alias
from tests.reach.network import engine, group, host, subnet, vpc

NET = engine(
    vpc(),
    subnet("aws_subnet.data", "10.0.1.0/24"),
    group(
        "aws_security_group.database_postgres",
        names=("database-postgres",),
        tags=(("Name", "sg-database-postgres"),),
    ),
    group("aws_security_group.app", names=("app",), tags=(("Name", "sg-app"), ("Team", "a"))),
    group('module.x.aws_security_group.this["cache"]', names=("CacheRedis",)),
    host(
        "aws_instance.app",
        "aws_subnet.data",
        "aws_security_group.app",
        names=("app",),
        tags=(("Name", "app"),),
    ),
    Alias(id="arn:aws:ec2:eu-west-1:1:security-group/sg-1", of="aws_security_group.app"),
)


@pytest.mark.parametrize(
    ("text", "identity"),
    [
        ("aws_security_group.database_postgres", "aws_security_group.database_postgres"),
        ("sg-database-postgres", "aws_security_group.database_postgres"),
        ("database-postgres", "aws_security_group.database_postgres"),
        ("database_postgres", "aws_security_group.database_postgres"),
        ("DatabasePostgres", "aws_security_group.database_postgres"),
        ("SG-Database-Postgres", "aws_security_group.database_postgres"),
        ("sg-app", "aws_security_group.app"),
        ("app", "aws_instance.app"),
        ("aws_security_group.app", "aws_security_group.app"),
        ("arn:aws:ec2:eu-west-1:1:security-group/sg-1", "aws_security_group.app"),
        ("cache-redis", 'module.x.aws_security_group.this["cache"]'),
        ("sg-cache-redis", 'module.x.aws_security_group.this["cache"]'),
        ("subnet:data", "aws_subnet.data"),
        ("vpc:vpc", "vpc"),
        ("tag:Team=a", "aws_security_group.app"),
    ],
)
def test_a_text_names_one_thing(text, identity):
    assert [one.id for one in NET.endpoints(text)] == [identity]


@pytest.mark.parametrize(
    "text", ["internet", "on-premises", "service:s3", "10.0.0.0/8", "10.1.2.3", "2001:db8::/32"]
)
def test_a_word_or_an_address_needs_no_component(text):
    assert [(one.id, one.name) for one in NET.endpoints(text)] == [("", text)]


def test_a_name_that_nothing_has_brings_the_nearest_ones():
    with pytest.raises(UsageError, match="sg-database-postgers") as raised:
        NET.endpoints("sg-database-postgers")
    assert "sg-database-postgres" in raised.value.hint


def test_a_name_that_several_things_have_lists_them_all():
    net = engine(vpc(), group("a.web", names=("web",)), group("b.web", names=("web",)))
    assert [one.id for one in net.endpoints("web")] == ["a.web", "b.web"]
    with pytest.raises(UsageError, match=r"a\.web, b\.web"):
        net.can_reach("web", "internet")


def test_a_tag_needs_a_value():
    with pytest.raises(UsageError, match="no value"):
        NET.endpoints("tag:Team")


def test_an_address_in_an_input_named_like_a_word_of_questions_is_that_address():
    net = engine(vpc(), subnet("a", "10.0.1.0/24"), group("service:db"), host("vpc:db", "a", "service:db"))
    names = [net.names.resolve(text)[0].id for text in ("service:db", "vpc:db")]
    assert names == ["service:db", "vpc:db"]
