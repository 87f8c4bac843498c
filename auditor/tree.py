"""What every source gives, whatever its dialect: resources whose values know where they came from.

A value is a ``Node``. What the input does not decide is an ``Unknown``, which keeps what *is* known of
it; an attribute that AWS will fill in is a ``Reference`` to the resource that will own it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from auditor.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the input: ``line`` and ``column`` count from 1; 0 where the format has no lines."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """Why something is not known: ``what`` is missing, where it is named, and what would settle it."""

    what: str
    at: Location
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class Precise:
    """The number ``significand * 2**exponent``, which no ``int`` or ``float`` says.

    Its digits are those that tell it from all others of ``precision`` bits, as Terraform writes it.
    """

    significand: int
    exponent: int
    precision: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A known string, number, boolean, or null (``None``).

    ``at`` is the place of use; ``via`` the places that the value was passed through, nearest first.
    """

    value: str | int | float | bool | Precise | None
    at: Location
    via: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class Seq:
    """A list, tuple or set (``unordered``), or the repeated blocks of one type.

    Where ``more`` is given, any number of further items may follow, each of them within ``more``.
    """

    items: tuple[Node, ...]
    at: Location
    via: tuple[Location, ...] = ()
    more: Node | None = None
    unordered: bool = False


@dataclass(frozen=True, slots=True)
class Map:
    """A map, an object or the body of a block. Where ``more`` is given, there may be further keys."""

    entries: Mapping[str, Node]
    at: Location
    via: tuple[Location, ...] = ()
    more: Node | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the input does not decide.

    ``identity`` is the expression that it stands for, seen from the root (``var.vpc_id``,
    ``data.aws_vpc.main.id``, ``element(var.subnets, 0)``): two unknowns of one non-empty identity are
    one value. Where ``options`` is not empty, the value is one of them. ``type`` is the type in
    Terraform's words (``string``, ``list(string)``), or in CloudFormation's where only that has it
    (``AWS::EC2::Subnet::Id``), or empty. Where ``parts`` is not empty, the value is a
    text that consists of them, in their order: known texts, unknowns and references.
    """

    reasons: tuple[Reason, ...]
    at: Location
    via: tuple[Location, ...] = ()
    identity: str = ""
    options: tuple[Node, ...] = ()
    type: str = ""
    parts: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """An attribute of a resource in the input that only its creation will fill in.

    ``target`` is the resource's address, ``attribute`` the attribute's path in it (``id``, ``arn``,
    ``vpc_config[0].cluster_security_group_id``). Equal references are equal values.
    """

    target: str
    attribute: str
    at: Location
    via: tuple[Location, ...] = ()


Node = Scalar | Seq | Map | Unknown | Reference


class Dialect(StrEnum):
    """The language that a resource is written in."""

    TERRAFORM = "terraform"
    CLOUDFORMATION = "cloudformation"
    SNAPSHOT = "snapshot"


class Presence(StrEnum):
    """Whether a thing is there for certain, perhaps, or perhaps any number of times."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a resource lives: the input that names it, its account and its Region, empty if not known."""

    input: str = ""
    account: str = ""
    region: str = ""


NOWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that the input declares.

    ``kind`` is the type in its dialect's words (``aws_vpc``, ``AWS::EC2::VPC``), ``address`` its full
    name in the input, unique in one run. ``reasons`` say why ``presence`` is not certain. ``names`` are
    further names that people know it by, each of this resource alone.
    """

    kind: str
    address: str
    body: Map
    at: Location
    dialect: Dialect = Dialect.TERRAFORM
    scope: Scope = field(default_factory=Scope)
    presence: Presence = Presence.CERTAIN
    reasons: tuple[Reason, ...] = ()
    names: tuple[str, ...] = ()


class GapKind(StrEnum):
    """What sort of thing was not understood."""

    SYNTAX = "syntax"  # a file that does not parse
    INVALID = "invalid"  # a value or construct that is wrong whatever the unknowns are
    MODULE = "module"  # a module that is not on disk
    RESOURCE = "resource"  # a resource type or attribute that could bear on traffic and is not read


@dataclass(frozen=True, slots=True)
class Gap:
    """Something in the input that was not understood; what it could affect is not certain."""

    kind: GapKind
    what: str
    at: Location
    why: str
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one or more inputs declare, and what could not be read of them.

    ``outputs`` are values that they hand to whoever asks, each as the body of what is no resource of AWS's.
    """

    resources: tuple[Resource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    outputs: tuple[Resource, ...] = ()
