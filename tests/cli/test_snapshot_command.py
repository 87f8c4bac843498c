"""``netaudit snapshot`` against an imitation of AWS: what it writes is what AWS says."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import ROOT, Ran, called
from tests.sources.snapshot.cloud import Gate, forwarded, gate, moto, python_with_moto

boto3 = pytest.importorskip("boto3", reason="boto3 comes with the extra `aws`")

ACCOUNT, OTHER = "123456789012", "210987654321"
REGION = "eu-central-1"
SECRET = "do-not-write-this"  # noqa: S105 - it is no password of anything
ENCODED = base64.b64encode(SECRET.encode()).decode()


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    if python_with_moto() is None:
        pytest.skip("no Python on this machine has moto (pip install 'moto[server]')")
    with moto() as address:
        yield address


@pytest.fixture
def cloud(server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Gate]:
    """An empty imitation of AWS, and credentials for it."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    forwarded(f"{server}/moto-api/reset", "POST", b"", {})
    with gate(server) as kept:
        yield kept


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked twice: the imitation fails for good where it does not know a call."""
    monkeypatch.setattr("auditor.sources.snapshot.collect.access._ATTEMPTS", 1)


def client(cloud: Gate, service: str, region: str = REGION, **given: str) -> Any:
    return boto3.client(service, region_name=region, endpoint_url=cloud.behind, **given)


def snapshot(cloud: Gate, folder: Path, *words: str) -> Ran:
    return called("snapshot", "-o", str(folder), "--endpoint-url", cloud.address, *words)


def content(folder: Path, name: str, region: str = REGION, account: str = ACCOUNT) -> Any:
    return json.loads((folder / account / region / f"{name}.json").read_text())


def manifest(folder: Path) -> Any:
    return json.loads((folder / "netaudit-snapshot.json").read_text())


def as_written(answer: Any) -> Any:
    """An answer of boto3 as JSON has it."""
    return json.loads(json.dumps(answer, default=lambda moment: moment.isoformat()))


def network(cloud: Gate, region: str = REGION) -> dict[str, str]:
    """A small network with something of everything; the ids of its parts."""
    ec2 = client(cloud, "ec2", region)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{region}{zone}")[
            "Subnet"
        ]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    ec2.authorize_security_group_ingress(
        GroupId=group, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="0.0.0.0/0"
    )
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    ec2.run_instances(
        ImageId="ami-12345678",
        MinCount=1,
        MaxCount=1,
        SubnetId=subnets[0],
        SecurityGroupIds=[group],
        UserData=SECRET,
    )
    ec2.create_launch_template(
        LaunchTemplateName="web", LaunchTemplateData={"UserData": ENCODED, "ImageId": "ami-12345678"}
    )
    transit = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    table = ec2.create_transit_gateway_route_table(TransitGatewayId=transit)["TransitGatewayRouteTable"]
    ec2.create_transit_gateway_route(
        DestinationCidrBlock="10.9.0.0/16",
        TransitGatewayRouteTableId=table["TransitGatewayRouteTableId"],
        Blackhole=True,
    )
    elb = client(cloud, "elbv2", region)
    balancer = elb.create_load_balancer(Name="web", Subnets=subnets, SecurityGroups=[group])["LoadBalancers"][
        0
    ]
    target = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": target["TargetGroupArn"]}],
    )
    client(cloud, "rds", region).create_db_instance(
        DBInstanceIdentifier="data",
        DBInstanceClass="db.t4g.micro",
        Engine="postgres",
        AllocatedStorage=20,
        MasterUsername=SECRET,
        MasterUserPassword=SECRET,
    )
    return {
        "vpc": vpc,
        "balancer": balancer["LoadBalancerArn"],
        "target": target["TargetGroupArn"],
        "table": table["TransitGatewayRouteTableId"],
    }


@pytest.mark.usefixtures("impatient")
def test_the_files_hold_what_aws_says(cloud: Gate, tmp_path: Path) -> None:
    ids = network(cloud)
    assert snapshot(cloud, tmp_path / "now").code == 0

    ec2, elb = client(cloud, "ec2"), client(cloud, "elbv2")
    told = {
        "Vpcs": ec2.describe_vpcs(),
        "Subnets": ec2.describe_subnets(),
        "SecurityGroups": ec2.describe_security_groups(),
        "RouteTables": ec2.describe_route_tables(),
        "NetworkAcls": ec2.describe_network_acls(),
        "NetworkInterfaces": ec2.describe_network_interfaces(),
        "Reservations": ec2.describe_instances(),
        "InternetGateways": ec2.describe_internet_gateways(),
        "TransitGateways": ec2.describe_transit_gateways(),
        "LoadBalancers": elb.describe_load_balancers(),
        "TargetGroups": elb.describe_target_groups(),
    }
    for key, answer in told.items():
        assert content(tmp_path / "now", key) == as_written({key: answer[key]})
        assert answer[key]
    listeners = elb.describe_listeners(LoadBalancerArn=ids["balancer"])["Listeners"]
    assert content(tmp_path / "now", "LoadBalancerListeners") == as_written(
        {"LoadBalancerListeners": [{"LoadBalancerArn": ids["balancer"], "Listeners": listeners}]}
    )
    health = elb.describe_target_health(TargetGroupArn=ids["target"])["TargetHealthDescriptions"]
    assert content(tmp_path / "now", "LoadBalancerTargetHealth") == as_written(
        {"LoadBalancerTargetHealth": [{"TargetGroupArn": ids["target"], "TargetHealthDescriptions": health}]}
    )
    (routes,) = (
        each
        for each in content(tmp_path / "now", "TransitGatewayStaticRoutes")["TransitGatewayStaticRoutes"]
        if each["TransitGatewayRouteTableId"] == ids["table"]
    )
    assert [route["DestinationCidrBlock"] for route in routes["Routes"]] == ["10.9.0.0/16"]


@pytest.mark.usefixtures("impatient")
def test_no_file_holds_what_is_secret(cloud: Gate, tmp_path: Path) -> None:
    network(cloud)
    snapshot(cloud, tmp_path)
    assert "ami-12345678" in (tmp_path / ACCOUNT / REGION / "LaunchTemplateVersions.json").read_text()
    assert content(tmp_path, "DBInstances")["DBInstances"][0]["DBInstanceIdentifier"] == "data"
    texts = {path.name: path.read_text() for path in tmp_path.rglob("*.json")}
    assert [name for name, text in texts.items() if SECRET in text or ENCODED in text] == []


@pytest.mark.usefixtures("impatient")
def test_a_second_collection_of_an_unchanged_network_is_the_same_but_for_its_beginning(
    cloud: Gate, tmp_path: Path
) -> None:
    network(cloud)
    for name in ("one", "two"):
        assert snapshot(cloud, tmp_path / name, "--only", "ec2", "--only", "elbv2").code == 0
    one, two = (
        {
            path.relative_to(tmp_path / name): json.loads(path.read_text())
            for path in (tmp_path / name).rglob("*.json")
        }
        for name in ("one", "two")
    )
    for read in (one, two):
        read[Path("netaudit-snapshot.json")].pop("started")
    assert one == two


def test_all_pages_of_a_long_list_are_collected(cloud: Gate, tmp_path: Path) -> None:
    scaling = client(cloud, "autoscaling")
    names = [f"configuration-{number:03}" for number in range(120)]
    for name in names:
        scaling.create_launch_configuration(
            LaunchConfigurationName=name, ImageId="ami-12345678", InstanceType="t3.micro", UserData=SECRET
        )
    assert "NextToken" in scaling.describe_launch_configurations()
    snapshot(cloud, tmp_path, "--only", "LaunchConfigurations")
    found = content(tmp_path, "LaunchConfigurations")["LaunchConfigurations"]
    assert sorted(each["LaunchConfigurationName"] for each in found) == names
    assert cloud.asked["DescribeLaunchConfigurations"] > 1


def test_two_regions_are_two_folders(cloud: Gate, tmp_path: Path) -> None:
    here, there = network(cloud), network(cloud, "us-east-1")
    snapshot(cloud, tmp_path, "--only", "Vpcs", "--region", REGION, "--region", "us-east-1")
    for region, ids in ((REGION, here), ("us-east-1", there)):
        assert ids["vpc"] in [each["VpcId"] for each in content(tmp_path, "Vpcs", region)["Vpcs"]]


def test_all_regions_are_those_that_are_enabled(cloud: Gate, tmp_path: Path) -> None:
    snapshot(cloud, tmp_path, "--only", "Vpcs", "--all-regions")
    enabled = [each["RegionName"] for each in client(cloud, "ec2").describe_regions()["Regions"]]
    assert sorted(path.name for path in (tmp_path / ACCOUNT).iterdir()) == sorted(enabled)


def test_roles_open_other_accounts(cloud: Gate, tmp_path: Path) -> None:
    role = f"arn:aws:iam::{OTHER}:role/auditor"
    taken = client(cloud, "sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    other = client(
        cloud,
        "ec2",
        aws_access_key_id=taken["AccessKeyId"],
        aws_secret_access_key=taken["SecretAccessKey"],
        aws_session_token=taken["SessionToken"],
    )
    vpc = other.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    own = f"arn:aws:iam::{ACCOUNT}:role/auditor"
    ran = snapshot(cloud, tmp_path, "--only", "Vpcs", "--role-arn", role, "--role-arn", own)
    assert ran.code == 0
    assert "of 2 accounts" in ran.out
    assert vpc in [each["VpcId"] for each in content(tmp_path, "Vpcs", account=OTHER)["Vpcs"]]
    assert vpc not in [each["VpcId"] for each in content(tmp_path, "Vpcs")["Vpcs"]]


def test_a_role_is_assumed_with_the_external_id_that_it_asks_for(cloud: Gate, tmp_path: Path) -> None:
    role = f"arn:aws:iam::{OTHER}:role/auditor"
    assert snapshot(cloud, tmp_path, "--only", "Vpcs", "--role-arn", role, "--external-id", "42").code == 0
    assert cloud.said["AssumeRole"]["RoleArn"] == [role]
    assert cloud.said["AssumeRole"]["ExternalId"] == ["42"]


def test_a_role_that_cannot_be_assumed_is_one_clear_error(cloud: Gate, tmp_path: Path) -> None:
    cloud.refuse("AssumeRole", "AccessDenied", status=403)
    role = f"arn:aws:iam::{OTHER}:role/auditor"
    ran = snapshot(cloud, tmp_path / "none", "--role-arn", role)
    assert ran.code == 2
    assert f"cannot assume {role}: AccessDenied: refused at the gate" in ran.err


def test_the_environment_may_say_where_to_call(
    cloud: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.address)
    assert called("snapshot", "-o", str(tmp_path), "--only", "Vpcs").code == 0
    assert cloud.asked["DescribeVpcs"] == 1


def test_a_region_that_is_not_enabled_is_told_as_that(cloud: Gate, tmp_path: Path) -> None:
    cloud.refuse("DescribeVpcs", "OptInRequired", status=401)
    ran = snapshot(cloud, tmp_path, "--only", "Vpcs", "--only", "Subnets")
    assert "these are not enabled for the account:\n  ec2:DescribeVpcs: OptInRequired" in ran.err


def test_control_c_leaves_whole_files_and_resume_goes_on(cloud: Gate, tmp_path: Path) -> None:
    words = ("snapshot", "-o", str(tmp_path), "--endpoint-url", cloud.address, "--jobs", "1")
    words += ("--only", "Vpcs", "--only", "DhcpOptions", "--only", "Subnets", "--only", "RouteTables")
    cloud.held.add("DescribeSubnets")
    running = subprocess.Popen(
        [sys.executable, "-m", "auditor", *words], cwd=ROOT, stderr=subprocess.PIPE, text=True
    )
    with running:
        until(lambda: cloud.asked["DescribeSubnets"] == 1)
        running.send_signal(signal.SIGINT)
        time.sleep(0.2)
        cloud.opened.set()
        _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "--resume" in said
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "DhcpOptions.json",
        "Vpcs.json",
        "netaudit-snapshot.json",
    ]
    assert called(*words, "--resume", "--strict").code == 0
    assert content(tmp_path, "RouteTables")["RouteTables"]
    assert {name: cloud.asked[f"Describe{name}"] for name in ("Vpcs", "Subnets", "RouteTables")} == {
        "Vpcs": 1,
        "Subnets": 2,
        "RouteTables": 1,
    }


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds, half a minute at most."""
    for _ in range(300):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to that")


