"""Conversion functions, and those that mark values without changing them."""

from __future__ import annotations

from dataclasses import replace

from auditor.sources.terraform.functions.signature import over_nodes
from auditor.sources.terraform.values import CallSite, unknown_call
from auditor.tree import Node, Reason, Scalar


@over_nodes({"v": "bool"}, nullable=["v"])
def tobool(site: CallSite, v: Node) -> Node:
    return v


@over_nodes({"v": "number"}, nullable=["v"])
def tonumber(site: CallSite, v: Node) -> Node:
    return v


@over_nodes({"v": "string"}, nullable=["v"])
def tostring(site: CallSite, v: Node) -> Node:
    return v


@over_nodes({"v": "list(any)"}, nullable=["v"])
def tolist(site: CallSite, v: Node) -> Node:
    return v


@over_nodes({"v": "set(any)"}, nullable=["v"])
def toset(site: CallSite, v: Node) -> Node:
    return v


@over_nodes({"v": "map(any)"}, nullable=["v"])
def tomap(site: CallSite, v: Node) -> Node:
    return v


@over_nodes(nullable=["value"])
def sensitive(site: CallSite, value: Node) -> Node:
    return value


@over_nodes(nullable=["value"])
def nonsensitive(site: CallSite, value: Node) -> Node:
    return value


@over_nodes(nullable=["value"])
def ephemeralasnull(site: CallSite, value: Node) -> Node:
    """The value or null, in whole or in parts: what is ephemeral is not told apart."""
    if isinstance(value, Scalar) and value.value is None:
        return value
    unknown = unknown_call(site, (value,))
    reason = Reason(f"{site.name}()", site.at, "a plan: what is ephemeral is not told apart here")
    options = (value, Scalar(None, site.at)) if isinstance(value, Scalar) else ()
    return replace(unknown, reasons=(*unknown.reasons, reason), options=options)


@over_nodes(nullable=["value"])
def issensitive(site: CallSite, value: Node) -> Node:
    """Not decided: what is sensitive is not told apart."""
    return replace(
        unknown_call(site, (value,), "bool"),
        options=(Scalar(value=False, at=site.at), Scalar(value=True, at=site.at)),
    )


@over_nodes(nullable=["value"])
def type_(site: CallSite, value: Node) -> Node:
    """The value itself: Terraform has this function in its console only."""
    return value
