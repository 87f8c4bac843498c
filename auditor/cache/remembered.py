"""Work that is done once for as long as nothing changes that it looked at."""

from __future__ import annotations

import marshal
import os
from _blake2 import blake2b  # hashlib would load OpenSSL, which takes 4 MB
from collections.abc import Callable, Mapping
from typing import TypeVar

from auditor import disk
from auditor.cache.entries import Entries
from auditor.cache.folder import NoCacheError, cache_folder
from auditor.cache.own import own_code

T = TypeVar("T")
Part = str | int | bool | None | tuple["Part", ...]


def remembered(
    question: tuple[Part, ...],
    compute: Callable[[], T],
    *,
    environment: Mapping[str, str],
    to_bytes: Callable[[T], bytes | None],
    from_bytes: Callable[[bytes], T | None],
) -> T:
    """What ``compute`` gives, or what it gave before, if the disk and the environment are as they were.

    ``question`` is all that the result depends on beside what is looked at through ``auditor.disk``; the
    current folder and netaudit's own code are added to it. What fails is not kept, nor what
    ``to_bytes`` gives no bytes for; bytes that ``from_bytes`` gives nothing for are dropped.
    """
    try:
        entries = Entries(cache_folder(os.environ))
        key = _key(question)
    except (NoCacheError, OSError):
        return compute()
    kept = entries.recall(key, environment)
    if kept is not None:
        known = from_bytes(kept)
        if known is not None:
            return known
        entries.forget(key)
    with disk.observed() as seen:
        value = compute()
    content = None if seen.unrepeatable else to_bytes(value)
    if content is not None:
        entries.keep(key, seen, content)
    return value


def _key(question: tuple[Part, ...]) -> str:
    # Version 2 of the format does not tell shared values from equal ones: equal questions, equal bytes.
    asked = marshal.dumps((own_code(), os.getcwd(), question), 2)  # noqa: PTH109 -- a string is wanted
    return blake2b(asked, digest_size=32).hexdigest()
