"""Terraform's syntax: the text of a file, an expression or a template as the values in ``ast``."""

from __future__ import annotations

from auditor.sources.places import Origin
from auditor.sources.terraform.syntax import swift
from auditor.sources.terraform.syntax.ast import Body, Expression

_JSON_SUFFIXES = (".tf.json", ".tofu.json", ".tfvars.json", ".tftest.json")


def parse_file_text(text: bytes, path: str) -> Body:
    """The body of a file, in JSON syntax where ``path`` ends with ``.tf.json``, else in native syntax.

    Raises ``InputError`` with the place of the first error, of a byte that is not UTF-8, or of what is nested
    too deeply.
    """
    if path.endswith(_JSON_SUFFIXES):
        from auditor.sources.terraform.syntax.json import parse_json

        return parse_json(text, path)
    return swift.parse(text, path)


def parse_expression(text: str, path: str, origin: Origin | None = None) -> Expression:
    """One expression, its places counted from the begin of ``text``. Raises ``InputError``."""
    return swift.parse_expression(text.strip(), path, origin)


def parse_template(text: str, path: str, origin: Origin | None = None) -> Expression:
    """The template that ``text`` is as a whole, as ``templatefile`` reads it. Raises ``InputError``."""
    return swift.parse_template(text, path, origin)
