"""The spellings of CloudFormation's types against cfn-lint's schemas of these."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from auditor import aws
from auditor.aws.reader import Spelling
from tests.aws.build import read, templated

PROGRAM = Path(__file__).with_name("template_types.py")
SPELLINGS = {
    kind: spelling
    for kind, spelling in aws.readers(tuple(aws.__path__)).spellings.items()
    if kind.startswith("AWS::")
}
# Rules of groups share their words, whichever way they go.
SHARED = re.compile(r"(Source|Destination)(SecurityGroup|PrefixList)Id$")
# What is no security group of a VPC, or needs a second property to be one's interface.
APART = frozenset(
    {
        "AWS::EC2::VPCEndpoint SecurityGroupIds",
        "AWS::Glue::DevEndpoint SecurityGroupIds",
        "AWS::MediaLive::Channel ChannelSecurityGroups",
        "AWS::MediaLive::Input InputSecurityGroups",
        "AWS::OpsWorks::Stack UseOpsworksSecurityGroups",
    }
)
GROUPS = re.compile(r"security_?group(s|_?ids?|_?id_?list)?$", re.IGNORECASE)


@cache
def types() -> Mapping[str, frozenset[str]]:
    """The properties of all types; skips the test where no Python of this machine has cfn-lint."""
    for name in ("python3", "/usr/bin/python3", "/usr/local/bin/python3"):
        python = shutil.which(name)
        command = [python or name, PROGRAM]
        done = subprocess.run(command, check=False, capture_output=True, text=True) if python else None
        if done is not None and done.returncode == 0:
            found: Mapping[str, list[str]] = json.loads(done.stdout)
            return {kind: frozenset(paths) for kind, paths in found.items()}
    pytest.skip("no python3 on the PATH has cfn-lint")


def paths_of(spelling: Spelling) -> set[str]:
    """The properties that a spelling names, but for those that it leaves out."""
    tables = (
        spelling.renamed,
        spelling.hoisted,
        spelling.single,
        spelling.each,
        spelling.gone,
        spelling.values,
        spelling.only,
    )
    named = {path for table in tables for path in table}
    return {path for path in named if not spelling.only or path.partition(".")[0] in spelling.only}


@pytest.mark.parametrize("kind", sorted(SPELLINGS))
def test_a_spelling_names_properties_that_there_are(kind: str) -> None:
    assert kind in types()
    wrong = paths_of(SPELLINGS[kind]) - types()[kind]
    assert {path for path in wrong if not SHARED.search(path)} == set()


@pytest.mark.parametrize("kind", sorted(SPELLINGS))
def test_a_spelling_names_attributes_that_there_are(kind: str) -> None:
    known = {path.removeprefix("=") for path in types()[kind]}
    assert set(SPELLINGS[kind].attributes) - known == set()


def nested(path: str, value: object) -> dict[str, object]:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def leaves(paths: frozenset[str]) -> list[str]:
    """The properties to give that hold no others."""
    inner = {path.rpartition(".")[0] for path in paths}
    return sorted(path for path in paths if path not in inner and path[0] != "=" and f"={path}" not in paths)


def test_whatever_takes_security_groups_is_read_or_shown() -> None:
    lost = set()
    for kind, paths in types().items():
        for path in filter(GROUPS.search, leaves(paths)):
            found = read(templated(kind, "it", **nested(path, ["sg-1"])))
            if not (found.gaps or found.workloads or found.profiles or found.rules):
                lost.add(f"{kind} {path}")
    assert lost == APART
