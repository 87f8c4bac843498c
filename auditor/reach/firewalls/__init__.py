"""What network firewalls let pass, by their policies and rule groups."""

from auditor.reach.firewalls.inspections import Firewalls, Inspection
from auditor.reach.points import Condition

__all__ = ["Condition", "Firewalls", "Inspection"]
