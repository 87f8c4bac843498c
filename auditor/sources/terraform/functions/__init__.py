"""Terraform's built-in functions, as of version 1.11.

Source: https://developer.hashicorp.com/terraform/language/functions

All but those that evaluate their arguments lazily or need an evaluator: ``try``, ``can``, ``templatefile``,
``templatestring``. Each file of this folder holds a family; what it defines is found there.

A result holds whatever the unknowns turn out to be. A ``Seq`` that is ``unordered`` and not wholly known
may have its elements at any position, and equal ones among them may be one.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from auditor.errors import InputError
from auditor.sources.terraform.functions.signature import Function
from auditor.sources.terraform.functions.unknowns import decide
from auditor.sources.terraform.values import CallSite
from auditor.tree import Node

_PREFIX = "core::"


def known(name: str) -> bool:
    """Whether there is a function of this name, with or without ``core::``."""
    return name.removeprefix(_PREFIX) in _functions()


def call(site: CallSite, arguments: tuple[Node, ...]) -> Node:
    """The result of a call; InputError where its arguments do not fit. What they do not decide is unknown."""
    function = _functions().get(site.name.removeprefix(_PREFIX))
    if function is None:
        raise InputError(f'there is no function named "{site.name}"', at=str(site.at))
    try:
        return decide(function, site, function.accept(site, arguments))
    except InputError as problem:
        message = f'call to function "{site.name}" failed: {problem.message}'
        raise InputError(message, at=str(site.at), hint=problem.hint) from None


@cache
def _functions() -> dict[str, Function]:
    families = [
        importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)
    ]
    found = (value for family in families for value in vars(family).values())
    return {function.name: function for function in found if isinstance(function, Function)}
