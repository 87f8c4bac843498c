"""The sizes that CONTRIBUTING.md names. A docstring is not counted: it may be as long as it is useful."""

from __future__ import annotations

import ast

from tests.house.pythonfiles import AUDITOR, ROOT, TESTS, Function, functions

FUNCTION_LINES = 40
FILE_LINES = 300
POSITIONAL_PARAMETERS = 5
WORDS_OF_A_SENTENCE = 3


def lines_without_docstring(function: Function) -> int:
    first = function.body[0]
    length = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function, clean=False) is not None:
        length -= (first.end_lineno or 0) - first.lineno + 1
    return length


def positional_parameters(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len([name for name in names if name not in {"self", "cls"}])


def test_no_function_is_longer_than_forty_lines():
    long = [
        f"{at} {function.name}: {lines_without_docstring(function)}"
        for at, function in functions(AUDITOR)
        if lines_without_docstring(function) > FUNCTION_LINES
    ]
    assert long == []


def test_no_file_is_longer_than_three_hundred_lines():
    lengths = {path.relative_to(ROOT): len(path.read_text("utf-8").splitlines()) for path in AUDITOR}
    assert {str(path): length for path, length in lengths.items() if length > FILE_LINES} == {}


def test_no_function_takes_more_than_five_positional_parameters():
    wide = [
        f"{at} {function.name}: {positional_parameters(function)}"
        for at, function in functions(AUDITOR)
        if positional_parameters(function) > POSITIONAL_PARAMETERS
    ]
    assert wide == []


def test_the_names_of_tests_are_sentences():
    short = [
        f"{at} {function.name}"
        for at, function in functions(TESTS)
        if function.name.startswith("test_")
        and len(function.name.removeprefix("test_").split("_")) < WORDS_OF_A_SENTENCE
    ]
    assert short == []
