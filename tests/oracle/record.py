"""Records what Terraform itself says of the fixtures, and what the API of AWS says once they are applied.

    python tests/oracle/record.py [--only plan|state|snapshot] [FIXTURE ...]

plans and applies each fixture with the real ``terraform`` against a server that imitates AWS on this machine
(``pip install 'moto[server]'``), and writes ``fixtures/<name>/plan/plan.json``,
``fixtures/<name>/state/terraform.tfstate``, ``fixtures/<name>/state-shown/state.json`` and
``fixtures/<name>/snapshot/<account>/<region>/``. It takes some minutes a fixture: the provider waits as it
would for AWS. What the imitation leaves out or says otherwise than AWS is mended in ``amended.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from amended import ACCOUNT, Asked, amended
from describing import described
from planning import OFFLINE, plugin_folder, terraform
from stable import plain, stable

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
SERVICES = (
    "acm",
    "autoscaling",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecs",
    "efs",
    "eks",
    "elasticache",
    "elb",
    "elbv2",
    "iam",
    "kms",
    "lambda",
    "logs",
    "rds",
    "route53",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "sns",
    "sqs",
    "ssm",
    "sts",
)


def main() -> None:
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=("plan", "state", "snapshot"), default="")
    parser.add_argument(
        "names",
        nargs="*",
        default=sorted(path.parent.parent.name for path in FIXTURES.glob("*/plan/plan.json")),
    )
    given = parser.parse_args()
    for name in given.names:
        sys.stderr.write(f"{name} …\n")
        with Cloud() as cloud, tempfile.TemporaryDirectory() as scratch:
            record(name, cloud, Path(scratch), given.only)


class Cloud:
    """An imitation of AWS on a port of its own, empty at first."""

    def __enter__(self) -> Self:
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        self._server.start()
        host, port = self._server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        from moto.moto_api._internal import moto_api_backend

        moto_api_backend.reset()
        self._server.stop()

    def client(self, service: str, region: str) -> Any:
        import boto3

        return boto3.client(service, region_name=region, endpoint_url=self.endpoint)

    def certificate(self, arn: str) -> None:
        """A certificate with an ARN that the code names: the imitation refuses listeners without one."""
        from moto.acm.models import CertBundle, acm_backends

        region = arn.split(":")[3]
        backend = acm_backends[ACCOUNT][region]
        bundle = CertBundle.generate_cert(domain_name="example.com", account_id=ACCOUNT, region=region)
        bundle.arn = arn
        backend._certificates[arn] = bundle


def record(name: str, cloud: Cloud, scratch: Path, only: str) -> None:
    folder = scratch / "copy"
    kept = _Kept(name, cloud, only)
    shutil.copytree(FIXTURES / name / "terraform", folder)
    region = region_of(name)
    prepare(cloud, folder, region)
    terraform(folder, "init", f"-plugin-dir={plugin_folder()}", "-input=false", "-no-color")
    cloud.certificate(f"arn:aws:acm:{region}:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555")
    values = SURROUNDINGS[name](cloud, folder) if name in SURROUNDINGS else {}
    (folder / "given.auto.tfvars.json").write_text(json.dumps(values))
    terraform(folder, "plan", "-out=plan", "-input=false", "-no-color", "-lock=false")
    plan = terraform(folder, "show", "-json", "plan")
    kept.save("plan/plan.json", plan)
    terraform(folder, "apply", "-input=false", "-no-color", "-lock=false", "plan")
    kept.save("state/terraform.tfstate", (folder / "terraform.tfstate").read_text())
    shown = terraform(folder, "show", "-json")
    kept.save("state-shown/state.json", shown)
    said = plain(described(lambda service: cloud.client(service, region)), cloud.endpoint)
    answers = amended(said, _asked(plan, shown))
    for key, answer in stable(answers).items():
        kept.save(f"snapshot/{ACCOUNT}/{region}/{key}.json", json.dumps({key: answer}), indent=1)


class Endpoint(Protocol):
    """An imitation of AWS, wherever it runs."""

    endpoint: str

    def client(self, service: str, region: str) -> Any: ...


def region_of(name: str) -> str:
    """The Region of a fixture."""
    return "eu-west-1" if name == "microservices" else "eu-central-1"


def prepare(cloud: Endpoint, folder: Path, region: str) -> None:
    """Makes a copy of a fixture one that is applied to the imitation, and the imitation one that takes it.

    The VPC that every Region has at first is deleted, as many do, so that only the fixture's is there.
    """
    endpoints = "\n".join(f'    {service} = "{cloud.endpoint}"' for service in SERVICES)
    offline = OFFLINE.replace("eu-central-1", region).rstrip("}\n")
    (folder / "offline_override.tf").write_text(f"{offline}\n  endpoints {{\n{endpoints}\n  }}\n}}\n")
    ec2 = cloud.client("ec2", region)
    for vpc in ec2.describe_vpcs()["Vpcs"]:
        own = [{"Name": "vpc-id", "Values": [vpc["VpcId"]]}]
        for subnet in ec2.describe_subnets(Filters=own)["Subnets"]:
            ec2.delete_subnet(SubnetId=subnet["SubnetId"])
        ec2.delete_vpc(VpcId=vpc["VpcId"])
    if any("aws_elasticache_replication_group" in each.read_text() for each in folder.rglob("*.tf")):
        cloud.client("elasticache", region).create_cache_cluster(
            CacheClusterId="redis-001",
            CacheNodeType="cache.t4g.small",
            Engine="redis",
            EngineVersion="7.1.0",
            NumCacheNodes=1,
            CacheSubnetGroupName="data",
        )


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a fixture's documents go; those of the kind ``only``, if one is given."""

    name: str
    cloud: Cloud
    only: str

    def save(self, path: str, text: str, indent: int | None = None) -> None:
        if not path.startswith(self.only):
            return
        target = FIXTURES / self.name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        kept = json.loads(text.replace(self.cloud.endpoint, "http://127.0.0.1"))
        separators = (",", ": ") if indent else (",", ":")
        target.write_text(json.dumps(kept, separators=separators, ensure_ascii=False, indent=indent) + "\n")


