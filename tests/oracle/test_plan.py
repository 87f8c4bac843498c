"""What is evaluated is what ``terraform plan`` plans."""

from __future__ import annotations

from pathlib import Path

import pytest
from agreement import NOT_NETWORK, differences, planned_resources
from planning import plan

from auditor.sources import terraform

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.mark.terraform
@pytest.mark.parametrize("name", ["three-tier", "three-tier-broken", "microservices", "variables"])
def test_the_plan_and_the_evaluation_agree_on_every_attribute(name: str, tmp_path: Path) -> None:
    configuration = FIXTURES / name / "terraform"
    planned = planned_resources(plan(configuration, tmp_path))
    reading = terraform.read(str(configuration), terraform.TerraformOptions())
    evaluated = {
        each.address: each for each in reading.resources if not each.kind.startswith(("data.", NOT_NETWORK))
    }
    assert reading.gaps == ()
    assert sorted(evaluated) == sorted(planned)
    found = [
        line for address in sorted(planned) for line in differences(evaluated[address], planned[address])
    ]
    assert found == []
