"""Routes to the endpoints of a firewall, in all the ways in which code names these."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import auditor
from auditor.model import Inventory, Link

CODE = """
variable "zones" { default = ["eu-west-1a", "eu-west-1b"] }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "fw" {
  count             = 2
  vpc_id            = aws_vpc.main.id
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = var.zones[count.index]
}
resource "aws_route_table" "t" { vpc_id = aws_vpc.main.id }
resource "aws_networkfirewall_firewall" "two" {
  name                = "two"
  vpc_id              = aws_vpc.main.id
  firewall_policy_arn = "arn:p"
  dynamic "subnet_mapping" {
    for_each = aws_subnet.fw[*].id
    content { subnet_id = subnet_mapping.value }
  }
}
resource "aws_networkfirewall_firewall" "one" {
  name                = "one"
  vpc_id              = aws_vpc.main.id
  firewall_policy_arn = "arn:p"
  subnet_mapping { subnet_id = aws_subnet.fw[1].id }
}
locals {
  states  = aws_networkfirewall_firewall.two.firewall_status[0].sync_states
  by_zone = { for one in local.states : one.availability_zone => one.attachment[0].endpoint_id }
  by_subnet = { for one in local.states : one.attachment[0].subnet_id => one.attachment[0].endpoint_id }
}
resource "aws_route" "r" {
  route_table_id         = aws_route_table.t.id
  destination_cidr_block = "0.0.0.0/0"
  vpc_endpoint_id        = VALUE
}
"""
TWO, ONE = "aws_networkfirewall_firewall.two", "aws_networkfirewall_firewall.one"
FIRST, SECOND = f"{TWO}/aws_subnet.fw[0]", f"{TWO}/aws_subnet.fw[1]"


def loaded(folder: Path, name: str, text: str) -> Inventory:
    (folder / name).write_text(text, "utf-8")
    found = auditor.load(str(folder)).inventory
    assert found.gaps == ()
    return found


def canonical(found: Inventory, link: Link) -> str:
    names = {alias.id: alias.of for alias in found.aliases}
    return names.get(link.id, link.id)


def routed(folder: Path, value: str) -> tuple[Inventory, Link]:
    found = loaded(folder, "main.tf", CODE.replace("VALUE", value))
    (route,) = [one for one in found.routes if one.id == "aws_route.r"]
    assert route.target.link is not None
    return found, route.target.link


@pytest.mark.parametrize(
    ("value", "endpoint"),
    [
        (
            (
                "element([for one in tolist(local.states) : one.attachment[0].endpoint_id"
                " if one.attachment[0].subnet_id == aws_subnet.fw[1].id], 0)"
            ),
            SECOND,
        ),
        (
            (
                "one([for one in local.states : one.attachment[0].endpoint_id"
                " if one.availability_zone == var.zones[0]])"
            ),
            FIRST,
        ),
        ('local.by_zone["eu-west-1b"]', SECOND),
        ("local.by_zone[aws_subnet.fw[0].availability_zone]", FIRST),
        ("lookup(local.by_zone, var.zones[1])", SECOND),
        (
            (
                "tolist(aws_networkfirewall_firewall.one.firewall_status[0].sync_states)[0]"
                ".attachment[0].endpoint_id"
            ),
            f"{ONE}/aws_subnet.fw[1]",
        ),
        (
            (
                "one(aws_networkfirewall_firewall.one.firewall_status[0].sync_states[*])"
                ".attachment[0].endpoint_id"
            ),
            f"{ONE}/aws_subnet.fw[1]",
        ),
    ],
)
def test_a_route_leads_to_the_endpoint_that_its_code_chooses(tmp_path: Path, value: str, endpoint: str):
    found, link = routed(tmp_path, value)
    assert (canonical(found, link), link.certain, link.among) == (endpoint, True, ())


@pytest.mark.parametrize(
    "value",
    [
        "tolist(local.states)[0].attachment[0].endpoint_id",
        "[for one in local.states : one.attachment[0].endpoint_id][0]",
        "(local.states[*].attachment[0].endpoint_id)[1]",
        "flatten([for one in local.states : [one.attachment[0].endpoint_id]])[0]",
        "local.by_subnet[aws_subnet.fw[0].id]",
    ],
)
def test_in_an_order_that_is_not_known_any_endpoint_may_be_the_first(tmp_path: Path, value: str):
    _, link = routed(tmp_path, value)
    assert (link.certain, set(link.among)) == (False, {FIRST, SECOND})


def instance(kind: str, name: str, /, **attributes: object) -> dict[str, object]:
    provider = 'provider["registry.terraform.io/hashicorp/aws"]'
    return {
        "mode": "managed",
        "type": kind,
        "name": name,
        "provider": provider,
        "instances": [{"schema_version": 0, "attributes": attributes}],
    }


VPC, SUBNET, TABLE = "vpc-0123456789abcdef0", "subnet-0123456789abcdef0", "rtb-0123456789abcdef0"
ENDPOINT = "vpce-0123456789abcdef0"


def test_what_is_applied_names_its_endpoints_by_the_ids_that_aws_gave(tmp_path: Path):
    attachment = [{"endpoint_id": ENDPOINT, "subnet_id": SUBNET, "status_message": ""}]
    states = [{"attachment": attachment, "availability_zone": "eu-west-1a"}]
    state = {
        "version": 4,
        "terraform_version": "1.11.0",
        "serial": 1,
        "lineage": "x",
        "outputs": {},
        "resources": [
            instance("aws_vpc", "main", id=VPC, cidr_block="10.0.0.0/16"),
            instance("aws_subnet", "fw", id=SUBNET, vpc_id=VPC, cidr_block="10.0.0.0/24"),
            instance("aws_route_table", "t", id=TABLE, vpc_id=VPC),
            instance(
                "aws_networkfirewall_firewall",
                "f",
                id="arn:aws:network-firewall:eu-west-1:111122223333:firewall/f",
                name="f",
                vpc_id=VPC,
                firewall_policy_arn="arn:p",
                subnet_mapping=[{"subnet_id": SUBNET, "ip_address_type": "IPV4"}],
                firewall_status=[{"sync_states": states}],
            ),
            instance(
                "aws_route",
                "r",
                id="r-1",
                route_table_id=TABLE,
                destination_cidr_block="0.0.0.0/0",
                vpc_endpoint_id=ENDPOINT,
            ),
        ],
    }
    found = loaded(tmp_path, "terraform.tfstate", json.dumps(state))
    (route,) = [one for one in found.routes if one.id == "aws_route.r"]
    assert route.target.link is not None
    (firewall,) = found.firewalls
    assert canonical(found, route.target.link) == firewall.endpoints[0].id
    assert firewall.endpoints[0].subnet.id == "aws_subnet.fw"


TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Fw:
    Type: AWS::NetworkFirewall::Firewall
    Properties:
      FirewallName: fw
      FirewallPolicyArn: arn:p
      VpcId: !Ref Vpc
      SubnetMappings: [MAPPINGS]
  Out:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      VpcEndpointId: !Select [1, !Split [":", !Select [0, !GetAtt Fw.EndpointIds]]]
"""


