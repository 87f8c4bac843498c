"""What every test may count on."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings


def pytest_configure() -> None:
    """Keep the tests, and the processes that they start, from the user's cache: no folder, no cache.

    Properties are not timed, and in CI their examples are the same at every run: new ones are for developers.
    """
    os.environ["NETAUDIT_CACHE_DIR"] = os.devnull
    settings.register_profile("developer", deadline=None)
    settings.register_profile("ci", deadline=None, derandomize=True)
    settings.load_profile("ci" if os.environ.get("CI") else "developer")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, with the reason, what needs a program that this machine does not have."""
    if shutil.which("terraform") is not None:
        return
    absent = pytest.mark.skip(reason="the terraform program is not on this machine")
    for item in items:
        if item.get_closest_marker("terraform") is not None:
            item.add_marker(absent)


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--update``: write what netaudit says now where a test compares with a file."""
    parser.addoption("--update", action="store_true", help="rewrite the files of expected answers")
