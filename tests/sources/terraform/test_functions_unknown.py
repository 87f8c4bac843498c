"""Functions whose arguments are not wholly known: what is certain stays, what is not is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.sources.terraform import functions
from auditor.sources.terraform.values import CallSite
from auditor.tree import Location, Map, Node, Reason, Reference, Scalar, Seq, Unknown

AT = Location("main.tf", 3, 5)
WHY = Reason("var.x", Location("vars.tf", 1, 1), "--var x=…")
SG = Reference("aws_security_group.a", "id", AT)
OTHER = Reference("aws_security_group.b", "id", AT)


def read(path: str) -> bytes:
    return Path(path).read_bytes()


def call(name: str, *arguments: Node, root: str = "/nowhere") -> Node:
    site = CallSite(name=name, at=AT, root_folder=root, module_folder=root, read_file=read)
    return functions.call(site, arguments)


def s(value: str | float | bool | None) -> Scalar:
    return Scalar(value, AT)


def seq(*items: Node | str | float | bool | None, more: Node | None = None, unordered: bool = False) -> Seq:
    nodes = tuple(i if isinstance(i, Scalar | Seq | Map | Unknown | Reference) else s(i) for i in items)
    return Seq(nodes, AT, more=more, unordered=unordered)


def unknown(name: str = "var.x", type_: str = "", *options: Node) -> Unknown:
    return Unknown((WHY,), AT, identity=name, type=type_, options=options)


def either(*options: str | float) -> Unknown:
    return unknown("", "", *(s(option) for option in options))


def items(node: Node) -> list[Node]:
    assert isinstance(node, Seq)
    return list(node.items)


def values(node: Node) -> list[object]:
    return [item.value if isinstance(item, Scalar) else "?" for item in items(node)]


def options(node: Node) -> set[object]:
    assert isinstance(node, Unknown)
    return {option.value if isinstance(option, Scalar) else option for option in node.options}


def is_open(node: Node) -> bool:
    assert isinstance(node, Seq | Map)
    return node.more is not None


UNKNOWN_STRINGS = unknown("var.names", "list(string)")


def test_a_call_with_an_unknown_is_named_by_its_arguments_and_keeps_the_reason() -> None:
    result = call("cidrsubnet", unknown("var.cidr", "string"), s(8), s(2))
    assert isinstance(result, Unknown)
    assert result.identity == "cidrsubnet(var.cidr, 8, 2)"
    assert result.type == "string"
    assert result.reasons == (WHY,)
    assert result.at == AT


def test_a_name_is_the_same_with_and_without_the_namespace() -> None:
    assert call("core::upper", unknown()) == call("upper", unknown())


def test_an_argument_without_a_name_leaves_the_call_without_one() -> None:
    result = call("upper", unknown(""))
    assert isinstance(result, Unknown)
    assert result.identity == ""


def test_a_reference_is_an_unknown_that_the_apply_settles() -> None:
    result = call("upper", SG)
    assert isinstance(result, Unknown)
    assert result.identity == "upper(aws_security_group.a.id)"
    assert [reason.what for reason in result.reasons] == ["aws_security_group.a.id"]


def test_the_options_of_an_argument_are_those_of_the_result() -> None:
    assert options(call("cidrsubnet", either("10.0.0.0/16", "10.1.0.0/16"), s(8), s(1))) == {
        "10.0.1.0/24",
        "10.1.1.0/24",
    }


def test_options_that_agree_decide_the_result() -> None:
    assert call("upper", either("a", "A")) == s("A")


def test_options_multiply_as_long_as_they_are_few() -> None:
    assert options(call("format", s("%s-%s"), either("a", "b"), either("x", "y"))) == {
        "a-x",
        "a-y",
        "b-x",
        "b-y",
    }
    many = either(*range(5))
    assert options(call("format", s("%s%s"), many, many)) == set()


def test_an_option_that_a_function_refuses_leaves_the_result_open() -> None:
    assert options(call("cidrsubnet", either("10.0.0.0/16", "none"), s(8), s(1))) == set()


def test_a_wrong_argument_is_refused_whatever_the_unknowns_are() -> None:
    with pytest.raises(InputError, match='"prefix" parameter'):
        call("cidrsubnet", s(None), unknown(), unknown())


def test_concat_keeps_what_comes_before_an_unknown_list() -> None:
    result = call("concat", seq("a", "b"), UNKNOWN_STRINGS)
    assert values(result) == ["a", "b"]
    assert isinstance(result, Seq)
    assert not result.unordered
    assert result.more == Unknown((WHY,), AT, type="string")


def test_concat_keeps_what_comes_after_an_unknown_list_without_its_position() -> None:
    result = call("concat", UNKNOWN_STRINGS, seq("a"))
    assert values(result) == ["a"]
    assert isinstance(result, Seq)
    assert result.unordered
    assert is_open(result)


def test_concat_of_known_lengths_has_a_known_length() -> None:
    result = call("concat", seq(unknown(), "b"), seq(SG))
    assert len(items(result)) == 3
    assert not is_open(result)


def test_concat_bounds_further_elements_by_the_options_of_the_list() -> None:
    result = call("concat", seq("a"), unknown("var.l", "", seq("b"), seq("c", "d")))
    assert isinstance(result, Seq)
    assert result.more is not None
    assert options(result.more) == {"b", "c", "d"}


def test_the_length_of_a_list_of_unknowns_is_known() -> None:
    assert call("length", seq(unknown(), unknown())) == s(2)


def test_the_length_of_a_set_with_unknowns_is_one_of_few() -> None:
    assert options(call("length", seq("a", unknown(), unordered=True))) == {1, 2}
    assert options(call("length", seq("a", "b", SG, unordered=True))) == {2, 3}


def test_the_length_of_a_list_that_may_go_on_is_not_known() -> None:
    result = call("length", seq("a", more=unknown("")))
    assert isinstance(result, Unknown)
    assert result.type == "number"
    assert not result.options


def test_the_length_of_an_unknown_tuple_or_object_is_in_its_type() -> None:
    assert call("length", unknown("var.t", "tuple([string, number])")) == s(2)
    assert call("length", unknown("var.o", "object({a = string})")) == s(1)


def test_the_length_of_one_of_several_lists_is_one_of_their_lengths() -> None:
    assert options(call("length", unknown("", "", seq("a"), seq("a", "b")))) == {1, 2}


def test_contains_is_true_where_an_element_is_certainly_equal() -> None:
    assert call("contains", seq(unknown(), "a"), s("a")) == s(value=True)
    assert call("contains", seq("a", more=unknown("")), s("a")) == s(value=True)
    assert call("contains", seq(SG, OTHER), SG) == s(value=True)


def test_contains_is_open_where_an_unknown_could_be_equal() -> None:
    assert isinstance(call("contains", seq(unknown(), "b"), s("a")), Unknown)
    assert isinstance(call("contains", seq("b", more=unknown("")), s("a")), Unknown)
    assert isinstance(call("contains", UNKNOWN_STRINGS, s("a")), Unknown)
    assert isinstance(call("contains", seq(OTHER), SG), Unknown)


def test_contains_is_false_where_no_option_is_equal() -> None:
    assert call("contains", seq(either("x", "y")), s("a")) == s(value=False)
    assert call("contains", seq("b", more=either("x", "y")), s("a")) == s(value=False)


def test_merge_keeps_the_keys_of_the_last_known_map() -> None:
    result = call("merge", unknown("var.tags", "map(string)"), Map({"a": s("1")}, AT))
    assert isinstance(result, Map)
    assert result.entries == {"a": s("1")}
    assert is_open(result)


def test_merge_leaves_open_what_a_later_unknown_map_may_replace() -> None:
    result = call("merge", Map({"a": s("1")}, AT), unknown("var.tags", "map(string)"))
    assert isinstance(result, Map)
    value = result.entries["a"]
    assert isinstance(value, Unknown)
    assert WHY in value.reasons


def test_merge_with_one_of_several_maps_knows_the_candidates() -> None:
    later = unknown("local.m", "", Map({"a": s("2")}, AT), Map({}, AT))
    result = call("merge", Map({"a": s("1")}, AT), later)
    assert isinstance(result, Map)
    assert options(result.entries["a"]) == {"1", "2"}


def test_lookup_of_a_key_that_is_there_is_certain_even_where_there_may_be_more() -> None:
    partly = Map({"a": s("1")}, AT, more=unknown(""))
    assert call("lookup", partly, s("a"), s("d")) == s("1")
    assert isinstance(call("lookup", partly, s("b"), s("d")), Unknown)


def test_lookup_by_an_unknown_key_is_one_of_the_values_or_the_default() -> None:
    assert options(call("lookup", Map({"a": s(1), "b": s(2)}, AT), unknown(), s(3))) == {1, 2, 3}


def test_coalesce_stops_at_the_first_certain_value() -> None:
    assert call("coalesce", s(None), s("a"), unknown()) == s("a")
    assert call("coalesce", s(None), SG, unknown()) == SG


def test_coalesce_leaves_open_which_of_the_values_in_question_it_is() -> None:
    assert options(call("coalesce", either("", "x"), s("y"))) == {"x", "y"}
    result = call("coalesce", unknown(), s("b"))
    assert isinstance(result, Unknown)
    assert result.identity == 'coalesce(var.x, "b")'


def test_coalescelist_takes_a_list_that_certainly_has_an_element() -> None:
    first = seq("a", more=unknown(""))
    assert call("coalescelist", seq(), first, seq("b")) == first
    assert isinstance(call("coalescelist", UNKNOWN_STRINGS, seq("b")), Unknown)


def test_compact_keeps_ids_and_doubts_what_may_be_empty() -> None:
    result = call("compact", seq("a", "", SG, unknown("var.x", "string")))
    assert items(result) == [s("a"), SG]
    assert is_open(result)


def test_distinct_keeps_what_may_be_equal_and_gives_up_positions() -> None:
    result = call("distinct", seq(SG, OTHER, SG))
    assert items(result) == [SG, OTHER]
    assert isinstance(result, Seq)
    assert result.unordered
    assert options(call("length", result)) == {1, 2}


def test_element_of_a_known_position_is_certain() -> None:
    assert call("element", seq(SG, OTHER), s(3)) == OTHER
    assert call("element", seq("a", more=unknown("")), s(0)) == s("a")
    assert isinstance(call("element", seq("a", more=unknown("")), s(1)), Unknown)
    assert options(call("element", seq("a", "b"), unknown("var.i", "number"))) == {"a", "b"}


def test_element_of_an_unknown_list_has_a_name_and_a_type() -> None:
    result = call("element", UNKNOWN_STRINGS, s(1))
    assert isinstance(result, Unknown)
    assert (result.identity, result.type) == ("element(var.names, 1)", "string")


def test_flatten_keeps_certain_elements_beside_unknown_ones() -> None:
    result = call("flatten", seq(seq("a"), UNKNOWN_STRINGS))
    assert values(result) == ["a"]
    assert is_open(result)
    certain = call("flatten", seq(seq("a", unknown("var.x", "string")), seq(SG)))
    assert len(items(certain)) == 3
    assert not is_open(certain)


def test_flatten_does_not_take_an_unknown_for_one_element() -> None:
    result = call("flatten", seq("a", unknown()))
    assert values(result) == ["a"]
    assert is_open(result)


def test_index_is_open_from_the_first_element_in_doubt() -> None:
    assert call("index", seq("a", "b", unknown()), s("b")) == s(1)
    assert options(call("index", seq(unknown(), "b"), s("b"))) == {0, 1}
    with pytest.raises(InputError, match="item not found"):
        call("index", seq("a"), s("b"))


def test_keys_and_values_of_a_map_that_may_go_on_lose_their_positions() -> None:
    partly = Map({"b": s(2), "a": s(1)}, AT, more=unknown(""))
    for name, expected in (("keys", ["a", "b"]), ("values", [1, 2])):
        result = call(name, partly)
        assert values(result) == expected
        assert isinstance(result, Seq)
        assert result.unordered
        assert is_open(result)


def test_the_keys_of_a_map_of_unknown_values_are_known() -> None:
    assert call("keys", Map({"b": unknown(), "a": SG}, AT)) == seq("a", "b")


def test_matchkeys_keeps_what_certainly_matches() -> None:
    result = call("matchkeys", seq("i", "j", "k"), seq("x", unknown("var.z", "string"), "q"), seq("x"))
    assert values(result) == ["i"]
    assert is_open(result)


def test_one_of_a_list_with_a_certain_element_is_that_element() -> None:
    assert call("one", seq("a", more=unknown(""))) == s("a")
    assert call("one", seq("a", unknown(), unordered=True)) == s("a")
    assert isinstance(call("one", UNKNOWN_STRINGS), Unknown)


def test_reverse_keeps_positions_only_of_a_list_that_ends() -> None:
    assert items(call("reverse", seq(SG, "b"))) == [s("b"), SG]
    result = call("reverse", seq("a", more=unknown("")))
    assert isinstance(result, Seq)
    assert result.unordered


def test_set_functions_keep_what_is_certainly_in_the_result() -> None:
    union = call("setunion", seq("a"), UNKNOWN_STRINGS)
    assert values(union) == ["a"]
    assert is_open(union)
    both = call("setintersection", seq("a", "b"), seq("a", unknown("var.s", "string")))
    assert values(both) == ["a"]
    assert is_open(both)
    assert not is_open(call("setintersection", seq("a", "b"), seq("a")))
    left = call("setsubtract", seq("a", "b", SG), seq("b"))
    assert values(left) == ["a"]
    assert is_open(left)
    assert values(call("setsubtract", seq("a"), UNKNOWN_STRINGS)) == []


def test_setproduct_of_known_lengths_has_all_combinations() -> None:
    result = call("setproduct", seq("a", "b"), seq(SG))
    assert [list(items(row)) for row in items(result)] == [[s("a"), SG], [s("b"), SG]]
    assert is_open(call("setproduct", seq("a"), UNKNOWN_STRINGS))


def test_slice_of_an_unknown_list_names_its_elements() -> None:
    result = call("slice", UNKNOWN_STRINGS, s(0), s(3))
    assert [item.identity for item in items(result) if isinstance(item, Unknown)] == [
        "var.names[0]",
        "var.names[1]",
        "var.names[2]",
    ]
    assert not is_open(result)


def test_slice_of_a_list_that_may_go_on_keeps_its_known_elements() -> None:
    result = call("slice", seq("a", "b", more=unknown("")), s(1), s(3))
    assert values(result) == ["b", "?"]


def test_sort_with_an_unknown_keeps_the_elements_but_not_their_positions() -> None:
    result = call("sort", seq("b", unknown("var.x", "string"), "a"))
    assert values(result)[:2] == ["a", "b"]
    assert isinstance(result, Seq)
    assert result.unordered


def test_sums_and_truths_are_decided_as_soon_as_they_can_be() -> None:
    assert isinstance(call("sum", seq(1, unknown("var.n", "number"))), Unknown)
    assert call("alltrue", seq(unknown("var.b", "bool"), value_false())) == s(value=False)
    assert isinstance(call("alltrue", seq(unknown("var.b", "bool"))), Unknown)
    assert call("anytrue", seq(unknown("var.b", "bool"), True)) == s(value=True)
    assert isinstance(call("anytrue", seq(False, more=unknown(""))), Unknown)


def value_false() -> Scalar:
    return s(value=False)


def test_toset_of_unknowns_has_an_open_length() -> None:
    result = call("toset", seq("b", "a", unknown("var.x", "string"), "a"))
    assert values(result) == ["a", "b", "?"]
    assert options(call("length", result)) == {2, 3}


def test_tolist_keeps_an_unknown_list_with_its_name() -> None:
    assert call("tolist", UNKNOWN_STRINGS) == unknown("var.names", "list(any)")


def test_transpose_keeps_certain_pairs() -> None:
    result = call("transpose", Map({"a": seq("x"), "b": unknown("var.l", "list(string)")}, AT))
    assert isinstance(result, Map)
    assert values(result.entries["x"]) == ["a"]
    assert is_open(result.entries["x"])
    assert is_open(result)


def test_zipmap_of_known_keys_names_the_values_of_an_unknown_list() -> None:
    result = call("zipmap", seq("a", "b"), UNKNOWN_STRINGS)
    assert isinstance(result, Map)
    value = result.entries["b"]
    assert isinstance(value, Unknown)
    assert value.identity == "var.names[1]"
    assert not is_open(result)


def test_zipmap_with_an_unknown_key_may_replace_an_earlier_one() -> None:
    result = call("zipmap", seq("a", unknown("var.k", "string"), "c"), seq(1, 2, 3))
    assert isinstance(result, Map)
    assert options(result.entries["a"]) == {1, 2}
    assert result.entries["c"] == s(3)
    assert is_open(result)


def test_chunklist_keeps_full_chunks_of_a_list_that_may_go_on() -> None:
    result = call("chunklist", seq("a", "b", "c", more=unknown("")), s(2))
    assert values(items(result)[0]) == ["a", "b"]
    assert is_open(result)


def test_formatlist_has_the_length_of_the_lists_that_are_known() -> None:
    result = call("formatlist", s("%s/32"), seq("10.0.0.1", unknown("var.ip", "string")))
    assert values(result) == ["10.0.0.1/32", "?"]
    assert not is_open(result)
    assert len(items(call("formatlist", s("%s-%s"), seq("a", "b"), UNKNOWN_STRINGS))) == 2
    assert is_open(call("formatlist", s("%s"), UNKNOWN_STRINGS))


def test_text_of_unknown_parts_is_an_unknown_string() -> None:
    for name, arguments in (
        ("join", (s(","), seq("a", unknown("var.x", "string")))),
        ("split", (s(","), unknown("var.x", "string"))),
        ("format", (s("%s"), SG)),
        ("jsonencode", (Map({"a": SG}, AT),)),
        ("yamlencode", (seq(SG),)),
    ):
        result = call(name, *arguments)
        assert isinstance(result, Unknown), name
        assert result.type == ("list(string)" if name == "split" else "string")


def test_what_differs_from_run_to_run_has_no_name() -> None:
    for name in ("uuid", "timestamp"):
        result = call(name)
        assert isinstance(result, Unknown)
        assert (result.type, result.identity) == ("string", "")
        assert result.reasons
    plan = call("plantimestamp")
    assert isinstance(plan, Unknown)
    assert plan.identity == "plantimestamp()"


def test_bcrypt_and_rsadecrypt_are_unknown_strings() -> None:
    for result in (call("bcrypt", s("x")), call("rsadecrypt", s("x"), s("key"))):
        assert isinstance(result, Unknown)
        assert result.type == "string"


def test_no_file_outside_the_folders_is_read(tmp_path: Path) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "root" / "link").symlink_to(tmp_path / "secret")
    for path in ("../secret", "link", str(tmp_path / "secret"), "~/secret"):
        result = call("file", s(path), root=str(tmp_path / "root"))
        assert isinstance(result, Unknown), path
        assert "root's folder" in result.reasons[0].settled_by
    assert isinstance(call("fileset", s(".."), s("*"), root=str(tmp_path / "root")), Unknown)
    assert isinstance(call("fileexists", s("../secret"), root=str(tmp_path / "root")), Unknown)
    assert isinstance(call("pathexpand", s("~/secret")), Unknown)


def test_a_path_that_is_not_known_gives_an_unknown_text() -> None:
    result = call("file", unknown("var.path", "string"))
    assert isinstance(result, Unknown)
    assert result.identity == "file(var.path)"


def test_a_missing_file_is_an_error_at_the_call(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file exists") as problem:
        call("file", s("none.txt"), root=str(tmp_path))
    assert problem.value.at == "main.tf:3:5"
    assert problem.value.hint


def test_aliases_that_multiply_are_refused() -> None:
    bomb = "\n".join(
        ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    )
    with pytest.raises(InputError, match="more than"):
        call("yamldecode", s(bomb))


def test_deep_json_and_yaml_are_refused_without_a_crash() -> None:
    for name in ("jsondecode", "yamldecode"):
        with pytest.raises(InputError):
            call(name, s("[" * 100_000))


def test_an_unknown_function_is_refused_by_name() -> None:
    with pytest.raises(InputError, match='no function named "nosuch"'):
        call("nosuch")


def test_every_family_is_found() -> None:
    for name in (
        "upper",
        "concat",
        "max",
        "md5",
        "file",
        "cidrhost",
        "formatdate",
        "toset",
        "regex",
        "core::merge",
    ):
        assert functions.known(name)
    for name in ("try", "can", "templatefile", "templatestring", "nosuch"):
        assert not functions.known(name)
