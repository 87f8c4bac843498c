"""Terraform's rules for values: what is known, equality, conversion, types."""

from __future__ import annotations

import pytest

from auditor.errors import InputError
from auditor.sources.terraform.syntax import parse_expression
from auditor.sources.terraform.values import (
    AnyType,
    CallSite,
    ListType,
    Primitive,
    convert,
    equal,
    format_number,
    identity_of,
    parse_type,
    parse_type_text,
    reasons_of,
    same,
    sort_key,
    to_bool,
    to_number,
    to_text,
    type_text,
    unify,
    unknown_call,
)
from auditor.sources.values import is_known, is_wholly_known
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown

AT = Location("main.tf", 1, 1)
LATER = Location("main.tf", 9, 1)
WHY = Reason("var.x", AT, "--var x=…")
X = Unknown((WHY,), AT, identity="var.x")
Y = Unknown((Reason("var.y", AT),), AT, identity="var.y")
NAMELESS = Unknown((WHY,), AT)
VPC = Reference("aws_vpc.main", "id", AT)
TYPES = [
    "string",
    "any",
    "list(string)",
    "set(map(number))",
    "tuple([string, list(bool)])",
    "object({a = string, b = optional(list(any))})",
    "map(object({c = tuple([])}))",
    "object({})",
]


def s(value: str | float | bool | None) -> Scalar:
    return Scalar(value, AT)


def seq(*items: Node, more: Node | None = None, unordered: bool = False) -> Seq:
    return Seq(items, AT, more=more, unordered=unordered)


def obj(more: Node | None = None, **entries: Node) -> Map:
    return Map(entries, AT, more=more)


def typed(text: str, node: Node) -> Node:
    return convert(node, parse_type(parse_expression(text, "vars.tf")), LATER)


def test_knowledge_is_shallow_or_deep() -> None:
    assert is_known(seq(X))
    assert not is_wholly_known(seq(X))
    assert not is_wholly_known(seq(s(1), more=X))
    assert not is_known(VPC)
    assert is_wholly_known(obj(a=seq(s(None))))


def test_reasons_are_deep_in_order_and_each_once() -> None:
    found = reasons_of(seq(Y, X, more=obj(a=X)), obj(b=VPC))
    assert [reason.what for reason in found] == ["var.y", "var.x", "aws_vpc.main.id"]
    assert found[-1].settled_by.startswith("known after apply")


def test_an_identity_is_the_value_as_one_expression() -> None:
    assert identity_of(s('a"b')) == r'"a\"b"'
    assert identity_of(seq(s(1), s(value=True), VPC)) == "[1, true, aws_vpc.main.id]"
    assert identity_of(obj(b=X, a=s(None))) == '{"a" = null, "b" = var.x}'
    assert identity_of(seq(s(1), unordered=True)) != identity_of(seq(s(1)))


def test_a_part_without_a_name_leaves_the_whole_without_one() -> None:
    assert identity_of(seq(s(1), NAMELESS)) == ""
    assert identity_of(seq(s(1), more=X)) == ""
    assert identity_of(obj(a=NAMELESS)) == ""


def test_an_unknown_call_is_named_by_its_arguments() -> None:
    site = CallSite(name="core::f", at=LATER, root_folder=".", module_folder=".", read_file=str.encode)
    result = unknown_call(site, (X, s(8)), "string")
    assert result == Unknown((WHY,), LATER, identity="f(var.x, 8)", type="string")
    assert unknown_call(site, (NAMELESS,)).identity == ""


@pytest.mark.parametrize(
    ("a", "b", "verdict"),
    [
        (s(1), s(1), True),
        (s(1), s(1.0), True),
        (s(1), s("1"), False),
        (s(1), s(value=True), False),
        (s(0), s(value=False), False),
        (s(None), s(None), True),
        (s(None), s(""), False),
        (s("a"), seq(s("a")), False),
        (VPC, VPC, True),
        (VPC, Reference("aws_vpc.other", "id", AT), None),
        (VPC, s("vpc-1"), None),
        (Reference("aws_subnet.a[0]", "id", AT), Reference("aws_subnet.a[1]", "id", AT), False),
        (Reference("module.m.aws_subnet.a", "id", AT), Reference("aws_subnet.a", "id", AT), False),
        (Reference("aws_subnet.a[*]", "id", AT), Reference("aws_subnet.a[1]", "id", AT), None),
        (Reference("aws_subnet.a", "vpc_id", AT), Reference("aws_subnet.b", "vpc_id", AT), None),
        (Reference("data.aws_subnet.a", "id", AT), Reference("aws_subnet.b", "id", AT), None),
        (X, X, True),
        (X, Y, None),
        (NAMELESS, NAMELESS, None),
        (X, s(None), None),
        (Unknown((), AT, options=(s(1), s(2))), s(3), False),
        (Unknown((), AT, options=(s(1), s(2))), s(1), None),
        (seq(s(1)), seq(s(2)), False),
        (seq(s(1)), seq(s(1), X), False),
        (seq(s(1), X), seq(s(2), Y), False),
        (seq(X), seq(Y), None),
        (seq(s(1), more=X), seq(), False),
        (seq(s(1), more=X), seq(s(1), s(2)), None),
        (seq(s(1), s(2), unordered=True), seq(s(1), X, unordered=True), None),
        (seq(s(1), s(2), unordered=True), seq(s(3), X, unordered=True), False),
        (seq(s(1), s(2), unordered=True), seq(s(3), unordered=True), False),
        (obj(a=s(1)), obj(b=s(1)), False),
        (obj(a=s(1)), obj(a=s(1), more=X), None),
        (obj(a=s(1)), obj(a=s(2), more=X), False),
    ],
)
def test_equality_is_decided_where_no_unknown_could_change_it(a: Node, b: Node, verdict: bool | None) -> None:
    assert equal(a, b) is verdict
    assert equal(b, a) is verdict


