"""Where a template says that another file is: in a folder, or in a bucket under a name."""

from __future__ import annotations

import os
import re
from urllib.parse import unquote, urlsplit

from auditor import disk
from auditor.sources.cloudformation.syntax.nodes import Call, Items, Syntax
from auditor.sources.folders import folders_below
from auditor.tree import Scalar

_URL = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")


def local_file(text: str, parent: str) -> str | None:
    """The file that ``text`` names as seen from the file ``parent``; None where it is none on disk.

    ``aws cloudformation package`` takes paths relative to the template, absolute ones, and ``file://``.
    """
    path = text.removeprefix("file://")
    if not path or _URL.match(path) or "\0" in path:
        return None
    here = os.path.normpath(os.path.join(os.path.dirname(parent), path))  # noqa: PTH118, PTH120 -- as it was typed
    return here if disk.kind(here) is disk.Kind.FILE else None


def object_key(text: str) -> str:
    """The path in a URL of a bucket; empty for what is no such URL."""
    return unquote(urlsplit(text).path).lstrip("/") if _URL.match(text) else ""


def written_key(url: Syntax) -> str:
    """The end of a URL as far as it is written out, from its last folder that is."""
    match url:
        case Scalar(value=str(text)):
            return object_key(text) or text
        case Call("Fn::Sub", Scalar(value=str(text))) | Call(
            "Fn::Sub", Items(items=(Scalar(value=str(text)), *_))
        ):
            return text.rpartition("}")[2].lstrip("/")
        case Call("Fn::Join", Items(items=(Scalar(value=str(separator)), Items(items=parts)))):
            texts: list[str] = []
            for part in reversed(parts):
                if not isinstance(part, Scalar):
                    break
                texts.insert(0, str(part.value))
            return separator.join(texts).lstrip("/")
        case _:
            return ""


def file_of_key(key: str, parent: str) -> str | None:
    """The one file in the parent's folder, below it, or beside that folder, whose path ends as the key does.

    Of several of the key's name, the one that has most of its folders; None where that is not one.
    """
    words = [word for word in key.split("/") if word]
    if not words or "." not in words[-1]:
        return None
    folder = os.path.dirname(parent) or "."  # noqa: PTH120 -- as it was typed
    for top in dict.fromkeys((folder, _above(folder))):
        found = _best(words, [path for path in _named(top, words[-1]) if path != os.path.normpath(parent)])
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _above(folder: str) -> str:
    """The folder above, within the one that the user is in; the folder itself where that is not within."""
    if folder == os.curdir or os.path.isabs(folder) or folder.startswith(os.pardir):  # noqa: PTH117 -- as above
        return folder
    return os.path.dirname(folder) or os.curdir  # noqa: PTH120 -- as above


def _named(top: str, name: str) -> list[str]:
    folders = (each.path for each in folders_below(top) if name in each.files)
    return [os.path.normpath(f"{folder}/{name}") for folder in folders]


def _best(words: list[str], paths: list[str]) -> list[str]:
    def shared(path: str) -> int:
        whole = "/" + path.replace(os.sep, "/")
        ends = ("/" + "/".join(words[-count:]) for count in range(1, len(words) + 1))
        return sum(whole.endswith(end) for end in ends)

    most = max(map(shared, paths), default=0)
    return [path for path in paths if shared(path) == most]
