"""Applies Terraform to an imitation of AWS on this machine, and collects what runs there as users do."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from planning import plugin_folder, terraform
from record import FIXTURES, SURROUNDINGS, prepare, region_of

from tests.cli.running import process
from tests.sources.snapshot.cloud import moto, python_with_moto

# What is collected, by service, operation or file: all that the fixtures have and the imitation answers. It
# knows nothing of block public access, Client VPN, local gateways and the like, and refuses calls for them.
COLLECTED = (
    *("Vpcs", "Subnets", "RouteTables", "NetworkAcls", "SecurityGroups", "NetworkInterfaces", "Reservations"),
    *("InternetGateways", "EgressOnlyInternetGateways", "NatGateways", "Addresses", "VpcDnsHostnames"),
    *("VpcDnsSupport", "VpcEndpoints", "VpcPeeringConnections", "ManagedPrefixLists", "PrefixLists"),
    *("ManagedPrefixListEntries", "LaunchTemplates", "LaunchTemplateVersions", "FlowLogs", "TransitGateways"),
    *(
        "TransitGatewayVpcAttachments",
        "VpnGateways",
        "autoscaling",
        "elb",
        "elbv2",
        "ecs",
        "efs",
        "Functions",
    ),
    *("DBInstances", "DBClusters", "DBSubnetGroups", "CacheClusters", "ReplicationGroups"),
    *("CacheSubnetGroups", "HostedZones"),
)
_ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def needs() -> None:
    """Skips the test unless it is asked for, or where terraform, boto3 or the imitation is not here.

    An apply waits for minutes, as the provider does between its looks at a database or a balancer.
    """
    if not os.environ.get("NETAUDIT_APPLY"):
        pytest.skip("applying the fixtures takes minutes: set NETAUDIT_APPLY=1")
    pytest.importorskip("boto3", reason="boto3 comes with the extra `aws`")
    if python_with_moto() is None:
        pytest.skip("no Python on this machine has moto (pip install 'moto[server]')")
    plugin_folder()


@dataclass(frozen=True, slots=True)
class Live:
    """A network that runs in an imitation of its own, empty at first."""

    endpoint: str
    region: str
    folder: Path
    values: dict[str, Any] = field(default_factory=dict)

    def client(self, service: str, region: str = "") -> Any:
        """A client of boto3 for the imitation."""
        import boto3

        return boto3.client(
            service,
            region_name=region or self.region,
            endpoint_url=self.endpoint,
            aws_access_key_id="none",
            aws_secret_access_key="none",  # noqa: S106 - it is no password of anything
        )

    def apply(self) -> None:
        """``terraform apply`` of the folder; the certificates that it names are issued first."""
        prepare(self, self.folder, self.region)
        issued = self.client("acm").request_certificate(DomainName="example.com")["CertificateArn"]
        for path in self.folder.rglob("*.tf"):
            path.write_text(re.sub(r'arn:aws:acm:[^"]*', issued, path.read_text()))
        terraform(self.folder, "init", f"-plugin-dir={plugin_folder()}", "-input=false", "-no-color")
        if self.folder.parent.name in SURROUNDINGS:
            self.values.update(SURROUNDINGS[self.folder.parent.name](self, self.folder))
        given = self.folder / "given.auto.tfvars.json"
        given.write_text(json.dumps(self.values))
        options = ("-auto-approve", "-input=false", "-no-color", "-lock=false", "-parallelism=30")
        terraform(self.folder, "apply", *options)

    def collected(self, name: str = "snapshot") -> str:
        """``netaudit snapshot`` into a folder of that name, which is given. All must be answered."""
        target = self.folder.parent / name
        only = [word for each in COLLECTED for word in ("--only", each)]
        asked = ("snapshot", "--endpoint-url", self.endpoint, "--region", self.region, "-o", str(target))
        ran = process(*asked, "--strict", *only, **_ENVIRONMENT)
        assert ran.code == 0, ran.err
        return str(target)


@contextmanager
def running(folder: Path, scratch: Path, region: str) -> Iterator[Live]:
    """A copy of a configuration, applied."""
    copy = scratch / "copy"
    shutil.copytree(folder, copy)
    with moto(MOTO_IAM_LOAD_MANAGED_POLICIES="true") as endpoint:
        live = Live(endpoint, region, copy)
        live.apply()
        yield live


@contextmanager
def running_fixture(name: str, scratch: Path) -> Iterator[Live]:
    """A fixture, applied in what it needs around it."""
    (scratch / name).mkdir()
    with running(FIXTURES / name / "terraform", scratch / name, region_of(name)) as live:
        yield live
