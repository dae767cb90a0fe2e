"""Where the folders that ship beside the code stand: in a checkout, or inside the installed package."""

from pathlib import Path
from typing import Literal

PACKAGE = Path(__file__).resolve().parent


def folder(name: Literal["workflows", "templates", "migrations"]) -> Path:
    """The checkout's own folder when there is one, else the one that came with the installed package."""
    shipped = PACKAGE / "_shipped" / name
    return shipped if shipped.is_dir() else PACKAGE.parent / name
