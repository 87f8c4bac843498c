"""The plan of the network that ``inputs.write_groups(…, separate=True)`` writes, as Terraform shows it.

    python bench/plans.py FILE GROUPS

``terraform plan`` of 10,000 such groups takes minutes and gigabytes; this writes its JSON in seconds. It has
what a plan has of a resource (``resource_changes``, ``planned_values``, ``configuration``), so that its size
is a plan's: for 30 groups the first and the last of these are, value for value, Terraform 1.11's own.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

from inputs import RULES_IN_A_GROUP, ingress

PROVIDER = "registry.terraform.io/hashicorp/aws"
TAGS = {"Environment": "production"}
Values = dict[str, Any]


def write_plan(path: Path, groups: int, *, seed: int = 7) -> None:
    """Write the plan of that many groups with ten rules each."""
    made = list(_resources(groups, Random(seed)))
    changes = [change for change, _ in made]
    configured = {json.dumps(block): block for _, block in made}
    document = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "variables": {"environment": {"value": "production"}},
        "planned_values": {"root_module": {"resources": [_planned(change) for change in changes]}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {
                "aws": {"name": "aws", "expressions": {"region": {"constant_value": "eu-central-1"}}}
            },
            "root_module": {"resources": list(configured.values())},
        },
        "complete": True,
        "errored": False,
    }
    path.write_text(json.dumps(document, separators=(",", ":")))


def _planned(change: Values) -> Values:
    kept = {key: value for key, value in change.items() if key != "change"}
    return kept | {
        "values": change["change"]["after"],
        "sensitive_values": change["change"]["after_sensitive"],
    }


def _resources(groups: int, dice: Random) -> Iterator[tuple[Values, Values]]:
    """Every resource as its change and its block."""
    yield _network("aws_vpc", "main", None, {"cidr_block": "10.0.0.0/16"}, {})
    for place in range(3):
        cidr, zone = f"10.0.{place}.0/24", f"eu-central-1{'abc'[place]}"
        values = {"cidr_block": cidr, "availability_zone": zone}
        yield _network("aws_subnet", "app", place, values, {"vpc_id": _id("aws_vpc.main")})
    for number in range(groups):
        yield _group(number)
        yield _rule(number, 0, "egress", {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"}, {})
        for place in range(1, RULES_IN_A_GROUP):
            drawn = ingress(dice, groups)
            values = {
                "description": f"Clients on {drawn.port}",
                "from_port": drawn.port,
                "to_port": drawn.port,
                "ip_protocol": "tcp",
            }
            named = {"cidr_ipv4": drawn.cidr} if drawn.cidr else {}
            other = (
                {}
                if drawn.cidr
                else {"referenced_security_group_id": _id(f"aws_security_group.service_{drawn.group}")}
            )
            yield _rule(number, place, "ingress", values | named, other)


def _id(address: str) -> Values:
    return {"references": [f"{address}.id", address]}


def _resource(address: str, after: Values, unknown: Values, expressions: Values) -> tuple[Values, Values]:
    kind, _, rest = address.partition(".")
    name, _, key = rest.partition("[")
    own = {"address": address, "mode": "managed", "type": kind, "name": name}
    index = {"index": int(key[:-1])} if key else {}
    change = {
        "actions": ["create"],
        "before": None,
        "after": after,
        "after_unknown": unknown,
        "before_sensitive": False,
        "after_sensitive": _sensitive(kind, after),
    }
    block = own | {"address": f"{kind}.{name}", "provider_config_key": "aws", "expressions": expressions}
    return own | index | {"provider_name": PROVIDER, "change": change}, block


def _sensitive(kind: str, after: Values) -> Values:
    tags = {name: {} for name in ("tags", "tags_all") if after.get(name) is not None}
    return ({"egress": [], "ingress": []} if kind == "aws_security_group" else {}) | tags


def _network(kind: str, name: str, place: int | None, values: Values, named: Values) -> tuple[Values, Values]:
    address = f"{kind}.{name}" + ("" if place is None else f"[{place}]")
    label = {"Name": name if place is None else f"{name}-{place}"}
    tags = {"tags": TAGS | label, "tags_all": TAGS | label}
    unknown: Values = {"arn": True, "id": True, "tags": {}, "tags_all": {}} | dict.fromkeys(named, True)
    return _resource(address, values | tags, unknown, {"cidr_block": {"references": ["count.index"]}} | named)


def _group(number: int) -> tuple[Values, Values]:
    tags = TAGS | {"Name": f"sg-service-{number}", "Service": f"service-{number}"}
    texts = {"description": f"What may talk to service {number}", "name": f"service-{number}"}
    after = texts | {"revoke_rules_on_delete": False, "tags": tags, "tags_all": tags, "timeouts": None}
    names = ("arn", "egress", "id", "ingress", "name_prefix", "owner_id", "vpc_id")
    unknown: Values = dict.fromkeys(names, True) | {"tags": {}, "tags_all": {}}
    constants = {name: {"constant_value": text} for name, text in texts.items()}
    expressions = constants | {"tags": {"references": ["local.tags"]}, "vpc_id": _id("aws_vpc.main")}
    return _resource(f"aws_security_group.service_{number}", after, unknown, expressions)


def _rule(number: int, place: int, direction: str, values: Values, other: Values) -> tuple[Values, Values]:
    names = (
        "cidr_ipv4",
        "cidr_ipv6",
        "description",
        "from_port",
        "ip_protocol",
        "prefix_list_id",
        "referenced_security_group_id",
        "tags",
        "to_port",
    )
    after: Values = {name: values.get(name) for name in names if name not in other} | {"tags_all": {}}
    open_ = ("arn", "id", "security_group_id", "security_group_rule_id", *other)
    unknown: Values = dict.fromkeys(open_, True) | {"tags_all": {}}
    owner = {"security_group_id": _id(f"aws_security_group.service_{number}")}
    expressions = {name: {"constant_value": value} for name, value in values.items()} | owner | other
    address = f"aws_vpc_security_group_{direction}_rule.service_{number}_{place}"
    return _resource(address, after, unknown, expressions)


if __name__ == "__main__":
    write_plan(Path(sys.argv[1]), int(sys.argv[2]))
