"""A template is told from everything else by its begin."""

from __future__ import annotations

import json

import pytest

from auditor.sources.cloudformation.syntax import is_template

HEAD = 65536
VPC = "  Vpc:\n    Type: AWS::EC2::VPC\n"
TYPED = {"Vpc": {"Type": "AWS::EC2::VPC"}}
METADATA = "Metadata:\n" + "".join(f"  Key{n}: a value that says little\n" for n in range(3000))

TEMPLATES = {
    "with a version": "AWSTemplateFormatVersion: 2010-09-09\nDescription: x\n",
    "with resources alone": "Resources:\n" + VPC,
    "with a custom resource": "Resources:\n  A:\n    Type: Custom::Thing\n",
    "with a module": "Resources:\n  A:\n    Type: My::Net::Vpc::MODULE\n",
    "with quoted words": "'Resources':\n  'A':\n    'Type': 'AWS::EC2::VPC'\n",
    "with a loop": "Transform: AWS::LanguageExtensions\nResources:\n  Fn::ForEach::A: [x, [a], {}]\n",
    "of SAM": "Transform: AWS::Serverless-2016-10-31\nGlobals: {}\n",
    "of SAM, a list": "Transform:\n  - AWS::Serverless-2016-10-31\nResources: {}\n",
    "after comments": "# a\n\n---\n# b\nResources:\n  # c\n" + VPC,
    "all indented": "  Resources:\n    Vpc:\n      Type: AWS::EC2::VPC\n",
    "with odd line ends": ("Resources:\n" + VPC).replace("\n", "\r\n"),
    "in JSON": json.dumps({"Resources": TYPED}),
    "in JSON, pretty": json.dumps({"Description": 'a "Resources": {', "Resources": TYPED}, indent=4),
    "in braces": "{Resources: {A: {Type: AWS::EC2::VPC}}}",
    "with a late begin": METADATA + "Resources:\n" + VPC,
    "with a late type": "Resources:\n  A:\n    Metadata: " + "x" * HEAD + "\n    Type: AWS::EC2::VPC\n",
    "with a late begin in JSON": json.dumps(
        {"Mappings": {"A": {"B": {"C": "x" * HEAD}}}, "Resources": TYPED}
    ),
}
OTHERS = {
    "nothing": "",
    "Kubernetes": "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec: {}\n",
    "Kustomize": "kind: Kustomization\nresources:\n  - a.yaml\n",
    "a long manifest": "apiVersion: v1\nkind: ConfigMap\ndata:\n  Resources: x\n" + "  a: b\n" * 20_000,
    "Compose": "services:\n  db:\n    image: postgres\n    deploy: {resources: {}}\n",
    "Ansible": "- hosts: all\n  tasks:\n    - cloudformation:\n        template: {Resources: {}}\n",
    "a workflow": "on: push\njobs:\n  a:\n    steps:\n      - run: echo 'Resources'\n",
    "an AppSpec": "version: 0.0\nResources:\n  - TargetService:\n      Type: AWS::ECS::Service\n",
    "a serverless.yml": "service: a\nprovider: {name: aws}\nresources:\n  Resources:\n  " + VPC,
    "a template in a block": "body: |\n  AWSTemplateFormatVersion: 2010-09-09\n  Resources:\n  " + VPC,
    "a template in a map": json.dumps(
        {"TemplateBody": {"AWSTemplateFormatVersion": "x", "Resources": TYPED}}
    ),
    "a CDK manifest": json.dumps(
        {"version": "36.0.0", "artifacts": {"A": {"type": "aws:cloudformation:stack"}}}
    ),
    "package.json": json.dumps({"name": "a", "dependencies": {}, "config": {"Resources": 1}}),
    "a plan": json.dumps({"format_version": "1.2", "resource_changes": [], "x": {"Resources": TYPED}}),
    "a snapshot": json.dumps({"Subnets": [{"SubnetId": "subnet-1", "Tags": [{"Key": "Resources"}]}]}),
    "an answer about parameters": json.dumps({"Parameters": [{"Name": "a", "Type": "String"}] * 3000}),
    "an answer about rules": json.dumps({"Rules": [{"Conditions": [], "Actions": []}] * 3000}),
    "a list": json.dumps([{"Resources": TYPED}]),
    "parameters alone": "Parameters:\n  A: b\n",
    "parameters for the CLI": json.dumps([{"ParameterKey": "A", "ParameterValue": "Resources"}]),
    "resources of no type": "Resources:\n  a: b\n",
    "text": "Resources are scarce.\n",
    "bytes": "\0\1\2Resources\ud7ff",
}


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_template_is_known(name: str, encoding: str) -> None:
    assert is_template(TEMPLATES[name].encode(encoding)[:HEAD])


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_whole_template_is_known(name: str) -> None:
    assert is_template(TEMPLATES[name].encode())


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_template_is_not_taken_for_one(name: str) -> None:
    assert not is_template(OTHERS[name].encode()[:HEAD])
    assert not is_template(OTHERS[name].encode())