def in_a_template(folder: Path, *subnets: str) -> Link:
    mappings = ", ".join(f"{{SubnetId: !Ref {name}}}" for name in subnets)
    found = loaded(folder, "net.yaml", TEMPLATE.replace("MAPPINGS", mappings))
    (route,) = [one for one in found.routes if one.id.endswith("Out")]
    assert route.target.link is not None
    return route.target.link


def test_a_template_names_the_only_endpoint_of_a_firewall(tmp_path: Path):
    link = in_a_template(tmp_path, "A")
    assert (link.id, link.certain) == ("net/Fw/net/A", True)


def test_a_template_does_not_say_which_endpoint_is_the_first(tmp_path: Path):
    link = in_a_template(tmp_path, "A", "B")
    assert (link.certain, link.among) == (False, ("net/Fw/net/A", "net/Fw/net/B"))


ASSOCIATED = """
  Further:
    Type: AWS::NetworkFirewall::VpcEndpointAssociation
    Properties: {FirewallArn: !Ref Fw, VpcId: !Ref Vpc, SubnetMapping: {SubnetId: !Ref B}}
"""


def test_a_firewall_does_not_tell_the_endpoints_that_are_associated_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(f"{__name__}.TEMPLATE", TEMPLATE + ASSOCIATED)
    link = in_a_template(tmp_path, "A")
    assert (link.id, link.certain) == ("net/Fw/net/A", True)


