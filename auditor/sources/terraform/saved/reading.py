"""A plan or state as resources and gaps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import Any

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.contents import Content
from auditor.sources.terraform.options import TerraformOptions
from auditor.sources.terraform.reading import read
from auditor.sources.terraform.saved.beside import Evaluated, Fit, fit
from auditor.sources.terraform.saved.bodies import Writer, plain
from auditor.sources.terraform.saved.computed import PARTS, Computed
from auditor.sources.terraform.saved.configured import Configured, block_of
from auditor.sources.terraform.saved.documents import (
    Configuration,
    Former,
    Plan,
    ShownState,
    StateFile,
    decode,
)
from auditor.sources.terraform.saved.instances import Block, Instance, changed, planned, shown, stored
from auditor.sources.terraform.saved.own_ids import adopted, owners
from auditor.sources.terraform.saved.scopes import Scopes, provider_regions
from auditor.tree import Gap, GapKind, Location, Map, Node, Presence, Reading, Reason, Resource, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a document holds: its instances, the configuration as far as it tells, and what it leaves out.

    ``former`` are the parts of others that a plan changes or deletes, as they were before it.
    """

    path: str
    instances: tuple[Instance, ...]
    former: tuple[Instance, ...] = ()
    configuration: Configuration
    blocks: tuple[Block, ...]
    exactly: bool = False
    values: dict[str, Node]
    data: dict[str, Map]
    gaps: tuple[Gap, ...] = ()
    partial: bool = False


def read_saved(saved: Saved, folders: Iterable[str], options: TerraformOptions) -> tuple[Reading, str]:
    """All that a plan or state declares, and the folder of its configuration; empty where that is not known.

    Of ``folders``, the first whose configuration the document is of gives the places, and what only the apply
    will tell.
    """
    folder, gaps = _code(saved, folders)
    beside = None
    if folder:
        with_values = replace(options, values=saved.values, recorded=saved.data, files=())
        beside = Evaluated(read(folder, with_values))
    return Reading(tuple(_resources(saved, beside)), (*saved.gaps, *gaps)), folder


def _code(saved: Saved, folders: Iterable[str]) -> tuple[str, tuple[Gap, ...]]:
    """The folder of the document's configuration; where none is, a gap for one that was it once."""
    former: tuple[Gap, ...] = ()
    for folder in folders:
        found, differing = fit(folder, saved.blocks, exactly=saved.exactly)
        if found is Fit.YES:
            return folder, ()
        if found is Fit.NEARLY and not former:
            why = f"the code in {folder} is not the code of this plan: only one of both has {differing[0]}"
            former = (Gap(GapKind.RESOURCE, saved.path, Location(saved.path), why, "plan again"),)
    return "", former


def decoded(path: str, content: bytes, kind: Content) -> Saved:
    """What a document holds; ``path`` names it in places. InputError where it is none of its kind."""
    at = Location(path)
    match kind:
        case Content.PLAN:
            return _plan(decode(content, Plan, path), cache(partial(_former, content, path)), at)
        case Content.SHOWN_STATE:
            return _state(shown(decode(content, ShownState, path)), at)
        case Content.STATE_FILE:
            state = decode(content, StateFile, path)
            if state.version != 4:
                hint = "let Terraform 0.12 or newer write it: terraform state pull"
                raise InputError(f"a state file of version {state.version} is not read", at=path, hint=hint)
            return _state(stored(state), at)


def _former(content: bytes, path: str) -> dict[str, Any]:
    return {each.address: each.change.before for each in decode(content, Former, path).resource_changes}


def _plan(plan: Plan, former: Callable[[], Mapping[str, Any]], at: Location) -> Saved:
    instances = tuple(planned(plan, former))
    gaps = []
    partial = plan.errored or not plan.complete
    if partial:
        why = (
            "the plan failed half-way" if plan.errored else "the plan leaves out a part (-target, or put off)"
        )
        gaps.append(Gap(GapKind.RESOURCE, at.path, at, why, "plan the whole configuration"))
    root = plan.configuration.root_module
    named = tuple(block_of((), each) for each in root.resources)
    calls = tuple(Block((name,), "") for name in root.module_calls)
    return Saved(
        path=at.path,
        instances=instances,
        former=tuple(changed(plan, PARTS, former)),
        configuration=plan.configuration,
        blocks=(*named, *calls),
        exactly=True,
        values={name: plain(each.value, at) for name, each in plan.variables.items()},
        data=_data(instances, at),
        gaps=tuple(gaps),
        partial=partial,
    )


def _state(found: Iterable[Instance], at: Location) -> Saved:
    instances = tuple(found)
    return Saved(
        path=at.path,
        instances=instances,
        configuration=Configuration(),
        blocks=tuple(dict.fromkeys(each.block for each in instances)),
        values={},
        data=_data(instances, at),
    )


def _data(instances: Iterable[Instance], at: Location) -> dict[str, Map]:
    """The data sources that were read, by address: with nothing open in them."""
    found = {}
    for each in instances:
        if each.kind.startswith("data.") and not each.unknown_at_all:
            entries = {name: plain(value, at) for name, value in each.values.items() if value is not None}
            found[each.address] = Map(entries, at)
    return found


def _resources(saved: Saved, beside: Evaluated | None) -> Iterator[Resource]:
    at = Location(saved.path)
    configured = Configured(saved.configuration, saved.instances, at)
    writer = Writer(owners(saved.instances), adopted(saved.instances), configured.node)
    computed = Computed((*saved.instances, *saved.former))
    regions = provider_regions(saved.configuration, saved.values)
    scopes = Scopes(saved.path, configured, regions, saved.instances)
    for instance in saved.instances:
        like = None if beside is None else beside.find(instance.address)
        expressions = configured.expressions(instance)
        own = computed.own(instance, expressions, like)
        body = writer.body(own, expressions, like, at)
        yield Resource(
            kind=instance.kind,
            address=instance.address,
            body=body,
            at=at if like is None else like.at,
            scope=scopes.of(instance, like),
            presence=instance.presence,
            reasons=(Reason(instance.put_off, at, "apply, and plan again"),) if instance.put_off else (),
        )
    if saved.partial:
        yield from _left_out(saved, configured, beside)


def _left_out(saved: Saved, configured: Configured, beside: Evaluated | None) -> Iterator[Resource]:
    """The blocks that a partial plan says nothing of: any number of instances, of which nothing is known."""
    at = Location(saved.path)
    for block, resource in configured.blocks:
        if configured.has_instances(block):
            continue
        reasons = (Reason(block.address, at, "plan the whole configuration"),)
        known = tuple(beside.place(block)) if beside is not None else ()
        if known:
            yield from known
            continue
        kind = f"data.{resource.type}" if resource.mode == "data" else resource.type
        open_body = Map({}, at, more=Unknown(reasons, at))
        yield Resource(kind, f"{block.address}[*]", open_body, at, presence=Presence.MANY, reasons=reasons)
