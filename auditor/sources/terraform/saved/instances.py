"""The resource instances that a plan or state holds, in one form whatever document they come from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from auditor.frozen import dataclass
from auditor.sources.terraform.saved.documents import (
    Key,
    Plan,
    ResourceChange,
    ShownModule,
    ShownState,
    StateFile,
)
from auditor.tree import Presence

_KEY = r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]'
INDEX = re.compile(_KEY)
"""The key of one instance in an address, in its brackets."""
STEP = re.compile(rf'([^.\["]+)((?:{_KEY})?)\.?')
"""One word of an address, and its key where it has one."""
_MODULE = re.compile(rf'\.?module\.([^.\["]+)(?:{_KEY})?')


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the configuration: the calls of modules that lead to it, and its address in its module."""

    modules: tuple[str, ...]
    key: str

    @property
    def address(self) -> str:
        """The address of the block from the root, without instances."""
        return "".join(f"module.{name}." for name in self.modules) + self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One resource or data source that is there, or will be once the plan is applied.

    ``unknown`` has the form of ``values``: true wherever only the apply will tell. ``provider`` names the
    provider's configuration as far as the document does.
    """

    address: str
    kind: str
    block: Block
    values: Mapping[str, Any]
    unknown: object = False
    provider: str = ""
    presence: Presence = Presence.CERTAIN
    put_off: str = ""
    module: str = ""

    @property
    def unknown_at_all(self) -> bool:
        """Whether anything of the instance is left to the apply."""
        return says_something(self.unknown)


def says_something(unknown: object) -> bool:
    """Whether there is a true anywhere in what a plan calls unknown."""
    if isinstance(unknown, Mapping):
        return any(map(says_something, unknown.values()))
    if isinstance(unknown, list):
        return any(map(says_something, unknown))
    return unknown is True


def modules_of(address: str) -> tuple[str, ...]:
    """The calls that a module's address goes through, without their instances: ``("net", "subnets")``."""
    return tuple(_MODULE.findall(address))


def caller_of(address: str) -> str:
    """The instance of a module that calls the one at ``address``; empty for the root."""
    steps = list(_MODULE.finditer(address))
    return address[: steps[-1].start()] if steps else ""


def key_of(mode: str, kind: str, name: str) -> str:
    """The address of a block in its module."""
    return f"{'' if mode == 'managed' else f'{mode}.'}{kind}.{name}"


def address_of(module: str, mode: str, kind: str, name: str, key: Key) -> str:
    """The address of an instance as the reader of configurations writes it."""
    prefix = f"{module}." if module else ""
    suffix = "" if key is None else f"[{json.dumps(key, ensure_ascii=False)}]"
    return f"{prefix}{key_of(mode, kind, name)}{suffix}"


def _instance(where: tuple[str, str], kind: str, name: str, key: Key, values: Mapping[str, Any]) -> Instance:
    module, mode = where
    return Instance(
        address=address_of(module, mode, kind, name, key),
        kind=f"data.{kind}" if mode == "data" else kind,
        block=Block(modules_of(module), key_of(mode, kind, name)),
        values=values,
        module=module,
    )


def planned(plan: Plan, former: Callable[[], Mapping[str, Any]]) -> Iterator[Instance]:
    """What will be there once the plan is applied: what it leaves, makes or changes, and what it read.

    ``former`` gives what there was, by address: what Terraform forgets stays as it is.
    """
    said = set()
    for change in plan.resource_changes:
        said.add(address_of(change.module_address, change.mode, change.type, change.name, change.index))
        found = _after(change)
        if found is not None and "forget" in change.change.actions and change.change.after is None:
            found = replace(found, values=former().get(change.address) or {}, unknown=False)
        if found is not None:
            yield found
    for deferred in plan.deferred_changes:
        found = _after(deferred.resource_change)
        if found is not None:
            yield replace(found, presence=Presence.MANY, put_off=deferred.reason or "deferred")
    prior = shown(plan.prior_state) if plan.prior_state is not None else iter(())
    for found in prior:
        if found.address not in said and (found.kind.startswith("data.") or not plan.complete):
            yield found


def changed(
    plan: Plan, kinds: Collection[str], former: Callable[[], Mapping[str, Any]]
) -> Iterator[Instance]:
    """The resources of some types that the plan changes or deletes, as they were before it."""
    for change in plan.resource_changes:
        changes = {"delete", "update"} & set(change.change.actions)
        if changes and change.type in kinds and change.mode == "managed" and not change.deposed:
            values = former().get(change.address) or {}
            yield _instance(
                (change.module_address, change.mode), change.type, change.name, change.index, values
            )


def _after(change: ResourceChange) -> Instance | None:
    """The instance as the change leaves it; None where it is gone, or the former one of two."""
    if change.deposed or change.change.actions == ["delete"]:
        return None
    where = (change.module_address, change.mode)
    found = _instance(where, change.type, change.name, change.index, change.change.after or {})
    return replace(found, unknown=change.change.after_unknown)


def shown(state: ShownState) -> Iterator[Instance]:
    """What ``terraform show -json`` says of state."""
    if state.values is not None:
        yield from _shown_module(state.values.root_module)


def _shown_module(module: ShownModule) -> Iterator[Instance]:
    for resource in module.resources:
        if not resource.deposed_key:
            where = (module.address, resource.mode)
            yield _instance(where, resource.type, resource.name, resource.index, resource.values)
    for child in module.child_modules:
        yield from _shown_module(child)


def stored(state: StateFile) -> Iterator[Instance]:
    """What a state file holds."""
    for resource in state.resources:
        where = (resource.module, resource.mode)
        for each in resource.instances:
            if each.deposed or each.attributes is None:
                continue
            found = _instance(where, resource.type, resource.name, each.index_key, each.attributes)
            yield replace(found, provider=resource.provider)
