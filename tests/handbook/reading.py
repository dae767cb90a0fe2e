"""The pages of the handbook as tests read them: their blocks of code, their pictures and the names in bold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HANDBOOK = ROOT / "docs" / "handbook"
LANGUAGES = ("nl", "en")
FENCE = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BOLD = re.compile(r"\*\*(.+?)\*\*")
PICTURE = re.compile(r"!\[([^\]]+)\]\((?:\.\./)?pictures/([\w.]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block: in which language, under which title, and what it says."""

    language: str
    title: str
    said: str


def pages(language: str) -> dict[str, str]:
    """Every page of one language by its path."""
    folder = HANDBOOK / language
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*.md"))}


def blocks(page: str) -> list[Block]:
    return [Block(*found.groups(default="")) for found in FENCE.finditer(page)]


def bold(page: str) -> Iterator[str]:
    """What a page says stands on a screen."""
    return (found[1] for found in BOLD.finditer(FENCE.sub("", page)))
