"""The JSON that Terraform writes: plans and state (``terraform show -json``), and the state file itself.

Only what bears on the network is decoded, so that memory follows what is kept and not what is in the file.
The formats are Terraform's own (https://developer.hashicorp.com/terraform/internals/json-format); the state
file is its version 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from auditor.errors import InputError

Document = TypeVar("Document")
Key = int | str | None
References = Mapping[str, Any]
"""An expression: ``references`` or a ``constant_value``; a nested block is a dictionary of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a plan does to one resource instance."""

    actions: list[str]
    after: Any = None
    after_unknown: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """One resource instance in a plan."""

    address: str
    type: str
    name: str
    change: Change
    mode: str = "managed"
    index: Key = None
    module_address: str = ""
    provider_name: str = ""
    deposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerValues:
    """What one resource instance was before a plan."""

    before: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerInstance:
    """One resource instance in a plan, as it was."""

    address: str
    change: FormerValues


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A plan as what was there before it: read only where something of that stays."""

    resource_changes: list[FormerInstance] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredChange:
    """A change that a plan puts off; of how many instances need not be known yet."""

    resource_change: ResourceChange
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredResource:
    """A resource block as the plan describes it: which expressions refer to what."""

    type: str
    name: str
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: References = field(default_factory=dict)
    for_each_expression: References = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredOutput:
    """An output of a module."""

    expression: References = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfiguredModule:
    """The blocks of one module."""

    resources: list[ConfiguredResource] = field(default_factory=list)
    module_calls: dict[str, ModuleCall] = field(default_factory=dict)
    outputs: dict[str, ConfiguredOutput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleCall:
    """A call of a module, and the module."""

    module: ConfiguredModule = field(default_factory=ConfiguredModule)
    expressions: References = field(default_factory=dict)
    for_each_expression: References = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfiguration:
    """A provider block."""

    name: str = ""
    expressions: References = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The configuration that a plan was made from, without its values."""

    root_module: ConfiguredModule = field(default_factory=ConfiguredModule)
    provider_config: dict[str, ProviderConfiguration] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownResource:
    """A resource instance in shown state."""

    type: str
    name: str
    mode: str = "managed"
    index: Key = None
    provider_name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    deposed_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownModule:
    """The resources of one instance of a module, and of those that it calls."""

    resources: list[ShownResource] = field(default_factory=list)
    child_modules: list[ShownModule] = field(default_factory=list)
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValues:
    """The values of state."""

    root_module: ShownModule = field(default_factory=ShownModule)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownState:
    """``terraform show -json`` of state, or the state that a plan was made on."""

    format_version: str = ""
    values: ShownValues | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variable:
    """The value that a root variable had."""

    value: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``terraform show -json`` of a saved plan."""

    format_version: str
    terraform_version: str = ""
    resource_changes: list[ResourceChange] = field(default_factory=list)
    deferred_changes: list[DeferredChange] = field(default_factory=list)
    configuration: Configuration = field(default_factory=Configuration)
    prior_state: ShownState | None = None
    variables: dict[str, Variable] = field(default_factory=dict)
    complete: bool = True
    errored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RawInstance:
    """A resource instance in a state file."""

    index_key: Key = None
    attributes: dict[str, Any] | None = None
    deposed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResource:
    """A resource in a state file, with its instances."""

    type: str
    name: str
    mode: str = "managed"
    module: str = ""
    provider: str = ""
    instances: list[RawInstance] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFile:
    """``terraform.tfstate``, version 4."""

    version: int
    terraform_version: str = ""
    resources: list[RawResource] = field(default_factory=list)


def decode(content: bytes, kind: type[Document], path: str) -> Document:
    """``content`` as a document of ``kind``; InputError with the place where it is none."""
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as error:
        raise InputError(f"not as Terraform writes it: {error}", at=path, hint=SHOW) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(
            f"not JSON: {_without_place(str(error))}", at=_place(str(error), content, path)
        ) from None


SHOW = "make it with `terraform show -json FILE`"


def _without_place(message: str) -> str:
    return message.removeprefix("JSON is malformed: ").partition(" (byte ")[0] or "it ends too early"


def _place(message: str, content: bytes, path: str) -> str:
    """The path with line and column of the byte that the decoder names; of the end where it names none."""
    _, _, rest = message.partition("(byte ")
    digits = rest.partition(")")[0]
    offset = int(digits) if digits.isdecimal() else len(content)
    line = content.count(b"\n", 0, offset) + 1
    column = offset - content.rfind(b"\n", 0, offset)
    return f"{path}:{line}:{column}"
