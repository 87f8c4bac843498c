"""The account and the Region of the resources in a plan or state."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from auditor.sources.terraform.saved.configured import Configured
from auditor.sources.terraform.saved.documents import Configuration
from auditor.sources.terraform.saved.instances import Instance
from auditor.tree import Node, Resource, Scalar, Scope

_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]*:([a-z0-9-]*):(\d{12}|):")


class Scopes:
    """Where each instance lives, by its provider's configuration and by what the ARNs of its fellows say."""

    __slots__ = ("_configured", "_fellows", "_made", "_path", "_regions")

    def __init__(
        self,
        path: str,
        configured: Configured,
        regions: Mapping[str, str],
        instances: Iterable[Instance],
    ) -> None:
        self._path = path
        self._configured = configured
        self._regions = regions
        self._made: dict[tuple[str, str], Scope] = {}
        seen: dict[str, Counter[tuple[str, str]]] = {}
        for instance in instances:
            found = _of_arn(instance)
            if found:
                seen.setdefault(instance.provider, Counter())[found] += 1
        self._fellows = {provider: counted.most_common(1)[0][0] for provider, counted in seen.items()}

    def of(self, instance: Instance, like: Resource | None) -> Scope:
        """The scope of an instance; ``like`` is the same resource as the configuration has it."""
        account, region = self._fellows.get(instance.provider, ("", ""))
        if like is not None:
            return self._scope(like.scope.account, like.scope.region or region)
        own = instance.values.get("region")
        configured = self._regions.get(self._configured.provider(instance.block), "")
        return self._scope(account, (own if isinstance(own, str) else "") or configured or region)

    def _scope(self, account: str, region: str) -> Scope:
        found = self._made.get((account, region))
        if found is None:
            found = self._made[account, region] = Scope(self._path, account, region)
        return found


def provider_regions(configuration: Configuration, values: Mapping[str, Node]) -> dict[str, str]:
    """The Region of each configuration of a provider, empty where it is not known."""
    providers = configuration.provider_config.items()
    return {name: _region(provider.expressions.get("region"), values) for name, provider in providers}


def _region(expression: object, values: Mapping[str, Node]) -> str:
    """The Region that a provider's configuration gives, where it is written out or a variable."""
    if not isinstance(expression, Mapping):
        return ""
    if isinstance(expression.get("constant_value"), str):
        return str(expression["constant_value"])
    named = expression.get("references")
    only = str(named[0]) if isinstance(named, list) and len(named) == 1 else ""
    node = values.get(only.removeprefix("var.")) if only.startswith("var.") else None
    return node.value if isinstance(node, Scalar) and isinstance(node.value, str) else ""


def _of_arn(instance: Instance) -> tuple[str, str] | None:
    arn = instance.values.get("arn")
    found = _ARN.match(arn) if isinstance(arn, str) and not instance.kind.startswith("data.") else None
    return (found[2], found[1]) if found and found[1] else None
