"""The rules: data with their proof inside, loaded from YAML and put to one network."""

from __future__ import annotations

from auditor.rules.choice import some_rules
from auditor.rules.definition import Example, Expectation, Judged, RuleDefinition
from auditor.rules.evidence import Evidence
from auditor.rules.installed import with_installed
from auditor.rules.loading import catalogue, load_catalogue, load_file, load_folders
from auditor.rules.run import in_order, run

__all__ = [
    "Evidence",
    "Example",
    "Expectation",
    "Judged",
    "RuleDefinition",
    "catalogue",
    "in_order",
    "load_catalogue",
    "load_file",
    "load_folders",
    "run",
    "some_rules",
    "with_installed",
]
