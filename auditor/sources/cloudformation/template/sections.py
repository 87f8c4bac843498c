"""The sections of a template, each a map; what has another shape is a gap, and the rest goes on.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
"""

from __future__ import annotations

from collections.abc import Mapping

from auditor.errors import InputError
from auditor.frozen import dataclass
from auditor.sources.cloudformation.evaluate.expansion import TRANSFORM, as_entries
from auditor.sources.cloudformation.evaluate.frame import Frame
from auditor.sources.cloudformation.evaluate.transforms import Macro, included, macros
from auditor.sources.cloudformation.syntax.nodes import Entries, Entry
from auditor.tree import Gap, GapKind, Location, Reason

MAPS = ("Parameters", "Rules", "Mappings", "Conditions", "Resources", "Outputs")
PASSED_OVER = frozenset(
    ("AWSTemplateFormatVersion", "Description", "Metadata", "Transform", "Hooks", "Globals")
)
EXTENSIONS = "AWS::LanguageExtensions"
# AWS's own macros: what each makes is added, and what stands in the template stays as it is.
ADDING = {
    "AWS::Serverless-2016-10-31": "the resources of SAM are not written out",
    "AWS::SecretsManager-2020-07-23": "the functions that rotate secrets are not written out",
    "AWS::SecretsManager-2024-09-16": "the functions that rotate secrets are not written out",
    "AWS::CodeDeployBlueGreen": "what is deployed beside what runs is not written out",
    "AWS::ServiceCatalog": "what comes from the service catalog is not written out",
}
_SETTLED_BY = "a template that the macro has been run on"


@dataclass(frozen=True, slots=True)
class Sections:
    """The sections by name.

    Where ``rewritten`` is not empty, a macro may have changed any of it; where ``added`` is not, there may be
    more of all.
    """

    maps: Mapping[str, Entries]
    rewritten: tuple[Reason, ...] = ()
    added: tuple[Reason, ...] = ()

    def of(self, name: str, at: Location) -> Entries:
        """A section, empty where the template has none."""
        found = self.maps.get(name)
        return Entries((), at) if found is None else found


def sections(root: Entries, frame: Frame) -> Sections:
    """The sections of a template, those of what it includes among them."""
    maps: dict[str, Entries] = {}
    rewritten: list[Reason] = []
    added: list[Reason] = []
    waiting = list(root.entries)
    for number, entry in enumerate(waiting):
        if number > len(root.entries) + 100:
            break
        if entry.key not in {"Transform", TRANSFORM}:
            _add(entry, maps, frame)
            continue
        for macro in _macros(entry, frame):
            found = _applied(macro, frame)
            if isinstance(found, Entries):
                waiting += found.entries
            elif macro.name in ADDING or macro.only_adds:
                added += found if macro.only_adds else ()
            else:
                rewritten += found
    if "Resources" not in maps and not added and not rewritten:
        why, hint = "the template has no resources", "give it a section Resources"
        frame.run.gap(Gap(GapKind.INVALID, frame.label, root.at, why, hint))
    return Sections(maps, tuple(rewritten), tuple(added))


def _macros(entry: Entry, frame: Frame) -> tuple[Macro, ...]:
    try:
        return macros(entry.value)
    except InputError as error:
        frame.run.invalid(error, frame.label, entry.at)
        return (Macro("that is not named", None, entry.at),)


def _applied(macro: Macro, frame: Frame) -> Entries | tuple[Reason, ...]:
    if macro.name == EXTENSIONS:
        return Entries((), macro.at)
    if macro.name in ADDING:
        what = f"{frame.label}: the macro {macro.name}"
        frame.run.gap(Gap(GapKind.RESOURCE, what, macro.at, ADDING[macro.name], _SETTLED_BY))
        return ()
    try:
        found = included(macro, frame)
    except InputError as error:
        return frame.run.invalid(error, frame.label, macro.at).reasons
    if isinstance(found, tuple | Entries):
        return found
    wrong = InputError("what is included in a template is a map of sections")
    return frame.run.invalid(wrong, frame.label, macro.at).reasons


def _add(entry: Entry, maps: dict[str, Entries], frame: Frame) -> None:
    if entry.key in PASSED_OVER:
        return
    if entry.key not in MAPS:
        why, hint = f"templates have no section {entry.key}", f"there are: {', '.join(MAPS)}"
        frame.run.gap(Gap(GapKind.INVALID, frame.label, entry.at, why, hint))
        return
    value = as_entries(entry.value)
    if not isinstance(value, Entries):
        why, hint = f"the section {entry.key} is no map", "write the names as keys"
        frame.run.gap(Gap(GapKind.INVALID, frame.label, entry.at, why, hint))
        value = Entries((), entry.at)
    former = maps.get(entry.key)
    maps[entry.key] = value if former is None else Entries((*former.entries, *value.entries), former.at)
