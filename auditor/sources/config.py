"""``netaudit.yaml``: what a project says of itself, once, for every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from auditor.errors import RuleError
from auditor.frozen import dataclass

DEFAULT_NAME = "netaudit.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """The settings of a project.

    ``modules`` maps a module's source, as the code writes it, to a folder that holds it (relative to the
    configuration file). ``tiers`` maps a component's name or address to its tier (``public``, ``app``,
    ``data``, ``internal``). ``fail_on`` is the severity from which ``check`` fails.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    tiers: Mapping[str, str] = field(default_factory=dict)
    fail_on: str | None = None


_KEYS = ("modules", "tiers", "fail-on")


def read_configuration(path: str | None) -> Configuration:
    """The configuration in ``path``; where it is None, in ``netaudit.yaml`` here, if there is one.

    Raises RuleError where it is missing though named, no YAML, or has keys that mean nothing.
    """
    if path is None:
        if not Path(DEFAULT_NAME).is_file():
            return Configuration()
        path = DEFAULT_NAME
    settings = _load(path)
    for key in settings:
        if key not in _KEYS:
            from difflib import get_close_matches

            near = get_close_matches(str(key), _KEYS, n=1)
            raise RuleError(
                f"unknown setting {key!r}",
                at=path,
                hint=f"did you mean {near[0]}?" if near else f"one of {', '.join(_KEYS)}",
            )
    fail_on = settings.get("fail-on")
    if fail_on is not None and not isinstance(fail_on, str):
        raise RuleError("fail-on: expected a severity", at=path, hint="info, low, medium, high or critical")
    folder = Path(path).parent
    modules = {source: str(folder / target) for source, target in _texts(settings, "modules", path).items()}
    return Configuration(modules=modules, tiers=_texts(settings, "tiers", path), fail_on=fail_on)


def _load(path: str) -> dict[str, Any]:
    import yaml

    try:
        settings = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise RuleError(f"cannot read: {error.strerror}", at=path) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        at = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark else path
        raise RuleError(f"not YAML: {error.problem or error.context}", at=at) from error
    except (yaml.YAMLError, ValueError) as error:
        raise RuleError(f"not YAML: {str(error).splitlines()[0]}", at=path) from error
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        raise RuleError("expected settings, each as `name: value`", at=path)
    return settings


def _texts(settings: dict[str, Any], key: str, path: str) -> dict[str, str]:
    given = settings.get(key) or {}
    if not isinstance(given, dict) or not all(
        isinstance(each, str) for pair in given.items() for each in pair
    ):
        raise RuleError(f"{key}: expected `name: text` pairs", at=path)
    return dict(given)
