"""What a row is: data that says where a type of resource has what the model asks of a workload."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from auditor.aws.reader.block import Block
from auditor.frozen import dataclass
from auditor.model import NO, Calls, Fact, Placement

Paths = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Where a type of resource says what the model asks of a workload. Paths are those of ``Block``.

    ``subnets`` and ``groups`` are paths of lists, ``subnet`` and ``group`` paths of single ids. ``profiles``
    are pairs of a path and the type of what it names: a subnet group, a launch template. ``cluster`` is the
    path and the row of what has the groups, and the subnets where this names none. ``requires`` is the block
    without which there is no interface; ``outside`` says whether there is a workload then, in no VPC, and
    ``outside_public`` whether the internet reaches it there; ``callers`` is then the attribute of its policy,
    the types of what puts one on it, and how these name it.

    ``public`` is the path of a boolean, or of a text that is ``public_text``; ``private`` is the path of its
    negation; ``public_default`` holds where both are absent, and is None where the subnet decides. ``ipv6``
    is the path of what says whether it has IPv6 addresses: true, or a text with ``dual`` or ``6``. ``port``
    is the path of the port that it listens on, ``ports`` what it listens on where that is absent,
    ``ports_of`` the same by the text of ``ports_by``. What ``made_from`` names has a port of its own, which
    holds instead of these, and is not known. ``services`` is what it accepts beside (``udp/53``,
    ``tcp/1018-1023``). ``others`` says that it may accept more than all that, and ``others_of`` says so of
    texts of ``ports_by`` that begin so; ``others_with`` says so of such texts where one of the
    attributes names something else than AWS's default. ``perhaps`` is what it may accept beside.
    ``default_group`` is false where AWS makes a group for what names none, and does not take the VPC's.
    ``opens`` are the services that all of the type open connections to, where it opens no others.
    ``calls`` are the services of AWS that all of the type call.
    """

    kinds: tuple[str, ...]
    subnets: Paths = ()
    subnet: Paths = ()
    groups: Paths = ()
    group: Paths = ()
    vpc: str = ""
    profiles: tuple[tuple[str, str], ...] = ()
    cluster: tuple[str, Row] | None = None
    requires: str = ""
    outside: bool = False
    outside_public: bool = False
    callers: tuple[str, Paths, str] | None = None
    public: str = ""
    public_text: str = ""
    private: str = ""
    public_default: Fact | None = NO
    ipv6: str = ""
    port: str = ""
    ports: tuple[int, ...] = ()
    ports_by: str = ""
    ports_of: Mapping[str, int] = field(default_factory=dict)
    made_from: Paths = ()
    services: Paths = ()
    others: bool = False
    others_of: tuple[str, ...] = ()
    others_with: Mapping[str, Paths] = field(default_factory=dict)
    perhaps: Paths = ()
    opens: Paths = ()
    placement: Placement = Placement.EACH
    initiates: bool = True
    accepts: bool = True
    filtered: bool = True
    default_group: bool = True
    calls: tuple[Calls, ...] = ()
    names: Paths = ("name",)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileRow:
    """Where a type of resource names the subnets or groups that others take from it."""

    kinds: tuple[str, ...]
    subnets: Paths = ("subnet_ids",)
    groups: Paths = ()
    names: Paths = ("name",)


def owner(path: str, kind: str, block: Block) -> Block | None:
    """The one resource of ``kind`` in the input that an attribute certainly names."""
    links = block.named(path, kind)
    if len(links.items) != 1 or links.open or not links.items[0].certain:
        return None
    resource = block.estate.at_address(links.items[0].id)
    return None if resource is None else Block.of(resource, block.estate)
