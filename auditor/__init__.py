"""netaudit: answers "can A reach B" for AWS networks, with a proof, from the code that will build them.

import auditor

network = auditor.load("infra/")
network.can_reach("app", "sg-database-postgres", "tcp/5432").verdict
network.who_can_reach("sg-database-postgres")
auditor.check(network)
auditor.diff(auditor.load("main/"), auditor.load("branch/"))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.difference import Difference
    from auditor.errors import InputError, NetauditError, RuleError, UsageError
    from auditor.finding import Finding
    from auditor.pipeline import Network, check, diff, load
    from auditor.reach import Answer, Neighbour, Verdict

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Difference",
    "Finding",
    "InputError",
    "Neighbour",
    "NetauditError",
    "Network",
    "RuleError",
    "UsageError",
    "Verdict",
    "__version__",
    "check",
    "diff",
    "load",
]

_HOMES = {
    "auditor.difference": ("Difference",),
    "auditor.errors": ("InputError", "NetauditError", "RuleError", "UsageError"),
    "auditor.finding": ("Finding",),
    "auditor.pipeline": ("Network", "check", "diff", "load"),
    "auditor.reach": ("Answer", "Neighbour", "Verdict"),
}


def __getattr__(name: str) -> object:
    # Imported when asked for: the command line starts in a tenth of the time that all of netaudit takes.
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'auditor' has no attribute {name!r}")
