"""Templates of wrong shapes, in circles, and too deep: gaps, and the rest goes on."""

from __future__ import annotations

import time

import pytest

from auditor.tree import GapKind, Unknown
from tests.sources.cloudformation.evaluating import bodies, plain, read, resources, whys

GOOD = "  Good: {Type: T, Properties: {X: 1}}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Description: nothing\n", "the template has no resources"),
        ("Resources: [a]\n", "the section Resources is no map"),
        (f"Resources:\n{GOOD}Resorces: {{}}\n", "templates have no section Resorces"),
        (f"Resources:\n{GOOD}Outputs: [a]\n", "the section Outputs is no map"),
        (f"Resources:\n{GOOD}Outputs: {{O: 1}}\n", "the output has no Value"),
        (f"Resources:\n{GOOD}Outputs: {{O: {{Value: 1, Export: x}}}}\n", "an export has a name"),
        (f"Resources:\n{GOOD}  A: 1\n", "a resource is a map"),
        (f"Resources:\n{GOOD}  A: {{Properties: {{}}}}\n", "the resource has no Type that is written out"),
        (f"Resources:\n{GOOD}  A: {{Type: T, Properties: [a]}}\n", "properties are a map"),
        (f"Resources:\n{GOOD}  A: {{Type: T, CidrBlock: 10.0.0.0/8}}\n", "resources have no CidrBlock"),
        (f"Resources:\n{GOOD}  A: {{Type: T, Description: for the tests}}\n", ""),
        (f"Resources:\n{GOOD}  A: {{Type: T, Condition: [a]}}\n", "must be a plain text"),
        (f"Resources:\n{GOOD}Transform: AWS::LanguageExtensions\n", ""),
        (f"Resources:\n{GOOD}Rules: {{R: 1}}\n", "a rule is a map of Assertions"),
        (f"Resources:\n{GOOD}Rules: {{R: {{Assertions: [1]}}}}\n", "an assertion is a map of Assert"),
    ],
)
def test_what_has_another_shape_is_a_gap_with_its_place(text: str, why: str) -> None:
    reading = read(text)
    assert [gap.kind for gap in reading.gaps] == [GapKind.INVALID] * bool(why), whys(reading)
    assert all(why in gap.why and gap.at.path == "net.yaml" and gap.at.line for gap in reading.gaps)
    assert ("net/Good" in resources(reading)) is ("Good" in text)


def test_a_macro_without_a_name_may_be_any() -> None:
    reading = read(f"Resources:\n{GOOD}Transform: {{A: b}}\n")
    assert whys(reading) == ["a macro is called by its name", "what the macro makes of this is not known"]
    assert bodies(reading)["net/Good"] == {"…": "?"}


def test_a_mapping_of_another_shape_is_a_gap_where_it_is_asked() -> None:
    reading = read(
        f"Mappings: {{M: 1}}\nResources:\n{GOOD}  A: {{Type: T, Properties: {{X: !FindInMap [M, a, b]}}}}\n"
    )
    assert whys(reading) == ["a mapping is a map of maps"]
    assert bodies(reading)["net/A"] == {"X": "?"}


def test_of_a_broken_resource_nothing_is_certain() -> None:
    reading = read(
        """
        Resources:
          A: 1
          B: {Type: T, Properties: [a]}
          C: {Type: T, Properties: {X: !Ref A, Y: !GetAtt B.Z, Q: null}}
        """
    )
    assert bodies(reading) == {
        "net/B": {"…": "?"},
        "net/C": {"X": "?net/A.Ref", "Y": "&net/B.Z", "Q": "?"},
    }
    assert len(reading.gaps) == 3


def test_a_circle_is_a_gap_and_the_rest_goes_on() -> None:
    reading = read(
        """
        Conditions:
          A: !Condition B
          B: !Not [!Condition A]
        Resources:
          X: {Type: T, Properties: {P: !GetAtt Y.P, Q: 1}}
          Y: {Type: T, Properties: {P: !Sub "${X.P}-y"}}
          Z: {Type: T, Condition: A}
        """
    )
    assert set(resources(reading)) == {"net/X", "net/Y", "net/Z"}
    assert plain(resources(reading)["net/X"].body.entries["Q"]) == 1
    assert isinstance(resources(reading)["net/X"].body.entries["P"], Unknown)
    assert sum("depends on itself" in why for why in whys(reading)) == 2


def test_values_that_double_along_a_chain_end_in_a_gap() -> None:
    chain = "".join(
        f'  R{n}: {{Type: T, Properties: {{P: !Join ["", [!GetAtt R{n + 1}.P, !GetAtt R{n + 1}.P]]}}}}\n'
        for n in range(60)
    )
    reading = read(f"Resources:\n{chain}  R60: {{Type: T, Properties: {{P: x}}}}\n")
    assert any("longer than" in why for why in whys(reading))


@pytest.mark.parametrize("seed", ["!Ref Free", "!If [C, a, b]"])
def test_unknown_values_that_double_along_a_chain_are_found_quickly(seed: str) -> None:
    chain = "".join(
        f'  R{n}: {{Type: T, Properties: {{P: !Join ["", [!GetAtt R{n + 1}.P, "-", !GetAtt R{n + 1}.P]],'
        f" L: [!GetAtt R{n + 1}.L, !GetAtt R{n + 1}.L],"
        f" E: !If [C, !GetAtt R{n + 1}.L, !GetAtt R{n + 1}.P]}}}}\n"
        for n in range(60)
    )
    before = "Parameters: {Free: {Type: String}}\nConditions: {C: !Equals [!Ref Free, x]}\n"
    start = time.perf_counter()
    reading = read(f"{before}Resources:\n{chain}  R60: {{Type: T, Properties: {{P: {seed}, L: [{seed}]}}}}\n")
    assert len(reading.resources) == 61
    assert time.perf_counter() - start < 20


def test_a_chain_of_two_thousand_properties_is_followed() -> None:
    chain = "".join(f"  R{n}: {{Type: T, Properties: {{P: !GetAtt R{n + 1}.P}}}}\n" for n in range(2000))
    reading = read(f"Resources:\n{chain}  R2000: {{Type: T, Properties: {{P: end}}}}\n")
    assert plain(resources(reading)["net/R0"].body) == {"P": "end"}


def test_a_longer_chain_than_that_is_a_gap() -> None:
    chain = "".join(f"  R{n}: {{Type: T, Properties: {{P: !GetAtt R{n + 1}.P}}}}\n" for n in range(4000))
    reading = read(f"Resources:\n{chain}  R4000: {{Type: T, Properties: {{P: end}}}}\n")
    assert any("in one chain" in why for why in whys(reading))
