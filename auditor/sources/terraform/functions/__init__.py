"""Terraform's built-in functions (https://developer.hashicorp.com/terraform/language/functions), version 1.11.

All but those that evaluate their arguments lazily or need an evaluator: ``try``, ``can``, ``templatefile``,
``templatestring``.
"""

from __future__ import annotations

from auditor.sources.terraform.values import CallSite
from auditor.tree import Node


def known(name: str) -> bool:
    """Whether there is a function of this name, with or without ``core::``."""
    raise NotImplementedError(name)


def call(site: CallSite, arguments: tuple[Node, ...]) -> Node:
    """The result of a call; InputError where its arguments do not fit. What they do not decide is unknown."""
    raise NotImplementedError(site, arguments)
