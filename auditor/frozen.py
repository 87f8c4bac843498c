"""Frozen dataclasses with slots that cost little to declare and little to make.

``dataclass`` is the standard library's, and type checkers are told no other. The standard one generates six
methods a class while a module is imported, which was nearly half of the time of a short question; here each
is generated when it is first called, and ``__init__`` fills the slots directly, in two thirds of the time.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import MISSING, Field, FrozenInstanceError
from types import FunctionType
from typing import TYPE_CHECKING, NoReturn, TypeVar

T = TypeVar("T")
Fields = tuple[Field[object], ...]


def _frozen(
    *, frozen: bool, slots: bool, kw_only: bool = False, order: bool = False
) -> Callable[[type[T]], type[T]]:
    """``@dataclasses.dataclass(frozen=True, slots=True)``, also with ``kw_only`` and ``order``."""
    if not (frozen and slots):
        raise TypeError("only frozen dataclasses with slots are made here")

    def declare(cls: type[T]) -> type[T]:
        own = set(vars(cls))
        cls.__doc__ = cls.__doc__ or cls.__name__  # else the text of its signature is made for it
        declared = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(cls)
        for name, generate in (_GENERATED | _ORDER if order else _GENERATED).items():
            if name not in own:
                setattr(declared, name, _when_called(declared, name, generate))
        for name, method in _SHARED.items():
            setattr(declared, name, method)
        return declared

    return declare


def _when_called(cls: type, name: str, generate: Callable[[type, Fields], FunctionType]) -> object:
    def method(self: object, *given: object, **named: object) -> object:
        generated = generate(cls, _fields(cls))
        generated.__name__, generated.__qualname__ = name, f"{cls.__qualname__}.{name}"
        setattr(cls, name, generated)
        return generated(self, *given, **named)

    return method


def _fields(cls: type) -> Fields:
    return tuple(vars(cls)["__dataclass_fields__"].values())


def _init(cls: type, fields: Fields) -> FunctionType:
    known: dict[str, object] = {"missing_": MISSING}
    positional, named, lines = ["self"], list[str](), list[str]()
    for field in fields:
        name = field.name
        known[f"set_{name}_"] = vars(cls)[name].__set__
        word, value = name, name
        if field.default is not MISSING:
            known[f"default_{name}_"] = field.default
            word = f"{name}=default_{name}_"
        elif field.default_factory is not MISSING:
            known[f"make_{name}_"] = field.default_factory
            word, value = f"{name}=missing_", f"make_{name}_() if {name} is missing_ else {name}"
        (named if field.kw_only else positional).append(word)
        lines.append(f"set_{name}_(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    words = [*positional, *(["*", *named] if named else [])]
    return _method(", ".join(words), "; ".join(lines) or "pass", known)


def _comparison(sign: str) -> Callable[[type, Fields], FunctionType]:
    def generate(_cls: type, fields: Fields) -> FunctionType:
        compared = f"{_values('self', fields)} {sign} {_values('other', fields)}"
        told = f"return {compared} if other.__class__ is self.__class__ else NotImplemented"
        return _method("self, other", told, {})

    return generate


def _hash(_cls: type, fields: Fields) -> FunctionType:
    return _method("self", f"return hash({_values('self', fields)})", {})


def _repr(_cls: type, fields: Fields) -> FunctionType:
    told = ", ".join(f"{field.name}={{self.{field.name}!r}}" for field in fields if field.repr)
    return _method("self", f"return f'{{self.__class__.__qualname__}}({told})'", {})


def _values(of: str, fields: Fields) -> str:
    return "(" + "".join(f"{of}.{field.name}, " for field in fields if field.compare) + ")"


def _method(parameters: str, body: str, known: dict[str, object]) -> FunctionType:
    made: dict[str, FunctionType] = {}
    text = f"def make({', '.join(known)}):\n def method({parameters}):\n  {body}\n return method"
    exec(text, {}, made)  # noqa: S102 - made of the names of fields alone
    method: FunctionType = made["make"](**known)
    return method


def _refuse_to_set(_self: object, name: str, _value: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> NoReturn:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: object) -> tuple[object, ...]:
    return tuple(getattr(self, field.name) for field in _fields(type(self)))


def _set_state(self: object, state: tuple[object, ...]) -> None:
    for field, value in zip(_fields(type(self)), state, strict=True):
        object.__setattr__(self, field.name, value)


_GENERATED = {"__init__": _init, "__eq__": _comparison("=="), "__hash__": _hash, "__repr__": _repr}
_ORDER = {
    f"__{name}__": _comparison(sign) for name, sign in (("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="))
}
_SHARED = {
    "__setattr__": _refuse_to_set,
    "__delattr__": _refuse_to_delete,
    "__getstate__": _state,
    "__setstate__": _set_state,
}

if TYPE_CHECKING:
    from dataclasses import dataclass
else:
    dataclass = _frozen

__all__ = ["dataclass"]
