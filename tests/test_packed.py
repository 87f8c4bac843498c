"""What is packed comes back equal, and nothing comes out that was not put in."""

from __future__ import annotations

import marshal
from array import array
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import packed, pipeline
from auditor.model import Fact, Truth
from auditor.packed import NotPackedError, pack, unpack
from auditor.sources import ReadOptions, read
from auditor.traffic import Bounds, IntSet
from auditor.tree import Location, Map, Node, Presence, Reason, Reference, Scalar, Seq, Unknown
from tests.cli.running import FIXTURES

ZERO = array("I", [0]).tobytes()
MODULES = ("auditor.model", "auditor.tree", "auditor.traffic")

TEXTS = st.text("aé\0\udcff", max_size=3)  # the last stands for a byte of a name that is no text
PLACES = st.builds(Location, TEXTS, st.integers(0, 9), st.integers(0, 9))
LEAVES = st.one_of(
    st.builds(Scalar, st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXTS, PLACES),
    st.builds(Reference, TEXTS, TEXTS, PLACES),
    st.builds(Unknown, st.lists(st.builds(Reason, TEXTS, PLACES)).map(tuple), PLACES),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Seq, st.lists(inner, max_size=4).map(tuple), PLACES, more=st.none() | inner),
        st.builds(Map, st.dictionaries(TEXTS, inner, max_size=4), PLACES),
    ),
)


@given(st.lists(NODES, max_size=5).map(tuple))
def test_any_value_comes_back_equal(nodes: tuple[Node, ...]):
    back = unpack(pack(nodes), MODULES)
    assert back == nodes
    assert repr(back) == repr(nodes)  # 1, 1.0 and True are equal and not alike


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("*/terraform")), ids=lambda path: path.parent.name)
def test_any_network_comes_back_equal(folder: Path):
    inventory = pipeline.load(str(folder)).inventory
    _, reading = read((str(folder),), ReadOptions())
    assert unpack(pack(inventory), MODULES) == inventory
    assert unpack(pack(reading), MODULES) == reading


@given(st.lists(NODES, max_size=9).map(tuple))
def test_many_values_are_written_in_several_chunks(nodes: tuple[Node, ...]):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packed, "MOST_AT_ONCE", 2)
        content = pack((nodes, nodes))
    assert unpack(content, MODULES) == (nodes, nodes)


def test_one_value_stays_one_value():
    at = Location("main.tf", 1, 1)
    ports = IntSet.single(443)
    back = unpack(pack((Scalar("a", at), Scalar("b", at), Bounds(ports, ports))), MODULES)
    assert isinstance(back, tuple)
    assert back[0].at is back[1].at
    assert back[2].must is back[2].may


def test_members_of_an_enumeration_are_the_members():
    (fact, presence) = unpack(pack((Fact(Truth.UNKNOWN), Presence.MANY)), MODULES)  # type: ignore[misc]
    assert fact.truth is Truth.UNKNOWN
    assert presence is Presence.MANY


@dataclass
class Loose:
    """A class whose objects can change."""

    value: int


@pytest.mark.parametrize("value", [Loose(1), (Location("a"), [1]), object(), {1, 2}, b"bytes"])
def test_what_cannot_be_written_is_refused(value: object):
    with pytest.raises(NotPackedError):
        pack(value)


def written(column: tuple[object, ...], *chunks: tuple[object, ...]) -> bytes:
    """What ``pack`` would give for these."""
    return marshal.dumps(([marshal.dumps(chunk) for chunk in chunks], column))


def test_what_is_written_by_hand_as_it_should_be_is_read():
    place = (("values", ["a"]), ("values", [1]), ("values", [2]))
    column = ("objects", "auditor.tree:Location", ZERO)
    assert unpack(written(column, ("auditor.tree:Location", 0, 1, 1, place)), MODULES) == Location("a", 1, 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        marshal.dumps(1),
        written(("values", [])),
        written(("values", [1, 2])),
        written(("objects", "auditor.tree:Location", ZERO)),
        written(("objects", "auditor.tree:Location", ZERO), ("auditor.tree:Location", 0, 1, 1, ())),
        written(("values", [1]), ("auditor.tree:Location", 0, 1, 1, (("values", ["a", "b"]),) * 3)),
        written(("values", [1]), ("subprocess:Popen", 0, 1, 1, (("values", ["true"]),))),
        written(("values", [1]), ("auditor.tree:os", 0, 1, 1, ())),
        written(("values", [1]), ("auditor.treehouse:Location", 0, 1, 1, ())),
        written(("members", "auditor.tree:Location", ZERO)),
        written(("members", "auditor.tree:Presence", ZERO[:3])),
        written(("mixed", ZERO, (("values", []),))),
        written(("tuples", ZERO, ("values", [1]), 1)),
        written(("tuples", array("I", [2]).tobytes(), ("values", [1]))),
    ],
)
def test_what_was_never_packed_is_refused(content: bytes):
    with pytest.raises(NotPackedError):
        unpack(content, MODULES)
