"""Terragrunt's own functions, as far as the disk and the environment answer them.

https://terragrunt.gruntwork.io/docs/reference/hcl/functions/
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from functools import partial

from auditor import disk
from auditor.errors import InputError
from auditor.sources.terraform.configuration.files import parse_path
from auditor.sources.terraform.evaluate.dispatch import evaluate
from auditor.sources.terraform.evaluate.frame import Frame
from auditor.sources.terraform.functions.signature import to_python
from auditor.sources.terraform.syntax import ast
from auditor.sources.terraform.values import identity_of, reasons_of
from auditor.sources.terragrunt.file import ConfigFile
from auditor.sources.terragrunt.units import UNIT_FILE
from auditor.sources.values import identity, is_wholly_known
from auditor.tree import Location, Map, Node, Reason, Scalar, Seq, Unknown

MOST_FOLDERS = 100
COMMANDS = {
    "input": ("apply", "import", "init", "plan", "refresh"),
    "locking": ("apply", "destroy", "import", "init", "plan", "refresh", "taint", "untaint"),
    "parallelism": ("apply", "plan", "destroy"),
    "vars": ("apply", "console", "destroy", "import", "plan", "push", "refresh", "validate"),
}

Answer = Callable[[ConfigFile, tuple[str, ...], Location], Node]


def functions(file: ConfigFile) -> Mapping[str, Callable[[ast.Call, Frame], Node]]:
    """The functions by name, as they are seen from one file."""
    places = {name: partial(_called, file, partial(_placed, place)) for name, place in _PLACES.items()}
    answers = {name: partial(_called, file, answer) for name, answer in _ANSWERS.items()}
    return {
        **dict.fromkeys(_UNANSWERED, _unanswered),
        **places,
        **answers,
        "read_terragrunt_config": partial(_read_config, file),
    }


def _placed(
    place: Callable[[ConfigFile, tuple[str, ...]], str],
    file: ConfigFile,
    given: tuple[str, ...],
    at: Location,
) -> Node:
    return Scalar(place(file, given), at)


def _called(file: ConfigFile, answer: Answer, call: ast.Call, frame: Frame) -> Node:
    arguments = tuple([evaluate(argument, frame) for argument in call.arguments])
    texts = [node.value for node in arguments if isinstance(node, Scalar)]
    if len(texts) != len(arguments):
        return _unknown(call, arguments)
    try:
        return answer(file, tuple(str(text) for text in texts), call.at)
    except (InputError, IndexError) as problem:
        error = problem if isinstance(problem, InputError) else InputError("it needs an argument")
        raise InputError(f"{call.name}(): {error.message}", at=str(call.at), hint=error.hint) from None


def _unknown(call: ast.Call, arguments: tuple[Node, ...], hint: str = "") -> Unknown:
    parts = [identity_of(argument) for argument in arguments]
    name = f"{call.name}({', '.join(parts)})" if all(parts) else ""
    reasons = reasons_of(*arguments) or (Reason(name or f"{call.name}()", call.at, hint),)
    return Unknown(reasons, call.at, identity=identity(name))


def _unanswered(call: ast.Call, frame: Frame) -> Node:
    """What only a run of Terragrunt itself can tell: a command's output, the account, a secret."""
    arguments = tuple([evaluate(argument, frame) for argument in call.arguments])
    return _unknown(call, arguments, "only a run of Terragrunt tells it")


_UNANSWERED = (
    "constraint_check",
    "deep_merge",
    "get_aws_account_alias",
    "get_aws_account_id",
    "get_aws_caller_identity_arn",
    "get_aws_caller_identity_user_id",
    "get_default_retryable_errors",
    "get_platform",
    "get_terraform_cli_args",
    "get_terraform_command",
    "get_terragrunt_source_cli_flag",
    "get_working_dir",
    "run_cmd",
    "sops_decrypt_file",
)


def _folder(path: str) -> str:
    return os.path.dirname(os.path.abspath(path))  # noqa: PTH100, PTH120 -- links stay unresolved


def _including(file: ConfigFile, given: tuple[str, ...]) -> str:
    """The folder of the file that is included, seen from either of the two."""
    if file.included:
        return _folder(file.path)
    if not file.includes:
        return _folder(file.origin)
    if not given and len(file.includes) > 1:
        raise InputError("there are several include blocks", hint="name the one that is meant")
    named = [each for each in file.includes if not given or each.name == given[0]]
    if not named:
        raise InputError(f"there is no include {given[0]}")
    return _folder(named[0].file.path)


