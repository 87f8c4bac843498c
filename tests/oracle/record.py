"""Records what Terraform itself says of the fixtures: their plans, and their state once they are applied.

    python tests/oracle/record.py [FIXTURE ...]

plans and applies each fixture with the real ``terraform`` against a server that imitates AWS on this machine
(``pip install 'moto[server]'``), and writes ``fixtures/<name>/plan/plan.json``,
``fixtures/<name>/state/terraform.tfstate`` and ``fixtures/<name>/state-shown/state.json``. It takes some
minutes a fixture: the provider waits as it would for AWS.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from planning import OFFLINE, plugin_folder, terraform

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
ACCOUNT = "123456789012"


def main() -> None:
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    os.environ |= {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
    names = sys.argv[1:] or sorted(path.parent.name for path in FIXTURES.glob("*/expected.json"))
    for name in names:
        sys.stderr.write(f"{name} …\n")
        with Cloud() as cloud, tempfile.TemporaryDirectory() as scratch:
            record(name, cloud, Path(scratch))


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


def record(name: str, cloud: Cloud, scratch: Path) -> None:
    folder = scratch / "copy"
    shutil.copytree(FIXTURES / name / "terraform", folder)
    endpoints = "\n".join(f'    {service} = "{cloud.endpoint}"' for service in SERVICES)
    region = "eu-west-1" if name == "microservices" else "eu-central-1"
    offline = OFFLINE.replace("eu-central-1", region)
    (folder / "offline_override.tf").write_text(
        offline.rstrip("}\n") + f"\n  endpoints {{\n{endpoints}\n  }}\n}}\n"
    )
    terraform(folder, "init", f"-plugin-dir={plugin_folder()}", "-input=false", "-no-color")
    cloud.certificate(f"arn:aws:acm:{region}:{ACCOUNT}:certificate/11111111-2222-3333-4444-555555555555")
    elasticache = cloud.client("elasticache", region)
    elasticache.create_cache_cluster(
        CacheClusterId="redis-001",
        CacheNodeType="cache.t4g.small",
        Engine="redis",
        EngineVersion="7.1.0",
        NumCacheNodes=1,
        CacheSubnetGroupName="data",
    )
    values = SURROUNDINGS[name](cloud, folder) if name in SURROUNDINGS else {}
    (folder / "given.auto.tfvars.json").write_text(json.dumps(values))
    terraform(folder, "plan", "-out=plan", "-input=false", "-no-color", "-lock=false")
    save(name, "plan/plan.json", terraform(folder, "show", "-json", "plan"), cloud)
    terraform(folder, "apply", "-input=false", "-no-color", "-lock=false", "plan")
    save(name, "state/terraform.tfstate", (folder / "terraform.tfstate").read_text(), cloud)
    save(name, "state-shown/state.json", terraform(folder, "show", "-json"), cloud)


def save(name: str, path: str, text: str, cloud: Cloud) -> None:
    target = FIXTURES / name / path
    target.parent.mkdir(exist_ok=True)
    kept = json.loads(text.replace(cloud.endpoint, "http://127.0.0.1"))
    target.write_text(json.dumps(kept, separators=(",", ":"), ensure_ascii=False) + "\n")


def surroundings_of_unknowns(cloud: Cloud, folder: Path) -> dict[str, Any]:
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


def surroundings_of_service_only(cloud: Cloud, folder: Path) -> dict[str, Any]:
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


SURROUNDINGS: dict[str, Callable[[Cloud, Path], dict[str, Any]]] = {
    "unknowns": surroundings_of_unknowns,
    "service-only": surroundings_of_service_only,
}


if __name__ == "__main__":
    main()