def test_two_roles_in_one_account_are_refused(cloud: Gate, tmp_path: Path) -> None:
    roles = [word for name in "ab" for word in ("--role-arn", f"arn:aws:iam::{OTHER}:role/{name}")]
    ran = snapshot(cloud, tmp_path / "none", "--only", "Vpcs", *roles)
    assert ran.code == 2
    assert "as another --role-arn is" in ran.err
    assert not (tmp_path / "none").exists()


def test_what_the_credentials_do_not_allow_is_listed_and_the_rest_goes_on(
    cloud: Gate, tmp_path: Path
) -> None:
    cloud.refuse("DescribeSubnets", "UnauthorizedOperation", status=403)
    ran = snapshot(cloud, tmp_path, "--only", "Vpcs", "--only", "Subnets")
    assert ran.code == 0
    assert "the snapshot is not whole" in ran.err
    assert f"  ec2:DescribeSubnets ({ACCOUNT} {REGION})" in ran.err
    assert "--print-policy" in ran.err
    assert [row["reason"] for row in manifest(tmp_path)["denied"]] == ["denied"]
    assert content(tmp_path, "Vpcs")["Vpcs"]


def test_strict_makes_an_error_of_what_is_missing_and_resume_mends_it(cloud: Gate, tmp_path: Path) -> None:
    cloud.refuse("DescribeSubnets", "UnauthorizedOperation", status=403)
    words = ("--only", "Vpcs", "--only", "Subnets", "--strict")
    assert snapshot(cloud, tmp_path, *words).code == 2
    again = snapshot(cloud, tmp_path, *words, "--resume")
    assert again.code == 0
    assert again.err == ""
    assert cloud.asked["DescribeVpcs"] == 1
    assert cloud.asked["DescribeSubnets"] == 2


