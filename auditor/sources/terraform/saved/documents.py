"""The JSON that Terraform writes: plans and state (``terraform show -json``), and the state file itself.

Only what bears on the network is decoded, so that memory follows what is kept and not what is in the file.
The formats are Terraform's own (https://developer.hashicorp.com/terraform/internals/json-format); the state
file is its version 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec

from auditor.errors import InputError

Document = TypeVar("Document")
Key = int | str | None
References = Mapping[str, Any]
"""An expression: ``references`` or a ``constant_value``; a nested block is a dictionary of these."""


class Change(msgspec.Struct, gc=False):
    """What a plan does to one resource instance. ``before`` is kept as text until it is needed."""

    actions: list[str]
    before: msgspec.Raw = msgspec.Raw(b"null")
    after: Any = None
    after_unknown: Any = None


class ResourceChange(msgspec.Struct, gc=False):
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


class DeferredChange(msgspec.Struct, gc=False):
    """A change that a plan puts off; of how many instances need not be known yet."""

    resource_change: ResourceChange
    reason: str = ""


class ConfiguredResource(msgspec.Struct, gc=False):
    """A resource block as the plan describes it: which expressions refer to what."""

    type: str
    name: str
    mode: str = "managed"
    provider_config_key: str = ""
    expressions: References = {}
    for_each_expression: References = {}


class ConfiguredOutput(msgspec.Struct, gc=False):
    """An output of a module."""

    expression: References = {}


class ConfiguredModule(msgspec.Struct, gc=False):
    """The blocks of one module."""

    resources: list[ConfiguredResource] = []
    module_calls: dict[str, ModuleCall] = {}
    outputs: dict[str, ConfiguredOutput] = {}


class ModuleCall(msgspec.Struct, gc=False):
    """A call of a module, and the module."""

    module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)
    expressions: References = {}
    for_each_expression: References = {}


class ProviderConfiguration(msgspec.Struct, gc=False):
    """A provider block."""

    name: str = ""
    expressions: References = {}


class Configuration(msgspec.Struct, gc=False):
    """The configuration that a plan was made from, without its values."""

    root_module: ConfiguredModule = msgspec.field(default_factory=ConfiguredModule)
    provider_config: dict[str, ProviderConfiguration] = {}


class ShownResource(msgspec.Struct, gc=False):
    """A resource instance in shown state."""

    type: str
    name: str
    mode: str = "managed"
    index: Key = None
    provider_name: str = ""
    values: dict[str, Any] = {}
    deposed_key: str = ""


class ShownModule(msgspec.Struct, gc=False):
    """The resources of one instance of a module, and of those that it calls."""

    resources: list[ShownResource] = []
    child_modules: list[ShownModule] = []
    address: str = ""


class ShownValues(msgspec.Struct, gc=False):
    """The values of state."""

    root_module: ShownModule = msgspec.field(default_factory=ShownModule)


class ShownState(msgspec.Struct, gc=False):
    """``terraform show -json`` of state, or the state that a plan was made on."""

    format_version: str = ""
    values: ShownValues | None = None


class Variable(msgspec.Struct, gc=False):
    """The value that a root variable had."""

    value: Any = None


class Plan(msgspec.Struct, gc=False):
    """``terraform show -json`` of a saved plan."""

    format_version: str
    terraform_version: str = ""
    resource_changes: list[ResourceChange] = []
    deferred_changes: list[DeferredChange] = []
    configuration: Configuration = msgspec.field(default_factory=Configuration)
    prior_state: ShownState | None = None
    variables: dict[str, Variable] = {}
    complete: bool = True
    errored: bool = False


class RawInstance(msgspec.Struct, gc=False):
    """A resource instance in a state file."""

    index_key: Key = None
    attributes: dict[str, Any] | None = None
    deposed: str = ""


class RawResource(msgspec.Struct, gc=False):
    """A resource in a state file, with its instances."""

    type: str
    name: str
    mode: str = "managed"
    module: str = ""
    provider: str = ""
    instances: list[RawInstance] = []


class StateFile(msgspec.Struct, gc=False):
    """``terraform.tfstate``, version 4."""

    version: int
    terraform_version: str = ""
    resources: list[RawResource] = []


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