def _asked(plan: str, state: str) -> Asked:
    """What the fixture asks for and the imitation forgets."""
    planned = list(_resources(json.loads(plan)["planned_values"]["root_module"]))
    applied = list(_resources(json.loads(state)["values"]["root_module"]))
    return Asked(
        public={
            each["values"]["tags"]["Name"]: each["values"]["associate_public_ip_address"]
            for each in planned
            if each["type"] == "aws_instance"
            and each["values"].get("associate_public_ip_address") is not None
        },
        nodes={
            each["values"]["replication_group_id"]: each["values"]["num_cache_clusters"]
            for each in planned
            if each["type"] == "aws_elasticache_replication_group"
        },
        groups={
            each["values"]["replication_group_id"]: each["values"]["security_group_ids"]
            for each in applied
            if each["type"] == "aws_elasticache_replication_group"
        },
    )


def _resources(module: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from module.get("resources", ())
    for child in module.get("child_modules", ()):
        yield from _resources(child)


def surroundings_of_unknowns(cloud: Endpoint, folder: Path) -> dict[str, Any]:
    """The shared root's state, and the group that the monitoring team keeps in the VPC of this root."""
    ec2 = cloud.client("ec2", "eu-central-1")
    shared = ec2.create_vpc(CidrBlock="10.60.0.0/16")["Vpc"]["VpcId"]
    outputs = {"vpc_id": shared, "vpc_cidr": "10.60.0.0/16"}
    (folder.parent / "shared").mkdir()
    state = {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "lineage": "shared",
        "outputs": {name: {"value": value, "type": "string"} for name, value in outputs.items()},
        "resources": [],
    }
    (folder.parent / "shared/terraform.tfstate").write_text(json.dumps(state))
    values = {
        "office_cidr": "198.51.100.0/24",
        "branch_cidr": "10.50.10.0/24",
        "break_glass": False,
        "ami_id": "ami-0123456789abcdef0",
    }
    (folder / "given.auto.tfvars.json").write_text(json.dumps(values))
    terraform(folder, "apply", "-target=aws_vpc.main", "-input=false", "-no-color", "-auto-approve")
    vpc = json.loads(terraform(folder, "show", "-json"))["values"]["root_module"]["resources"][-1]["values"][
        "id"
    ]
    ec2.create_security_group(GroupName="monitoring", Description="Scrapes metrics", VpcId=vpc)
    return values


def surroundings_of_service_only(cloud: Endpoint, folder: Path) -> dict[str, Any]:
    """The platform's VPC, with subnets for services and for databases, a group and a cluster."""
    ec2, ecs = cloud.client("ec2", "eu-central-1"), cloud.client("ecs", "eu-central-1")
    vpc = ec2.create_vpc(CidrBlock="10.80.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": "platform"}])
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.80.{place}.0/24", AvailabilityZone=f"eu-central-1{zone}")[
            "Subnet"
        ]["SubnetId"]
        for place, zone in enumerate("abab")
    ]
    ec2.create_tags(Resources=subnets[2:], Tags=[{"Key": "Tier", "Value": "database"}])
    group = ec2.create_security_group(GroupName="balancer", Description="Public", VpcId=vpc)["GroupId"]
    cluster = ecs.create_cluster(clusterName="platform")["cluster"]["clusterArn"]
    return {
        "private_subnet_ids": subnets[:2],
        "load_balancer_security_group_id": group,
        "cluster_arn": cluster,
        "execution_role_arn": f"arn:aws:iam::{ACCOUNT}:role/execution",
    }


SURROUNDINGS: dict[str, Callable[[Endpoint, Path], dict[str, Any]]] = {
    "unknowns": surroundings_of_unknowns,
    "service-only": surroundings_of_service_only,
}


if __name__ == "__main__":
    main()
