"""A project of its own for a test, with a cache of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cache.project import make_project


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the cache that this test, and the processes that it starts, use; not there yet."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("NETAUDIT_CACHE_DIR", str(folder))
    return folder


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project, in which netaudit is started."""
    folder = tmp_path / "project"
    make_project(folder)
    monkeypatch.chdir(folder)
    monkeypatch.delenv("TF_VAR_environment", raising=False)
    return folder
