"""Manifests as the CDK's schema has them: aws-cdk-lib.cloud_assembly_schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditor import load
from auditor.errors import InputError
from auditor.sources.cloudformation.cdk import read_assembly


def stack(
    template: str, environment: str = "aws://unknown-account/unknown-region", **more: object
) -> dict[str, object]:
    properties = {"templateFile": template, **more}
    return {"type": "aws:cloudformation:stack", "environment": environment, "properties": properties}


def manifest(folder: Path, artifacts: dict[str, object], **more: object) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": "48.0.0", "artifacts": artifacts, **more})
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return str(folder)


def test_stacks_have_the_account_and_region_of_their_environment(tmp_path: Path):
    folder = manifest(
        tmp_path,
        {
            "Net": stack("Net.template.json", "aws://123456789012/eu-west-1"),
            "App": stack("App.template.json", "aws://unknown-account/us-east-1", stackName="shop-app"),
            "Free": stack("Free.template.json"),
            "Tree": {"type": "cdk:tree", "properties": {"file": "tree.json"}},
            "Net.assets": {"type": "cdk:asset-manifest", "properties": {"file": "Net.assets.json"}},
        },
    )
    found = {each.name: (each.account, each.region) for each in read_assembly(folder).stacks}
    assert found == {"Net": ("123456789012", "eu-west-1"), "shop-app": ("", "us-east-1"), "Free": ("", "")}


def test_the_stacks_of_stages_are_in_assemblies_of_their_own(tmp_path: Path):
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    manifest(tmp_path / "assembly-Prod", {"ProdNet": stack("ProdNet.template.json")})
    folder = manifest(tmp_path, {"assembly-Prod": stage, "Pipeline": stack("Pipeline.template.json")})
    assert [each.path.removeprefix(folder) for each in read_assembly(folder).stacks] == [
        "/Pipeline.template.json",
        "/assembly-Prod/ProdNet.template.json",
    ]


def test_a_stage_that_is_not_there_is_a_gap(tmp_path: Path):
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    found = read_assembly(manifest(tmp_path, {"assembly-Prod": stage}))
    assert [gap.what for gap in found.gaps] == ["assembly-Prod"]


def test_an_assembly_that_nests_itself_ends(tmp_path: Path):
    stage = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "."}}
    assert read_assembly(manifest(tmp_path, {"again": stage})).gaps


def test_what_an_app_looked_up_in_vain_is_a_gap_because_its_values_are_made_up(tmp_path: Path):
    missing = [{"key": "vpc-provider:account=1:region=eu-west-1", "provider": "vpc-provider", "props": {}}]
    (gap,) = read_assembly(manifest(tmp_path, {"Net": stack("Net.template.json")}, missing=missing)).gaps
    assert gap.what.startswith("vpc-provider")


def test_a_manifest_that_is_broken_is_one_error(tmp_path: Path):
    (tmp_path / "manifest.json").write_text('{"version": ', encoding="utf-8")
    with pytest.raises(InputError, match="no JSON"):
        read_assembly(str(tmp_path))


NESTED_URL = {"Fn::Join": ["", ["https://s3.eu-west-1.", {"Ref": "AWS::URLSuffix"}, "/assets-1/0a1b.json"]]}
INNER = {"Resources": {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": "vpc-1"}}}}
OUTER = {
    "Resources": {
        "Inner": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": NESTED_URL}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"VpcId": "vpc-1"}},
    }
}
UPLOADED = {
    "files": {
        "0a1b": {
            "source": {"path": "AppInner.nested.template.json", "packaging": "file"},
            "destinations": {"here": {"bucketName": "assets-1", "objectKey": "0a1b.json"}},
        }
    }
}


def written(folder: Path, *, beside: bool) -> str:
    """An app as ``synth()`` leaves it without the command line: the templates have no metadata."""
    constructs = {
        "/App": [{"type": "aws:cdk:templateFile", "data": "App.template.json"}],
        "/App/Web/Resource": [{"type": "aws:cdk:logicalId", "data": "Group"}],
        "/App/Inner": [{"type": "aws:cdk:templateFile", "data": "AppInner.nested.template.json"}],
        "/App/Inner/Data/Resource": [{"type": "aws:cdk:logicalId", "data": "Group"}],
    }
    noted = {"additionalMetadataFile": "App.metadata.json"} if beside else {"metadata": constructs}
    path = manifest(folder, {"App": {**stack("App.template.json"), **noted}})
    (folder / "App.metadata.json").write_text(json.dumps(constructs))
    (folder / "App.template.json").write_text(json.dumps(OUTER))
    (folder / "AppInner.nested.template.json").write_text(json.dumps(INNER))
    (folder / "App.assets.json").write_text(json.dumps(UPLOADED))
    return path


@pytest.mark.parametrize("beside", [True, False], ids=["in a file of its own", "in the manifest"])
def test_things_answer_to_the_paths_of_their_constructs_also_without_metadata(tmp_path: Path, beside: bool):
    network = load(written(tmp_path / "cdk.out", beside=beside))
    names = {alias.id: alias.of for alias in network.inventory.aliases}
    assert (names["App/Web"], names["App/Inner/Data"]) == ("App/Group", "App/Inner/Group")


def test_a_nested_template_is_the_asset_that_is_uploaded_under_its_key(tmp_path: Path):
    network = load(written(tmp_path / "cdk.out", beside=True))
    assert [group.id for group in network.inventory.groups] == ["App/Inner/Group", "App/Group"]
    assert network.inventory.gaps == ()


def test_a_nested_template_whose_asset_is_not_there_is_a_gap(tmp_path: Path):
    folder = written(tmp_path / "cdk.out", beside=True)
    (tmp_path / "cdk.out" / "AppInner.nested.template.json").unlink()
    assert [gap.what for gap in load(folder).inventory.gaps] == ["App/Inner"]


def test_things_without_a_name_are_called_by_their_constructs(tmp_path: Path):
    network = load(written(tmp_path / "cdk.out", beside=True))
    assert [group.names[0] for group in network.inventory.groups] == ["App/Inner/Data", "App/Web"]
