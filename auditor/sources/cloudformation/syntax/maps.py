"""Maps as a template has them: no key twice, and calls of functions told from other maps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from auditor.sources.cloudformation.syntax.limits import Notes, shown
from auditor.sources.cloudformation.syntax.nodes import Call, Entries, Entry, Items
from auditor.sources.twin import twin
from auditor.tree import Location

MakeEntry = twin(Entry)
MakeEntries = twin(Entries)
MakeItems = twin(Items)
MakeCall = twin(Call)


def entries(given: Sequence[Entry], at: Location, notes: Notes) -> Entries:
    """A map of these entries. Of a key that stands twice the last entry counts, and that is noted.

    CloudFormation accepts such templates, in YAML and in JSON, and takes the last entry
    (go-to-k/cdk-real-drift#1074 holds its validate-template and get-template-summary to that); for whole
    sections its behaviour is undefined, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    template-formats.html. cfn-lint refuses them (E0000).
    """
    by_key = {entry.key: entry for entry in given}
    if len(by_key) < len(given):
        _note_duplicates(given, notes)
    return MakeEntries(tuple(by_key.values()), at)


def merged(own: Entries, layers: Iterable[Entries]) -> Entries:
    """A map upon those that ``<<`` merges into it: of equal keys its own counts, then the later layer's."""
    by_key: dict[str, Entry] = {}
    for layer in (*layers, own):
        by_key.update({entry.key: entry for entry in layer.entries})
    return MakeEntries(tuple(by_key.values()), own.at)


def called(entries: Entries) -> Entries | Call:
    """The call that a map of one key is; any other map as it is.

    ``Fn::ForEach::<name>`` is no call: it gives keys to the map in which it stands, be it alone there or not.
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
    """
    if len(entries.entries) != 1:
        return entries
    entry = entries.entries[0]
    if entry.key == "Ref" or (entry.key.startswith("Fn::") and not entry.key.startswith("Fn::ForEach::")):
        return MakeCall(entry.key, entry.value, entries.at)
    return entries


def _note_duplicates(given: Sequence[Entry], notes: Notes) -> None:
    places: dict[str, Location] = {}
    for entry in given:
        first = places.setdefault(entry.key, entry.at)
        if first is not entry.at:
            why = f"it stands twice in one map, at {first.line}:{first.column} and here; the last one counts"
            notes.add(f"the key {shown(entry.key)}", entry.at, why, "keep one of them")
