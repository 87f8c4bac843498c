"""The folder that the cache lies in: the user's own, and nobody else's to write to."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

_OTHERS_WRITE = 0o022


class NoCacheError(Exception):
    """There is no folder that can be trusted with a cache; the message says why."""


def cache_folder(environment: Mapping[str, str]) -> str:
    """The cache's folder, made where it is missing.

    ``NETAUDIT_CACHE_DIR``, else ``netaudit`` in the folder for caches: ``XDG_CACHE_HOME`` or ``~/.cache``,
    ``~/Library/Caches`` on macOS, ``LOCALAPPDATA`` on Windows. Raises NoCacheError where it cannot be
    written, or others could write to it: what they put there would be taken for answers.
    """
    folder = Path(environment.get("NETAUDIT_CACHE_DIR") or _usual(environment))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = folder.stat()
    except OSError as error:
        raise NoCacheError(f"{folder}: {error.strerror}") from error
    if sys.platform != "win32" and (status.st_uid != os.geteuid() or status.st_mode & _OTHERS_WRITE):
        raise NoCacheError(f"{folder}: others than you can write to it")
    if not os.access(folder, os.W_OK):
        raise NoCacheError(f"{folder}: it cannot be written")
    return str(folder)


def _usual(environment: Mapping[str, str]) -> Path:
    """Where this system keeps caches: XDG Base Directory Specification, Apple's and Microsoft's guides."""
    if sys.platform == "win32":
        given = environment.get("LOCALAPPDATA", "")
    else:
        given = environment.get("XDG_CACHE_HOME", "")
    if os.path.isabs(given):  # noqa: PTH117 -- a string is at hand
        return Path(given, "netaudit")
    home = environment.get("HOME") or environment.get("USERPROFILE")
    if not home:
        raise NoCacheError("there is no home folder")
    return Path(home, "Library/Caches" if sys.platform == "darwin" else ".cache", "netaudit")
