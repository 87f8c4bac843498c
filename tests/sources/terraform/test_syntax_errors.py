"""A syntax error says where it is and what was expected there."""

from __future__ import annotations

import pytest

from auditor.errors import InputError
from auditor.sources.terraform.syntax import parse_expression, parse_file_text, parse_template

ERRORS = (
    ("a = 1 b = 2", "1:7: expected a new line before this"),
    ("a {\n  b = 1 c = 2\n}\n", "2:9: expected a new line before this"),
    ("a = { b = 1 c = 2 }", "1:13: expected a new line before this"),
    ("a = {\n  b = 1,,\n}\n", '2:9: expected an expression or "}", found ","'),
    ("a = [1,,2]", '1:8: expected an expression or "]", found ","'),
    ("a = [1 2]", '1:8: expected "]" or ",", found "2"'),
    ("a = f(1 2)", '1:9: expected ")" or ",", found "2"'),
    ("a = ", "1:5: expected an expression, found the end of the file"),
    ("a = \nb = 1\n", "1:5: expected an expression, found the end of the line"),
    ("a = b +\n", "1:8: expected an expression, found the end of the line"),
    ("a = b +\n  c\n", "1:8: the line ends too early"),
    ("a\n= 1\n", "1:2: the line ends too early"),
    ("a =\n1\n", "1:4: the line ends too early"),
    ("a b c", '1:6: expected "{", found the end of the file'),
    ("a", '1:2: expected "=" or "{" after the name, found the end of the file'),
    ("a = 'x'", '1:5: expected an expression, found "\'"'),
    ("a = 1;", '1:6: expected the end of the line, found ";"'),
    ("a = {b c}", '1:8: expected "=" or ":", found "c"'),
    ("a = { b.c = 1 }", "1:7: this key could be a reference or a name with dots"),
    ("a = [1, 2", '1:5: this "[" is never closed by a "]"'),
    ("a = (1]", '1:7: expected ")" to close the "(" of line 1, found "]"'),
    ("a {\n  b = 1\n", '1:3: this "{" is never closed by a "}"'),
    ("}", '1:1: this "}" closes nothing'),
    ("a {}\n}\n", '2:1: this "}" closes nothing'),
    ('a = "x', "1:5: this string is not closed on its line"),
    ('a = "x\ny"\n', "1:5: this string is not closed on its line"),
    ('a = "x ${b"\n', "1:11: this string is not closed on its line"),
    ('a = "x ${b c}"\n', '1:12: expected "}", found "c"'),
    ('a = "x ${}"\n', "1:8: expected an expression between ${ and }"),
    ('a = "x ${b +}"\n', '1:13: expected an expression, found "}"'),
    ('a = "é \\q"\n', "1:8: unknown escape \\q"),
    ('a = "\\uZZZZ"\n', "1:6: unknown escape \\u"),
    ("a = <<EOT\nb\n", "1:5: this heredoc is never closed by a line with EOT alone"),
    ('a = "%{ if b }c"\n', "1:6: this directive is never closed by %{ endif }"),
    ('a = "%{ endif }"\n', "1:6: %{ endif } without a %{ if … } before it"),
    ('a = "%{ for x in y }%{ endif }"\n', "1:21: %{ endif } without a %{ if … } before it"),
    ('a = "%{ while b }"\n', "1:6: expected if, else, endif, for or endfor after %{"),
    ("/* never closed\n", "1:1: this comment is never closed by */"),
    ("a = [for x : y]\n", '1:12: expected "," or "in", found ":"'),
    ("a = 0x1F\n", '1:6: expected the end of the line, found "x1F"'),
    ("a = b::c\n", "1:5: 'b::c' is not a name"),
    ("a::b = 1\n", "1:1: 'a::b' is not a name"),
    ("{ a = 1 }\n", '1:1: expected an argument or a block, found "{"'),
    ("a = 1e999999999\n", "1:5: this number is out of range"),
    ("é = ü ö\n", '1:7: expected the end of the line, found "ö"'),
    ("a = b ? c\n", '1:10: expected ":", found the end of the line'),
    ("a = @b\n", '1:5: expected an expression, found "@"'),
    ('a "x${b}" {}\n', "1:3: a label is plain text"),
    # What Terraform refuses and a laxer grammar reads
    ("a = f\n(x)\n", '2:1: expected an argument or a block, found "("'),
    ("a = 1.2.3\n", "1:5: a number has one decimal point at most"),
    ("a = [for x iny : x]\n", '1:12: expected "," or "in", found "iny"'),
    ("a = [for]\n", '1:9: expected a name, found "]"'),
    ("a = { for = 1 }\n", '1:11: expected a name, found "="'),
    ("a {\n  b = 1 }\n", '2:9: expected the end of the line, found "}"'),
    ("a { b = 1\n}\n", '1:10: expected "}", found the end of the line'),
    ("a { b = 1 c = 2 }\n", '1:11: expected "}", found "c"'),
    ("a { b {} }\n", '1:7: expected "=", found "{"'),
    ("a {} b {}\n", "1:6: expected a new line before this"),
    ("a = b.*.*\n", '1:9: expected a name, found "*"'),
    ("a = b\n.c\n", '2:1: expected an argument or a block, found ".c"'),
    ("a = b.c(d)\n", '1:8: expected the end of the line, found "("'),
    ("a = [b...]\n", '1:7: expected "]" or ",", found "..."'),
    ('a = "${ b ~ }"\n', '1:11: expected "}", found "~"'),
    ("a = 1\rb = 2\n", "1:6: expected the end of the line, found the character U+000D"),
)


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_an_error_has_its_place_and_says_what_was_expected(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_file_text(text.encode(), "main.tf")
    assert f"{caught.value.at}: {caught.value.message}" == f"main.tf:{expected}"


@pytest.mark.parametrize(("text", "expected"), ERRORS)
def test_an_error_beyond_two_megabytes_is_as_good(text: str, expected: str) -> None:
    if "closed" in expected or "closes nothing" in expected or "to close the" in expected:
        pytest.skip("brackets are not paired in so long a text")
    with pytest.raises(InputError) as caught:
        parse_file_text(b"#" * 2_000_000 + b"\n" + text.encode(), "main.tf")
    line, rest = expected.split(":", 1)
    assert f"{caught.value.at}: {caught.value.message}" == f"main.tf:{int(line) + 1}:{rest}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{", "1:2: expected a name in double quotes, found the end of the file"),
        ('{"a": 1,}', '1:9: expected a value, found "}"'),
        ('{"a": [1, 2}', '1:12: expected "," or "]", found "}"'),
        ('{"a" 1}', '1:6: expected ":", found "1"'),
        ("{'a': 1}", '1:2: expected a name in double quotes, found "\'"'),
        ('{"a": tru}', '1:7: expected a value, found "t"'),
        ('{"a": 1} 2', '1:10: expected the end of the file, found "2"'),
        ("", "1:1: expected a value, found the end of the file"),
        ("3", "1:1: expected an object for the file"),
        ('{"a": "\n"}', "1:8: this string is not valid: invalid control character"),
        ('{"resource": {"aws_vpc": 3}}', '1:26: expected an object for the labels of "resource"'),
        ('{"locals": "x"}', "1:12: expected an object for the body of locals"),
        ('{\n  "locals": {"é": "${b +}"}\n}', '2:25: expected an expression, found "}"'),
        ('{"variable": {"x": {"type": "list("}}}', '1:34: this "(" is never closed by a ")"'),
    ],
)
def test_an_error_in_json_has_its_place_too(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_file_text(text.encode(), "main.tf.json")
    assert f"{caught.value.at}: {caught.value.message}" == f"main.tf.json:{expected}"


def test_a_byte_that_is_not_utf8_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match="0xff is not UTF-8") as caught:
        parse_file_text('a = 1\nb = "é'.encode() + b'\xff"\n', "main.tf")
    assert caught.value.at == "main.tf:2:7"


def test_an_expression_ends_where_it_ends() -> None:
    with pytest.raises(InputError, match="there is more") as caught:
        parse_expression("1\nb = 2", "--var x")
    assert caught.value.at == "--var x:2:1"


@pytest.mark.parametrize("text", ["", "1 +", "a b", "[1", "x}"])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_expression(text, "--var x")


def test_an_error_in_a_template_file_has_its_place() -> None:
    with pytest.raises(InputError, match="expected an expression") as caught:
        parse_template("first\nsecond ${1 +}\n", "t.tpl")
    assert caught.value.at == "t.tpl:2:13"
