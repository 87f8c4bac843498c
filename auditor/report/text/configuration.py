"""A configuration to begin with, as YAML with comments: what is made out, and what it suggests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from auditor.model import Workload

if TYPE_CHECKING:
    from auditor.reach.tiers import Tier

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null"})

Told = tuple[Workload, "Tier | None"]
Member = tuple[str, str, tuple[str, ...]]


def configuration_text(
    inputs: Sequence[str],
    tiers: Iterable[Told],
    groups: Iterable[Member],
    policy: Iterable[tuple[str, str]],
) -> str:
    """The text of ``netaudit.yaml``.

    ``groups`` are names, addresses and members; ``policy`` are statements and what speaks against each.
    """
    lines = [
        "# What holds for this project in every run of netaudit.",
        f"# Written by `netaudit init` for {', '.join(inputs)}.",
        "",
        "# The severity from which `netaudit check` fails: info, low, medium, high or critical.",
        "fail-on: high",
        "",
        *_tiers(tiers),
        *_names(groups),
        *_policy(policy),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _tiers(tiers: Iterable[Told]) -> Iterator[str]:
    yield "# The tiers that netaudit makes out: public, app, data, internal or external, each with its sign."
    yield "# Where one is wrong, take away the first `#` and correct it: what stands here goes before signs."
    yield "tiers:"
    for workload, tier in tiers:
        if tier is None:
            yield f"  # {_scalar(workload.id)}: app  # nothing says which; this is a guess"
        else:
            yield f"  # {_scalar(workload.id)}: {tier.name.value}  # {_comment(tier.reason)}"
    yield ""


def _names(groups: Iterable[Member]) -> Iterator[str]:
    yield "# Names for the policy: each stands for one or more groups, workloads, subnets, tiers or ranges."
    yield "names:"
    for name, address, members in groups:
        more = f", and {len(members) - 3} more" if len(members) > 3 else ""
        yield f"  {_scalar(name)}: {_scalar(address)}  # {_comment(', '.join(members[:3]))}{more}"
    yield ""


def _policy(policy: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield "# What must never be reached, what must stay so. Each statement is a rule of `netaudit check`."
    yield "# Other forms:"
    yield "#   - every way to the internet goes through the firewall"
    yield "#   - must stay reachable: monitoring -> everything:9100"
    yield "#   - { name: no-ssh, severity: critical, owner: platform, deny: { from: internet, on: 22 } }"
    yield "policy:"
    for text, objection in policy:
        if objection:
            yield f"  # {_comment(objection)}"
            yield f"  # - {text}"
        else:
            yield f"  - {text}"


def _scalar(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS
    return text if plain else json.dumps(text)


def _comment(text: str) -> str:
    return " ".join(text.split())
