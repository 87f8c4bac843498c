"""Policies, and what they find in small networks."""

from __future__ import annotations

from pathlib import Path

from auditor import pipeline
from auditor.finding import Finding
from auditor.rules.policy import configured_rules
from tests.rules.networks import NETWORK, group, instance, rule

OUT = rule('cidr_blocks = ["0.0.0.0/0"]', 0, direction="egress").replace('"tcp"', '"-1"')
APP = group("app", OUT) + instance("app", "app")
BATCH = group("batch", OUT) + instance("batch", "batch", subnet="b")
FROM_APP = rule("security_groups = [aws_security_group.app.id]", 5432)
FROM_BATCH = rule("security_groups = [aws_security_group.batch.id]", 5432)


def database(*rules: str) -> str:
    return group("db", *rules) + instance("db", "db", subnet="b")


def found(folder: Path, policy: str, *parts: str, tiers: dict[str, str] | None = None) -> tuple[Finding, ...]:
    """What a policy finds in a network."""
    (folder / "main.tf").write_text("\n".join((NETWORK, *parts)), encoding="utf-8")
    (folder / "netaudit.yaml").write_text(policy, encoding="utf-8")
    network = pipeline.load(str(folder / "main.tf").removesuffix("/main.tf"))
    assert network.inventory.gaps == ()
    return pipeline.check(network, configured_rules(str(folder / "netaudit.yaml")), tiers)


def says(*statements: str, names: str = "") -> str:
    """A policy of these statements."""
    return "\n".join([names, "policy:", *(f"  - {one}" for one in statements)])


def line_of(folder: Path, finding: Finding) -> str:
    """The line that a finding stands at."""
    return (folder / "main.tf").read_text().splitlines()[finding.at.line - 1].strip()
