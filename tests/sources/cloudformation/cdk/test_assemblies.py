"""Manifests as the CDK's schema has them: aws-cdk-lib.cloud_assembly_schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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
