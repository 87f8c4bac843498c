"""Pieces of CloudFormation as people write it, and the questions that the tests put to them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent, indent

from auditor import load
from auditor.pipeline import Network
from auditor.reach import Answer

START = """
Parameters:
  Name: {Type: String}
  Address: {Type: String}
Conditions:
  Asked: !Equals [!Ref Name, asked]
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Public: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  Private: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attached:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Table: {Type: AWS::EC2::RouteTable, Properties: {VpcId: !Ref Vpc}}
  Out:
    Type: AWS::EC2::Route
    Properties: {RouteTableId: !Ref Table, DestinationCidrBlock: 0.0.0.0/0, GatewayId: !Ref Gateway}
  Used:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: {SubnetId: !Ref Public, RouteTableId: !Ref Table}
"""
HTTPS = "IpProtocol: tcp, FromPort: 443, ToPort: 443"
FROM_ALL = f"{{{HTTPS}, CidrIp: 0.0.0.0/0}}"


def template(*parts: str) -> str:
    """A VPC with a public and a private subnet, and further resources."""
    return START + "".join(indent(dedent(part).strip("\n") + "\n", "  ") for part in parts)


def group(name: str, *ingress: str, more: str = "") -> str:
    """A group in the VPC."""
    return f"""{name}:
  Type: AWS::EC2::SecurityGroup
  Properties: {{GroupDescription: x, VpcId: !Ref Vpc, SecurityGroupIngress: [{", ".join(ingress)}]{more}}}
"""


def instance(name: str, properties: str) -> str:
    """An instance with these properties."""
    return f"{name}: {{Type: AWS::EC2::Instance, Properties: {{ImageId: ami-1, {properties}}}}}\n"


def resource(name: str, kind: str, properties: str = "") -> str:
    """Any resource of EC2 on one line."""
    return f"{name}: {{Type: AWS::EC2::{kind}, Properties: {{{properties}}}}}\n"


def network(**files: str) -> Network:
    """The network of the templates in one folder, each called as its argument is."""
    with TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, f"{name}.yaml").write_text(text, encoding="utf-8")
        return load(folder)


def ask(text: str, source: str, destination: str, traffic: str = "tcp/443") -> Answer:
    """One question to one template, whose stack is called ``t``."""
    names = [name if name == "internet" else f"t/{name}" for name in (source, destination)]
    return network(t=text).can_reach(names[0], names[1], traffic)
