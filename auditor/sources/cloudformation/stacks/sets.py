"""Stack sets: the template that one holds, and where its instances are.

https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from auditor import disk
from auditor.frozen import dataclass
from auditor.sources.cloudformation.files import Template, template
from auditor.sources.cloudformation.locations import local_file
from auditor.sources.cloudformation.stacks.nesting import Nesting
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items, Syntax
from auditor.sources.cloudformation.template.options import StackOptions, StackReading
from auditor.sources.cloudformation.template.stack import read_stack
from auditor.tree import Gap, GapKind, Location, Map, Node, Presence, Reason, Resource, Scalar, Scope, Seq

KIND = "AWS::CloudFormation::StackSet"
_NOWHERE = "the template of this stack set is not on disk"
_SETTLED = "give the template itself"


@dataclass(frozen=True, slots=True)
class Instances:
    """The accounts and Regions of a stack set's instances, and whether these are all of both."""

    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    whole: bool

    @property
    def single(self) -> bool:
        """Whether there is exactly one instance."""
        return self.whole and len(self.accounts) == 1 and len(self.regions) == 1


def read_set(resource: Resource, nesting: Nesting) -> StackReading:
    """What the instances of a stack set declare, read once: things that there may be any number of."""
    found = _template(resource, nesting)
    if found is None:
        gap = Gap(GapKind.MODULE, resource.address, resource.at, _NOWHERE, _SETTLED)
        return StackReading(gaps=(gap,))
    if found.root is None:
        return StackReading(gaps=found.gaps)
    where = _instances(resource.body.entries.get("StackInstancesGroup"))
    account = where.accounts[0] if where.whole and len(where.accounts) == 1 else ""
    region = where.regions[0] if where.whole and len(where.regions) == 1 else ""
    pseudo: dict[str, Node] = {
        name: Scalar(value, resource.at)
        for name, value in (("AWS::AccountId", account), ("AWS::Region", region))
        if value
    }
    options = StackOptions(
        name=resource.address,
        path=found.path,
        parameters=_parameters(resource.body.entries.get("Parameters")),
        pseudo=pseudo,
        include=nesting.includes(found.path),
        scope=Scope(resource.scope.input, account, region),
    )
    reading = read_stack(found.root, options)
    if not where.single or resource.presence is not Presence.CERTAIN:
        reading = replace(reading, resources=tuple(_many(each, resource) for each in reading.resources))
    return replace(reading, gaps=(*found.gaps, *reading.gaps), exports={}, unnamed_exports=())


def _many(found: Resource, of: Resource) -> Resource:
    reason = Reason(f"how many instances {of.address} has, and where", of.at)
    return replace(found, presence=Presence.MANY, reasons=(*found.reasons, *of.reasons, reason))


def _template(resource: Resource, nesting: Nesting) -> Template | None:
    body, url = resource.body.entries.get("TemplateBody"), resource.body.entries.get("TemplateURL")
    if isinstance(body, Scalar) and isinstance(body.value, str):
        return _inline(body.value, body.at)
    if isinstance(url, Scalar) and isinstance(url.value, str):
        path = local_file(url.value, url.at.path)
        return nesting.templates.load(path) if path else None
    return None


def _inline(text: str, at: Location) -> Template:
    """A template that is the text of a property: in a block of YAML each line has its own place."""
    found = template(text.encode(), at.path)
    shift = _margin(text, at)
    if found.root is None:
        return replace(found, gaps=tuple(replace(gap, at=at) for gap in found.gaps))
    moved = _moved(found.root, at, shift)
    return replace(found, root=moved if isinstance(moved, Entries) else None)


def _margin(text: str, at: Location) -> int | None:
    """How far the lines of a block are indented in their file; None where the text is no such block."""
    first = text.split("\n", 1)[0]
    try:
        lines = disk.content(at.path).decode("utf-8", "replace").splitlines()
    except OSError:
        return None
    line = lines[at.line] if 0 < at.line < len(lines) else ""
    return (
        len(line) - len(first) if first and line.endswith(first) and not line[: -len(first)].strip() else None
    )


def _moved(node: Syntax, at: Location, margin: int | None) -> Syntax:
    def place(own: Location) -> Location:
        return at if margin is None else Location(at.path, at.line + own.line, own.column + margin)

    def entry(each: Entry) -> Entry:
        return Entry(each.key, place(each.at), _moved(each.value, at, margin))

    match node:
        case Scalar():
            return replace(node, at=place(node.at))
        case Items():
            return Items(tuple(_moved(item, at, margin) for item in node.items), place(node.at))
        case Entries():
            return Entries(tuple(map(entry, node.entries)), place(node.at))
        case Call():
            return Call(node.name, _moved(node.argument, at, margin), place(node.at))


def _instances(groups: Node | None) -> Instances:
    if not isinstance(groups, Seq):
        return Instances((), (), whole=False)
    accounts: dict[str, None] = {}
    regions: dict[str, None] = {}
    whole = groups.more is None
    for group in groups.items:
        entries = group.entries if isinstance(group, Map) else {}
        targets = entries.get("DeploymentTargets")
        own = targets.entries if isinstance(targets, Map) else {}
        whole = (
            whole
            and set(own) == {"Accounts"}
            and all(map(_is_told, (own["Accounts"], entries.get("Regions"))))
        )
        accounts |= dict.fromkeys(_texts(own.get("Accounts")))
        regions |= dict.fromkeys(_texts(entries.get("Regions")))
    return Instances(tuple(accounts), tuple(regions), whole)


def _is_told(node: Node | None) -> bool:
    return (
        isinstance(node, Seq) and node.more is None and all(isinstance(item, Scalar) for item in node.items)
    )


def _texts(node: Node | None) -> Iterator[str]:
    for item in node.items if isinstance(node, Seq) else ():
        if isinstance(item, Scalar):
            yield str(item.value)


def _parameters(given: Node | None) -> Mapping[str, Node]:
    found: dict[str, Node] = {}
    for pair in given.items if isinstance(given, Seq) else ():
        entries = pair.entries if isinstance(pair, Map) else {}
        name, value = entries.get("ParameterKey"), entries.get("ParameterValue")
        if isinstance(name, Scalar) and value is not None:
            found[str(name.value)] = value
    return found
