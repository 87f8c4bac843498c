"""Expressions to values: what the input decides is computed, what it does not keeps its bounds."""

from auditor.sources.terraform.evaluate import calls, literals, loops, operators, traversal
from auditor.sources.terraform.evaluate.dispatch import EVALUATORS, evaluate
from auditor.sources.terraform.evaluate.frame import Frame, Run

__all__ = [
    "EVALUATORS",
    "Frame",
    "Run",
    "calls",
    "evaluate",
    "literals",
    "loops",
    "operators",
    "traversal",
]