def test_collections_of_one_content_are_the_same_but_perhaps_not_equal() -> None:
    for a, b in ((seq(s(1)), seq(s(1))), (obj(a=X), obj(a=X)), (seq(), seq())):
        assert same(a, b) is True
        assert equal(a, b) is None


def test_sets_are_the_same_in_any_order() -> None:
    assert same(seq(s(1), s(2), unordered=True), seq(s(2), s(1), unordered=True)) is True


def test_elements_are_ordered_by_size_and_by_code_point_with_nulls_last() -> None:
    values = [s("é"), s(None), s("a"), s("Z"), s("a1")]
    ordered = [n.value for n in sorted(values, key=sort_key)]
    assert ordered == ["Z", "a", "a1", "é", None]
    assert [n.value for n in sorted([s(10), s(9), s(1.5)], key=sort_key)] == [1.5, 9, 10]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        (-0.5, "-0.5"),
        (1e-7, "0.0000001"),
        (1e21, "1000000000000000000000"),
        (12345678901234567890, "12345678901234567890"),
        (6004799503160661 * 2.0**-54, "0.3333333333333333"),
        (0.1, "0.1"),
    ],
)
def test_numbers_are_written_without_an_exponent(number: float, text: str) -> None:
    assert format_number(number) == text


def test_scalars_are_converted_and_keep_their_place_and_way() -> None:
    node = Scalar(8080, AT, via=(LATER,))
    assert to_text(node) == Scalar("8080", AT, via=(LATER,))
    assert to_number(s("1e3")) == s(1000)
    assert to_bool(s("true")) == s(value=True)
    assert to_text(s(value=False)) == s("false")
    assert to_text(s(None)) == s(None)
    assert to_number(VPC) == VPC


def test_an_unknown_keeps_its_name_and_its_options_are_converted() -> None:
    node = Unknown((WHY,), AT, identity="var.x", options=(s(1), s("2")))
    assert to_text(node) == Unknown((WHY,), AT, identity="var.x", options=(s("1"), s("2")), type="string")
    assert to_bool(node) == Unknown((WHY,), AT, identity="var.x", type="bool")


@pytest.mark.parametrize("node", [s("x"), s(value=True), seq(), s(""), s(" 1"), s("0x1"), s("1" * 10_000)])
def test_what_is_no_number_is_refused(node: Node) -> None:
    with pytest.raises(InputError, match="number is required"):
        to_number(node)


@pytest.mark.parametrize("text", TYPES)
def test_a_type_is_read_the_same_from_an_expression_and_from_its_text(text: str) -> None:
    constraint = parse_type(parse_expression(text, "vars.tf"))
    assert type_text(constraint) == text
    assert parse_type_text(text) == constraint


@pytest.mark.parametrize("text", ['"string"', '"list"', "list", "map"])
def test_types_in_the_old_spelling_are_read(text: str) -> None:
    word = text.strip('"')
    expected = "string" if word == "string" else f"{word}(any)"
    assert type_text(parse_type(parse_expression(text, "vars.tf"))) == expected


@pytest.mark.parametrize(
    "text", ["strin", "list(string, number)", "object(string)", "1", "optional(string)", "tuple(1)"]
)
def test_what_is_no_type_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(InputError, match="not a type") as problem:
        parse_type(parse_expression(text, "vars.tf"))
    assert problem.value.at.startswith("vars.tf:1:")
    assert problem.value.hint


@pytest.mark.parametrize("text", ["", "nonsense", "list(", "object({a", "map()"])
def test_a_text_that_is_no_type_says_nothing(text: str) -> None:
    assert parse_type_text(text) == AnyType()


def test_elements_take_the_type_of_the_list() -> None:
    assert typed("list(string)", seq(s(1), s(value=True))) == seq(s("1"), s("true"))
    assert typed("list(number)", seq(s("1"), X, VPC)) == seq(
        s(1), Unknown((WHY,), AT, identity="var.x", type="number"), VPC
    )


