"""The regular expressions of the parser: each takes the blanks and comments before what it reads.

``GAP`` stays on its line, ``LAYOUT`` does not; a line break in a comment counts for nothing. Quantifiers are
possessive, so that nothing is tried twice and the time is linear in the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

_COMMENT = r"/\*[^*]*+\*++(?:[^/*][^*]*+\*++)*+/"
_REMARK = r"(?:#|//)[^\n]*+"
_GAP = rf"[ \t]*+(?:{_COMMENT}[ \t]*+)*+"
_LAYOUT = rf"[ \t\n]*+(?:(?:\r\n|{_REMARK}|{_COMMENT})[ \t\n]*+)*+"
_LINE_BREAK = rf"(?:{_REMARK})?\r?\n"
_LINE_END = rf"(?:{_REMARK})?\r?(?:\n|\Z)"
_PLAIN = r'"([^"\\$%\n]*+)"'
_WHOLE = r"([0-9]{1,18}+(?![\w.]))"
_NUMBER = r"([0-9]++(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+)"
_OPERATOR = r"(\|\||&&|[=!]=|[<>]=?+|[-+*%]|/(?![/*]))"

GAP = re.compile(_GAP)
LAYOUT = re.compile(_LAYOUT)
TEXT = re.compile(r'[^"\\$%\n]*+(?:(?:\\[^\n]|\$\$\{|%%\{|[$%](?!\{))[^"\\$%\n]*+)*+')
INSERTION = re.compile(r"\$\$\{|%%\{|([$%])\{(~?+)")
HEREDOC = re.compile(r"<<(-?+)([^\W\d][\w-]*+)\r?\n")
END_OF_LINE = re.compile(_GAP + _LINE_END)
END_OF_PAIR = re.compile(rf"{_GAP}(?:,|{_LINE_BREAK}|(?=\}}))")
END_OF_ITEM = re.compile(rf"{_LAYOUT}(,|[\])]|\.\.\.)")
ASSIGN = re.compile(rf"{_GAP}(?:=(?!=)|:)")
END_OF_INSERTION = re.compile(rf"{_LAYOUT}(~?+)\}}")
DIRECTIVE = re.compile(rf"{_LAYOUT}(if|else|endif|for|endfor)(?![\w-])")
FOR = re.compile(rf"{_LAYOUT}for(?![\w-])")
IF = re.compile(rf"{_LAYOUT}if(?![\w-])")
GROUPED = re.compile(rf"{_LAYOUT}\.\.\.")
AFTER_LAYOUT = {mark: re.compile(_LAYOUT + re.escape(mark)) for mark in (")", "]", "}", ":", "=>")}


@dataclass(frozen=True, slots=True)
class Mode:
    """What reads an expression on one line, or in brackets, where a line break counts for nothing.

    Groups of ``term``: 1 plain string, 2 number, 3 dotted names, 4 the parenthesis of a call, 5 any other begin;
    of ``step``: 1 name, 2 legacy index, 3 ``.*``, 4 ``[*]``, 5 string as key, 6 whole number as key, 7 any other
    key; of ``operator``: 1 one of two operands, 2 ``?``.
    """

    skip: re.Pattern[str]
    term: re.Pattern[str]
    step: re.Pattern[str]
    operator: re.Pattern[str]
    colon: re.Pattern[str]
    namespaced: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Patterns:
    """What depends on the letters that a name is made of.

    Groups of ``statement``: 1 name, then 2 plain string, 3 whole number, 4 dotted names, 5 ``[`` of a list if
    there is one, 6 any other value, 7 a block's labels, 8 its ``}`` if it is empty; or 9 ``}``, 10 the text's end;
    of ``item`` of a list: 1 plain string, 2 whole number, 3 dotted names, 4 what follows them, 5 the list's end;
    of ``pair`` of an object: 1 name or 2 plain string, then 3 plain string, 4 whole number, 5 dotted names, 6 any
    other value; or 7 ``}``; of ``insertion``: 1 dotted names that are alone in a ``${ }``.
    """

    tight: Mode
    loose: Mode
    name: re.Pattern[str]
    statement: re.Pattern[str]
    item: re.Pattern[str]
    pair: re.Pattern[str]
    label: re.Pattern[str]
    insertion: re.Pattern[str]
    for_names: re.Pattern[str]


@cache
def patterns(*, ascii_only: bool) -> Patterns:
    """The patterns for text of ASCII alone, which are faster, or for any text."""
    name = r"[A-Za-z_][A-Za-z0-9_-]*+" if ascii_only else r"[^\W\d][\w-]*+"
    dotted = rf"({name}(?:\.{name}){{0,16}}+)"
    simple = rf"(?:{_PLAIN}|{_WHOLE}|{dotted})"
    labels = rf'((?:[ \t]*+(?:"[^"\\$%\n]*+"|{name}))*+)'
    statement = (
        rf"{_LAYOUT}(?:({name})(?:[ \t]*+=[ \t]*+(?:{simple}[ \t]*+{_LINE_END}|(?!=)(\[(?!{_LAYOUT}for(?![\w-])))?())"
        rf"|{labels}[ \t]*+\{{[ \t]*+(?:{_LINE_BREAK}|(\}})[ \t]*+{_LINE_END}))"
        rf"|(\}})[ \t]*+{_LINE_END}|(\Z))"
    )
    pair = (
        rf"{_LAYOUT}(?:(?:({name})|{_PLAIN})[ \t]*+[=:](?:[ \t]*+{simple}[ \t]*+(?:,|{_LINE_BREAK}|(?=\}}))"
        r"|(?![=>])())|(\}))"
    )
    item = rf"{_LAYOUT}(?:{simple}{_LAYOUT}([,\])])|([\])]))"
    for_names = rf"{_LAYOUT}({name}){_LAYOUT}(?:,{_LAYOUT}({name}){_LAYOUT})?in(?![\w-])"
    return Patterns(
        tight=_mode(_GAP, name, dotted),
        loose=_mode(_LAYOUT, name, dotted),
        name=re.compile(name),
        statement=re.compile(statement),
        item=re.compile(item),
        pair=re.compile(pair),
        label=re.compile(rf"{_PLAIN}|({name})"),
        insertion=re.compile(rf"\$\{{[ \t]*+{dotted}[ \t]*+\}}"),
        for_names=re.compile(for_names),
    )


def _mode(gap: str, name: str, dotted: str) -> Mode:
    term = rf'{gap}(?:{_PLAIN}|{_NUMBER}|{dotted}(?:{gap}(\())?|(["\[{{(!<-]))'
    key = rf"\[{_LAYOUT}(?:{_PLAIN}|{_WHOLE}){_LAYOUT}\]"
    step = rf"{gap}(?:\.{gap}(?:({name})|([0-9]++(?!\w))|(\*))|\[{gap}(\*){gap}\]|{key}|(\[))"
    return Mode(
        skip=re.compile(gap),
        term=re.compile(term),
        step=re.compile(step),
        operator=re.compile(rf"{gap}(?:{_OPERATOR}|(\?))"),
        colon=re.compile(rf"{gap}:"),
        namespaced=re.compile(rf"((?:{gap}::{gap}{name})++)(?:{gap}(\())?"),
    )