def _in_parents(file: ConfigFile, given: tuple[str, ...], at: Location) -> Node:
    """The nearest file of a name in the folders above; the second argument where there is none."""
    name = given[0] if given else UNIT_FILE
    here = _folder(file.origin)
    for _ in range(MOST_FOLDERS):
        above = os.path.dirname(here)  # noqa: PTH120 -- a string is at hand
        if above == here:
            break
        candidate = f"{above.rstrip(os.sep)}{os.sep}{name}"
        if disk.kind(candidate) is not disk.Kind.ABSENT:
            return Scalar(candidate, at)
        here = above
    if len(given) > 1:
        return Scalar(given[1], at)
    raise InputError(f"there is no {name} in any folder above {file.unit.shown(_folder(file.origin))}")


def _repository(file: ConfigFile) -> str:
    here = _folder(file.origin)
    while disk.kind(f"{here}{os.sep}.git") is disk.Kind.ABSENT:
        above = os.path.dirname(here)  # noqa: PTH120 -- a string is at hand
        if above == here:
            raise InputError("there is no repository around the unit")
        here = above
    return here


def _environment(file: ConfigFile, given: tuple[str, ...], at: Location) -> Node:
    """A variable of the environment, or the default; unknown where neither is given."""
    value = disk.variable(file.unit.environment, given[0])
    if value is not None:
        return Scalar(value, at)
    if len(given) > 1:
        return Scalar(given[1], at)
    name = f'get_env("{given[0]}")'
    reason = Reason(name, at, f"{given[0]} in the environment")
    return Unknown((reason,), at, identity=identity(name), type="string")


def _values(file: ConfigFile, given: tuple[str, ...], at: Location) -> Node:
    """``read_tfvars_file``: the values of a file as JSON text."""
    body = parse_path(file.unit.shown(os.path.join(_folder(file.origin), given[0])))  # noqa: PTH118 -- a string is at hand
    nodes = {
        each.name: evaluate(each.value, Frame(file.module, {}, isolated=True)) for each in body.attributes
    }
    whole = Map(nodes, at)
    if not is_wholly_known(whole):
        return Unknown(reasons_of(whole), at, type="string")
    return Scalar(json.dumps(to_python(whole), ensure_ascii=False), at)


def _read_config(file: ConfigFile, call: ast.Call, frame: Frame) -> Node:
    """``read_terragrunt_config(path, default)``: another file as a value."""
    if not call.arguments:
        raise InputError("read_terragrunt_config() needs a path", at=str(call.at))
    path = evaluate(call.arguments[0], frame)
    if not isinstance(path, Scalar):
        return _unknown(call, (path,))
    where = os.path.join(_folder(file.origin), str(path.value))  # noqa: PTH118 -- a string is at hand
    if disk.kind(where) is disk.Kind.FOLDER:
        where = os.path.join(where, UNIT_FILE)  # noqa: PTH118 -- as above
    if disk.kind(where) is disk.Kind.ABSENT and len(call.arguments) > 1:
        return evaluate(call.arguments[1], frame)
    found = file.unit.read.get(where)
    if found is None:
        read = ConfigFile(file.unit, where)
        file.unit.reading.append(read.path)
        try:
            found = file.unit.read[where] = read.exports()
        finally:
            file.unit.reading.pop()
    return found


def _commands(names: tuple[str, ...], _file: ConfigFile, _given: tuple[str, ...], at: Location) -> Node:
    return Seq(tuple(Scalar(name, at) for name in names), at)


def _between(path: str, start: str) -> str:
    return os.path.relpath(path, start).replace(os.sep, "/")


_PLACES: dict[str, Callable[[ConfigFile, tuple[str, ...]], str]] = {
    "get_original_terragrunt_dir": lambda file, _: _folder(file.unit.path),
    "get_parent_terragrunt_dir": _including,
    "get_path_from_repo_root": lambda file, _: _between(_folder(file.origin), _repository(file)),
    "get_path_to_repo_root": lambda file, _: _between(_repository(file), _folder(file.origin)),
    "get_repo_root": lambda file, _: _repository(file),
    "get_terragrunt_dir": lambda file, _: _folder(file.origin),
    "mark_as_read": lambda _, given: given[0],
    "path_relative_from_include": lambda file, given: _between(_including(file, given), _folder(file.origin)),
    "path_relative_to_include": lambda file, given: _between(_folder(file.origin), _including(file, given)),
}
_ANSWERS: dict[str, Answer] = {
    "find_in_parent_folders": _in_parents,
    "get_env": _environment,
    **{
        f"get_terraform_commands_that_need_{need}": partial(_commands, names)
        for need, names in COMMANDS.items()
    },
    "read_tfvars_file": _values,
}