def test_a_set_is_sorted_and_without_duplicates() -> None:
    assert typed("set(string)", seq(s("b"), s(1), s("1"), s("b"))) == seq(s("1"), s("b"), unordered=True)


def test_a_set_with_unknowns_keeps_them_all() -> None:
    result = typed("set(string)", seq(VPC, s("b"), X))
    assert isinstance(result, Seq)
    assert len(result.items) == 3


def test_a_set_becomes_a_list_in_the_order_of_its_elements() -> None:
    assert typed("list(string)", seq(s("a"), s("b"), unordered=True)) == seq(s("a"), s("b"))


def test_elements_of_any_type_take_one_that_fits_all() -> None:
    assert typed("list(any)", seq(s(1), s("a"))) == seq(s("1"), s("a"))
    assert typed("map(any)", obj(a=s(1), b=s("x"))) == obj(a=s("1"), b=s("x"))
    with pytest.raises(InputError, match="same type"):
        typed("list(any)", seq(s(1), seq()))


def test_a_default_fills_what_is_absent_or_null() -> None:
    text = """object({
      a = string, b = optional(number, 80), c = optional(string), d = optional(list(string), ["x"])
    })"""
    result = typed(text, obj(a=s(1), b=s(None), extra=s(1)))
    assert isinstance(result, Map)
    assert {key: getattr(node, "value", None) for key, node in result.entries.items()} == {
        "a": "1",
        "b": 80,
        "c": None,
        "d": None,
    }
    filled = result.entries["d"]
    assert isinstance(filled, Seq)
    assert len(filled.items) == 1


def test_a_nested_default_is_converted_in_its_turn() -> None:
    result = typed('object({a = optional(object({b = optional(number, "5")}), {})})', obj())
    assert isinstance(result, Map)
    inner = result.entries["a"]
    assert isinstance(inner, Map)
    assert getattr(inner.entries["b"], "value", None) == 5


def test_an_attribute_that_may_be_among_further_keys_is_unknown() -> None:
    result = typed('object({a = string, b = optional(string, "x")})', obj(more=NAMELESS))
    assert isinstance(result, Map)
    assert all(isinstance(node, Unknown) for node in result.entries.values())
    assert result.more is None


def test_a_default_that_is_no_literal_is_refused() -> None:
    with pytest.raises(InputError, match="literal"):
        typed('object({a = optional(string, upper("x"))})', obj())


@pytest.mark.parametrize(
    ("text", "node", "message"),
    [
        ("string", seq(), "string required"),
        ("number", s("x"), "a number is required"),
        ("list(string)", s("x"), "list of string required"),
        ("list(number)", seq(s(1), s("x")), "element 1: a number is required"),
        ("map(string)", seq(), "map of string required"),
        ("map(bool)", obj(a=s("x")), 'element "a": a bool is required'),
        ("object({a = string, b = string})", obj(), 'attributes "a", "b" are required'),
        ("object({a = list(number)})", obj(a=seq(s("x"))), 'attribute "a": element 0: a number is required'),
        ("object({})", s("x"), "object required"),
        ("tuple([string])", seq(), "tuple required"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_part_and_the_place(
    text: str, node: Node, message: str
) -> None:
    with pytest.raises(InputError, match=message.replace("[", r"\[")) as problem:
        typed(text, node)
    assert problem.value.at == "main.tf:9:1"


def test_null_and_references_fit_every_type() -> None:
    for text in TYPES:
        assert typed(text, s(None)) == s(None)
        assert typed(text, VPC) == VPC


def test_an_unknown_takes_the_type_and_keeps_its_name() -> None:
    result = typed("list(string)", Unknown((WHY,), AT, identity="var.x", options=(seq(s(1)), seq())))
    assert result == Unknown((WHY,), AT, identity="var.x", options=(seq(s("1")), seq()), type="list(string)")


def test_unification_prefers_strings_and_gives_up_on_what_does_not_mix() -> None:
    assert unify([s(1), s("a"), s(value=True)]) == (s("1"), s("a"), s("true"))
    assert unify([s(1), s(value=True)]) is None
    assert unify([s(1), seq()]) is None
    assert unify([]) == ()
    assert unify([s(None), s(1), X]) == (s(None), s(1), X)


def test_unification_goes_into_objects_and_lists() -> None:
    assert unify([obj(a=s(1)), obj(a=s("x"))]) == (obj(a=s("1")), obj(a=s("x")))
    assert unify([obj(a=s(1)), obj(b=s("x"))]) == (obj(a=s("1")), obj(b=s("x")))
    assert unify([seq(s(1)), seq(s("a"), s("b"))]) == (seq(s("1")), seq(s("a"), s("b")))
    assert unify([seq(s(1), s("a")), seq(s(2), s("b"))]) == (seq(s(1), s("a")), seq(s(2), s("b")))


def test_an_element_type_is_read_from_the_text_of_an_unknown() -> None:
    assert parse_type_text("list(string)") == ListType(Primitive.STRING)