def test_the_zone_of_an_endpoint_is_that_of_its_subnet_in_another_module(tmp_path: Path):
    inner = tmp_path / "net"
    inner.mkdir()
    code = CODE.replace("VALUE", 'local.by_zone["eu-west-1b"]')
    network, subnets = (
        code.partition('resource "aws_route_table"')[0],
        'output "fw" { value = aws_subnet.fw[*].id }',
    )
    (inner / "main.tf").write_text(f"{network}{subnets}", "utf-8")
    rest = (
        code[len(network) :]
        .replace("aws_subnet.fw[*].id", "module.net.fw")
        .replace("aws_vpc.main.id", '"vpc-1"')
    )
    rest = rest.replace("aws_subnet.fw[1].id", "module.net.fw[1]")
    (tmp_path / "main.tf").write_text(f'module "net" {{ source = "./net" }}\n{rest}', "utf-8")
    found = auditor.load(str(tmp_path)).inventory
    (route,) = [one for one in found.routes if one.id == "aws_route.r"]
    assert route.target.link is not None
    assert canonical(found, route.target.link) == f"{TWO}/module.net.aws_subnet.fw[1]"


ENDPOINT = '!Select [1, !Split [":", !Select [PLACE, !GetAtt Fw.EndpointIds]]]'
ZONE = f"""
  SubnetX: {{Type: AWS::EC2::Subnet, Properties: {{VpcId: !Ref Vpc, CidrBlock: 10.0.1PLACE.0/24}}}}
  TableX: {{Type: AWS::EC2::RouteTable, Properties: {{VpcId: !Ref Vpc}}}}
  RouteX:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref TableX
      DestinationCidrBlock: 0.0.0.0/0
      VpcEndpointId: {ENDPOINT}
  UsesX:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {{SubnetId: !Ref SubnetX, RouteTableId: !Ref TableX}}
  BackX:
    Type: AWS::EC2::Route
    Properties:
      RouteTableId: !Ref Edge
      DestinationCidrBlock: 10.0.1PLACE.0/24
      VpcEndpointId: {ENDPOINT}
  HostX:
    Type: AWS::EC2::Instance
    Properties:
      NetworkInterfaces:
        - DeviceIndex: "0"
          SubnetId: !Ref SubnetX
          AssociatePublicIpAddress: true
          GroupSet: [!Ref Web]
"""
ZONES = """
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Policy:
    Type: AWS::NetworkFirewall::FirewallPolicy
    Properties:
      FirewallPolicyName: p
      FirewallPolicy:
        StatelessDefaultActions: ["aws:forward_to_sfe"]
        StatelessFragmentDefaultActions: ["aws:forward_to_sfe"]
  Inspecting: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  ToInternet:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Inspecting, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  UsesA:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref A, RouteTableId: !Ref Inspecting}
  UsesB:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref B, RouteTableId: !Ref Inspecting}
  Edge: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  AtTheGateway:
    Type: AWS::EC2::GatewayRouteTableAssociation
    Properties: {GatewayId: !Ref Gateway, RouteTableId: !Ref Edge}
  Web:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: 0.0.0.0/0}]
"""


@pytest.mark.parametrize("host", ["HostOne", "HostTwo"])
def test_whichever_of_two_endpoints_alike_is_the_first_the_answer_is_the_same(tmp_path: Path, host: str):
    text = TEMPLATE.replace("MAPPINGS", "{SubnetId: !Ref A}, {SubnetId: !Ref B}") + ZONES
    text = text.replace("FirewallPolicyArn: arn:p", "FirewallPolicyArn: !Ref Policy")
    for place, name in enumerate(("One", "Two")):
        text += re.sub(r"X\b", name, ZONE).replace("PLACE", str(place))
    (tmp_path / "net.yaml").write_text(text, "utf-8")
    answer = auditor.load(str(tmp_path)).can_reach("internet", host, "tcp/443")
    assert answer.verdict.value == "reachable"
    assert any(hop.kind == "network-firewall" for path in answer.paths for hop in path.hops)
