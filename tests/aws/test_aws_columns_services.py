"""Services whose properties are called alike in Terraform, CloudFormation and the API, or nearly so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import yaml

from auditor.model import Workload
from tests.aws.build import collected, resource, templated
from tests.aws.columns import told

Row = Mapping[str, list[object]]


def table(name: str) -> Sequence[Row]:
    path = Path(__file__).with_name(f"columns_{name}.yaml")
    found: list[Row] = yaml.safe_load(path.read_text("utf-8"))
    return found


def titled(row: Row) -> str:
    return str(list(row.values())[1][0])


def body(row: Row, dialect: str) -> dict[str, object]:
    found = row[dialect][-1]
    assert isinstance(found, dict)
    return found


def in_terraform(row: Row) -> list[Workload]:
    return told((resource(f"{row['terraform'][0]}.it", **body(row, "terraform")),))


@pytest.mark.parametrize("row", table("templates"), ids=titled)
def test_a_template_says_the_same(row: Row) -> None:
    one = templated(str(row["template"][0]), "it", **body(row, "template"))
    assert told((one,)) == in_terraform(row)


@pytest.mark.parametrize("row", table("snapshots"), ids=titled)
def test_a_snapshot_says_the_same(row: Row) -> None:
    kind, identity, _ = row["snapshot"]
    one = collected(str(kind), str(identity), **body(row, "snapshot"))
    assert told((one,)) == in_terraform(row)
