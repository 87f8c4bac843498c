"""A frozen class is a frozen dataclass of the standard library in all that can be seen of it."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import FrozenInstanceError, field, replace

import pytest

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Has a field of each sort."""

    name: str
    metres: int = 0
    routes: list[str] = field(default_factory=list)
    seen: bool = field(default=False, compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StandardPeak:
    """The same, made by the standard library."""

    name: str
    metres: int = 0
    routes: list[str] = field(default_factory=list)
    seen: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Has an order."""

    major: int
    minor: int = 0


@dataclass(frozen=True, slots=True)
class Twin:
    """Has the fields of a version, and is none."""

    major: int
    minor: int = 0


@dataclass(frozen=True, slots=True)
class Percent:
    """Refuses what it cannot be."""

    value: int

    def __post_init__(self) -> None:
        if not 0 <= self.value <= 100:
            raise ValueError(self.value)


def test_a_value_shows_itself_as_the_standard_one_does():
    mine = repr(Peak(name="Eiger", metres=3967, seen=True))
    assert mine == repr(StandardPeak(name="Eiger", metres=3967, seen=True)).replace("StandardPeak", "Peak")


def test_the_fields_are_the_standard_ones():
    mine, standard = (
        [(each.name, each.kw_only, each.compare) for each in dataclasses.fields(cls)]
        for cls in (Peak, StandardPeak)
    )
    assert mine == standard


def test_defaults_are_each_value_s_own():
    assert Peak(name="a").routes is not Peak(name="b").routes


def test_values_are_equal_where_what_is_compared_is():
    assert Peak(name="Eiger", seen=True) == Peak(name="Eiger")
    assert Peak(name="Eiger") != Peak(name="Eiger", metres=1)
    assert Version(1) != Twin(1)


def test_equal_values_hash_alike():
    assert {Version(1): "one"}[Version(1, 0)] == "one"
    assert hash(Version(1, 2)) == hash((1, 2))


def test_values_are_ordered_field_by_field():
    assert sorted([Version(2), Version(1, 3), Version(1)]) == [Version(1), Version(1, 3), Version(2)]
    assert Version(1) <= Version(1) < Version(1, 1) > Version(1) >= Version(1)
    with pytest.raises(TypeError):
        assert Version(1) < Twin(2)


def test_nothing_can_be_set_or_deleted():
    peak = Peak(name="Eiger")
    with pytest.raises(FrozenInstanceError):
        peak.name = "Mönch"
    with pytest.raises(FrozenInstanceError):
        del peak.name
    with pytest.raises(FrozenInstanceError):
        peak.country = "CH"


@pytest.mark.parametrize("given", [{}, {"name": "Eiger", "country": "CH"}])
def test_what_the_fields_do_not_take_is_refused(given: dict[str, str]):
    with pytest.raises(TypeError, match=r"Peak\.__init__\(\)"):
        Peak(**given)


def test_a_value_checks_itself_when_it_is_made():
    assert Percent(100).value == 100
    with pytest.raises(ValueError, match="101"):
        Percent(101)


def test_copies_are_equal():
    peak = Peak(name="Eiger", routes=["Heckmair"])
    assert copy.deepcopy(peak) == pickle.loads(pickle.dumps(peak)) == replace(peak) == peak  # noqa: S301 - own bytes
    assert replace(peak, metres=3967).metres == 3967


def test_a_match_takes_the_fields_by_place():
    match Version(1, 2):
        case Version(major, minor):
            assert (major, minor) == (1, 2)


def test_what_is_not_frozen_with_slots_is_refused():
    with pytest.raises(TypeError):
        dataclass(frozen=True, slots=False)