def test_where_nothing_is_allowed_there_is_no_snapshot(cloud: Gate, tmp_path: Path) -> None:
    cloud.refuse("DescribeVpcs", "UnauthorizedOperation", status=403)
    assert snapshot(cloud, tmp_path, "--only", "Vpcs").code == 2


def test_a_call_that_is_throttled_is_made_again(cloud: Gate, tmp_path: Path) -> None:
    cloud.refuse("DescribeVpcs", "RequestLimitExceeded", status=503, times=2)
    assert snapshot(cloud, tmp_path, "--only", "Vpcs", "--strict").code == 0
    assert cloud.asked["DescribeVpcs"] == 3
    assert manifest(tmp_path)["denied"] == []


def test_a_call_that_fails_for_good_is_made_a_few_times_and_told(
    cloud: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("auditor.sources.snapshot.collect.access._ATTEMPTS", 2)
    cloud.refuse("DescribeVpcs", "InternalError", status=500, times=100)
    ran = snapshot(cloud, tmp_path, "--only", "Vpcs", "--only", "Subnets")
    assert cloud.asked["DescribeVpcs"] == 2
    assert "ec2:DescribeVpcs: InternalError: refused at the gate" in ran.err
    assert "--resume" in ran.err


def test_progress_is_a_line_a_file_where_it_is_asked_for_and_nothing_otherwise(
    cloud: Gate, tmp_path: Path
) -> None:
    loud = snapshot(cloud, tmp_path / "loud", "--only", "Vpcs", "--verbose")
    assert f"{ACCOUNT}/{REGION}/Vpcs.json: 1" in loud.err
    plain = snapshot(cloud, tmp_path / "plain", "--only", "Vpcs")
    assert plain.err == ""
    assert plain.out == f"1 thing in 1 file, of 1 account and 1 Region, in {tmp_path / 'plain'}\n"
    quiet = snapshot(cloud, tmp_path / "quiet", "--only", "Vpcs", "--quiet")
    assert (quiet.out, quiet.err) == ("", "")


def test_credentials_that_there_are_not_are_one_clear_error(
    cloud: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    ran = snapshot(cloud, tmp_path / "none")
    assert ran.code == 2
    assert ran.err.startswith("netaudit: no AWS credentials can be used: Unable to locate credentials")
    assert not (tmp_path / "none").exists()


def test_a_profile_that_there_is_not_is_one_clear_error(cloud: Gate, tmp_path: Path) -> None:
    ran = snapshot(cloud, tmp_path / "none", "--profile", "production")
    assert ran.code == 2
    assert "The config profile (production) could not be found" in ran.err


def test_without_a_region_it_is_asked_for(
    cloud: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    ran = snapshot(cloud, tmp_path / "none")
    assert ran.code == 2
    assert "no Region is given" in ran.err


def test_aws_out_of_reach_is_one_clear_error(cloud: Gate, tmp_path: Path) -> None:
    ran = called("snapshot", "-o", str(tmp_path / "none"), "--endpoint-url", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "AWS cannot be reached" in ran.err


def test_without_boto3_the_line_that_installs_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    ran = called("snapshot", "-o", str(tmp_path / "none"))
    assert ran.code == 2
    assert "hint: pip install 'netaudit[aws]'" in ran.err


def test_the_policy_is_printed_without_boto3_and_without_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    ran = called("snapshot", "--print-policy", "--only", "lambda")
    assert ran.code == 0
    (statement,) = json.loads(ran.out)["Statement"]
    assert statement["Action"] == [
        "ec2:DescribeRegions",
        "lambda:ListFunctionUrlConfigs",
        "lambda:ListFunctions",
    ]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "give -o DIR"),
        (("-o", "x", "--region", "eu-west-1", "--all-regions"), "exclude each other"),
        (("-o", "x", "--only", "ec3"), "--only ec3: nothing is called that"),
    ],
)
def test_a_command_that_means_nothing_is_refused(words: tuple[str, ...], why: str) -> None:
    ran = called("snapshot", *words)
    assert ran.code == 2
    assert why in ran.err
