"""All values that a user gives to parameters, and which of them are for one stack."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from auditor.errors import UsageError, one_of
from auditor.frozen import dataclass
from auditor.sources.cloudformation.given.files import read_parameter_file
from auditor.tree import Location, Node, Reason, Scalar, Unknown

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
PSEUDO = frozenset(
    {
        *("AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region"),
        *("AWS::StackId", "AWS::StackName", "AWS::URLSuffix"),
    }
)


@dataclass(frozen=True, slots=True)
class GivenValue:
    """A value for a parameter of the stack ``stack``, of all stacks where that is empty.

    ``text`` is None where it is said that the value is not known. ``told`` is how the user has given it.
    """

    name: str
    text: str | None
    at: Location
    stack: str = ""
    told: str = ""


def given_on_command_line(name: str, text: str) -> GivenValue:
    """What ``--parameter`` gives: ``NAME=VALUE``, or ``STACK.NAME=VALUE`` or ``STACK/NAME=VALUE``."""
    at = Location(f"--parameter {name}")
    cut = max(name.rfind("."), name.rfind("/"))
    return GivenValue(name[cut + 1 :], text, at, stack=name[: max(cut, 0)], told=at.path)


def given_in_file(path: str, stack: str, text: str) -> tuple[GivenValue, ...]:
    """What ``--parameters`` gives with ``text``: the values in a file, for one stack or for all."""
    told = f"--parameters {text}"
    return tuple(
        GivenValue(each.name, each.text, each.at, stack=stack, told=f"{told} ({each.at})")
        for each in read_parameter_file(path)
    )


class Given:
    """The values of one run: the later before the earlier, and those for one stack before those for all."""

    __slots__ = ("_values",)

    def __init__(self, values: Iterable[GivenValue]) -> None:
        self._values = tuple(values)

    def parameters(self, stack: str, names: Collection[str]) -> Mapping[str, Node]:
        """The values for those parameters of a stack that it has: ``names``."""
        return {name: node for name, node in self._of(stack) if name in names}

    def pseudo(self, stack: str) -> Mapping[str, Node]:
        """The values for a stack's pseudo parameters."""
        return {name: node for name, node in self._of(stack) if name in PSEUDO}

    def _of(self, stack: str) -> list[tuple[str, Node]]:
        common = (each for each in self._values if not each.stack)
        own = (each for each in self._values if each.stack == stack)
        return [(each.name, _node(each, stack)) for each in (*common, *own)]

    def require_known(self, stacks: Mapping[str, Collection[str]], *, whole: bool) -> None:
        """UsageError for a value whose stack or parameter is not in the input: the names of each stack's.

        Where a template could not be read, ``stacks`` are not the ``whole``, and nothing is refused.
        """
        if not whole:
            return
        every = sorted({name for names in stacks.values() for name in names})
        for each in self._values:
            if each.stack and each.stack not in stacks:
                raise UsageError(
                    f"{each.told}: no stack is called {each.stack}", hint=one_of(each.stack, sorted(stacks))
                )
            names = stacks[each.stack] if each.stack else every
            if each.name not in names and each.name not in PSEUDO:
                whose = f"stack {each.stack} has no" if each.stack else "no template has a"
                hint = one_of(each.name, sorted(names)) if names else "the templates have no parameters"
                raise UsageError(f"{each.told}: {whose} parameter {each.name}", hint=hint)


def _node(given: GivenValue, stack: str) -> Node:
    if given.text is not None:
        return Scalar(given.text, given.at)
    settled = f"--parameter {given.name}=..."
    reason = Reason(f"the value that {given.name} has already", given.at, settled)
    return Unknown((reason,), given.at, identity=f"{stack}/{given.name}")
