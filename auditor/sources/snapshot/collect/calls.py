"""The words of the table of calls: what is asked of which service, once or for each id, and what is kept."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.frozen import dataclass

Value = str | bool | int | tuple[object, ...]
Arguments = tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One read-only operation of the AWS API, as botocore names it, all of its pages.

    ``key`` is the member of the answer that counts (with a dot, a member of one, where the call is made for
    ids alone); without it, the whole answer does. The operation is
    called once for each of ``variants``, whose tuples are structures where they consist of pairs, lists
    otherwise; with ``each``, once for each id that is found there. ``also`` are members that are kept beside.
    """

    service: str
    operation: str
    key: str = ""
    variants: tuple[Arguments, ...] = ((),)
    each: Each | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Each:
    """The ids that an operation is called for, and the parameter that takes them.

    They come from pieces that are collected earlier (by file), or from calls made for nothing else. With
    ``batch``, the parameter takes a list of that many. ``along`` are parameters of the earlier call that
    this one takes too.
    """

    found: tuple[Found, ...]
    parameter: str
    batch: int = 0
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where ids are found: a field of the objects of a piece or a call; without one, the objects."""

    of: Call | str
    field: str = ""
    where: Condition | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """Objects whose ``field`` is one of ``values``."""

    field: str
    values: tuple[str | bool, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One file of a snapshot, and the call whose answer it holds.

    The answer stands under the call's key, or, with ``wrap``, under that name as a list of objects that have
    the id each was asked with. ``kept`` are the fields that are written, all where it is empty; ``dropped``
    are those that are not (``*`` stands for any name; lists are passed through). ``where`` chooses among the
    objects. ``everywhere`` says that the service is one for all Regions.
    """

    file: str
    call: Call
    wrap: str = ""
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    where: Condition | None = None
    everywhere: bool = False

    @property
    def top(self) -> str:
        """The top-level key of the file."""
        return self.wrap or self.call.key


def described(service: str, key: str, *, dropped: tuple[str, ...] = (), file: str = "") -> Piece:
    """What ``Describe<key>`` lists under ``<key>``."""
    call = Call(service=service, operation=f"Describe{key}", key=key)
    return Piece(file=file or key, call=call, dropped=dropped)


def asked_each(call: Call, wrap: str, *, dropped: tuple[str, ...] = (), kept: tuple[str, ...] = ()) -> Piece:
    """The answers to a call that is made for one id at a time, each with its id, in a file of that name."""
    return Piece(file=wrap, call=call, wrap=wrap, dropped=dropped, kept=kept)


def each_of(of: Call | str, field: str, parameter: str = "", *, where: Condition | None = None) -> Each:
    """The ids in ``field`` of what ``of`` gives; the parameter has the field's name unless it is given."""
    return Each(found=(Found(of=of, field=field, where=where),), parameter=parameter or field)


def calls_of(call: Call) -> Iterator[Call]:
    """The call, and those that are made for its ids alone."""
    yield call
    for found in call.each.found if call.each else ():
        if isinstance(found.of, Call):
            yield from calls_of(found.of)


def needed_by(call: Call) -> tuple[str, ...]:
    """The files whose ids the call asks for, directly or through another call."""
    return tuple(
        found.of
        for each in calls_of(call)
        if each.each
        for found in each.each.found
        if isinstance(found.of, str)
    )
