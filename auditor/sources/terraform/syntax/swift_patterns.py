"""The regular expressions of the parser.

``GAP`` and ``LAYOUT`` are blanks and comments, without and with line breaks; those in a comment count for
nothing. Quantifiers are possessive, so that nothing is tried twice and the time is linear in the text.
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

GAP = re.compile(_GAP)
LAYOUT = re.compile(_LAYOUT)
TEXT = re.compile(r'[^"\\$%\n]*+(?:(?:\\[^\n]|\$\$\{|%%\{|[$%](?!\{))[^"\\$%\n]*+)*+')
INSERTION = re.compile(r"\$\$\{|%%\{|([$%])\{(~?+)")
END_OF_LINE = re.compile(_LINE_END)
END_OF_PAIR = re.compile(rf",|{_LINE_BREAK}|(?=\}})")
OPERATOR = re.compile(r"(\|\||&&|[=!]=|[<>]=?+|[-+*%]|/(?![/*]))|(\?)")


@dataclass(frozen=True, slots=True)
class Patterns:
    """What depends on the letters that a name is made of.

    Groups of ``statement``: 1 name, then 2 plain string, 3 whole number, 4 dotted names, 5 ``[`` that
    begins a value, 6 any other value, 7 a block's labels, 8 its ``}`` if it is empty; or 9 ``}``, 10 the end;
    of ``item`` of a list: 1 plain string, 2 whole number, 3 dotted names, 4 what follows them, 5 the end;
    of ``pair`` of an object: 1 name or 2 plain string, then 3 plain string, 4 whole number, 5 dotted names,
    6 any other value; or 7 its end; of ``term``: 1 plain string, 2 number, 3 dotted names, 4 any other;
    of ``step``: 1 name, 2 legacy index, 3 and 4 splats, 5 string key, 6 whole number key, 7 any other key;
    of ``part``: 1 to 3 of ``step`` without the dot; of ``insertion``: 1 dotted names that alone are in it.
    """

    name: re.Pattern[str]
    statement: re.Pattern[str]
    item: re.Pattern[str]
    pair: re.Pattern[str]
    term: re.Pattern[str]
    step: re.Pattern[str]
    part: re.Pattern[str]
    label: re.Pattern[str]
    insertion: re.Pattern[str]


@cache
def patterns(*, ascii_only: bool) -> Patterns:
    """The patterns for text of ASCII alone, which are faster, or for any text."""
    name = r"[A-Za-z_][A-Za-z0-9_-]*+" if ascii_only else r"[^\W\d][\w-]*+"
    dotted = rf"({name}(?:\.{name}){{0,16}}+)"
    simple = rf"(?:{_PLAIN}|{_WHOLE}|{dotted})"
    labels = rf'((?:[ \t]*+(?:"[^"\\$%\n]*+"|{name}))*+)'
    statement = (
        rf"{_LAYOUT}(?:({name})(?:[ \t]*+=[ \t]*+(?:{simple}[ \t]*+{_LINE_END}|(?!=)(\[)?())"
        rf"|{labels}[ \t]*+\{{[ \t]*+(?:{_LINE_BREAK}|(\}})[ \t]*+{_LINE_END}))"
        rf"|(\}})[ \t]*+{_LINE_END}|(\Z))"
    )
    pair = (
        rf"{_LAYOUT}(?:(?:({name})|{_PLAIN})[ \t]*+[=:](?:[ \t]*+{simple}[ \t]*+(?:,|{_LINE_BREAK}|(?=\}}))"
        r"|(?![=>])())|(\}))"
    )
    part = rf"(?:({name})|([0-9]++(?!\w))|(\*))"
    return Patterns(
        name=re.compile(name),
        statement=re.compile(statement),
        item=re.compile(rf"{_LAYOUT}(?:{simple}{_LAYOUT}([,\])])|([\])]))"),
        pair=re.compile(pair),
        term=re.compile(rf'{_PLAIN}|{_NUMBER}|{dotted}|(["\[{{(!<-])'),
        step=re.compile(rf"\.{part}|\[(?:(\*)\]|{_PLAIN}\]|{_WHOLE}\]|())"),
        part=re.compile(part),
        label=re.compile(rf"{_PLAIN}|({name})"),
        insertion=re.compile(rf"\$\{{[ \t]*+{dotted}[ \t]*+\}}"),
    )
