"""Grounds for tests of versions."""

from pathlib import Path

import pytest


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The municipality's own folder of definitions."""
    folder = tmp_path / "own"
    folder.mkdir()
    return folder
