"""The inputs in a folder, and in the folders below it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

from auditor import disk
from auditor.errors import InputError
from auditor.sources.cloudformation.sniffing import is_assembly
from auditor.sources.cloudformation.syntax.sniff import is_template
from auditor.sources.contents import is_document, opening
from auditor.sources.folders import Folder, folders_below
from auditor.sources.inputs import Input, InputKind

TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
TERRAGRUNT = ("terragrunt.hcl", "terragrunt.stack.hcl")
NO_ENVIRONMENT: Mapping[str, str] = {}
SUFFIXES = (".yaml", ".yml", ".json", ".template")
_SAVED = (".json", ".tfstate")
_DEPLOYS_TEMPLATES = b"aws_cloudformation_stack"
# Serverless writes the stack once with nothing but its bucket, and once whole, of the same names.
_FIRST, _WHOLE = "cloudformation-template-create-stack.json", "cloudformation-template-update-stack.json"


def folder_inputs(path: str, environment: Mapping[str, str] = NO_ENVIRONMENT) -> tuple[Input, ...]:
    """The inputs in a folder that is named.

    An assembly; a root, with the templates beside it; else what is found in the folder and below it. Raises
    InputError where that is nothing.
    """
    own = Folder(path, _files(path))
    if is_assembly(path, own.files):
        return (Input(path, InputKind.CDK),)
    kind = _code(own)
    if kind is not None and not (kind is InputKind.TERRAGRUNT and TERRAGRUNT[0] not in own.files):
        return (Input(path, kind), *_contents(own, {path: (own, kind)}))
    return _below(path, environment)


def _below(path: str, environment: Mapping[str, str]) -> tuple[Input, ...]:
    folders = tuple(folders_below(path))
    assemblies = tuple(_outermost(each.path for each in folders if is_assembly(each.path, each.files)))
    searched = tuple(each for each in folders if not _in_any(each.path, assemblies))
    code = {each.path: (each, kind) for each in searched if (kind := _code(each)) is not None}
    contents = tuple(found for each in searched for found in _contents(each, code))
    snapshots = tuple(_snapshots(each.path for each in searched if each.path not in code))
    if not (code or contents or assemblies or snapshots):
        raise _nothing(path, folders[0].files)
    from auditor.sources.terraform import uncalled

    roots = uncalled({folder: _called(folder, kind, environment) for folder, (_, kind) in code.items()})
    return (
        *(Input(folder, code[folder][1]) for folder in roots),
        *(Input(folder, InputKind.CDK) for folder in assemblies),
        *(Input(folder, InputKind.SNAPSHOT) for folder in snapshots),
        *contents,
    )


def _snapshots(folders: Iterator[str]) -> Iterator[str]:
    """The folders of AWS answers; those of Regions and accounts belong to the one above them."""
    from auditor.sources.snapshot import is_snapshot

    found: list[str] = []
    for path in folders:
        if not _in_any(path, found) and is_snapshot(path):
            found.append(path)
            yield path


def _nothing(path: str, files: Sequence[str]) -> InputError:
    hint = (
        "netaudit looks for *.tf, terragrunt.hcl, plans and state, CloudFormation and SAM templates, cdk.out "
        "and AWS answers as JSON, here and in the folders below"
    )
    if "cdk.json" in files:
        hint = "for an app of the CDK: cdk synth, then give the folder cdk.out"
    return InputError("nothing here that netaudit reads", at=path, hint=hint)


def _outermost(paths: Iterator[str]) -> list[str]:
    kept: list[str] = []
    for path in paths:
        if not _in_any(path, kept):
            kept.append(path)
    return kept


def _in_any(path: str, folders: Sequence[str]) -> bool:
    return any(each in {path, os.curdir} or path.startswith(each + os.sep) for each in folders)


Code = Mapping[str, tuple[Folder, InputKind]]


def _contents(folder: Folder, code: Code) -> Iterator[Input]:
    """The documents and templates in a folder.

    Plans and state beside code are its own, and say what it says already; so are templates that it deploys.
    """
    beside_code = folder.path in code
    for name in folder.files:
        if not name.endswith((*_SAVED, *SUFFIXES)) or name.endswith(TERRAFORM) or name.startswith("."):
            continue
        path = os.path.normpath(os.path.join(folder.path, name))  # noqa: PTH118 -- as the user types it
        head = opening(path)
        if is_document(head):
            if not beside_code and name.endswith(_SAVED):
                yield Input(path, InputKind.SAVED)
        elif name.endswith(SUFFIXES) and is_template(head) and not _is_part(folder, name, code):
            yield Input(path, InputKind.CLOUDFORMATION)


def _is_part(folder: Folder, name: str, code: Code) -> bool:
    """Whether a template is no stack of its own: of Serverless's first step, or what Terraform deploys."""
    return (name == _FIRST and _WHOLE in folder.files) or _deployed(folder.path, name, code)


def _deployed(folder: str, name: str, code: Code) -> bool:
    """Whether Terraform in the folder, or in one above it, names a template, or deploys stacks of its own."""
    for path, (own, _) in code.items():
        if path in {".", folder} or folder.startswith(path + os.sep):
            for each in own.files:
                if each.endswith(TERRAFORM) and _names(os.path.join(path, each), name):  # noqa: PTH118 -- as above
                    return True
    return False


def _names(path: str, name: str) -> bool:
    try:
        text = disk.content(path)
    except OSError:
        return False
    return _DEPLOYS_TEMPLATES in text or name.encode() in text


def _code(folder: Folder) -> InputKind | None:
    """The code in a folder itself."""
    if any(name in folder.files for name in TERRAGRUNT):
        from auditor.sources import terragrunt

        if terragrunt.is_unit(folder.path, folder.files):
            return InputKind.TERRAGRUNT
    return InputKind.TERRAFORM if any(map(_is_terraform, folder.files)) else None


def _called(folder: str, kind: InputKind, environment: Mapping[str, str]) -> frozenset[str]:
    from auditor.sources import terraform, terragrunt

    if kind is InputKind.TERRAGRUNT:
        return terragrunt.called_modules(folder, environment)
    return terraform.called_modules(folder)


def _is_terraform(name: str) -> bool:
    return name.endswith(TERRAFORM) and not name.startswith(".")


def _files(folder: str) -> tuple[str, ...]:
    # What has such a name and is no readable file is Terraform's too: reading it says what is wrong.
    try:
        return tuple(name for name, kind in disk.entries(folder) if kind is not disk.Kind.FOLDER)
    except OSError as error:
        raise InputError(f"cannot read the folder: {error.strerror}", at=folder) from error
