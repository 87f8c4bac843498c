"""Policy of one's own: statements in ``netaudit.yaml``, put to a network beside the rules."""

from __future__ import annotations

from auditor.rules.policy.binding import configured_rules, policy_rules
from auditor.rules.policy.reading import read_policy
from auditor.rules.policy.scopes import scope_rules, written_scopes
from auditor.rules.policy.statement import Policy, Statement

__all__ = [
    "Policy",
    "Statement",
    "configured_rules",
    "policy_rules",
    "read_policy",
    "scope_rules",
    "written_scopes",
]
