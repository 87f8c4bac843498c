"""What a module's source names: a package, a version of it, and a folder in it.

https://developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qs

from auditor.frozen import dataclass

LOCAL = ("./", "../", ".\\", "..\\", "/")
_PUBLIC = ("registry.terraform.io/", "registry.opentofu.org/")
_REGISTRY = re.compile(r"(?:[\w-]+(?:\.[\w-]+)+(?::\d+)?/)?[0-9A-Za-z][\w-]*/[0-9A-Za-z][\w-]*/[0-9a-z]+")
_HOSTS = ("github.com/", "bitbucket.org/", "gitlab.com/")
_SCP = re.compile(r"(?:[\w.-]+@)?([\w.-]+):(?!/)(.+)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://(?:[^@/]*@)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """What a module block asks for: its source and version as text, from the folder of the calling module."""

    source: str
    version: str
    folder: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a called module cannot be read, as the end of a sentence."""

    why: str


@dataclass(frozen=True, slots=True)
class ModuleAddress:
    """A source taken apart. Two that name one package have equal ``package`` texts, however they are spelled.

    ``ref`` is the revision that a git source asks for, ``subdir`` the folder in the package, both empty where
    none is named; ``registry`` whether versions of it are chosen by the call's ``version``.
    """

    package: str
    ref: str = ""
    subdir: str = ""
    registry: bool = False


def beside(folder: str, path: str) -> str:
    """A path as seen from where ``folder`` is seen."""
    return os.path.normpath(os.path.join(folder, path.replace("\\", "/")))  # noqa: PTH118 -- symlinks stay unresolved


def is_local(source: str) -> bool:
    """Whether a module's source is a path."""
    return source.startswith(LOCAL) or source in {".", ".."}


def module_address(source: str) -> ModuleAddress:
    """What a source that is no path names."""
    whole, subdir = _split(source.strip())
    for host in _PUBLIC:
        whole = whole.removeprefix(host)
    if _REGISTRY.fullmatch(whole) and not whole.startswith(_HOSTS):
        return ModuleAddress(whole.lower(), "", subdir, registry=True)
    whole, _, query = whole.partition("?")
    ref = next(iter(parse_qs(query).get("ref", ())), "")
    return ModuleAddress(_package(whole), ref, subdir)


def _split(source: str) -> tuple[str, str]:
    """A source without its ``//folder``, and that folder, as go-getter takes them apart."""
    before, mark, query = source.partition("?")
    scheme = before.find("://")
    start = scheme + 3 if scheme >= 0 else 0
    double = before.find("//", start)
    if double < 0:
        return source, ""
    return before[:double] + mark + query, before[double + 2 :].strip("/")


def _package(text: str) -> str:
    """One spelling for each package: a repository is the same by HTTPS, SSH and its host's short form."""
    forced, mark, rest = text.partition("::")
    getter, where = (forced, rest) if mark else ("", text)
    scp = _SCP.fullmatch(where)
    if scp and "://" not in where:
        getter, where = getter or "git", f"{scp[1]}/{scp[2]}"
    elif where.startswith(("ssh://", "git://")) or where.startswith(_HOSTS) or where.endswith(".git"):
        getter = getter or "git"
    if getter != "git":
        return text
    where = _SCHEME.sub("", where)
    return f"git::{where.removesuffix('/').removesuffix('.git')}"
