"""A town in which nobody signs in."""

import pytest


@pytest.fixture(autouse=True)
def without_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Making passwords takes longer than most of these tests, and nobody uses them here."""
    monkeypatch.setattr("wijkteam.demo.town.PASSWORD", None)
